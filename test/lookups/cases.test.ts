import t from 'tap';
import type { JsonObject } from '../../src/base/index.js';
import { lookupWorld } from '../kit/lookup-world.js';

const opened = Date.UTC(2026, 2, 1, 2);
const changed = Date.UTC(2026, 2, 4, 6);
const complaint: JsonObject = {
  id: 'case-1',
  kind: 'complaint',
  reference: '00000018',
  subject: 'complaint-health',
  status: 'closed',
  language: 'ms',
  outcome: 'answered',
  agent: 'aisyah',
  openedAt: opened,
  closedAt: changed,
  contacts: ['call-1'],
  details: 'case-1.details',
  history: [
    { status: 'received', at: opened, contact: 'call-1' },
    { status: 'closed', at: changed, contact: null },
  ],
};

function setUp(find: (reference: string) => JsonObject | null, declared = '{ kinds: [complaint] }') {
  const asked: string[] = [];
  const world = lookupWorld(`permits: { cases: ${declared} }`, {
    findCase: async (reference) => {
      asked.push(reference);
      return find(reference);
    },
  });
  t.teardown(() => world.open.close());
  return { ...world, asked };
}

t.test('a case is found by its reference: how far it has come, and nothing personal', async (t) => {
  const { ask, asked } = setUp((reference) => (reference === '00000018' ? complaint : null));
  t.same(await ask({ reference: ' 00000018 ' }), {
    result: 'found',
    row: {
      reference: '00000018',
      kind: 'complaint',
      subject: 'complaint-health',
      status: 'closed',
      agent: 'aisyah',
      opened: '2026-03-01T02:00:00.000Z',
      changed: '2026-03-04T06:00:00.000Z',
    },
  });
  t.same(await ask({ reference: '12345674' }), { result: 'not-found' });
  t.same(asked, ['00000018', '12345674']);
});

t.test('a case of a kind that callers may not ask after is not there', async (t) => {
  const { ask } = setUp(() => ({ ...complaint, kind: 'enquiry' }));
  t.same(await ask({ reference: '00000018' }), { result: 'not-found' });
  const other = setUp(() => ({ ...complaint, kind: 'request' }), '{ kinds: [complaint, request] }');
  t.match(await other.ask({ reference: '00000018' }), { result: 'found', row: { kind: 'request' } });
});

t.test('what is no reference is never looked for', async (t) => {
  const { ask, asked } = setUp(() => complaint, '{}');
  t.same(await ask({ reference: '' }), { result: 'not-found' });
  for (const reference of ["1' OR '1'='1", '%', '0'.repeat(21), 18, null, ['00000018']])
    t.match(
      await ask({ reference }),
      { result: 'failed', why: /no text of digits/ },
      JSON.stringify(reference),
    );
  t.same(asked, []);
});

t.test('records that cannot be read open the breaker; what callers key does not', async (t) => {
  const { ask, breaker, logged } = setUp(() => {
    throw new Error('the disk is gone');
  });
  for (let n = 0; n < 9; n++) await ask({ reference: 'x' });
  t.equal(breaker(), 'closed');
  for (let n = 0; n < 5; n++) t.match(await ask({ reference: '00000018' }), { why: 'the disk is gone' });
  t.equal(breaker(), 'open');
  t.notMatch(logged.join('\n'), '00000018');
});

t.test('without an engine nobody has its records', async (t) => {
  const { ask, open } = lookupWorld('permits: { cases: {} }');
  t.same(await open.examine(), []);
  t.match(await ask({ reference: '00000018' }), { result: 'failed', why: /only a running engine/ });
});
