/** Containment, first-call resolution and satisfaction: by example, and against the whole log read plainly. */
import fc from 'fast-check';
import t from 'tap';
import type { UtcMs } from '../../src/base/index.js';
import {
  contactFigures,
  createMeasures,
  halfHourMs,
  knownHalfHours,
  measure,
  type MeasuredFact,
  type Measures,
} from '../../src/measures/index.js';

const start = Date.parse('2026-03-04T10:00Z');
const dayMs = 86_400_000;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
const zone = { wallTime: (at: UtcMs) => ({ day: 0, minute: Math.floor(at / 60_000) % 1440 }) };

type Told = readonly [UtcMs, MeasuredFact];

const arrived = (subject: string, flow = 'hotline', at?: UtcMs): MeasuredFact => ({
  type: 'call.arrived',
  subject,
  body: { flow, ...(at === undefined ? {} : { at }) },
});
const reached = (subject: string, contained?: boolean): MeasuredFact => ({
  type: 'outcome.reached',
  subject,
  body: contained === undefined ? {} : { contained },
});
const over = (subject: string): MeasuredFact => ({ type: 'call.ended', subject });
const noted = (subject: string, about: string, after: string | null): MeasuredFact => ({
  type: 'subject.noted',
  subject,
  body: { subject: about, after },
});
const offered = (subject: string, scale?: { from: number; to: number }): MeasuredFact => ({
  type: 'survey.offered',
  subject,
  body: { survey: 'satisfaction', ...(scale === undefined ? {} : { scale }) },
});
const answered = (subject: string, answer: number): MeasuredFact => ({
  type: 'survey.answered',
  subject,
  body: { survey: 'satisfaction', answer },
});

const requested = (subject: string, ticket: string, queue: string): MeasuredFact => ({
  type: 'ticket.requested',
  subject,
  body: { ticket, queue },
});
const connected = (ticket: string): MeasuredFact => ({ type: 'ticket.connected', body: { ticket } });
const placed = (subject: string, follows: string): MeasuredFact => ({
  type: 'call.placed',
  subject,
  body: { follows },
});

function fold(told: readonly Told[], keepDays = 35): Measures {
  const measures = createMeasures({ zone, keepDays, shortMs: 5_000 });
  for (const [at, fact] of told) measure(measures, fact, at);
  return measures;
}

function values(
  measures: Measures,
  flow: string | null = null,
  stretch = always,
  queue: string | null = null,
): Record<string, number | null> {
  const figures = contactFigures(measures, { flow, queue, ...stretch });
  return Object.fromEntries(Object.entries(figures).map(([key, { value }]) => [key, value]));
}

t.test('a contact is contained where its last outcome is one that the flow calls served', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, arrived('b')],
    [start, arrived('c')],
    [start, arrived('d')],
    [start, arrived('e')],
    [start + 1, reached('a', true)],
    [start + 2, over('a')],
    // Served, but then an agent was wanted.
    [start + 3, reached('b', true)],
    [start + 4, reached('b', false)],
    [start + 5, over('b')],
    // Says nothing of it, or hung up before any outcome.
    [start + 6, reached('c')],
    [start + 7, over('c')],
    [start + 8, over('d')],
    // Still there.
    [start + 9, reached('e', true)],
  ]);
  t.match(values(measures), { arrived: 5, ended: 4, contained: 1, containment: 0.25 });
});

t.test('figures of contacts are told by flow, in the half hour in which they came', async (t) => {
  const measures = fold([
    [start, arrived('a', 'municipality')],
    [start + halfHourMs, arrived('b', 'one-call-centre')],
    [start + halfHourMs, reached('a', true)],
    [start + halfHourMs, over('a')],
  ]);
  t.match(values(measures, 'municipality'), { arrived: 1, containment: 1 });
  t.match(values(measures, 'one-call-centre'), { arrived: 1, containment: null });
  t.equal(values(measures, null, { from: start, to: start + 1 })['contained'], 1);
  t.strictSame(knownHalfHours(measures, null), [start, start + halfHourMs]);
  t.strictSame(knownHalfHours(measures, null, 'one-call-centre'), [start + halfHourMs]);
});

t.test('a message that was left while no engine was there counts when it was left', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start + 2 * halfHourMs, arrived('b', 'hotline', start + 60_000)],
  ]);
  t.equal(values(measures, null, { from: start, to: start + 1 })['arrived'], 2);
});

