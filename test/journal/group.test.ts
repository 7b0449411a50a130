import t from 'tap';
import { defaultRetention, encode, gather, startGathering } from '../../src/journal/group.js';
import type { Turn } from '../../src/journal/index.js';
import { makeTurn } from './kit.js';

function groupOf(...turns: Turn[]) {
  const gathering = startGathering();
  for (const turn of turns) gather(gathering, turn);
  return encode(gathering, defaultRetention);
}

t.test('a group spans its turns and keeps all of their events in order', (t) => {
  const group = groupOf(makeTurn(4), makeTurn(5));
  t.equal(group.from, 4);
  t.equal(group.to, 5);
  t.equal(group.at, 1_000_005);
  t.same(group.events.slice(0, 5), [4, 1_000_004, 'call-4', 'leg.arrived', 1]);
  t.same(group.events.slice(6, 11), [5, 1_000_005, 'call-5', 'leg.arrived', 1]);
  t.end();
});

t.test('only the last write of a call is serialised', (t) => {
  let serialised = 0;
  const body = (step: number) => ({
    step,
    toJSON() {
      serialised++;
      return { step };
    },
  });
  const writes = [1, 2, 3].map((seq) =>
    makeTurn(seq, {
      entities: [{ kind: 'call', id: 'call-1', body: body(seq) as unknown as Record<string, number> }],
    }),
  );
  t.same(groupOf(...writes).entities, ['call', 'call-1', '{"step":3}']);
  t.equal(serialised, 1);
  t.end();
});

t.test('a call that ends in the group is deleted, whatever came before', (t) => {
  const group = groupOf(
    makeTurn(1, { entities: [{ kind: 'call', id: 'call-1', body: { step: 1 } }] }),
    makeTurn(2, { entities: [{ kind: 'call', id: 'call-1', body: null }] }),
  );
  t.same(group.entities, ['call', 'call-1', null]);
  t.end();
});

t.test('a call and a counter of the same id are two things', (t) => {
  const group = groupOf(
    makeTurn(1, {
      entities: [
        { kind: 'call', id: 'x', body: {} },
        { kind: 'counter', id: 'x', body: {} },
      ],
    }),
  );
  t.equal(group.entities.length, 6);
  t.end();
});

t.test('personal data expires by its class', (t) => {
  const group = groupOf(
    makeTurn(1, {
      personal: [{ contact: 'call-1', key: 'keyed.reference.1', class: 'digits', body: '123456' }],
    }),
  );
  t.same(group.personal, [
    1,
    'call-1',
    'keyed.reference.1',
    'digits',
    1_000_001 + 30 * 86_400_000,
    '"123456"',
  ]);
  t.end();
});
