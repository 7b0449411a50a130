/** What docs/agents.md and docs/supervisors.md tell, walked with a real phone: codes, a wait, a talk, and what is seen of it. */
import t from 'tap';
import { tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { becomes, dialCode, hotline, phone, talking, waits } from './agent-phones.js';

const { engine } = hotline;

async function shows(words: readonly string[], wanted: RegExp): Promise<void> {
  let output = '';
  await eventually(
    async () => {
      output = (await engine.run(...words)).output;
      return wanted.test(output);
    },
    patientMs,
    () => `onedoor ${words.join(' ')} shows ${wanted}: ${output}`,
    500,
  );
}

t.test('she signs in, pauses with a reason, is ready; what cannot be done now is said so', async (t) => {
  t.match(await dialCode('one-call-1', '*15'), /ms agent-cannot/, 'not signed in');
  t.match(await dialCode('one-call-1', '*11'), /ms agent-signed-in/);
  t.match(await dialCode('one-call-1', '*142'), /ms agent-paused/);
  await shows(['agent', 'list'], /aisyah +Aisyah +paused .*meal/);
  t.match(await dialCode('one-call-1', '*15'), /ms agent-cannot/, 'no wrap-up');
  t.match(await dialCode('one-call-1', '*149'), /ms agent-unknown/, 'no such reason');
});

t.test('a caller waits: who, since when, what is needed, and why nobody answers', async (t) => {
  const caller = await waits();
  await shows(['queue', 'list'], /identity +\S.* 1 +\d+ s/);
  const { queues } = (await engine.get('/queues')) as { queues: { name: string; agents: unknown }[] };
  t.match(
    queues.find(({ name }) => name === 'identity'),
    { waiting: 1, bySkill: { ms: 1, identity: 1 }, agents: { paused: 1 } },
  );
  await caller.hangUp();
  const { id } = await engine.contact(caller.callerNumber);
  await shows(['queue', 'why', id], /Queue identity: caller-gone/);
});

t.test('a talk as supervisors see it; she pauses meanwhile, which counts as a wish', async (t) => {
  t.match(await dialCode('one-call-1', '*13'), /ms agent-ready/);
  const { caller, agent } = await talking();
  await shows(['queue', 'talks'], /identity +\S+Z +aisyah/);
  const { talks } = (await engine.get('/talks')) as { talks: { contact: string }[] };
  t.match(talks, [{ queue: 'identity', transfer: null, talkers: [{ who: 'aisyah', state: 'talking' }] }]);
  t.notMatch(JSON.stringify(talks), caller.callerNumber.slice(4), 'the number is not told');
  await shows(['queue', 'why', talks[0]?.contact ?? ''], /aisyah after \d+ s/);
  await agent.hold();
  await shows(['queue', 'talks'], /aisyah \(hold\)/);
  t.match(await dialCode('one-call-1', '*141'), /ms agent-paused/, 'by a second call of her phone');
  await agent.press('*231#');
  await shows(['queue', 'talks'], /aisyah \(asking\) +attended by aisyah to phone agent-1: ringing/);
  await (await phone('agent-1').rings()).reject('busy');
  await agent.unhold();
  await tells(caller, agent, hotline.text('ms', 'one-moment'), patientMs);
  const extended = await engine.run('agent', 'set', 'aisyah', 'extend-wrap-up', '--seconds', '60');
  t.not(extended.code, 0, 'there is no wrap-up yet');
  await agent.hangUp();
  await caller.hangUp();
  await becomes('aisyah', 'paused');
  await shows(['agent', 'list'], /aisyah +Aisyah +paused .*break/);
  const { id } = await engine.contact(caller.callerNumber);
  const { output } = await engine.run('contact', 'show', id);
  t.match(output, /segments:\n +-\n.*who: aisyah.*began: offer.*ended: hung-up/s);
  t.match(output, /transfers:\n +-\n.*result: failed\n +why: busy/s);
  await shows(['figures', '--queue', 'identity'], /offered +2/);
});

t.test('by the command line what the phone does, to the end', async (t) => {
  for (const [words, state] of [
    [['ready'], 'ready'],
    [['pause', '--reason', 'meal'], 'paused'],
    [['ready'], 'ready'],
  ] as const) {
    t.equal((await engine.run('agent', 'set', 'aisyah', ...words)).code, 0, words.join(' '));
    await becomes('aisyah', state);
  }
  t.match(await dialCode('one-call-1', '*12'), /ms agent-signed-out/);
  await becomes('aisyah', 'offline');
});

t.test('the history breaks no promise', async (t) => {
  t.same(await within(hotline.brokenPromises(), patientMs, 'all calls are over'), []);
});
