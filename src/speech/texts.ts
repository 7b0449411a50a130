/** `prompts/<lang>.yaml`: the texts of a language, each with its place in the file. Pure. */
import { z } from 'zod';
import { checkYaml, type Finding, type Position, readYaml, type YamlSource } from '../base/index.js';
import { type Message, readMessage } from './message.js';
import type { VoiceSettings } from './speech.js';

const textName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'A text is named in small letters, digits and "-", e.g. main-menu.');

const text = z.string().max(5000);

export const textsSchema = z.strictObject({
  onedoor: z.literal(1).describe('Version of the format: 1.'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'A language is written as in BCP 47, e.g. ar.')
    .describe('Language of the texts, e.g. ar.'),
  voice: z
    .strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z0-9_+-]+$/, 'A voice is a name of the synthesiser, e.g. en-gb.')
        .optional()
        .describe('Name of the synthetic voice, e.g. en-gb.'),
      rate: z.int().min(80).max(300).default(150).describe('Words a minute; default 150.'),
      pitch: z.int().min(0).max(99).default(50).describe('0 to 99; default 50.'),
    })
    .optional()
    .describe('How the synthesiser speaks the language.'),
  texts: z
    .record(
      textName,
      z.union([
        text,
        z.strictObject({
          say: text.describe('What is spoken: an ICU message.'),
          note: z.string().max(1000).optional().describe('For the person who records it.'),
        }),
      ]),
    )
    .describe('Texts by name.'),
});

export interface PromptText {
  readonly name: string;
  readonly message: Message;
  readonly note: string | null;
  /** Where a character of the text (from 0) stands in its file. */
  place(offset: number): Position;
}

export interface LanguageTexts {
  readonly file: string;
  readonly language: string;
  readonly voice: VoiceSettings;
  readonly texts: ReadonlyMap<string, PromptText>;
  /** Where the list of texts stands. */
  readonly listed: Position;
}

type TextsReading =
  | { readonly result: 'read'; readonly texts: LanguageTexts }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** Reads and checks the texts of one language; all findings at once. Pure. */
export function readTexts(file: string, yaml: string): TextsReading {
  const reading = readYaml(file, yaml);
  if (reading.result === 'broken') return reading;
  const { source } = reading;
  const checked = checkYaml(source, textsSchema, 'prompt');
  if (checked.result === 'invalid') return { result: 'broken', findings: checked.findings };
  const { language, voice, texts: written } = checked.value;

  const findings: Finding[] = [];
  const texts = new Map<string, PromptText>();
  for (const [name, entry] of Object.entries(written)) {
    const path = typeof entry === 'string' ? ['texts', name] : ['texts', name, 'say'];
    const said = typeof entry === 'string' ? entry : entry.say;
    const place = placesIn(source, yaml, path, said);
    if (!/[\p{L}\p{N}{]/u.test(said)) {
      findings.push({
        file,
        ...source.keyAt(['texts', name]),
        code: 'prompt/empty',
        what: `The text "${name}" has no words.`,
        why: 'A caller would hear nothing.',
        mend: 'Write what is to be said.',
      });
      continue;
    }
    const message = readMessage(language, said);
    if (message.result === 'faulty') {
      for (const { offset, code, ...why } of message.faults)
        findings.push({ file, ...place(offset), code: `prompt/${code}`, ...why });
      continue;
    }
    const note = typeof entry === 'string' ? null : (entry.note ?? null);
    texts.set(name, { name, message: message.message, note, place });
  }
  if (findings.length > 0) return { result: 'broken', findings };
  return {
    result: 'read',
    texts: {
      file,
      language,
      voice: { name: voice?.name ?? language, rate: voice?.rate ?? 150, pitch: voice?.pitch ?? 50 },
      texts,
      listed: source.keyAt(['texts']),
    },
  };
}

/**
 * Finds characters of a YAML text in its file, through quotes, escapes, folded lines and block indentation: walks
 * value and source side by side.
 */
function placesIn(
  source: YamlSource,
  yaml: string,
  path: readonly string[],
  value: string,
): (offset: number) => Position {
  return (offset) => {
    const start = source.at(path);
    const lines = yaml.split('\n');
    let at = lines.slice(0, start.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + start.col - 1;
    const quote = yaml[at] === '"' || yaml[at] === "'" ? yaml[at] : null;
    if (quote !== null) at += 1;
    // A block starts on the line after its sign.
    else if (yaml[at] === '|' || yaml[at] === '>') at = yaml.indexOf('\n', at) + 1;
    const blank = (sign: string | undefined): boolean => sign !== undefined && /\s/.test(sign);
    const skipBlanks = (): void => {
      while (blank(yaml[at])) at += 1;
    };
    for (let i = 0; i < offset && at < yaml.length; i++) {
      if (blank(value[i])) {
        if (!blank(value[i + 1])) skipBlanks();
        continue;
      }
      if (yaml[at] !== value[i]) skipBlanks();
      const escaped = (quote === '"' && yaml[at] === '\\') || (quote === "'" && yaml[at] === "'");
      at += escaped ? 2 : 1;
    }
    if (!blank(value[offset])) skipBlanks();
    const before = yaml.slice(0, at);
    return { line: before.split('\n').length, col: at - before.lastIndexOf('\n') };
  };
}
