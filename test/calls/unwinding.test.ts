/** What flows do when they are left midway, as the caller's records show it. */
import fc from 'fast-check';
import t from 'tap';
import type { Key } from '../../src/base/index.js';
import type { CallSite } from '../../src/calls/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import { type Rehearsal, type RehearsalSettings, rehearse } from '../../src/rehearsal/index.js';
import { testSite } from '../kit/test-site.js';

const head = (name: string, more = ''): string =>
  `onedoor: 1\nflow: ${name}\nlanguages: [en]\n${more}defaults: { no-input: { go: bye }, no-match: { go: bye } }\n`;

const outer = `${head('outer', 'numbers: ["777"]\noutcomes: { noted: true, talked: false }\nat-end: note\nstart: main\n')}steps:
  main: { menu: { say: main-menu, keys: { 1: into, 2: broken, 3: talk, 4: bye } } }
  into: { call: { flow: inner, with: { deep: "true" }, into: given }, go: bye }
  broken: { set: { n: 'int("x")' }, go: bye }
  talk:
    record: { name: story, say: speak-now, too-short: { go: bye }, review: { say: how-was-it } }
    outcome: talked
    go: bye
  bye: { say: goodbye, outcome: noted, go: hang-up }
  note: { case: { kind: complaint, subject: '"outer"', details: { given: given } }, go: hang-up }
`;
const inner = `${head('inner', 'parameters: [deep]\nat-end: save\nstart: ask\n')}steps:
  ask: { collect: { say: enter-reference, into: reference, digits: { min: 1, max: 4 } }, go: more }
  more: { menu: { say: main-menu, keys: { 1: give, 2: stop, 3: broken } } }
  give: { return: { reference: reference } }
  stop: { hang-up: }
  broken: { set: { n: 'int("x")' }, go: bye }
  bye: { say: goodbye, go: hang-up }
  save: { decide: [{ when: reference == null, go: stop }, { else: open }] }
  open: { case: { kind: suggestion, subject: '"inner"', details: { reference: reference }, into: ref }, go: twice }
  twice: { case: { kind: request, subject: '"inner-" + ref' }, go: give }
`;
const faulty = `${head('faulty-end', 'numbers: ["888"]\nat-end: fail\nstart: main\n')}steps:
  main: { menu: { say: main-menu, keys: { 1: bye } } }
  bye: { say: goodbye, go: hang-up }
  fail: { set: { n: 'int("x")' }, go: note }
  note: { case: { kind: complaint, subject: '"never"' }, go: hang-up }
`;
const circle = `${head('circle', 'numbers: ["999"]\nat-end: one\nstart: main\n')}steps:
  main: { menu: { say: main-menu, keys: { 1: bye } } }
  bye: { say: goodbye, go: hang-up }
  one: { case: { kind: enquiry, subject: '"one"' }, go: two }
  two: { case: { kind: enquiry, subject: '"two"' }, go: one }
`;

const site = hotline();

function hotline(): CallSite {
  const plain = testSite(null);
  const flows = new Map(plain.flows);
  const numbers = new Map(plain.numbers);
  for (const text of [outer, inner, faulty, circle]) {
    const { flow, findings } = parseFlow(text, 'flow.yaml');
    if (flow === null) throw new Error(JSON.stringify(findings));
    flows.set(flow.flow, compileFlow(flow, plain.texts));
    for (const one of flow.numbers) numbers.set(one, flow.flow);
  }
  return { ...plain, flows, numbers };
}

function call(number: string, keys: string, settings: Partial<RehearsalSettings> = {}): Rehearsal {
  const rehearsal = rehearse({ site, number, at: 0, lookUp: () => null, ...settings });
  for (const key of keys) {
    rehearsal.press(key as Key);
    rehearsal.waitUntil(rehearsal.now + 200);
  }
  return rehearsal;
}

const subjects = (rehearsal: Rehearsal): string[] => rehearsal.cases.map(({ subject }) => subject);

function runOut(rehearsal: Rehearsal): void {
  for (let n = 0; n < 1000 && rehearsal.advance(); n++);
}

t.test('a caller who hangs up midway leaves what the flow saves', async (t) => {
  const rehearsal = call('777', '');
  rehearsal.hangUp();
  t.same(subjects(rehearsal), ['outer']);
  t.match(rehearsal.cases[0], { status: 'received' });
  t.match(rehearsal.contact, { case: rehearsal.cases[0]?.id, termination: { by: 'caller' } });
  t.equal(rehearsal.events.filter(({ type }) => type === 'call.ended').length, 1);
  const order = rehearsal.events.map(({ type }) => type);
  t.ok(order.indexOf('case.opened') < order.indexOf('call.ended'), 'the end of the call comes last');
});

t.test('a hang-up unwinds all levels, the innermost first', async (t) => {
  const rehearsal = call('777', '112#');
  rehearsal.hangUp();
  t.match(subjects(rehearsal)[0], 'inner');
  t.match(subjects(rehearsal)[1], /^inner-\d{8}$/, 'a step at the end sees what came before');
  t.equal(subjects(rehearsal)[2], 'outer');
  t.equal(rehearsal.cases.length, 3);
});

t.test('what is not there at the end is not saved', async (t) => {
  const rehearsal = call('777', '1');
  rehearsal.hangUp();
  t.same(subjects(rehearsal), ['outer']);
});

t.test('a flow that ends by itself has nothing to save', async (t) => {
  const rehearsal = call('777', '4');
  runOut(rehearsal);
  t.match(rehearsal.contact?.termination, { result: 'completed', by: 'engine' });
  t.same(subjects(rehearsal), ['call'], 'the case that every contact has');
});

