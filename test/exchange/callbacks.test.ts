/** Callers who keep their place and hang up are called by the exchange, on the trunk, when an agent is there. */
import t from 'tap';
import { converse, readCallerSteps } from '../../src/outside/index.js';
import { type Ringing, tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { agentBecomes, agentRow } from './agent-rows.js';
import { startHotline } from './hotline.js';
import { editSite, everyQueue } from './site-edits.js';

const hotline = await startHotline({ phones: ['one-call-1', 'agent-1'], change: quick });
const { engine, world } = hotline;
t.teardown(() => hotline.stop());

/** Wrap-up is short, and nobody is called twice while a test lasts. */
function quick(folder: string): void {
  editSite(folder, [everyQueue, '$1    wrap-up: 1\n    ring: 60\n    callback: { ring: 5, pause: 3600 }\n']);
}

const set = async (agent: string, ...words: readonly string[]): Promise<void> => {
  const { code, output } = await engine.run('agent', 'set', agent, ...words);
  if (code !== 0) throw new Error(output);
};
const becomes = (state: string, agent = 'aisyah'): Promise<void> => agentBecomes(engine, agent, { state });

interface Callback {
  readonly contact: string;
  readonly state: string;
  readonly tries: number;
}
const callbacks = async (): Promise<readonly Callback[]> =>
  ((await engine.get('/callbacks')) as { callbacks: Callback[] }).callbacks;

/** Who waits where, and asks to be called back: the keys, and the language of the goodbye. */
const hotlines = {
  // Somebody who knows of identity cards.
  centre: { number: '0380008000', keys: '1,1,1,1,1', language: 'ms' },
  municipality: { number: '80077222', keys: '1,0,2,1', language: 'ar' },
} as const;

/** Waits, asks to be called back, confirms the number and hangs up. */
async function keepsPlace(callerNumber: string, at: keyof typeof hotlines = 'centre'): Promise<void> {
  const { number, keys, language } = hotlines[at];
  const caller = await hotline.call({ number, callerNumber });
  if (!(await within(caller.answered, patientMs, 'answered'))) throw new Error('not answered');
  void converse(caller, readCallerSteps(keys) ?? [], { interruptAfterMs: 300 });
  await caller.hears(hotline.text(language, 'goodbye'), patientMs);
  await within(caller.ended, patientMs, 'the caller is let go');
}

t.test('somebody is called when an agent is there, presses a key, and is put through to her', async (t) => {
  await set('aisyah', 'sign-in');
  await set('aisyah', 'pause', '--reason', 'meal');
  await Promise.all(['+60123456789', '+60123456788', '+60123456787'].map((number) => keepsPlace(number)));
  await eventually(async () => (await callbacks()).length === 3, patientMs, 'the places are kept', 100);
  await set('aisyah', 'ready');
  const call: Ringing = await world.incoming(patientMs);
  t.equal(call.from.number, '0380008000', 'their phone shows the number that they had called');
  await call.ring();
  t.match(await agentRow(engine, 'aisyah'), { state: 'offered' }, 'she is kept for the call');
  const caller = await call.answer();
  await caller.hears(hotline.text('ms', 'one-call-called-back'), patientMs);
  await caller.press('1');
  const ringing = await world.phone('one-call-1').rings(patientMs);
  const agent = await ringing.answer();
  await becomes('talking');
  await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  await tells(agent, caller, hotline.text('en', 'one-moment'), patientMs);
  await caller.hangUp();
  await within(agent.ended, patientMs, 'she is let go');
  t.equal((await callbacks()).length, 2);
});

t.test('whoever is busy or does not answer is called again later, and she is free at once', async (t) => {
  const first = await world.incoming(patientMs);
  await first.reject('busy');
  const second = await world.incoming(patientMs);
  await second.ring();
  await within(second.ended, patientMs, 'the ring ends');
  await becomes('ready');
  await eventually(
    async () =>
      (await callbacks()).map(({ state, tries }) => `${state} ${tries}`).join() === 'waiting 1,waiting 1',
    patientMs,
    'both are kept',
    100,
  );
  const { output } = await engine.run('queue', 'callbacks');
  t.match(output, /identity .* waiting +1 /);
  for (const { contact } of await callbacks())
    t.equal((await engine.run('queue', 'cancel-callback', contact)).code, 0);
  t.same(await callbacks(), []);
});

t.test('the municipality calls back in Arabic, and its agent talks with the caller', async (t) => {
  await set('amal', 'sign-in');
  await set('amal', 'pause', '--reason', 'meal');
  await keepsPlace('+96891234567', 'municipality');
  await eventually(async () => (await callbacks()).length === 1, patientMs, 'the place is kept', 100);
  await set('amal', 'ready');
  const call = await world.incoming(patientMs);
  t.equal(call.from.number, '80077222');
  const caller = await call.answer();
  await caller.hears(hotline.text('ar', 'called-back'), patientMs);
  await caller.press('1');
  const agent = await (await world.phone('agent-1').rings(patientMs)).answer();
  await becomes('talking', 'amal');
  await tells(agent, caller, hotline.text('en', 'one-moment'), patientMs);
  await agent.hangUp();
  await caller.hears(hotline.text('ar', 'goodbye'), patientMs);
  await within(caller.ended, patientMs, 'the caller is let go');
  t.same(await callbacks(), []);
});

t.test('the history breaks no promise, and tells of four calls of ours', async (t) => {
  t.same(await hotline.brokenPromises(), []);
  const ours = engine.history().contacts.filter(({ began }) => began === 'outbound');
  const outcomes = ours.map(({ outcome }) => outcome ?? '').sort((a, b) => a.localeCompare(b));
  t.same(outcomes, ['handed-over', 'handed-over', 'not-reached', 'not-reached']);
  t.ok(ours.every(({ follows }) => follows !== null));
});
