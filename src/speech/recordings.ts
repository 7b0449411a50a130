/** What people recorded: `prompts/<lang>/<name>.wav` overrides the synthetic voice, piece by piece. */
import { readdir, readFile, stat } from 'node:fs/promises';
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
const mostSeconds = 600;
/** Samples a second that a telephone needs. */
const leastRate = 8000;

/**
 * Reads a recording. A file that is no wav of plain samples is a finding.
 *
 * @param path below the prompts' folder.
 */
export async function readRecording(prompts: string, path: string): Promise<RecordingReading> {
  const reading = await readWav(join(prompts, path));
  return reading.result === 'read'
    ? reading
    : { result: 'broken', finding: recordingFinding(path, reading.why) };
}

/** Reads a WAV file. Nothing of a file is read that is too large to be a prompt, or that is no file. */
export async function readWav(
  path: string,
): Promise<
  { readonly result: 'read'; readonly wav: Buffer } | { readonly result: 'broken'; readonly why: string }
> {
  const about = await stat(path);
  if (!about.isFile()) return { result: 'broken', why: 'it is no file' };
  if (about.size > mostBytes)
    return { result: 'broken', why: `it is longer than ${mostBytes / 1_000_000} MB` };
  const wav = await readFile(path);
  const why = faultOf(wav);
  return why === null ? { result: 'read', wav } : { result: 'broken', why };
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
  if (wav.length < 12 || wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE')
    return 'it has no WAV header';
  let format: WavFormat | null = null;
  for (let at = 12; at + 8 <= wav.length; ) {
    const chunk = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    if (chunk === 'fmt ' && at + 24 <= wav.length)
      format = {
        code: wav.readUInt16LE(at + 8),
        rate: wav.readUInt32LE(at + 12),
        bytesPerSecond: wav.readUInt32LE(at + 16),
      };
    if (chunk === 'data') {
      if (format === null) return 'its format is not given';
      // What a header says of the length of a stream is not true.
      return sampleFault(format, Math.min(size, wav.length - at - 8));
    }
    // Chunks are padded to even lengths.
    at += 8 + size + (size % 2);
  }
  return 'it has no samples';
}

interface WavFormat {
  readonly code: number;
  /** Samples a second. */
  readonly rate: number;
  readonly bytesPerSecond: number;
}

function sampleFault({ code, rate, bytesPerSecond }: WavFormat, bytes: number): string | null {
  if (![1, 3, 6, 7, 0xfffe].includes(code)) return `its samples are compressed (format ${code})`;
  if (bytes === 0) return 'it is empty';
  if (rate < leastRate) return `it has ${rate} samples a second, fewer than the ${leastRate} of a telephone`;
  return bytes / Math.max(bytesPerSecond, 1) > mostSeconds
    ? `it lasts longer than ${mostSeconds / 60} minutes`
    : null;
}
