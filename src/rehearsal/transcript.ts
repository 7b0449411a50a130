/** Pure. A scripted call as it should have gone, beside how it went. */
import { ownRecording } from './rehearsal.js';
import type { HeardText } from './rehearsed.js';
import type { ScriptStep } from './script.js';

export interface TranscriptRow {
  /** Since the call began, milliseconds; null: it was not reached. */
  readonly atMs: number | null;
  /** What the script says; null: it says nothing of this. */
  readonly expected: string | null;
  /** What the caller heard or did; null: it was not reached. */
  readonly happened: string | null;
  readonly fits: boolean;
}

/** A step of the script in words. */
export function expectationOf(step: ScriptStep): string {
  if (step === 'hangs up' || step === 'hears the recording' || step === 'is called back') return step;
  if ('is called back' in step) return `is called back and ${step['is called back']}`;
  if ('hears' in step) {
    const language = step.in === undefined ? '' : ` (${step.in})`;
    return `hears ${step.hears}${language}${step.saying === undefined ? '' : `: …${step.saying}…`}`;
  }
  if ('presses' in step) return `presses ${step.presses}`;
  if ('is silent' in step) {
    const { 'is silent': how } = step;
    return typeof how === 'number' ? `is silent ${how} s` : `is silent ${how}`;
  }
  if ('says' in step) return `speaks for ${step.says} s`;
  if ('queues for' in step) return `queues for ${step['queues for']}; agent: ${step.agent}`;
  if ('receives' in step)
    return `receives ${step.receives}${step.saying === undefined ? '' : `: …${step.saying}…`}`;
  return `phone ${step['is put through to']} rings and ${step.which}`;
}

export function heardIn({ language, text, words }: HeardText): string {
  if (text === ownRecording) return 'hears the recording';
  return `hears ${text} (${language}): ${words}`;
}

/** Widths of the columns of expectations and of what happened, in letters. */
interface Columns {
  readonly expected: number;
  readonly happened: number;
}

/**
 * The rows as lines: time, what was expected, what happened. `>` marks what differs.
 *
 * @param width of a line, in letters, at least 60.
 */
export function transcriptLines(rows: readonly TranscriptRow[], width: number): readonly string[] {
  const left = Math.min(44, Math.max(10, ...rows.map(({ expected }) => letters(expected ?? '').length)));
  const columns: Columns = { expected: left, happened: Math.max(20, width - left - 14) };
  const head = `  ${'time'.padStart(7)}  ${'expected'.padEnd(left)}  happened`;
  return [head, ...rows.flatMap((row) => linesOf(row, columns))].map((line) => line.trimEnd());
}

function linesOf({ atMs, expected, happened, fits }: TranscriptRow, columns: Columns): string[] {
  const left = wrapped(expected ?? '', columns.expected);
  const right = wrapped(happened ?? '', columns.happened);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const mark = i === 0 && !fits ? '>' : ' ';
    const time = i === 0 && atMs !== null ? timeOf(atMs) : '';
    const cell = left[i] ?? '';
    const gap = ' '.repeat(Math.max(0, columns.expected - letters(cell).length));
    return `${mark} ${time.padStart(7)}  ${cell}${gap}  ${right[i] ?? ''}`;
  });
}

/** Minutes, seconds and tenths since the call began. */
function timeOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes}:${((ms % 60_000) / 1000).toFixed(1).padStart(4, '0')}`;
}

/** At spaces, to lines of so many letters; a longer word has a line of its own. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && letters(longer).length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Letters as they take room: signs above and below others take none. */
function letters(text: string): string {
  return text.replace(/\p{M}/gu, '');
}
