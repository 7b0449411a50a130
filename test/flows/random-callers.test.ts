import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import type { JsonObject } from '../../src/base/index.js';
import type { CompiledFlow, FlowEvent, FlowSnapshot, FlowStep } from '../../src/flows/index.js';
import { flowFrom, flowOf, textsWith } from '../kit/flow-walk.js';

const root = new URL('../../../', import.meta.url);
const texts = textsWith({ status: ['row.state', 'n'], 'request-status': ['reference', 'request.status'] });
const everything = flowOf(
  `
  choose: { menu: { say: choose, keys: { 1: { language: ar, go: main }, 2: { language: en, go: main } } } }
  main: { menu: { say: main, keys: { 1: ask, 12: talk, 2: agent, 3: survey, 4: topic, 5: wait, 6: call-back, 7: write, 8: rate, 9: main } } }
  ask: { collect: { say: enter, into: n, digits: { min: 2, max: 4 } }, go: again }
  again:
    collect:
      say: enter
      into: m
      digits: { min: 1, max: 3 }
      check: { digits: luhn, when: 'm != "0"', say: wrong }
      confirm: { say: right }
    go: find
  find: { lookup: { source: x, with: { n: n }, into: row, filler: wait, found: which, not-found: main, failed: end } }
  which: { decide: [{ when: 'has(row.state) && row.state == "ok"', go: tell }, { else: count }] }
  count: { set: { n: 'string(n) + "1"' }, go: tell }
  tell: { say: status, go: notice }
  notice: { say: notice, interruptible: false, go: main }
  talk:
    record: { name: r, say: talk, min: 1, too-short: { tries: 2, go: main }, review: { say: review } }
    go: open
  open: { case: { kind: complaint, subject: '"x"', into: ref }, go: main }
  agent: { dial: { phone: p, answered: main, failed: talk } }
  survey: { call: { flow: s, into: answers }, go: main }
  wait: { queue: { name: q, need: { language: caller.language }, say: talk, again: { say: notice, every: 20 }, keys: { 1: call-back, 9: repeat, "#": back }, no-answer-after: { seconds: 60, go: call-back }, nobody: write, answered: rate, failed: main } }
  call-back: { callback: { say: status, enter: enter, number: n, accepted: main, refused: write, withheld: end } }
  write: { message: { text: status, filler: wait, sent: main, failed: talk, no-number: end } }
  rate: { survey: { name: s, ask: 2, questions: [{ question: a, say: talk }, { question: b, say: tell }, { question: c, say: notice }] }, go: main }
  topic: { menu: { say: topic, interruptible: false, clear: true, keys: { 1: { go: main, set: { t: '"a"' } }, 2: back } } }
`,
  'languages: [ar, en]\nkeys-anywhere: { "0": agent, "*": repeat, "#": back }\n',
);
const flows: Readonly<Record<string, CompiledFlow>> = {
  everything: flowFrom(everything, texts),
  ...Object.fromEntries(
    readdirSync(new URL('flows', root))
      .filter((file) => !file.endsWith('.test.yaml'))
      .map((file) => [file, flowFrom(readFileSync(new URL(`flows/${file}`, root), 'utf8'), texts)]),
  ),
};

const row: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('state', 'status', 'next', 'count', 'code', '__proto__'),
  fc.oneof(fc.constantFrom('ok', '0', 'main', 'agent'), fc.integer(), fc.constant(null)),
  { noNullPrototype: true },
);
const event: fc.Arbitrary<FlowEvent | 'due'> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(...'0123456789*#'.split('')).map((key) => ({ type: 'key', key }) as FlowEvent),
  },
  { weight: 6, arbitrary: fc.constant<FlowEvent>({ type: 'spoken' }) },
  { weight: 4, arbitrary: fc.constant('due' as const) },
  { weight: 2, arbitrary: row.map((row): FlowEvent => ({ type: 'looked-up', result: 'found', row })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<FlowEvent>(
      { type: 'looked-up', result: 'not-found' },
      { type: 'looked-up', result: 'failed' },
      { type: 'recorded', recording: 'r', ms: 100 },
      { type: 'recorded', recording: 'r', ms: 9_000 },
      { type: 'record-failed' },
      { type: 'dial-answered' },
      { type: 'dial-ended', result: 'talked' },
      { type: 'dial-ended', result: 'no-answer' },
      { type: 'case-opened', reference: 'C-1' },
      { type: 'hours-told', state: 'open', say: null, value: {} },
      { type: 'hours-told', state: 'closed', say: 'why', value: {} },
      { type: 'queue-waiting' },
      { type: 'queue-connected' },
      { type: 'queue-ended', result: 'talked' },
      { type: 'queue-ended', result: 'nobody' },
      { type: 'number-checked', result: 'allowed', number: '+96891234567' },
      { type: 'number-checked', result: 'refused' },
      { type: 'place-told', position: 3, waitMs: 240_000 },
      { type: 'place-told', position: 1, waitMs: null },
      { type: 'place-kept', kept: true },
      { type: 'place-kept', kept: false },
      { type: 'message-ended', result: 'sent' },
      { type: 'message-ended', result: 'no-number' },
      { type: 'questions-chosen', chosen: [0, 2] },
      { type: 'resumed' },
      { type: 'timer', event: 'timer.first-key.nowhere' },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('returned' as const),
      results: row,
      caller: fc.constant({ language: 'en', languageChosen: true, number: null }),
      keys: fc.constantFrom('', '1', '*9'),
    }),
  },
);

