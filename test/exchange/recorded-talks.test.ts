/** Talks that are recorded on the real exchange, and an agent who is published while the hotline runs. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { converse, readCallerSteps } from '../../src/outside/index.js';
import { type Caller, outsideWorld, type Party, tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { agentBecomes, type AgentRow } from './agent-rows.js';
import { startHotline, textsHeard } from './hotline.js';
import { editSite } from './site-edits.js';

let siteFolder = '';
const hotline = await startHotline({
  phones: ['one-call-4'],
  change: (folder) => {
    siteFolder = folder;
    // Scripted callers come at night and on holidays, when this hotline is open.
    const flows = join(folder, 'flows');
    for (const name of readdirSync(flows)) if (name.endsWith('.test.yaml')) rmSync(join(flows, name));
    editSite(folder, ['    record: { say: one-call-recorded }\n', '$&    wrap-up: 1\n    ring: 60\n']);
  },
});
const { engine, world } = hotline;
t.teardown(() => hotline.stop());

const becomes = (name: string, wanted: Partial<AgentRow>): Promise<void> =>
  agentBecomes(engine, name, wanted);
const textsIn = (sound: Int16Array): string => textsHeard(hotline.book, sound);

/** What was stored under the name: WAV, 8,000 samples a second, after a header of 44 bytes. */
function soundOf(recording: string): Int16Array {
  const file = readFileSync(join(engine.state, 'recordings', `${recording}.wav`));
  const samples = new Int16Array(Math.floor((file.length - 44) / 2));
  for (let n = 0; n < samples.length; n++) samples[n] = file.readInt16LE(44 + 2 * n);
  return samples;
}

/** A caller who chose Malay, and waits for somebody who knows of taxes. */
async function waits(from = world): Promise<Caller & { readonly callerNumber: string }> {
  const callerNumber = hotline.freshCaller();
  const caller = { ...(await from.call('0380008000', { callerNumber })), callerNumber };
  t.ok(await within(caller.answered, patientMs, 'the caller is answered'));
  const steps = readCallerSteps('1,1,6,2');
  if (steps === null) throw new Error('keys');
  // It goes on listening until the call is over.
  void converse(caller, steps, { interruptAfterMs: 300 });
  return caller;
}

async function talk(): Promise<{
  readonly caller: Caller & { readonly callerNumber: string };
  readonly agent: Party;
}> {
  const caller = await waits();
  const ringing = await world.phone('one-call-4').rings(patientMs);
  await ringing.ring();
  const answered = await ringing.answer();
  await becomes('kumar', { state: 'talking', recording: 'on' });
  return { caller, agent: answered };
}

t.test('a talk is recorded but for what the agent leaves out, and goes when it is erased', async (t) => {
  t.equal((await engine.run('agent', 'set', 'kumar', 'sign-in')).code, 0);
  const { caller, agent: phone } = await talk();
  await tells(caller, phone, hotline.text('ms', 'one-moment'), patientMs);
  t.match(textsIn(caller.line.heard()), /ms one-call-recorded/, 'the caller was told before');
  await phone.press('*90');
  await becomes('kumar', { recording: 'off' });
  await tells(caller, phone, hotline.text('en', 'one-moment'), patientMs);
  t.match((await engine.run('agent', 'set', 'kumar', 'record-on')).output, /talking.* on/);
  await tells(phone, caller, hotline.text('ms', 'not-heard'), patientMs);
  t.match(textsIn(phone.line.heard()), /ms agent-record-off/, 'she alone is told that it is so');
  t.notMatch(textsIn(caller.line.heard()), /agent-record-off/);
  await phone.hangUp();
  await caller.hangUp();
  const { id } = await engine.contact(caller.callerNumber);
  await eventually(
    async () => (await engine.contact(caller.callerNumber)).recordings.length > 0,
    patientMs,
    'it is stored',
    100,
  );
  const { recordings, tickets } = await engine.contact(caller.callerNumber);
  t.match(recordings, [{ name: 'talk', agent: 'kumar', ticket: tickets[0]?.ticket }]);
  const [stored] = recordings;
  const said = textsIn(soundOf(stored?.recording ?? ''));
  t.match(said, /ms one-moment/, 'the caller, before the pause');
  t.match(said, /ms not-heard/, 'the agent, after it');
  t.notMatch(said, /en one-moment/, 'and nothing of the pause');
  t.equal((await engine.run('contact', 'erase', id, '--why', 'asked')).code, 0);
  t.notOk(existsSync(join(engine.state, 'recordings', `${stored?.recording}.wav`)));
});

