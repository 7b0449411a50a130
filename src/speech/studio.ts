/** The way to the studio and back: a script of what to record, and its files taken over as recordings. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { type Finding, OnedoorError, readCsv } from '../base/index.js';
import { listRecordings, readWav } from './recordings.js';
import type { TextCatalog } from './speech.js';
import { type Pcm, sampleRate, type Synthesiser } from './synthesiser.js';

/** A piece that a person should record. */
export interface PieceToRecord {
  readonly language: string;
  /** The recording is expected at `prompts/<lang>/<name>.wav`. */
  readonly name: string;
  /** The file name that the script gives it, without folders. */
  readonly recording: string;
  readonly words: string;
  /** The sentence or value in which it is spoken, the piece between « and »; null where it is all that is said. */
  readonly context: string | null;
  /** Whether the voice goes down at its end; otherwise more follows. */
  readonly ends: boolean;
  /** What the author of the text says to the person who records it; null where nothing. */
  readonly note: string | null;
}

/** All pieces that the synthetic voice speaks because nobody has recorded them, in the order of the texts. */
export async function missingPrompts(
  catalog: TextCatalog,
  prompts: string,
): Promise<readonly PieceToRecord[]> {
  const lists = await Promise.all(
    catalog.languages.map(async (language) => {
      const recordings = await listRecordings(prompts, language);
      const contexts = catalog.contexts(language);
      return catalog
        .allPieces(language)
        .filter((piece) => piece.pauseMs === undefined && !recordings.has(piece.name))
        .map(({ name, words }): PieceToRecord => {
          const { sentence = null, ends = false } = contexts.get(name) ?? {};
          return {
            language,
            name,
            recording: flatName(language, name),
            words,
            context: sentence === `«${words}»` ? null : sentence,
            ends,
            note: catalog.note(language, name.replace(/\..*$/, '')),
          };
        });
    }),
  );
  return lists.flat();
}

/** A name without folders: studios number and rename, but keep no folders. */
function flatName(language: string, name: string): string {
  return `${language}_${name.replaceAll('/', '_')}.wav`;
}

export interface ImportOptions {
  readonly catalog: TextCatalog;
  /** The site's `prompts` folder. */
  readonly prompts: string;
  /** The studio's folder, or its CSV: the script with the names of its files under `recording`. */
  readonly source: string;
  readonly synthesiser: Synthesiser;
}

export interface ImportedRecording {
  /** Path below the prompts' folder. */
  readonly path: string;
  /** The studio's file, relative to the source. */
  readonly from: string;
  /** Length after the silence was cut, milliseconds. */
  readonly ms: number;
  readonly replaced: boolean;
}

export interface ImportReport {
  readonly imported: readonly ImportedRecording[];
  /** Files that were not taken, each by its name. */
  readonly findings: readonly Finding[];
}

/** A file of the studio's, and the piece that it is said to be. */
interface OfferedFile {
  /** As the person knows it: relative to the source. */
  readonly from: string;
  readonly file: string;
  /** Path below the prompts' folder. */
  readonly path: string;
}

/**
 * Takes a studio's files over: each is checked, converted to telephone sound, its silence cut and its loudness
 * levelled, and put where recordings lie. What cannot be used is a finding; all others are taken.
 */
export async function importRecordings(options: ImportOptions): Promise<ImportReport> {
  const { catalog, prompts, source, synthesiser } = options;
  const findings: Finding[] = [];
  const names = new Map<string, string>();
  for (const language of catalog.languages) {
    for (const { name, pauseMs } of catalog.allPieces(language)) {
      if (pauseMs !== undefined) continue;
      const path = `${language}/${name}.wav`;
      names.set(path, path);
      names.set(`prompts/${path}`, path);
      names.set(flatName(language, name), path);
    }
  }
  const isFolder = await isDirectory(source);
  const offers = isFolder ? await filesOf(source, names, findings) : await rowsOf(source, names, findings);

  const imported: ImportedRecording[] = [];
  const taken = new Map<string, string>();
  for (const { from, file, path } of offers) {
    const before = taken.get(path);
    if (before !== undefined) {
      findings.push(refusal(from, `"${before}" is a recording of the same piece`, 'Leave one of them out.'));
      continue;
    }
    const sound = await telephoneSound(file, synthesiser);
    if (typeof sound === 'string') {
      findings.push(refusal(from, sound, 'Save it as a WAV file (PCM, 8 kHz or more) of one piece.'));
      continue;
    }
    taken.set(path, from);
    const replaced = await writeRecording(join(prompts, path), sound);
    imported.push({ path, from, ms: Math.round((sound.length * 1000) / sampleRate), replaced });
  }
  return { imported, findings };
}

