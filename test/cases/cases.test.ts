import fc from 'fast-check';
import t from 'tap';
import {
  type Case,
  type Contact,
  decideCase,
  foldCase,
  foldContact,
  isReference,
  referenceOf,
} from '../../src/cases/index.js';

t.test('a reference is eight digits, and one wrong digit is noticed', async (t) => {
  t.equal(referenceOf(1).length, 8);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_999_999 }),
      fc.nat({ max: 7 }),
      fc.integer({ min: 1, max: 9 }),
      (n, place, by) => {
        const reference = referenceOf(n);
        const wrong = [...reference];
        wrong[place] = String((Number(wrong[place]) + by) % 10);
        return isReference(reference) && !isReference(wrong.join(''));
      },
    ),
  );
});

t.test('a contact without a case gets an enquiry that is closed with its outcome', async (t) => {
  const decision = decideCase(7, {
    type: 'end-contact',
    contact: 'c',
    language: 'en',
    outcome: 'answered',
    cases: [],
    agent: null,
    unheard: false,
    settled: [],
  });
  t.same(
    decision.facts.map(({ fact }) => fact.type),
    ['case.opened', 'case.closed'],
  );
  t.equal(decision.next, 8);
});

t.test('a case knows the agent who talked with its caller', async (t) => {
  const decision = decideCase(7, {
    type: 'end-contact',
    contact: 'c',
    language: 'en',
    outcome: 'handed-over',
    cases: [{ id: 'C00000018', kind: 'complaint' }],
    agent: 'amal',
    unheard: false,
    settled: [],
  });
  t.same(decision.facts, [
    { id: 'C00000018', fact: { type: 'case.handled', body: { agent: 'amal', contact: 'c' } } },
  ]);
  const own = decideCase(7, {
    type: 'end-contact',
    contact: 'c',
    language: 'en',
    outcome: 'answered',
    cases: [],
    agent: 'amal',
    unheard: false,
    settled: [],
  });
  const record = own.facts.reduce<Case | null>((before, { id, fact }) => foldCase(before, id, fact, 5), null);
  t.match(record, { agent: 'amal', status: 'closed' });
});

t.test('what was said and not heard keeps its case open', async (t) => {
  const decision = decideCase(7, {
    type: 'end-contact',
    contact: 'c',
    language: null,
    outcome: 'abandoned',
    cases: [],
    agent: null,
    unheard: true,
    settled: [],
  });
  t.match(decision.facts, [{ fact: { type: 'case.opened', body: { kind: 'request' } } }]);
  t.equal(decision.facts.length, 1);
});

t.test('a complaint stays open when its caller hangs up; a status enquiry is closed', async (t) => {
  const end = (kind: 'complaint' | 'status-enquiry') =>
    decideCase(7, {
      type: 'end-contact',
      contact: 'c',
      language: 'en',
      outcome: 'done',
      cases: [
        { id: 'C00000026', kind: 'enquiry' },
        { id: 'C00000018', kind },
      ],
      agent: null,
      unheard: false,
      settled: [],
    });
  t.match(end('complaint').facts, [{ id: 'C00000026' }], 'the enquiry before it is answered');
  t.equal(end('complaint').facts.length, 1);
  t.match(end('status-enquiry').facts, [
    { id: 'C00000026' },
    { id: 'C00000018', fact: { type: 'case.closed' } },
  ]);
});

t.test('details of a case go to the personal side table, the event names them', async (t) => {
  const decision = decideCase(1, {
    type: 'open-case',
    contact: 'c',
    kind: 'complaint',
    subject: 'noise',
    language: 'en',
    details: { plate: '12345' },
  });
  t.notOk(JSON.stringify(decision.facts).includes('12345'));
  t.match(decision.facts[0]?.fact.body, { details: decision.details?.key });
});

t.test('of phones that ring at once each keeps its own times', async (t) => {
  const begun = { talks: [], tickets: [], path: [] } as unknown as Contact;
  const facts = [
    { type: 'dial.started', body: { phone: 'one', leg: 'a' } },
    { type: 'dial.started', body: { phone: 'two', leg: 'b' } },
    { type: 'dial.rang', body: { leg: 'a' } },
    { type: 'dial.answered', body: { leg: 'a', bridge: 'x' } },
    { type: 'dial.ended', body: { leg: 'b', result: 'cancelled' } },
    { type: 'dial.ended', body: { leg: 'a', result: 'talked' } },
  ] as const;
  const contact = facts.reduce<Contact | null>((now, fact, at) => foldContact(now, 'c', fact, at), begun);
  t.match(contact?.talks, [
    { phone: 'one', startedAt: 0, rangAt: 2, answeredAt: 3, endedAt: 5, result: 'talked' },
    { phone: 'two', startedAt: 1, rangAt: null, answeredAt: null, endedAt: 4, result: 'cancelled' },
  ]);
  // A call that an older engine began: its phones had no legs.
  const older = {
    ...contact,
    talks: contact!.talks.slice(0, 1).map((talk) => ({ ...talk, leg: undefined })),
  } as unknown as Contact;
  const ended = foldContact(older, 'c', { type: 'dial.ended', body: { leg: 'z', result: 'talked' } }, 9);
  t.equal(ended?.talks[0]?.endedAt, 9);
});