t.test('a recording goes on while the engine dies and comes back, and is kept', async (t) => {
  const { caller, agent: phone } = await talk();
  await tells(caller, phone, hotline.text('ms', 'one-moment'), patientMs);
  await engine.kill();
  await tells(phone, caller, hotline.text('en', 'one-moment'), patientMs);
  await engine.startAgain();
  await becomes('kumar', { state: 'talking', recording: 'on' });
  await tells(phone, caller, hotline.text('ms', 'not-heard'), patientMs);
  await caller.hangUp();
  await within(phone.ended, patientMs, 'the agent is let go');
  await eventually(
    async () => (await engine.contact(caller.callerNumber)).recordings.length > 0,
    patientMs,
    'it is stored',
    100,
  );
  const [stored] = (await engine.contact(caller.callerNumber)).recordings;
  const said = textsIn(soundOf(stored?.recording ?? ''));
  t.match(said, /ms one-moment/);
  t.match(said, /en one-moment/, 'what was said while no engine was there');
  t.match(said, /ms not-heard/, 'and once the next one has asked for the bridge again');
});

t.test('an agent and a phone that are published sign in without a restart', async (t) => {
  editSite(
    siteFolder,
    ['  one-call-6:', '  one-call-7: { label: Desk 7 of the one-call centre }\n  one-call-6:'],
    [
      '\nagents:\n',
      '\nagents:\n  nur:\n    name: Nur\n    phone: one-call-7\n    language: ms\n    skills: { ms: 5, finance: 5 }\n    queues: [finance]\n',
    ],
  );
  const pid = engine.pid();
  const published = await engine.run('publish', '--why', 'one more desk');
  t.equal(published.code, 0, published.output);
  t.match((await engine.run('agent', 'list')).output, /nur +Nur +offline .*one-call-7 +no/);
  const desk = await outsideWorld({
    hotline: engine.sip,
    phones: [{ name: 'one-call-7', password: engine.phonePassword('one-call-7') }],
  });
  t.teardown(() => desk.stop());
  const phone = desk.phone('one-call-7');
  await eventually(() => phone.isRegistered(), patientMs, 'the phone is registered', 200);
  const code = await desk.call('*11', { phone: 'one-call-7' });
  await within(code.ended, patientMs, 'the desk hangs up');
  t.match(textsIn(code.line.heard()), /ms agent-signed-in/);
  await becomes('nur', { state: 'ready' });
  t.equal((await engine.run('agent', 'set', 'kumar', 'sign-out')).code, 0);
  // The client of the first world has the second one's credentials by now: they are the process's.
  const caller = await waits(desk);
  const ringing = await phone.rings(patientMs);
  const answered = await ringing.answer();
  await becomes('nur', { state: 'talking', recording: 'on' });
  await answered.hangUp();
  await caller.hangUp();
  await becomes('nur', { state: 'ready' });
  await phone.unregister();
  await eventually(
    async () => /nur +Nur +ready .*one-call-7 +no, since/.test((await engine.run('agent', 'list')).output),
    patientMs,
    'its loss is known',
    200,
  );
  t.equal(engine.pid(), pid, 'the engine was not restarted');
  const facts = engine.history().events.filter(({ subject }) => subject === 'phone:one-call-7');
  t.match(facts, [
    { type: 'phone.found', body: { agent: null } },
    { type: 'phone.lost', body: { agent: 'nur' } },
  ]);
});

t.test('the history breaks no promise', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