function refusal(file: string, why: string, mend: string): Finding {
  return {
    file,
    line: 1,
    col: 1,
    code: 'recording/refused',
    what: `This file is not taken: ${why}.`,
    why: 'Callers would not hear the piece as it is meant.',
    mend,
  };
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}

/** Files of a folder by their names, as in `prompts` or as the script gives them. */
async function filesOf(
  folder: string,
  names: ReadonlyMap<string, string>,
  findings: Finding[],
): Promise<readonly OfferedFile[]> {
  const offers: OfferedFile[] = [];
  for (const entry of (await readdir(folder, { recursive: true })).sort()) {
    const from = entry.split(sep).join('/');
    const kind = extname(from);
    const wavName = `${from.slice(0, from.length - kind.length)}.wav`;
    const path = names.get(wavName) ?? names.get(basename(wavName));
    const isWav = kind.toLowerCase() === '.wav';
    if (path !== undefined && isWav) offers.push({ from, file: join(folder, entry), path });
    else if (path !== undefined && /^\.\w+$/.test(kind) && !(await isDirectory(join(folder, entry))))
      findings.push(refusal(from, 'it is no WAV file', 'Save it as a WAV file (PCM, 8 kHz or more).'));
    else if (isWav)
      findings.push(
        refusal(
          from,
          'no piece has this name',
          'Name it as `onedoor prompts missing` does, or give a CSV that says which piece it is.',
        ),
      );
  }
  return offers;
}

/** Files that a CSV names, beside it or below it. */
async function rowsOf(
  csv: string,
  names: ReadonlyMap<string, string>,
  findings: Finding[],
): Promise<readonly OfferedFile[]> {
  const name = basename(csv);
  const reading = readCsv(name, await readFile(csv, 'utf8'));
  if (reading.result === 'broken') {
    findings.push(...reading.findings);
    return [];
  }
  const { columns, rows } = reading.table;
  const lacking = ['file', 'recording'].filter((column) => !columns.includes(column));
  if (lacking.length > 0) {
    findings.push(
      refusal(
        name,
        `it has no column ${lacking.join(' and ')}`,
        'Begin with what `onedoor prompts missing --csv` prints, and keep its header.',
      ),
    );
    return [];
  }
  const folder = dirname(csv);
  return rows.flatMap(({ file: piece = '', recording = '' }) => {
    // Not recorded yet.
    if (recording === '') return [];
    const file = resolve(folder, recording);
    const from = relative(folder, file).split(sep).join('/');
    const path = names.get(piece);
    if (path === undefined) {
      findings.push(
        refusal(recording, `no text has the piece "${piece}"`, 'Correct the column file of its row.'),
      );
      return [];
    }
    if (from.startsWith('../') || from === '..' || resolve(from) === from) {
      findings.push(refusal(recording, 'it lies outside the folder of the CSV', 'Put it beside the CSV.'));
      return [];
    }
    return [{ from, file, path }];
  });
}

/** Trimmed, levelled telephone sound; or why the file has none. */
async function telephoneSound(file: string, synthesiser: Synthesiser): Promise<Pcm | string> {
  try {
    const reading = await readWav(file);
    if (reading.result === 'broken') return reading.why;
    const pcm = await synthesiser.convert(reading.wav);
    return pcm.length > 0 ? pcm : 'nothing but silence is in it';
  } catch (error) {
    if (error instanceof OnedoorError) return String(error.fields['why']);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code})`;
  }
}

/** Writes a WAV file beside and renames it; true where there was one before. Throws ONEDOOR_SPEECH_MEDIA. */
async function writeRecording(path: string, pcm: Pcm): Promise<boolean> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, wavOf(pcm));
    const before = await stat(path).then(
      () => true,
      () => false,
    );
    await rename(beside, path);
    return before;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OnedoorError('ONEDOOR_SPEECH_MEDIA', { path, why }, error);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Mono, 16 bit, at the telephone's rate. */
function wavOf(pcm: Pcm): Buffer {
  const header = Buffer.alloc(44);
  const bytes = pcm.length * 2;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  const samples = Buffer.alloc(bytes);
  for (const [at, sample] of pcm.entries()) samples.writeInt16LE(sample, at * 2);
  return Buffer.concat([header, samples]);
}