t.test('an inner flow that ends the call leaves the outer one midway', async (t) => {
  const rehearsal = call('777', '11#2');
  runOut(rehearsal);
  t.same(subjects(rehearsal), ['outer']);
  t.match(rehearsal.contact?.termination, { result: 'completed', by: 'engine' });
});

t.test('flows that are left by a fault save, then the caller hears the apology', async (t) => {
  const rehearsal = call('777', '11#3');
  t.equal(rehearsal.heard.at(-1)?.text, 'sorry');
  t.match(subjects(rehearsal)[0], 'inner');
  t.equal(subjects(rehearsal)[2], 'outer');
  runOut(rehearsal);
  t.equal(subjects(rehearsal)[3], 'could-not-be-helped');
  t.equal(rehearsal.contact?.termination?.result, 'completed');
});

t.test('a fault at the end is noted, and ends nothing else', async (t) => {
  const rehearsal = call('888', '');
  rehearsal.hangUp();
  t.same(subjects(rehearsal), ['call']);
  t.same(rehearsal.contact?.marks, ['flow-failed']);
  t.equal(rehearsal.contact?.termination?.by, 'caller');
});

t.test('a circle at the end is cut', async (t) => {
  const rehearsal = call('999', '');
  rehearsal.hangUp();
  t.ok(rehearsal.cases.length <= 51, `${rehearsal.cases.length} cases`);
  t.same(rehearsal.contact?.marks, ['flow-failed']);
  t.equal(rehearsal.events.filter(({ type }) => type === 'call.ended').length, 1);
});

t.test('a caller who hangs up while reviewing leaves the recording under its name', async (t) => {
  const rehearsal = call('777', '3');
  runUntil(rehearsal, 'recording');
  rehearsal.say(5_000);
  runUntil(rehearsal, 'speaking');
  rehearsal.hangUp();
  t.match(rehearsal.contact?.recordings, [{ name: 'story', ms: 5_000 }]);
  t.same(subjects(rehearsal), ['outer']);
});

t.test('what was recorded is played to the caller', async (t) => {
  const rehearsal = call('777', '3');
  runUntil(rehearsal, 'recording');
  rehearsal.say(5_000);
  runUntil(rehearsal, 'speaking');
  rehearsal.press('1');
  t.same(
    rehearsal.heard.slice(-2).map(({ text }) => text),
    ['@recording', 'how-was-it'],
  );
  t.equal((rehearsal.heard.at(-1)?.at ?? 0) - rehearsal.now, 5_000, 'for as long as it lasts');
  rehearsal.press('3');
  runOut(rehearsal);
  t.match(rehearsal.contact?.recordings, [{ name: 'story' }]);
});

t.test('an outcome says whether the caller was served without a person', async (t) => {
  const rehearsal = call('777', '4');
  t.match(rehearsal.contact, { outcome: 'noted', contained: true });
  const talked = call('777', '3');
  t.match(talked.contact, { outcome: 'talked', contained: false });
  t.equal(call('100', '').contact?.contained, null);
});

t.test('who could not be helped, and reached nobody, is called back', async (t) => {
  const unheard = call('666', '');
  t.equal(unheard.heard[0]?.text, 'sorry');
  unheard.hangUp();
  t.match(unheard.cases, [{ kind: 'request', subject: 'could-not-be-helped', status: 'received' }]);

  const withPhone = (behaviour: ReturnType<NonNullable<RehearsalSettings['phone']>>): string[] => {
    const rehearsal = rehearse({
      site: testSite('agent-1'),
      number: '666',
      at: 0,
      lookUp: () => null,
      phone: () => behaviour,
    });
    runOut(rehearsal);
    return subjects(rehearsal);
  };
  t.same(withPhone({ type: 'busy' }), ['could-not-be-helped']);
  t.same(withPhone({ type: 'answers', afterMs: 1, talksMs: 1 }), ['call'], 'who talked to somebody is not');
});

t.test('wherever callers hang up, the call ends once, with all that its flows saved', async (t) => {
  const doing = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'12345*#'.split('')) },
    { weight: 3, arbitrary: fc.constant('wait') },
  );
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 14 }), (script) => {
      const rehearsal = call('777', '');
      for (const act of script) {
        if (act === 'wait') rehearsal.advance();
        else rehearsal.press(act as Key);
      }
      const wasOver = rehearsal.over;
      rehearsal.hangUp();
      const all = subjects(rehearsal);
      for (const subject of all) kinds.add(subject.replace(/\d{8}$/, ''));
      const told = `${script.join(' ')}: ${all.join(', ')}`;
      const ends = rehearsal.events.filter(({ type }) => type === 'call.ended').length;
      if (ends !== 1) throw new Error(`${told}: ended ${ends} times`);
      if (rehearsal.events.at(-1)?.type === 'flow.failed') throw new Error(`${told}: a fault comes last`);
      if (rehearsal.contact?.case === null) throw new Error(`${told}: no case`);
      const sorry = rehearsal.heard.some(({ text }) => text === 'sorry');
      if (all.includes('could-not-be-helped') !== sorry) throw new Error(`${told}: called back or not`);
      // The outer flow is left midway unless it said goodbye.
      const bye =
        rehearsal.contact?.path.some(({ flow, step }) => flow === 'outer' && step === 'bye') ?? false;
      if (!bye && !wasOver && !all.includes('outer')) throw new Error(`${told}: nothing was saved`);
    }),
    { numRuns: 600 },
  );
  t.ok(
    ['outer', 'inner', 'inner-', 'call', 'could-not-be-helped'].every((kind) => kinds.has(kind)),
    [...kinds].join(),
  );
});

function runUntil(rehearsal: Rehearsal, state: Rehearsal['state']): void {
  for (let n = 0; n < 100 && rehearsal.state !== state; n++) rehearsal.advance();
}
