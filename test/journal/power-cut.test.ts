import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { migrate, openDatabase } from '../../src/journal/database.js';
import { defaultRetention, encode, gather, startGathering } from '../../src/journal/group.js';
import { type Store, takeOver } from '../../src/journal/store.js';
import { makeTurn, tempFolder } from './kit.js';

/** A store whose every commit is followed by a copy of its files as the disk has them, as after a power cut. */
function makeStore(): { readonly store: Store; readonly file: string } {
  const file = join(tempFolder(), 'journal.db');
  const database = openDatabase(file);
  migrate(database, file);
  return { store: takeOver(database, 0), file };
}

function commitTurns(store: Store, from: number, to: number): void {
  const gathering = startGathering();
  for (let seq = from; seq <= to; seq++)
    gather(
      gathering,
      makeTurn(seq, {
        entities: [{ kind: 'counter', id: 'turns', body: { value: seq, text: 'x'.repeat(seq * 37) } }],
      }),
    );
  store.apply([encode(gathering, defaultRetention)]);
}

function copy(file: string): string {
  const target = join(tempFolder(), 'journal.db');
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, target + suffix);
  return target;
}

/** What an engine finds after the cut; fails when a turn is torn. */
function findSeq(file: string): number {
  const store = takeOver(openDatabase(file), 0);
  const { seq } = store.newest();
  const [, , body] = store.entities();
  const value = body === undefined ? 0 : (JSON.parse(body) as { value: number }).value;
  if (value !== seq) throw new Error(`Torn: turn ${seq}, counter ${value}.`);
  store.close();
  return seq;
}

t.test('a power cut after an acknowledgement loses nothing that was acknowledged', (t) => {
  const { store, file } = makeStore();
  let seq = 0;
  for (let commit = 1; commit <= 25; commit++) {
    commitTurns(store, seq + 1, seq + (commit % 4) + 1);
    seq += (commit % 4) + 1;
    if (commit % 7 === 0) store.checkpoint();
    t.equal(findSeq(copy(file)), seq);
  }
  store.close();
  t.end();
});

t.test('a power cut within a commit leaves the commits before it, whole', (t) => {
  const { store, file } = makeStore();
  const acknowledged: { readonly bytes: number; readonly seq: number }[] = [];
  for (let seq = 1; seq <= 12; seq++) {
    commitTurns(store, seq, seq);
    acknowledged.push({ bytes: readFileSync(`${file}-wal`).length, seq });
  }
  const whole = copy(file);
  store.close();
  const [first] = acknowledged;
  const last = acknowledged.at(-1);
  if (first === undefined || last === undefined) throw new Error('Nothing was committed.');
  for (let bytes = first.bytes; bytes <= last.bytes; bytes += 1_777) {
    const cut = copy(whole);
    truncateSync(`${cut}-wal`, bytes);
    const expected = acknowledged.findLast((one) => one.bytes <= bytes)?.seq;
    t.equal(findSeq(cut), expected, `cut at ${bytes}`);
  }
  t.end();
});

t.test('blocks of an unfinished commit that reached the disk in any state are no turn', (t) => {
  const { store, file } = makeStore();
  commitTurns(store, 1, 1);
  const { length } = readFileSync(`${file}-wal`);
  commitTurns(store, 2, 2);
  const whole = copy(file);
  store.close();
  const { length: end } = readFileSync(`${whole}-wal`);
  for (let block = length; block + 512 < end; block += 4_096) {
    const torn = copy(whole);
    const bytes = readFileSync(`${torn}-wal`);
    bytes.fill(0, block, block + 512);
    writeFileSync(`${torn}-wal`, bytes);
    t.equal(findSeq(torn), 1);
  }
  t.end();
});

t.test('every commit is synced before it is acknowledged', (t) => {
  const database = openDatabase(join(tempFolder(), 'journal.db'));
  t.equal(database.pragma('synchronous', { simple: true }), 2, 'FULL');
  t.equal(database.pragma('journal_mode', { simple: true }), 'wal');
  database.close();
  t.end();
});
