/** The texts of all languages as one checked catalogue: texts and grammars in, spoken pieces out. Pure. */
import { byPlace, type Finding, type Json, type JsonObject, type Pieces, remembered } from '../base/index.js';
import { type ChoicePart, type MessageCase, otherCase, type SlotWay, slotsOf, valuesOf } from './message.js';
import { allCuts, type CutPart, cutter, mostCuts, type Pick } from './parts.js';
import { pieceContexts } from './piece-contexts.js';
import { readSayGrammar } from './read-say-grammar.js';
import { ordinals, type SayGrammar } from './say-grammar.js';
import { speakValue } from './say-values.js';
import type { Rendering, SpokenPiece, TextCatalog, Writing } from './speech.js';
import { type LanguageTexts, type PromptText, readTexts } from './texts.js';
import { allValuePieces } from './value-pieces.js';
import { writeMessage } from './writing.js';

/** A grammar is long, and hardly ever changes. */
const grammarOf = remembered(20, readSayGrammar);

interface CatalogLanguage {
  readonly texts: LanguageTexts;
  readonly grammar: SayGrammar;
}

export type CatalogReading =
  | { readonly result: 'read'; readonly catalog: TextCatalog }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/**
 * Reads the texts and grammars of a site, a file at a time. Pure.
 *
 * @param files path relative to the site's folder (`prompts/ar.yaml`, `prompts/say/ar.yaml`) -> text of the file.
 * @returns the catalogue, or every finding of all files, in order.
 */
export function* readCatalog(
  files: Readonly<Record<string, string>>,
  languages: readonly string[],
): Pieces<CatalogReading> {
  const findings: Finding[] = [];
  const read: CatalogLanguage[] = [];
  for (const language of languages) {
    const file = (path: string): string | null => {
      const text = files[path];
      if (text === undefined)
        findings.push({
          file: path,
          line: 1,
          col: 1,
          code: 'prompt/missing-file',
          what: 'This file is missing.',
          why: `The site speaks ${language}.`,
          mend: 'Add it, or take the language out of onedoor.yaml.',
        });
      return text ?? null;
    };
    const own = (path: string, found: string): void => {
      if (found === language) return;
      findings.push({
        file: path,
        line: 1,
        col: 1,
        code: 'prompt/language',
        what: `The file says that its language is ${found}.`,
        why: `Its name says ${language}.`,
        mend: 'Correct one of them.',
      });
    };
    const textsPath = `prompts/${language}.yaml`;
    const grammarPath = `prompts/say/${language}.yaml`;
    yield;
    const textsFile = file(textsPath);
    const texts = textsFile === null ? null : readTexts(textsPath, textsFile);
    yield;
    const grammarFile = file(grammarPath);
    const grammar = grammarFile === null ? null : yield* grammarOf(grammarPath, grammarFile);
    if (texts?.result === 'broken') findings.push(...texts.findings);
    if (grammar?.result === 'broken') findings.push(...grammar.findings);
    if (texts?.result === 'read') own(textsPath, texts.texts.language);
    if (grammar?.result === 'read') own(grammarPath, grammar.grammar.language);
    if (texts?.result === 'read' && grammar?.result === 'read')
      read.push({ texts: texts.texts, grammar: grammar.grammar });
  }
  if (findings.length > 0) return { result: 'broken', findings: findings.sort(byPlace) };
  yield;
  return createCatalog(read);
}

/**
 * Puts languages together and checks what no file alone can show: a number set or a style that the grammar lacks.
 * Which texts a language needs depends on the flows that speak it; they are checked there. Pure.
 *
 * @param languages in the site's order; the first stands in for a text that another lacks.
 */