t.test('a caller who comes back on the same subject was not served by the first call', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, arrived('b')],
    [start, noted('a', 'water', null)],
    [start, noted('b', 'roads', null)],
    [start + 2 * dayMs, arrived('c')],
    [start + 2 * dayMs, noted('c', 'water', 'a')],
    // The third call on it is the second contact's failure, not another one of the first.
    [start + 3 * dayMs, arrived('d')],
    [start + 3 * dayMs, noted('d', 'water', 'c')],
  ]);
  t.match(values(measures), {
    'first-contacts': 2,
    'returned-contacts': 1,
    'first-call-resolution': 0.5,
  });
  t.match(values(measures, null, { from: start, to: start + 1 }), { 'first-call-resolution': 0.5 });
  t.match(values(measures, null, { from: start + dayMs, to: start + 9 * dayMs }), {
    'first-contacts': 0,
    'first-call-resolution': null,
  });
});

t.test('of two subjects of one contact each is counted by itself', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, noted('a', 'water', null)],
    [start, noted('a', 'roads', null)],
    [start + dayMs, arrived('b')],
    [start + dayMs, noted('b', 'roads', 'a')],
  ]);
  t.match(values(measures), { 'first-contacts': 2, 'returned-contacts': 1 });
});

t.test('satisfaction is the mean of all answers, and the response is counted in contacts', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, arrived('b')],
    [start, arrived('c')],
    [start, offered('a', { from: 1, to: 5 })],
    [start, answered('a', 5)],
    [start, answered('a', 4)],
    [start, answered('a', 3)],
    // Older logs do not name the scale, which was the usual one.
    [start, offered('b')],
    [start, answered('b', 1)],
    // Hung up.
    [start, offered('c', { from: 1, to: 5 })],
  ]);
  t.match(values(measures), {
    surveyed: 3,
    responded: 2,
    'survey-response': 2 / 3,
    satisfaction: 13 / 4,
    satisfied: 0.5,
  });
});

t.test('a survey of another scale says nothing of how many gave 4 and 5', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, offered('a', { from: 0, to: 9 })],
    [start, answered('a', 4)],
  ]);
  t.match(values(measures), { surveyed: 0, 'survey-response': null, satisfaction: null, satisfied: null });
});

t.test(
  'contacts that are older than is kept are forgotten, and what is told of them is passed over',
  async (t) => {
    const measures = fold(
      [
        [start, arrived('a')],
        [start, noted('a', 'water', null)],
        [start + 3 * dayMs, arrived('b')],
        [start + 3 * dayMs, noted('b', 'water', 'a')],
        [start + 3 * dayMs, over('a')],
      ],
      2,
    );
    t.notOk(measures.contacts.has('a'));
    t.match(values(measures), { arrived: 1, ended: 0, 'first-contacts': 0, 'returned-contacts': 0 });
  },
);

t.test('contacts are of each queue in which they asked for a place', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, arrived('b')],
    [start, arrived('c')],
    [start + halfHourMs, requested('a', 'a1', 'water')],
    [start + halfHourMs, requested('a', 'a2', 'roads')],
    [start + halfHourMs, requested('a', 'a3', 'water')],
    [start + halfHourMs, requested('b', 'b1', 'water')],
    [start + halfHourMs, reached('b', true)],
    [start + halfHourMs, noted('a', 'bill', null)],
    [start + halfHourMs, over('a')],
    [start + halfHourMs, over('b')],
    [start + halfHourMs, over('c')],
    [start + dayMs, arrived('d')],
    [start + dayMs, noted('d', 'bill', 'a')],
  ]);
  const of = (queue: string, flow: string | null = null) => values(measures, flow, always, queue);
  t.match(of('water'), { arrived: 2, ended: 2, contained: 1, containment: 0.5 });
  t.match(of('water'), { 'first-contacts': 1, 'returned-contacts': 1, 'first-call-resolution': 0 });
  t.match(of('roads'), { arrived: 1, contained: 0, 'returned-contacts': 1 });
  t.match(of('water', 'hotline'), { arrived: 2 });
  t.match(of('water', 'another'), { arrived: 0, containment: null });
  t.match(of('tax'), { arrived: 0 });
  t.match(values(measures), { arrived: 4, ended: 3 }, 'all together each once');
  t.strictSame(
    knownHalfHours(measures, 'roads'),
    [start, start + halfHourMs],
    'when it came, and when it asked',
  );
});

