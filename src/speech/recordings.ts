/** What people recorded: `prompts/<lang>/<name>.wav` overrides the synthetic voice, piece by piece. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../base/index.js';

/** Name of a piece -> its recording, as a path below the prompts' folder. */
type Recordings = ReadonlyMap<string, string>;

/** Recordings of one language that lie in the folder. */
export async function listRecordings(prompts: string, language: string): Promise<Recordings> {
  let names: string[];
  try {
    names = await readdir(join(prompts, language), { recursive: true });
  } catch (error) {
    // Nobody has recorded anything yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  return new Map(
    names
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.wav'))
      .sort()
      .map((name) => [name.slice(0, -'.wav'.length), `${language}/${name}`]),
  );
}

type RecordingReading =
  | { readonly result: 'read'; readonly wav: Buffer }
  | { readonly result: 'broken'; readonly finding: Finding };

/** A sentence of a prompt is at most this long; a larger file is a mistake. */
const mostBytes = 50_000_000;

/**
 * Reads a recording. A file that is no wav of plain samples is a finding.
 *
 * @param path below the prompts' folder.
 */
export async function readRecording(prompts: string, path: string): Promise<RecordingReading> {
  const wav = await readFile(join(prompts, path));
  const why = faultOf(wav);
  return why === null ? { result: 'read', wav } : { result: 'broken', finding: recordingFinding(path, why) };
}

export function recordingFinding(path: string, why: string): Finding {
  return {
    file: `prompts/${path}`,
    line: 1,
    col: 1,
    code: 'recording/no-wav',
    what: `This is no recording that can be played: ${why}.`,
    why: 'The synthetic voice speaks instead.',
    mend: 'Save it as a WAV file (PCM, 8 kHz or more) or delete it.',
  };
}

/** A recording whose name is no piece's: mistyped, or of a text that was changed. */
export function unusedRecording(path: string): Finding {
  return {
    file: `prompts/${path}`,
    line: 1,
    col: 1,
    code: 'recording/unused',
    what: 'No text has a piece of this name.',
    why: 'Callers never hear the recording.',
    mend: 'Rename it to a name that `onedoor prompts missing` lists, or delete it.',
  };
}

/** RIFF/WAVE with a format of plain, floating or companded samples, and some of them. */
function faultOf(wav: Buffer): string | null {
  if (wav.length > mostBytes) return `it is longer than ${mostBytes / 1_000_000} MB`;
  if (wav.length < 12 || wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE')
    return 'it has no WAV header';
  let format: number | null = null;
  for (let at = 12; at + 8 <= wav.length; ) {
    const chunk = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    if (chunk === 'fmt ' && at + 10 <= wav.length) format = wav.readUInt16LE(at + 8);
    if (chunk === 'data') {
      if (format === null) return 'its format is not given';
      if (![1, 3, 6, 7, 0xfffe].includes(format)) return `its samples are compressed (format ${format})`;
      return size === 0 || at + 8 === wav.length ? 'it is empty' : null;
    }
    // Chunks are padded to even lengths.
    at += 8 + size + (size % 2);
  }
  return 'it has no samples';
}