interface Life {
  readonly snapshot: FlowSnapshot;
  /** Timers that run: id to event. */
  readonly timers: ReadonlyMap<string, string>;
  readonly speaking: boolean;
}

function begin(flow: CompiledFlow): FlowStep {
  const caller = { language: 'ar', languageChosen: false, number: null };
  return flow.start({ vars: { about: 'complaint' }, caller, keys: '' });
}

function after(life: Life | null, step: FlowStep): Life | null {
  if (step.result === 'failed') return null;
  const timers = new Map(life?.timers);
  for (const timer of step.timers) {
    if (timer.type === 'arm') timers.set(timer.id, timer.event);
    else timers.delete(timer.id);
  }
  let speaking = life?.speaking ?? false;
  for (const { type } of step.effects) {
    if (type === 'speak' || type === 'replay') speaking = true;
    if (type === 'hush') speaking = false;
  }
  return { snapshot: step.snapshot, timers, speaking };
}

/** Nobody is left in silence: something is spoken, a timer runs, or an answer is awaited. */
function checkLife({ snapshot: { state, context, done }, timers, speaking }: Life): void {
  if (done && timers.size > 0)
    throw new Error(`${state} is over, and ${[...timers.keys()].join(' and ')} still runs`);
  if (context.keys.length > 64) throw new Error(`${context.keys.length} keys are kept`);
  // Who waits for an agent hears a text now and then, and does not wait for ever.
  if (timers.size > (state.endsWith('.queued') ? 2 : 1))
    throw new Error(`${[...timers.keys()].join(' and ')} run at once in ${state}`);
  const awaited =
    /\.(looking-up|sending|queueing|beginning|checking|keeping|choosing|filled|recording|stopping|ringing|talking|opening|calling|asking-hours)$/.test(
      state,
    );
  if (!done && !awaited && timers.size === 0 && !speaking) throw new Error(`silence in ${state}`);
}

function same(a: unknown, b: unknown, what: string): void {
  if (!isDeepStrictEqual(a, b)) throw new Error(`${what}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
}

/** One caller's walk, to its end or to the first failed step. */
function live(flow: CompiledFlow, events: readonly (FlowEvent | 'due')[]): void {
  let life = after(null, begin(flow));
  for (const given of events) {
    if (life === null) return;
    checkLife(life);
    const due = [...life.timers.values()][0];
    const next: FlowEvent =
      given !== 'due' ? given : due === undefined ? { type: 'spoken' } : { type: 'timer', event: due };
    const { snapshot, timers } = life;
    const stored = JSON.parse(JSON.stringify(snapshot)) as FlowSnapshot;
    const step = flow.step(snapshot, next);
    same(flow.step(stored, next), step, 'what is stored goes on otherwise');
    same(snapshot, stored, 'the old snapshot was changed');
    life = after({ snapshot, timers, speaking: life.speaking && next.type !== 'spoken' }, step);
  }
}

for (const [name, flow] of Object.entries(flows)) {
  t.test(`${name}: whatever a caller does, no step throws, none ends in silence`, async (t) => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 10, maxLength: 60, size: 'max' }), (events) =>
        live(flow, events),
      ),
      { numRuns: 60 },
    );
    t.pass('60 callers');
  });
}