function createCatalog(languages: readonly CatalogLanguage[]): CatalogReading {
  const findings = languages.flatMap(checkLanguage);
  if (findings.length > 0) return { result: 'broken', findings: findings.sort(byPlace) };
  const byCode = new Map(languages.map((one) => [one.texts.language, one]));
  const text = (language: string, name: string): PromptText | undefined =>
    byCode.get(language)?.texts.texts.get(name);

  const pieces = new Map<string, readonly SpokenPiece[]>();
  const cutters = new Map(
    languages.flatMap(({ texts }) =>
      [...texts.texts.values()].map((one) => [one, cutter(one.name, one.message)] as const),
    ),
  );
  /** The language's own text, else that of the first language that has it. */
  const speakerOf = (language: string, name: string): CatalogLanguage | undefined => {
    const own = byCode.get(language);
    return own?.texts.texts.has(name) ? own : languages.find((one) => one.texts.texts.has(name));
  };
  const fixed = new Map<PromptText, Rendering>();
  const render = (language: string, name: string, slots: JsonObject): Rendering => {
    const speaker = speakerOf(language, name);
    const found = speaker?.texts.texts.get(name);
    if (speaker === undefined || found === undefined) return { pieces: [], missing: [name] };
    const cutFor = cutters.get(found) ?? cutter(found.name, found.message);
    const known = fixed.get(found);
    const { pieces, missing } = known ?? renderText(speaker.grammar, found, slots, cutFor);
    // A text without slots is always spoken alike.
    if (known === undefined && slotsOf(found.message).length === 0) fixed.set(found, { pieces, missing });
    return { pieces, missing: speaker.texts.language === language ? missing : [name, ...missing] };
  };
  const write = (language: string, name: string, slots: JsonObject): Writing => {
    const writer = speakerOf(language, name);
    const found = writer?.texts.texts.get(name);
    if (writer === undefined || found === undefined) return { words: '', missing: [name] };
    const { value, pick, missing } = filling(writer.grammar, found, slots);
    const words = writeMessage(found.message, value, pick);
    return { words, missing: writer.texts.language === language ? missing() : [name, ...missing()] };
  };

  return {
    result: 'read',
    catalog: {
      languages: languages.map((one) => one.texts.language),
      has: (language, name) => text(language, name) !== undefined,
      names: (language) => [...(byCode.get(language)?.texts.texts.keys() ?? [])].sort(),
      slots: (language, name) => slotsOf(text(language, name)?.message ?? []),
      render,
      write,
      allPieces: (language) => {
        const one = byCode.get(language);
        if (one === undefined) return [];
        // Every date and time is spoken to find them: once is enough.
        const known = pieces.get(language) ?? allPieces(one);
        pieces.set(language, known);
        return known;
      },
      contexts: (language) => {
        const one = byCode.get(language);
        return one === undefined ? new Map() : pieceContexts(one.texts, one.grammar);
      },
      voice: (language) => byCode.get(language)?.texts.voice ?? null,
      note: (language, name) => text(language, name)?.note ?? null,
    },
  };
}

/** How a text's slots and choices are filled; `missing` has those that could not be, in the text's order. */
function filling(grammar: SayGrammar, text: PromptText, slots: JsonObject) {
  const lacking = new Set<string>();
  const value = (slot: string): Json | undefined => {
    const found = slotValue(slots, slot);
    if (found === undefined || found === null || found === '') lacking.add(slot);
    return found;
  };
  const pick = (choice: ChoicePart): MessageCase =>
    pickCase(grammar, choice, value(choice.slot)) ?? otherCase(choice);
  return { value, pick, lacking, missing: () => slotsOf(text.message).filter((slot) => lacking.has(slot)) };
}

function renderText(
  grammar: SayGrammar,
  text: PromptText,
  slots: JsonObject,
  cutFor: (pick: Pick) => readonly CutPart[],
): Rendering {
  const { value, pick, lacking, missing } = filling(grammar, text, slots);
  const pieces = cutFor(pick).flatMap((part): readonly SpokenPiece[] => {
    if (part.type === 'fixed') return [{ language: grammar.language, words: part.words, name: part.name }];
    const spoken = speakValue(grammar, part.way, part.style, value(part.slot) ?? null);
    if (spoken === null || spoken.skipped) lacking.add(part.slot);
    return spoken?.pieces ?? [];
  });
  return { pieces, missing: missing() };
}

/** By the slot's dotted name, or nested as its dots say. */
function slotValue(slots: JsonObject, slot: string): Json | undefined {
  if (Object.hasOwn(slots, slot)) return slots[slot];
  let here: Json | undefined = slots;
  for (const name of slot.split('.')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, name))
      return undefined;
    here = (here as JsonObject)[name];
  }
  return here;
}

