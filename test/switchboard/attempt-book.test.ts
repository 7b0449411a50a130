import fc from 'fast-check';
import t from 'tap';
import { asCallId } from '../../src/base/index.js';
import type { AttemptEvent, AttemptMessage, Attempts } from '../../src/calls/index.js';
import { AttemptDraft, recoveredAttempts } from '../../src/switchboard/attempt-book.js';
import { takeBook } from '../../src/switchboard/book.js';
import { testHash } from '../kit/test-site.js';

const minute = 60_000;
const start = Date.UTC(2026, 2, 4, 6);

interface Asked {
  readonly call: string;
  readonly number: string | null;
  readonly account: string | null;
}

/** The book over several turns. */
function book() {
  const known = new Map<string, Attempts>();
  const turn = (message: AttemptMessage, at: number): AttemptEvent | null => {
    const draft = new AttemptDraft({ hash: testHash, known }, at);
    const event = draft.take(message);
    takeBook(known, draft.changes);
    return event;
  };
  return {
    known,
    begin: ({ call, number, account }: Asked, at: number): AttemptEvent | null =>
      turn(
        {
          type: 'begin-attempt',
          contact: asCallId(call),
          number,
          source: 'accounts',
          account,
          tries: 3,
          lockMs: 15 * minute,
        },
        at,
      ),
    end: (keys: readonly string[], result: 'right' | 'unanswered', at: number) =>
      turn({ type: 'end-attempt', keys, result }, at),
  };
}

const keysOf = (event: AttemptEvent | null): readonly string[] =>
  event?.result === 'allowed' ? event.keys : [];
const at = (call: string, number: string | null, account: string | null): Asked => ({
  call,
  number,
  account,
});

t.test('three wrong PINs lock the call, the number and the account, each by itself', async (t) => {
  const { begin } = book();
  const first = at('call-1', '+96891111111', 'A');
  for (let n = 0; n < 3; n++) t.match(begin(first, start), { result: 'allowed' });
  const locked = { result: 'locked', until: start + 15 * minute };
  t.match(begin(at('call-1', null, null), start), locked, 'the call');
  t.match(begin(at('call-2', '+96891111111', 'B'), start), locked, 'the number, in another call');
  t.match(begin(at('call-3', '+96892222222', 'A'), start), locked, 'the account, from another number');
  t.match(begin(at('call-4', '+96892222222', 'B'), start), { result: 'allowed' }, 'nobody else');
  t.match(begin(first, start + 15 * minute), { result: 'allowed' }, 'when the lock is over');
});

t.test('an account is locked by wrong PINs from any number, and by withheld ones', async (t) => {
  const { begin } = book();
  for (const [call, number] of [
    ['call-1', '+96891111111'],
    ['call-2', null],
    ['call-3', '+96893333333'],
  ] as const)
    t.match(begin(at(call, number, 'A'), start), { result: 'allowed' });
  t.match(begin(at('call-4', '+96894444444', 'A'), start), { result: 'locked' });
});

t.test('who is locked out makes it no worse', async (t) => {
  const { begin, known } = book();
  for (let n = 0; n < 3; n++) begin(at('call-1', null, 'A'), start);
  const before = new Map(known);
  for (let n = 0; n < 50; n++) begin(at(`call-${n}`, '+96891111111', 'A'), start + n);
  t.same(known, before);
});

t.test('a right PIN clears all three; one that was not answered takes back its own try', async (t) => {
  const { begin, end, known } = book();
  const asked = at('call-1', '+96891111111', 'A');
  begin(asked, start);
  end(keysOf(begin(asked, start)), 'right', start);
  t.equal(known.size, 0);
  begin(asked, start);
  begin(asked, start);
  end(keysOf(begin(asked, start)), 'unanswered', start);
  t.match(begin(asked, start), { result: 'allowed' });
  t.match(begin(asked, start), { result: 'locked' });
});

t.test('nothing that was tried stands in the book, and the book outlives a restart', async (t) => {
  const { begin, known } = book();
  for (let n = 0; n < 3; n++) begin(at('call-1', '+96891111111', '4711'), start);
  t.notMatch(JSON.stringify([...known]), /96891111111|4711|call-1/);
  const draft = new AttemptDraft({ hash: testHash, known: new Map() }, start);
  draft.take({
    type: 'begin-attempt',
    contact: asCallId('call-1'),
    number: null,
    source: 'accounts',
    account: null,
    tries: 1,
    lockMs: minute,
  });
  const rows = draft.entities().map(({ kind, id, body }) => ({ kind, id, body: body ?? {} }));
  t.same([...recoveredAttempts(rows).values()], [...draft.changes.values()]);
  t.equal(recoveredAttempts(rows.map((row) => ({ ...row, body: { ...row.body, form: 2 } }))).size, 0);
});

const who = fc.record({
  call: fc.constantFrom('call-1', 'call-2', 'call-3'),
  number: fc.constantFrom(null, '+96891111111', '+96892222222'),
  account: fc.constantFrom(null, 'A', 'B'),
});
const events = fc.array(
  fc.record({
    who,
    afterMs: fc.constantFrom(0, 1, minute, 15 * minute, 40 * minute),
    ends: fc.constantFrom('wrong' as const, 'wrong' as const, 'right' as const, 'unanswered' as const),
  }),
  { maxLength: 80 },
);

t.test('an attempt is let through exactly when none of its three is locked', async (t) => {
  fc.assert(
    fc.property(events, (tried) => {
      const { begin, end } = book();
      /** When each is locked until, as one would count by hand on paper. */
      const paper = new Map<string, { wrong: number; locks: number; until: number }>();
      let now = start;
      for (const { who: asked, afterMs, ends } of tried) {
        now += afterMs;
        // Within a day nothing is forgotten, and no lock is cut to a day.
        if (now - start > 20 * 60 * minute) return true;
        const names = [`call ${asked.call}`, `number ${asked.number}`, `account ${asked.account}`].filter(
          (name) => !name.endsWith(' null'),
        );
        const locked = names.some((name) => (paper.get(name)?.until ?? 0) > now);
        const event = begin(asked, now);
        if ((event?.result === 'locked') !== locked) return false;
        if (locked) continue;
        if (ends !== 'wrong') end(keysOf(event), ends, now);
        for (const name of names) {
          const line = paper.get(name) ?? { wrong: 0, locks: 0, until: 0 };
          if (line.until !== 0) [line.wrong, line.until] = [0, 0];
          if (ends === 'right') paper.delete(name);
          else if (ends === 'wrong') {
            line.wrong += 1;
            if (line.wrong === 3) line.until = now + 15 * minute * 2 ** line.locks++;
            paper.set(name, line);
          } else paper.set(name, line);
        }
      }
      return true;
    }),
    { numRuns: 2_000 },
  );
  t.pass('whoever tries what');
});
