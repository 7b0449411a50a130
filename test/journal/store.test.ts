import fc from 'fast-check';
import t from 'tap';
import type { Turn } from '../../src/journal/index.js';
import { migrate, openDatabase } from '../../src/journal/database.js';
import { defaultRetention, encode, gather, startGathering } from '../../src/journal/group.js';
import { takeOver } from '../../src/journal/store.js';
import { makeTurn } from './kit.js';

function groupOf(turns: readonly Turn[]) {
  const gathering = startGathering();
  for (const turn of turns) gather(gathering, turn);
  return encode(gathering, defaultRetention);
}

function makeStore() {
  const database = openDatabase(':memory:');
  migrate(database, 'memory');
  return { store: takeOver(database, 0), database };
}

/** A call's turn: it counts its turns in its entity, its personal data and its record. */
function makeCallTurn(seq: number): Turn {
  return makeTurn(seq, {
    entities: [{ kind: 'call', id: 'call-1', body: { seq } }],
    personal: [{ contact: 'call-1', key: `keyed.${seq}`, class: 'digits', body: seq }],
    records: [{ kind: 'contact', id: 'call-1', version: seq, at: 1, case: 'case-1', body: { seq } }],
  });
}

t.test('groups that overlap or come again, as after a crash, are the same as turns that come once', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(4)), { minLength: 1, maxLength: 12 }), (replays) => {
      const { store, database } = makeStore();
      const rows = (sql: string) => database.prepare<[], number>(sql).pluck().all();
      for (const [back, forth] of replays) {
        const { seq } = store.newest();
        const from = Math.max(1, seq + 1 - back);
        const turns = Array.from({ length: seq + forth - from + 1 }, (_, index) =>
          makeCallTurn(from + index),
        );
        if (turns.length > 0) store.apply([groupOf(turns)]);
      }
      const { seq } = store.newest();
      const all = Array.from({ length: seq }, (_, index) => index + 1);
      const found = {
        events: rows('SELECT turn FROM event ORDER BY id'),
        personal: rows('SELECT CAST(body AS INTEGER) FROM personal ORDER BY 1'),
        entity: rows("SELECT json_extract(body, '$.seq') FROM entity"),
        record: rows("SELECT json_extract(body, '$.seq') FROM record"),
      };
      const newest = seq === 0 ? [] : [seq];
      t.strictSame(found, { events: all, personal: all, entity: newest, record: newest });
    }),
    { numRuns: 50 },
  );
  t.end();
});

t.test('a group that overlaps does not bring back what was erased', (t) => {
  const { store, database } = makeStore();
  store.apply([groupOf([makeCallTurn(1), makeCallTurn(2)])]);
  const erasure = makeTurn(3, { erased: ['call-1'] });
  store.apply([groupOf([makeCallTurn(2), erasure])]);
  t.same(database.prepare('SELECT key FROM personal').pluck().all(), []);
  store.apply([groupOf([makeCallTurn(1), makeCallTurn(2), erasure, makeCallTurn(4)])]);
  t.same(database.prepare('SELECT key FROM personal').pluck().all(), ['keyed.4']);
  t.end();
});

t.test('what is erased in the group that brought it is never there, and what follows is', (t) => {
  const { store, database } = makeStore();
  store.apply([groupOf([makeCallTurn(1), makeTurn(2, { erased: ['call-1'] }), makeCallTurn(3)])]);
  t.same(database.prepare('SELECT key FROM personal').pluck().all(), ['keyed.3']);
  t.end();
});

t.test('a group of an older engine, which erased nothing, can be read', (t) => {
  const { store } = makeStore();
  const { erased: _, ...older } = groupOf([makeCallTurn(1)]);
  store.apply([older]);
  t.equal(store.newest().seq, 1);
  t.end();
});

t.test('a transaction that fails leaves nothing of its groups', (t) => {
  const { store, database } = makeStore();
  store.apply([groupOf([makeCallTurn(1)])]);
  database.exec("CREATE TRIGGER refuse BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'no'); END");
  t.throws(() => store.apply([groupOf([makeCallTurn(2)])]), /no/);
  t.equal(store.newest().seq, 1);
  t.same(database.prepare('SELECT turn FROM event').pluck().all(), [1]);
  database.exec('DROP TRIGGER refuse');
  store.apply([groupOf([makeCallTurn(2)])]);
  t.equal(store.newest().seq, 2);
  t.end();
});
