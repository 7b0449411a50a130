import { crc32 } from 'node:zlib';
import { OnedoorError } from '../base/errors.js';
import type { Group } from './group.js';

/**
 * The reserve: a file of fixed size that was written full beforehand, so that it takes turns when the disk is full
 * and when the store's thread is stuck. Entries follow each other from the start; each carries the round that it
 * belongs to, so that a reused reserve needs no mark of its end.
 */
export interface ReserveMedium {
  /** Bytes. */
  readonly size: number;
  /** Writes and syncs. `done` gets null when it is durable. */
  write(offset: number, bytes: Uint8Array, done: (failure: Error | null) => void): void;
  close(): Promise<void>;
}

export interface Reserve {
  /** Adds an entry of groups after those that are in. `done` gets null when it is durable. */
  add(groups: readonly Group[], done: (failure: Error | null) => void): void;
  /** Forgets all entries and overwrites them, since they hold personal data. All must be in the store. */
  clear(done: (failure: Error | null) => void): void;
  readonly used: boolean;
  /** Why it takes nothing more until it is cleared; null while it does. */
  readonly refusal: string | null;
  close(): Promise<void>;
}

/** Length of magic, round, length of body, and checksum of these and the body. */
const headLength = 16;
const checkedHead = 12;
const magic = 0x31526456;

/** @param round higher than that of all entries that the medium holds. */
export function createReserve(medium: ReserveMedium, round: number): Reserve {
  let current = round;
  let end = 0;
  let refusal: string | null = null;
  return {
    get used() {
      return end > 0;
    },
    get refusal() {
      return refusal;
    },
    add(groups, done) {
      const entry = encodeEntry(groups, current);
      if (end + entry.length > medium.size) {
        refusal = 'the reserve is full';
        done(new OnedoorError('ONEDOOR_JOURNAL_STORE', { why: refusal }));
        return;
      }
      medium.write(end, entry, (failure) => {
        if (failure === null) end += entry.length;
        done(failure);
      });
    },
    clear(done) {
      const zeros = new Uint8Array(end);
      current++;
      end = 0;
      refusal = null;
      medium.write(0, zeros, done);
    },
    close: () => medium.close(),
  };
}

function encodeEntry(groups: readonly Group[], round: number): Uint8Array {
  const body = Buffer.from(JSON.stringify(groups), 'utf8');
  const entry = Buffer.allocUnsafe(headLength + body.length);
  entry.writeUInt32LE(magic, 0);
  entry.writeUInt32LE(round, 4);
  entry.writeUInt32LE(body.length, 8);
  entry.writeUInt32LE(checksum(entry, body), checkedHead);
  body.copy(entry, headLength);
  return entry;
}

/** Over the head too: a write that was cut within it leaves zeros, and the checksum of nothing is nothing. */
function checksum(entry: Uint8Array, body: Uint8Array): number {
  return crc32(body, crc32(entry.subarray(0, checkedHead)));
}

/** The groups that a reserve holds, in order, and its newest round. Stops at the first entry that is not whole. */
export function readReserve(bytes: Uint8Array): { readonly groups: Group[]; readonly round: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups: Group[] = [];
  let offset = 0;
  let round = 0;
  while (offset + headLength <= view.length && view.readUInt32LE(offset) === magic) {
    const itsRound = view.readUInt32LE(offset + 4);
    const end = offset + headLength + view.readUInt32LE(offset + 8);
    if (end > view.length || (offset > 0 && itsRound !== round)) break;
    const body = view.subarray(offset + headLength, end);
    if (checksum(view.subarray(offset), body) !== view.readUInt32LE(offset + checkedHead)) break;
    groups.push(...(JSON.parse(body.toString('utf8')) as Group[]));
    round = itsRound;
    offset = end;
  }
  return { groups, round };
}