function pickCase(grammar: SayGrammar, choice: ChoicePart, value: Json | undefined): MessageCase | undefined {
  if (typeof value === 'object' || value === undefined) return undefined;
  if (choice.by === 'select') return choice.cases.find((one) => one.key === String(value));
  const n = Number(value);
  if (value === '' || !Number.isFinite(n)) return undefined;
  const exact = choice.cases.find((one) => one.key === `=${n}`);
  const category = grammar.plural(n);
  return exact ?? choice.cases.find((one) => one.key === category);
}

function allPieces({ texts, grammar }: CatalogLanguage): readonly SpokenPiece[] {
  const pieces = new Map<string, SpokenPiece>();
  const ways = new Map<string, readonly SpokenPiece[]>();
  for (const text of texts.texts.values()) {
    for (const part of allCuts(text.name, text.message).flat()) {
      if (part.type === 'fixed')
        pieces.set(part.name, { language: grammar.language, words: part.words, name: part.name });
      else {
        const way = `${part.way} ${part.style ?? ''}`;
        if (!ways.has(way)) ways.set(way, allValuePieces(grammar, part.way, part.style));
      }
    }
  }
  for (const piece of [...ways.values()].flat()) pieces.set(piece.name, piece);
  return [...pieces.values()];
}

function checkLanguage({ texts, grammar }: CatalogLanguage): readonly Finding[] {
  const findings: Finding[] = [];
  for (const text of texts.texts.values()) {
    const find = (offset: number, code: string, what: string, why: string, mend: string): void => {
      findings.push({ file: texts.file, ...text.place(offset), code: `prompt/${code}`, what, why, mend });
    };
    for (const { way, style, slot, offset } of valuesOf(text.message)) {
      const known = stylesOf(grammar, way);
      if (way === 'money' && style === null)
        find(
          offset,
          'style',
          `{${slot}, money} does not say which money.`,
          'A sum without its currency is no sum.',
          known.length === 0 ? `Add money to ${grammar.file}.` : `Use one of ${known.join(', ')}.`,
        );
      else if (style === null && !speaks(grammar, way))
        find(
          offset,
          'way',
          `${grammar.file} does not say how to speak {${slot}, ${way}}.`,
          'The value could not be spoken.',
          way === 'ordinal' ? `Add the number set "${ordinals}".` : 'Add durations.',
        );
      else if (style !== null && !known.includes(style))
        find(
          offset,
          'style',
          `{${slot}, ${way}} has no style "${style}" in ${grammar.file}.`,
          'The value could not be spoken.',
          known.length === 0 ? 'Leave the style out.' : `Use one of ${known.join(', ')}.`,
        );
    }
    const cuts = allCuts(text.name, text.message);
    if (cuts.length > mostCuts)
      find(
        0,
        'choices',
        `The text "${text.name}" can be spoken in more than ${mostCuts} ways.`,
        'Each would need media of its own.',
        'Split it into several texts.',
      );
    const words = new Map<string, string>();
    const clash = cuts.flat().find((part) => {
      if (part.type !== 'fixed') return false;
      const before = words.get(part.name);
      words.set(part.name, part.words);
      return before !== undefined && before !== part.words;
    });
    if (clash?.type === 'fixed')
      find(
        0,
        'clash',
        `Two parts of the text "${text.name}" are both called "${clash.name}".`,
        'A recording could not tell them apart.',
        'Name the cases of its choices differently.',
      );
  }
  return findings;
}

/** Whether a language has the usual style of a way: not every grammar speaks ordinals or durations. */
function speaks({ numbers, durations }: SayGrammar, way: SlotWay): boolean {
  if (way === 'ordinal') return numbers.sets.has(ordinals);
  return way !== 'duration' || durations.styles.size > 0;
}

/** Styles that a text can ask for. */
function stylesOf({ numbers, dates, money, durations }: SayGrammar, way: SlotWay): readonly string[] {
  switch (way) {
    case 'number':
      return [...numbers.sets.keys()];
    case 'ordinal':
      return [...numbers.sets.keys()]
        .filter((set) => set.startsWith(`${ordinals}-`))
        .map((set) => set.slice(ordinals.length + 1));
    case 'date':
      return Object.keys(dates.styles);
    case 'money':
      return [...money.styles.keys()];
    case 'duration':
      return [...durations.styles.keys()];
    case 'digits':
    case 'time':
    case 'spell':
    case 'count':
      return [];
  }
}