t.test('a survey is about the queue whose agent talked last', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, requested('a', 'a1', 'water')],
    [start, requested('a', 'a2', 'roads')],
    [start, connected('a2')],
    [start, offered('a')],
    [start, answered('a', 5)],
    // Nobody talked.
    [start, arrived('b')],
    [start, requested('b', 'b1', 'water')],
    [start, offered('b')],
    [start, answered('b', 1)],
  ]);
  t.match(values(measures, null, always, 'roads'), { surveyed: 1, responded: 1, satisfaction: 5 });
  t.match(values(measures, null, always, 'water'), { surveyed: 0, satisfaction: null });
  t.match(values(measures), { surveyed: 2, satisfaction: 3 });
});

t.test('what is asked in a call back counts with the contact that wanted it', async (t) => {
  const measures = fold([
    [start, arrived('a')],
    [start, requested('a', 'a1', 'water')],
    [start, over('a')],
    [start + halfHourMs, placed('b', 'a')],
    [start + halfHourMs, connected('a1')],
    [start + halfHourMs, offered('b')],
    [start + halfHourMs, answered('b', 4)],
    [start + halfHourMs, reached('b', true)],
    [start + halfHourMs, over('b')],
    // Whom it follows is not known any more.
    [start + halfHourMs, placed('x', 'y')],
    [start + halfHourMs, offered('x')],
  ]);
  t.match(values(measures, null, always, 'water'), { arrived: 1, ended: 1, surveyed: 1, satisfaction: 4 });
  t.match(values(measures), { arrived: 1, ended: 1, contained: 0, surveyed: 1, satisfied: 1 });
});

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const flows = ['municipality', 'one-call-centre'];
const queues = ['water', 'roads'];
const id = fc.constantFrom(...ids);
const fact: fc.Arbitrary<MeasuredFact> = fc.oneof(
  fc.tuple(id, fc.option(fc.boolean())).map(([of, contained]) => reached(of, contained ?? undefined)),
  id.map(over),
  fc
    .tuple(id, fc.constantFrom('water', 'roads'), fc.option(id))
    .map(([of, about, after]) => noted(of, about, after === of ? null : after)),
  fc
    .tuple(id, fc.constantFrom(undefined, { from: 1, to: 5 }, { from: 0, to: 9 }))
    .map((one) => offered(...one)),
  fc.tuple(id, fc.integer({ min: 1, max: 5 })).map((one) => answered(...one)),
  fc
    .tuple(id, fc.constantFrom('t1', 't2', 't3', 't4'), fc.constantFrom(...queues))
    .map((one) => requested(...one)),
  fc.constantFrom('t1', 't2', 't3', 't4').map(connected),
);

