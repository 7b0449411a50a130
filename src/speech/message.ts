/** A text with slots (ICU MessageFormat) as a tree of words, spoken values and choices. Pure. */
import { parse } from '@messageformat/parser';

/** How a slot's value is spoken, as a text names it. */
type NamedWay = 'digits' | 'number' | 'ordinal' | 'date' | 'time' | 'money' | 'duration' | 'spell';

/** `count` is the `#` of a plural: a number before its noun. */
export type SlotWay = NamedWay | 'count';

export type Message = readonly MessagePart[];

type MessagePart = { readonly type: 'words'; readonly text: string } | ValuePart | ChoicePart;

export interface ValuePart {
  readonly type: 'value';
  /** Dotted name, e.g. `request.updated`. */
  readonly slot: string;
  readonly way: SlotWay;
  /** A word after the way: `{n, number, feminine}`, `{sum, money, OMR}`; null for the language's usual one. */
  readonly style: string | null;
  /** Where the slot stands in the text, characters from 0. */
  readonly offset: number;
}

export interface ChoicePart {
  readonly type: 'choice';
  readonly by: 'select' | 'plural';
  readonly slot: string;
  /** The last one is `other`. */
  readonly cases: readonly MessageCase[];
  readonly offset: number;
}

export interface MessageCase {
  /** `approved`, `other`; of a plural also a category (`few`) or `=2`. */
  readonly key: string;
  readonly parts: Message;
}

/** What is wrong with a text, at a character of it. */
interface MessageFault {
  readonly offset: number;
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

type MessageReading =
  | { readonly result: 'read'; readonly message: Message }
  | { readonly result: 'faulty'; readonly faults: readonly MessageFault[] };

type Token = ReturnType<typeof parse>[number] | { type: 'octothorpe'; ctx: { offset: number } };

const ways: ReadonlySet<string> = new Set<NamedWay>([
  'digits',
  'number',
  'ordinal',
  'date',
  'time',
  'money',
  'duration',
  'spell',
]);

// ICU refuses `.` and `-` in names, flows need them (`request.updated`, `in-review`). Two private-use characters
// stand in while the library parses: each replaces one character, so every place stays what it was.
const standIns: readonly (readonly [string, string])[] = [
  ['.', '\uE000'],
  ['-', '\uE001'],
];
const nameLike = /\{\s*[\p{L}\p{N}_.-]+(?=\s*[,}])|[\p{L}\p{N}_.-]+(?=\s*\{)/gu;

/** Words in which braces stand for themselves. */
const quoted = /'[{}#](?:[^']|'')*'(?!')/gu;

function hideSigns(text: string): string {
  return text.replace(nameLike, (name) =>
    standIns.reduce((hidden, [sign, standIn]) => hidden.replaceAll(sign, standIn), name),
  );
}

function showSigns(text: string): string {
  return standIns.reduce((shown, [sign, standIn]) => shown.replaceAll(standIn, sign), text);
}

/**
 * Reads a text. Pure.
 *
 * @param language BCP 47; decides which plural categories exist.
 * @returns the message, or all faults that can be told apart.
 */
