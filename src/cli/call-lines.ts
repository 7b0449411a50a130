/** How a call that was made is told, line by line. */
import { styleText } from 'node:util';
import type { CallerStep, Difference, ExpectedText, Heard, PromptBook } from '../outside/index.js';
import { captionOf, type SpokenPiece } from '../speech/index.js';
import type { CallRecord } from './call-record.js';

/** One thing heard, as it is told. */
interface Told {
  readonly fromMs: number;
  readonly toMs: number;
  readonly score: number;
  readonly cut: boolean;
  /** Null: none of the prompts. */
  readonly language: string | null;
  readonly piece: string | null;
  readonly words: string | null;
}

export function tell({ name, fromMs, toMs, score, cut }: Heard, book: PromptBook): Told {
  const [piece] = name === null ? [] : book.piecesOf(name);
  const words = piece === undefined ? null : captionOf([piece]);
  return { fromMs, toMs, score, cut, language: piece?.language ?? null, piece: piece?.name ?? null, words };
}

/** A line for each text; the digits and dates within it stand in the same line. */
export function heardLines(told: readonly Told[]): string[] {
  const runs: Told[][] = [];
  for (const one of told) {
    const run = runs.at(-1);
    if (run !== undefined && goesOn(run, one)) run.push(one);
    else runs.push([one]);
  }
  return runs.map((run) => {
    const [first] = run;
    const score = Math.min(...run.map((one) => one.score));
    const at = clock(first?.fromMs ?? 0);
    if (first?.piece === null || first === undefined)
      return `${at}      ${dim(`a sound of ${(((first?.toMs ?? 0) - (first?.fromMs ?? 0)) / 1000).toFixed(1)} s that is none of the prompts`)}`;
    const words = run.map((one) => one.words).join(' ');
    const cut = run.some((one) => one.cut) ? ' (cut short)' : '';
    return `${at}  ${first.language ?? ''}  ${bold(textOf(run))}  ${words}${cut}  ${dim(score.toFixed(2))}`;
  });
}

function goesOn(run: readonly Told[], { piece, language }: Told): boolean {
  const last = run.at(-1);
  if (last?.piece === null || last === undefined || piece === null || last.language !== language)
    return false;
  return isValue(piece) || isValue(run[0]?.piece ?? '') || nameOf(piece) === textOf(run);
}

/** The text that a run of pieces belongs to: that of its first fixed part. */
function textOf(run: readonly Told[]): string {
  const fixed = run.find(({ piece }) => piece !== null && !isValue(piece));
  return nameOf((fixed ?? run[0])?.piece ?? '');
}

const isValue = (piece: string): boolean => piece.includes('/');
const nameOf = (piece: string): string => piece.replace(/\..*$/, '');

export function stepLine(atMs: number, step: CallerStep): string {
  const what =
    step.type === 'press'
      ? `presses ${step.keys}`
      : step.type === 'speak'
        ? `speaks for ${step.seconds} s`
        : step.seconds === null
          ? 'waits'
          : `waits ${step.seconds} s`;
  return `${clock(atMs)}  ${what}`;
}

export function verdict(
  differences: readonly Difference[],
  hash: string,
  record: CallRecord | null,
  book: PromptBook,
): string[] {
  const version =
    record !== null && record.contact.site !== hash
      ? ['Note: the engine runs another version of the site than lies in its folder now.']
      : [];
  if (differences.length === 0)
    return [...version, 'Heard as expected: a rehearsal of the same keys says the same.'];
  return [
    ...version,
    `Otherwise than expected (${differences.length}):`,
    ...differences.map((one) => `  ${differenceLine(one, book)}`),
  ];
}

export function differenceLine(difference: Difference, book: PromptBook): string {
  const named = (heard: readonly Heard[]): string =>
    heard
      .map((one) => tell(one, book))
      .map(
        ({ fromMs, language, piece, words }) => `${language} ${piece} "${words}" at ${clock(fromMs).trim()}`,
      )
      .join(', ');
  if (difference.type === 'unexpected') return `heard besides: ${named(difference.heard)}`;
  const { expected, instead } = difference;
  const what = `expected ${expected.language} ${expected.text} "${withoutSigns(expected)}"`;
  return instead.length === 0 ? `${what}, not heard` : `${what}, heard instead: ${named(instead)}`;
}

function withoutSigns({ language, text, words }: ExpectedText): string {
  const piece: SpokenPiece = { language, name: text, words };
  return captionOf([piece]);
}

export function clock(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}

const bold = (text: string): string => (process.stdout.isTTY ? styleText('bold', text) : text);
const dim = (text: string): string => (process.stdout.isTTY ? styleText('dim', text) : text);