/** All arrive, each in a half hour of its own; then things happen to them in any order, each subject noted once. */
const log = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...flows), fc.nat(4)), {
      minLength: ids.length,
      maxLength: ids.length,
    }),
    fc.array(fact, { maxLength: 60 }),
  )
  .map(([arrivals, rest]): Told[] => {
    const came = arrivals.map(([flow, n], i): Told => [start + n * halfHourMs, arrived(ids[i] ?? '', flow)]);
    const seen = new Set<string>();
    const asked = new Set<string>();
    const happened = rest.filter((one) => {
      // Each ticket is asked for once.
      if (one.type === 'ticket.requested')
        return !asked.has(one.body.ticket) && asked.add(one.body.ticket) !== undefined;
      if (one.type !== 'subject.noted') return true;
      const key = `${one.subject} ${one.body.subject}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
    return [...came, ...happened.map((one, n): Told => [start + 5 * halfHourMs + n, one])].sort(
      ([a], [b]) => a - b,
    );
  });

/** Written from the formulas, with lists only. */
function expected(told: readonly Told[], flow: string | null, queue: string | null, from: UtcMs, to: UtcMs) {
  const facts = told.map(([, one]) => one);
  /** When a contact first asked for a place in the queue; of all queues together it was there from the start. */
  const askedAt = (contact: string): number =>
    queue === null
      ? 0
      : facts.findIndex(
          (one) => one.type === 'ticket.requested' && one.subject === contact && one.body.queue === queue,
        );
  const mine = told.flatMap(([at, one]) => {
    const isMine = one.type === 'call.arrived' && (flow === null || one.body.flow === flow);
    return isMine && at >= from && at < to && askedAt(one.subject) >= 0 ? [one.subject] : [];
  });
  /** Whether at that time an agent of the queue had talked with the contact last. */
  const isAboutTalk = (contact: string, index: number): boolean => {
    if (queue === null) return true;
    const talks = facts.slice(0, index).flatMap((one, at) => {
      if (one.type !== 'ticket.connected') return [];
      const ticket = facts
        .slice(0, at)
        .find((other) => other.type === 'ticket.requested' && other.body.ticket === one.body.ticket);
      const isFirst = !facts
        .slice(0, at)
        .some(
          (other, n) =>
            other.type === 'ticket.connected' &&
            other.body.ticket === one.body.ticket &&
            facts.indexOf(ticket ?? one) < n,
        );
      return ticket?.type === 'ticket.requested' && ticket.subject === contact && isFirst
        ? [ticket.body.queue]
        : [];
    });
    return talks.at(-1) === queue;
  };
  const of = <Type extends MeasuredFact['type']>(type: Type, contact: string) =>
    facts.flatMap((one, index) =>
      one.type === type && 'subject' in one && one.subject === contact
        ? [{ ...(one as Extract<MeasuredFact, { type: Type }>), index }]
        : [],
    );
  const ended = mine.filter((contact) => of('call.ended', contact).length > 0);
  const contained = ended.filter((contact) => {
    const end = of('call.ended', contact)[0]?.index ?? 0;
    const before = of('outcome.reached', contact).filter(({ index }) => index < end);
    return before.at(-1)?.body.contained === true;
  });
  const first = mine.flatMap((contact) =>
    of('subject.noted', contact)
      .filter(({ body, index }) => body.after === null && index >= askedAt(contact))
      .map(({ body, index }) => ({ contact, subject: body.subject, index })),
  );
  const returned = first.filter(({ contact, subject, index }) =>
    facts.some(
      (one, at) =>
        one.type === 'subject.noted' &&
        at > index &&
        one.body.after === contact &&
        one.body.subject === subject,
    ),
  );
  const usual = (contact: string) =>
    of('survey.offered', contact).filter(({ body: { scale } }) => scale === undefined || scale.from === 1);
  const begunHere = (contact: string) => usual(contact).filter(({ index }) => isAboutTalk(contact, index));
  const surveyed = mine.filter((contact) => begunHere(contact).length > 0);
  const marksOf = (contact: string): number[] =>
    of('survey.answered', contact)
      .filter(({ index }) => {
        // Of surveys of one name the one that was begun last is meant.
        const begun = usual(contact).findLast((one) => one.index < index);
        return begun !== undefined && begunHere(contact).some((one) => one.index === begun.index);
      })
      .map(({ body }) => body.answer);
  const marks = mine.flatMap(marksOf);
  const responded = mine.filter((contact) => marksOf(contact).length > 0);
  const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    arrived: mine.length,
    ended: ended.length,
    contained: contained.length,
    containment: ratio(contained.length, ended.length),
    'first-contacts': first.length,
    'returned-contacts': returned.length,
    'first-call-resolution': ratio(first.length - returned.length, first.length),
    surveyed: surveyed.length,
    responded: responded.length,
    'survey-response': ratio(responded.length, surveyed.length),
    satisfaction: ratio(
      marks.reduce((a, b) => a + b, 0),
      marks.length,
    ),
    satisfied: ratio(marks.filter((mark) => mark >= 4).length, marks.length),
  };
}

t.test('the figures of contacts are those of the whole log', async (t) => {
  const property = fc.property(log, (told) => {
    const measures = fold(told);
    const wholes = [null, ...flows].flatMap((flow) =>
      [null, ...queues].flatMap((queue) =>
        (
          [
            [0, Number.MAX_SAFE_INTEGER],
            [start, start + 2 * halfHourMs],
          ] as const
        ).map(([from, to]) => ({ flow, queue, from, to })),
      ),
    );
    for (const { flow, queue, from, to } of wholes) {
      const known = values(measures, flow, { from, to }, queue);
      const wanted = expected(told, flow, queue, from, to);
      if (JSON.stringify(known) !== JSON.stringify(wanted))
        throw new Error(
          `${flow ?? 'all'} ${queue ?? ''}: ${JSON.stringify(known)}, not ${JSON.stringify(wanted)}`,
        );
    }
  });
  const { failed, counterexample, seed, errorInstance } = fc.check(property, { numRuns: 500 });
  t.notOk(failed, `seed ${seed}: ${String(errorInstance)} ${JSON.stringify(counterexample)}`);
});