export function readMessage(language: string, text: string): MessageReading {
  const faults: MessageFault[] = [];
  const broken = (offset: number, what: string): MessageReading => ({
    result: 'faulty',
    faults: [
      {
        offset,
        code: 'syntax',
        what,
        why: 'The text cannot be cut into what is fixed and what is filled in.',
        mend: "Write slots as {name, way}; a literal brace stands in quotes: '{'.",
      },
    ],
  });

  let tokens: readonly Token[];
  try {
    tokens = parse(hideSigns(text), { strict: false, strictPluralKeys: false });
  } catch (error) {
    // The library tells the place in the message only: "... at line 1 col 20:".
    const found = /^(.*?) at line (\d+) col (\d+)/su.exec(error instanceof Error ? error.message : '');
    if (found === null) throw error;
    const place = offsetOf(text, Number(found[2]), Number(found[3]));
    return broken(place, `The text breaks off or has a wrong sign here: ${found[1] ?? ''}.`);
  }

  const categories: readonly string[] = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const read = (list: readonly Token[], counted: string | null): Message => {
    const parts: MessagePart[] = [];
    for (const token of list) {
      const { offset } = token.ctx;
      const fault = (code: string, what: string, why: string, mend: string): void => {
        faults.push({ offset, code, what, why, mend });
      };
      switch (token.type) {
        case 'content': {
          const words = showSigns(token.value);
          // An unquoted brace in plain words is nearly always a slot with a slip in it.
          const raw = text.slice(offset, offset + token.ctx.text.length);
          const bare = raw.replace(quoted, (part) => ' '.repeat(part.length));
          if (/[{}]/.test(bare))
            faults.push({
              offset: offset + bare.search(/[{}]/),
              code: 'brace',
              what: `A brace stands among the words: "${raw.trim()}".`,
              why: 'It would be read aloud instead of a value.',
              mend: 'Write slots as {name, way} with letters, digits, "." and "-" in the name, and close each brace once.',
            });
          parts.push({ type: 'words', text: words });
          break;
        }
        case 'octothorpe':
          if (counted === null) parts.push({ type: 'words', text: '#' });
          else parts.push({ type: 'value', slot: counted, way: 'count', style: null, offset });
          break;
        case 'argument':
          fault(
            'way',
            `The slot {${showSigns(token.arg)}} does not say how it is spoken.`,
            'Its value is not known before the call, so it must be made of digits, numbers, dates or letters.',
            `Write {${showSigns(token.arg)}, digits}, or number, ordinal, date, time, money, duration, spell, select, plural.`,
          );
          break;
        case 'function': {
          const slot = showSigns(token.arg);
          const key = showSigns(token.key);
          if (!ways.has(key)) {
            fault(
              'way',
              `"${key}" is no way of speaking.`,
              `The slot {${slot}} could not be spoken.`,
              'Use digits, number, ordinal, date, time, money, duration, spell, select or plural.',
            );
            break;
          }
          const style = (token.param ?? []).map((part) =>
            part.type === 'content' ? showSigns(part.value) : '{',
          );
          const word = style.join('').trim();
          if (word !== '' && !/^[\p{L}\p{N}_-]+$/u.test(word)) {
            fault(
              'style',
              `"${word}" is no style.`,
              'A style is one word.',
              'Write e.g. {day, date, short}.',
            );
            break;
          }
          parts.push({ type: 'value', slot, way: key as NamedWay, style: word === '' ? null : word, offset });
          break;
        }
        case 'selectordinal':
        case 'plural':
        case 'select': {
          const slot = showSigns(token.arg);
          if (token.type === 'selectordinal' || token.pluralOffset !== undefined) {
            fault(
              'choice',
              `{${slot}} uses ${token.type === 'selectordinal' ? 'selectordinal' : 'an offset'}.`,
              'Texts are spoken with select and plain plural only.',
              'Write it as select or plural.',
            );
            break;
          }
          const cases = token.cases.map((one) => {
            const key = showSigns(one.key);
            if (token.type === 'plural' && !/^=\d+$/.test(key) && !categories.includes(key)) {
              const known = categories.join(', ');
              faults.push({
                offset: one.ctx.offset + (text.slice(one.ctx.offset).match(/\S/)?.index ?? 0),
                code: 'category',
                what: `"${key}" is no plural category of the language ${language}.`,
                why: 'It would never be spoken.',
                mend: `Use one of ${known}, or =2 for exactly two.`,
              });
            }
            return { key, parts: read(one.tokens, token.type === 'plural' ? slot : counted) };
          });
          const others = cases.filter((one) => one.key === 'other');
          const doubled = cases.find((one, at) => cases.findIndex((two) => two.key === one.key) !== at);
          if (doubled !== undefined)
            fault('case', `"${doubled.key}" stands twice.`, 'Only one of them could count.', 'Delete one.');
          if (others.length === 0)
            fault(
              'other',
              `The ${token.type} of {${slot}} has no case "other".`,
              'A value that nobody thought of would be met with silence.',
              'Add other {…}; it may be empty where silence is meant.',
            );
          const named = cases.filter((one) => one.key !== 'other');
          parts.push({
            type: 'choice',
            by: token.type,
            slot,
            cases: [...named, ...others.slice(0, 1)],
            offset,
          });
          break;
        }
      }
    }
    return parts;
  };

  const message = read(tokens, null);
  return faults.length > 0 ? { result: 'faulty', faults } : { result: 'read', message };
}

function offsetOf(text: string, line: number, col: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, one) => sum + one.length + 1, 0) + col - 1);
}

/** What is spoken where no case fits. The reader makes sure that it is there. */
export function otherCase(choice: ChoicePart): MessageCase {
  return choice.cases.at(-1) ?? { key: 'other', parts: [] };
}

/** Names of all slots that a message uses, each once, in the order of the text. Pure. */
export function slotsOf(message: Message): readonly string[] {
  const names = new Set<string>();
  const visit = (parts: Message): void => {
    for (const part of parts) {
      if (part.type === 'words') continue;
      names.add(part.slot);
      if (part.type === 'choice') for (const one of part.cases) visit(one.parts);
    }
  };
  visit(message);
  return [...names];
}

/** All spoken values of a message, whatever is chosen. Pure. */
export function valuesOf(message: Message): readonly ValuePart[] {
  return message.flatMap((part) => {
    if (part.type === 'words') return [];
    return part.type === 'value' ? [part] : part.cases.flatMap((one) => valuesOf(one.parts));
  });
}
