/**
 * Messages that callers left with the exchange while no engine was there: the exchange puts them into a folder, and
 * each becomes a contact with an open case.
 */
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asCallId, asLegId, asRecordingId, type ExchangeId, type Log } from '../base/index.js';
import type { LeftMessage } from '../calls/index.js';

export interface AwayMessagesParts {
  readonly exchange: ExchangeId;
  /** Where the exchange leaves them. */
  readonly from: string;
  /** Where recordings lie. */
  readonly recordings: string;
  readonly isKnown: (contact: string) => Promise<boolean>;
  readonly take: (message: LeftMessage) => Promise<void>;
  readonly log: Log;
}

const lookEveryMs = 15_000;
/** A file that was written to so lately may still be spoken into. */
const restMs = 5_000;
/** Somebody who was silent left no message. */
const shortestMs = 1_000;
/** 16-bit samples at 8 kHz behind a header of 44 bytes. */
const headerBytes = 44;
const bytesPerMs = 16;

/** `<seconds since 1970>_<called>_<caller>_<channel>.wav`, as the dialplan names them. */
const nameForm = /^(?<seconds>\d{9,11})_(?<called>[^_]*)_(?<caller>[0-9+]*)_(?<channel>[0-9A-Za-z.-]+)\.wav$/;

/** Takes in what lies there, now and from now on. A fault is logged, and tried again. */
export function takeAwayMessages(parts: AwayMessagesParts): { stop(): void } {
  let looking = false;
  const look = (): void => {
    if (looking) return;
    looking = true;
    takeAll(parts)
      .catch((cause: unknown) => parts.log.error({ err: cause }, 'messages left meanwhile were not taken in'))
      .finally(() => {
        looking = false;
      });
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  look();
  return { stop: () => clearInterval(timer) };
}

/** Takes in every message that is whole. A second run takes nothing twice. */
export async function takeAll(parts: AwayMessagesParts, now = Date.now()): Promise<number> {
  const { exchange, from, recordings, isKnown, take, log } = parts;
  let taken = 0;
  for (const name of (await readdir(from)).sort()) {
    const fields = nameForm.exec(name)?.groups;
    if (fields === undefined) continue;
    const path = join(from, name);
    const { size, mtimeMs } = await stat(path);
    if (now - mtimeMs < restMs) continue;
    const ms = Math.max(0, Math.round((size - headerBytes) / bytesPerMs));
    if (ms < shortestMs) {
      await rm(path, { force: true });
      continue;
    }
    const { seconds = '', called = '', caller = '', channel = '' } = fields;
    const id = asCallId(`away-${channel}`);
    const recording = asRecordingId(`away-${channel}`);
    // One that died between the commit and the move has told of it already.
    if (!(await isKnown(id))) {
      await take({
        id,
        exchange,
        leg: asLegId(channel),
        called,
        callerNumber: caller === '' ? null : caller,
        recording,
        ms,
        leftAt: Number(seconds) * 1_000,
      });
      taken += 1;
      log.info({ contact: id }, 'a message left while the engine was away was taken in');
    }
    await rename(path, join(recordings, `${recording}.wav`));
  }
  return taken;
}
