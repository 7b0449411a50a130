import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import type { Log } from '../base/index.js';
import type { ReserveMedium } from './reserve.js';

const chunk = 1024 * 1024;

/**
 * The reserve as a file. It is made anew by each owner, so that an older owner that still writes hits a file that
 * nobody reads. Where there is no room for a new one the old one goes on.
 * Its writes take Node's own threads, never the store's.
 *
 * @param size bytes.
 */
export function openReserveFile(path: string, size: number, log: Log): ReserveMedium {
  const ready = prepare(path, size, log);
  // Told at each write; here only so that nobody need wait for it.
  ready.catch((error: unknown) =>
    log.error({ err: error, path }, 'The journal has no reserve: turns are lost while its store is away.'),
  );
  return {
    size,
    write(offset, bytes, done) {
      writeSynced(ready, offset, bytes).then(
        () => done(null),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
    async close() {
      const handle = await ready.catch(() => null);
      await handle?.close();
    },
  };
}

async function writeSynced(ready: Promise<FileHandle>, offset: number, bytes: Uint8Array): Promise<void> {
  const handle = await ready;
  let done = 0;
  while (done < bytes.length)
    done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
  await handle.datasync();
}

async function prepare(path: string, size: number, log: Log): Promise<FileHandle> {
  const fresh = `${path}.tmp`;
  try {
    const handle = await fill(fresh, size);
    await rename(fresh, path);
    return handle;
  } catch (error) {
    await rm(fresh, { force: true });
    const old = await stat(path).catch(() => null);
    if (old?.size !== size) throw error;
    log.warn({ err: error }, 'No room for a new reserve: the old one goes on.');
    const handle = await open(path, 'r+');
    await overwrite(handle, size);
    return handle;
  }
}

async function fill(path: string, size: number): Promise<FileHandle> {
  const handle = await open(path, 'w+', 0o600);
  try {
    await overwrite(handle, size);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Zeros, really written: a hole would need a free block later. */
async function overwrite(handle: FileHandle, size: number): Promise<void> {
  const zeros = new Uint8Array(chunk);
  for (let offset = 0; offset < size; offset += chunk)
    await handle.write(zeros, 0, Math.min(chunk, size - offset), offset);
  await handle.datasync();
}
