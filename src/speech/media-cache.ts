/** Sounds on the disk: a cache that clones and states share, and a state's media folder that links to it. */
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OnedoorError } from '../base/index.js';
import { encodeAlaw, encodeUlaw } from './sound.js';
import { type Pcm, sampleRate } from './synthesiser.js';

/** The trunks' codecs: a prompt that exists in the caller's codec costs no transcoding. */
const codecs = [
  { extension: 'alaw', encode: encodeAlaw },
  { extension: 'ulaw', encode: encodeUlaw },
] as const;

/** Name of a sound: a hash of all that makes it what it is. */
export function soundHash(...parts: readonly (string | number | boolean | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = part instanceof Uint8Array ? part : Buffer.from(String(part));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Length of a sound in the cache, milliseconds; null where it is not there in every codec. */
export async function cachedMs(cache: string, hash: string): Promise<number | null> {
  const sizes = await Promise.all(codecs.map(({ extension }) => sizeOf(cachePath(cache, hash, extension))));
  const size = Math.min(...sizes);
  return size === 0 ? null : lengthMs(size);
}

/**
 * Adds a sound to the cache: written beside, then renamed, so that nobody ever reads half of one.
 * Throws ONEDOOR_SPEECH_MEDIA.
 *
 * @returns its length, milliseconds.
 */
export async function cacheSound(cache: string, hash: string, pcm: Pcm): Promise<number> {
  for (const { extension, encode } of codecs) {
    const path = cachePath(cache, hash, extension);
    await orMediaError(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await replace(path, (beside) => writeFile(beside, encode(pcm)));
    });
  }
  return lengthMs(pcm.length);
}

/** Puts a sound into a media folder, as a link where the file system can. Throws ONEDOOR_SPEECH_MEDIA. */
export async function placeSound(
  cache: string,
  media: string,
  language: string,
  hash: string,
): Promise<void> {
  for (const { extension } of codecs) {
    const path = join(media, `${mediaPath(language, hash)}.${extension}`);
    const from = cachePath(cache, hash, extension);
    if ((await sizeOf(path)) > 0) continue;
    await orMediaError(path, async () => {
      if (await linked(from, path)) return;
      await mkdir(dirname(path), { recursive: true });
      if (await linked(from, path)) return;
      // Another file system, or one without links; or an empty file lies there.
      await replace(path, (beside) => copyFile(from, beside));
    });
  }
}

/** Links are there whole or not at all, and most are made at the first try: thousands, at the first start. */
async function linked(from: string, path: string): Promise<boolean> {
  try {
    await link(from, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EEXIST', 'EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(code)) return false;
    throw error;
  }
}

/**
 * Reads a sound of the cache, by its path in a media folder.
 *
 * @throws where it is not there any more
 */
export async function cachedUlaw(cache: string, path: string): Promise<Uint8Array> {
  return readFile(cachePath(cache, basename(path), 'ulaw'));
}

/** Path of a sound in a media folder, without extension. */
export function mediaPath(language: string, hash: string): string {
  return `${language}/${hash}`;
}

function cachePath(cache: string, hash: string, extension: string): string {
  return join(cache, 'voice', hash.slice(0, 2), `${hash}.${extension}`);
}

/** One byte a sample. */
function lengthMs(bytes: number): number {
  return Math.round((bytes * 1000) / sampleRate);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 0;
    throw error;
  }
}

async function replace(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await write(beside);
    await rename(beside, path);
  } finally {
    // Left over by a failure, or by a rename onto a link of the same file, which does nothing.
    await rm(beside, { force: true });
  }
}

async function orMediaError(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OnedoorError('ONEDOOR_SPEECH_MEDIA', { path, why }, error);
  }
}
