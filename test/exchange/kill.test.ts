/**
 * The engine dies by SIGKILL, with its whole process group, while six callers are each at another moment of a call. It
 * starts anew, and every call goes on by itself: what is heard next, what was recorded and what is on record are right.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { makeDictionary, recognise, type Sample } from '../../src/outside/index.js';
import type { Caller, Party } from '../kit/outside.js';
import { begun, eventually, within } from '../kit/waiting.js';
import { startHotline } from './hotline.js';

/** So long may anything take on a busy machine; nothing waits for it in vain. */
const patientMs = 30_000;
/** Quiet for so long: the caller hears nothing any more. */
const quietMs = 600;

/** The project's own site, with two more numbers that ring a desk each. */
function siteWithDesks(): string {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const file = (name: string): string => join(folder, name);
  for (const name of ['flows', 'prompts', 'data', 'onedoor.yaml'])
    cpSync(name, file(name), { recursive: true });
  const settings = readFileSync(file('onedoor.yaml'), 'utf8')
    .replace(/^numbers:\n/m, '$&  - number: "80077223"\n  - number: "80077224"\n')
    .replace(/^phones:\n/m, '$&  desk-1: { label: Desk 1 }\n  desk-2: { label: Desk 2 }\n');
  writeFileSync(file('onedoor.yaml'), settings);
  for (const [desk, number] of [
    ['desk-1', '80077223'],
    ['desk-2', '80077224'],
  ] as const) {
    writeFileSync(
      file(`flows/${desk}.yaml`),
      `onedoor: 1
flow: ${desk}
numbers: ["${number}"]
languages: [en]
start: desk
steps:
  desk:
    dial: { phone: ${desk}, ring: 90, answered: bye, failed: nobody }
    outcome: handed-over
  bye: { say: goodbye, go: end }
  nobody: { say: agent-busy, go: end }
  end: { hang-up: }
`,
    );
  }
  return folder;
}

const site = siteWithDesks();
const hotline = await startHotline({ site, phones: ['agent-1', 'desk-1', 'desk-2'] });
t.teardown(async () => {
  await hotline.stop();
  rmSync(site, { recursive: true, force: true });
});
const { engine, world } = hotline;

/** What somebody says who speaks without a pause. */
const sentences: readonly Sample[] = [
  hotline.text('ar', 'goodbye'),
  hotline.text('en', 'one-moment'),
  hotline.text('en', 'connecting-agent'),
  hotline.text('ar', 'wrong-key'),
];
const voice = makeDictionary(sentences);

/** Says one sentence after another until it is told to stop; then tells which. */
function talkOn({ line }: Party) {
  const said: string[] = [];
  let stopped = false;
  const talk = async (): Promise<readonly string[]> => {
    for (let nth = 0; !stopped; nth++) {
      const sentence = sentences[nth % sentences.length];
      if (sentence === undefined) throw new Error('nothing to say');
      await line.say(sentence.pcm);
      said.push(sentence.name);
    }
    return said;
  };
  const talking = talk();
  return {
    said,
    stop: (): Promise<readonly string[]> => {
      stopped = true;
      return talking;
    },
  };
}

/** Sentences that are heard whole, unless it is something else. */
const sentencesIn = (sound: Int16Array): readonly string[] =>
  recognise(sound, voice).map(({ name, cut }) => `${name ?? 'unknown'}${cut ? ' (cut)' : ''}`);

/** Resolves when it has been quiet for a while, since a time on the party's line. */
const waitQuiet = ({ line }: Party, sinceMs = 0, forMs = quietMs): Promise<unknown> => {
  let looks = 0;
  const isQuiet = (): boolean => line.now() - Math.max(sinceMs, line.lastSoundAt() ?? 0) > forMs;
  // Who looks late sees what lies unread only at the next look.
  return eventually(
    () => {
      looks = isQuiet() ? looks + 1 : 0;
      return looks > 2;
    },
    patientMs,
    'it is quiet',
    20,
  );
};

const soundSince = ({ line }: Party, since: number): Promise<unknown> =>
  eventually(() => (line.lastSoundAt() ?? 0) > since, patientMs, 'something is heard', 20);

async function inMainMenu(): Promise<Caller & { readonly callerNumber: string }> {
  const caller = await hotline.call();
  await within(caller.answered, patientMs, 'answered');
  await caller.press('2');
  return caller;
}

async function rings(number: string, desk: string) {
  const caller = await hotline.call({ number });
  await within(caller.answered, patientMs, 'answered');
  const ringing = await world.phone(desk).rings(patientMs, caller.callerNumber);
  await ringing.ring();
  return { caller, ringing };
}

// Whoever can wait is brought to its moment first.
const [listener, keying, recorded, atDesk1, atDesk2, talkers] = await Promise.all([
  (async () => {
    const caller = await inMainMenu();
    await caller.press('1');
    await waitQuiet(caller);
    return caller;
  })(),
  (async () => {
    const caller = await inMainMenu();
    await caller.press('1');
    await waitQuiet(caller);
    return caller;
  })(),
  (async () => {
    const caller = await inMainMenu();
    await caller.press('41');
    await caller.hears(hotline.text('en', 'record-complaint'), patientMs);
    await waitQuiet(caller);
    return caller;
  })(),
  rings('80077223', 'desk-1'),
  rings('80077224', 'desk-2'),
  (async () => {
    const caller = await inMainMenu();
    await caller.press('0');
    const ringing = await world.phone('agent-1').rings(patientMs, caller.callerNumber);
    const agent = await ringing.answer();
    await waitQuiet(caller);
    return { caller, agent };
  })(),
]);
const complaint = talkOn(recorded);
const question = talkOn(talkers.caller);
await eventually(() => complaint.said.length > 0 && question.said.length > 0, patientMs, 'they speak', 20);
const menu = await hotline.call();
await within(menu.answered, patientMs, 'answered');

// The others are there for seconds only.
await Promise.all([menu.press('2'), listener.press('123456#')]);
const menuFrom = menu.line.now();
const statusFrom = listener.line.now();
await Promise.all([soundSince(menu, menuFrom), soundSince(listener, statusFrom)]);
// The engine has done something a second after it commanded a prompt, or could not know that it was heard.
await soundSince(listener, listener.line.now() + 1_200);
await keying.press('123');

await engine.kill();
/** On each line's own time. */
const deadFrom = { keying: keying.line.now() };

// Meanwhile a prompt ends, and a phone is picked up.
const answeredMeanwhile = await atDesk2.ringing.answer();
await waitQuiet(listener);
const startedIn = await engine.startAgain();
t.comment(`the engine answers ${Math.round(startedIn)} ms after its start`);

/** Everybody goes on at once; judged one after another. */
const endings = {
  menu: begun(presses3()),
  status: begun(hearsStatus()),
  keying: begun(keysAnew()),
  complaint: begun(endsComplaint()),
  desk1: begun(atDesk1.ringing.answer().then((agent) => converseOnce(atDesk1.caller, agent))),
  desk2: begun(converseOnce(atDesk2.caller, answeredMeanwhile)),
  talkers: begun(endsTalk()),
};

async function presses3() {
  // If the menu's prompt ended meanwhile it is asked anew, and then for a moment no key counts.
  await waitQuiet(menu, menu.line.now(), 2_000);
  await menu.press('3');
  const pressed = menu.line.now();
  await soundSince(menu, pressed + 1_500);
  return over(menu);
}

async function hearsStatus() {
  await listener.hears(hotline.text('en', 'anything-else'), patientMs);
  await waitQuiet(listener);
  return over(listener);
}

async function keysAnew() {
  await keying.hears(hotline.text('en', 'enter-reference'), patientMs, deadFrom.keying);
  await waitQuiet(keying);
  await keying.press('123456#');
  await keying.hears(hotline.text('en', 'request-status.1.building-permit'), patientMs);
  return over(keying);
}

async function endsComplaint() {
  // A little more is said to the new engine.
  const before = complaint.said.length;
  await eventually(() => complaint.said.length > before + 1, patientMs, 'more is said', 20);
  const said = await complaint.stop();
  await recorded.hears(hotline.text('en', 'complaint-reference.1'), patientMs);
  return { said, ...(await over(recorded)) };
}

/** Caller and agent hear one another; then the agent hangs up, and the caller hears what the flow says after that. */
async function converseOnce(caller: Caller & { readonly callerNumber: string }, agent: Party) {
  const [one, other] = [hotline.text('ar', 'goodbye'), hotline.text('ar', 'wrong-key')];
  const [asked, answered] = [agent.line.now(), caller.line.now()];
  await Promise.all([agent.hears(one, patientMs, asked), caller.line.say(one.pcm)]);
  await Promise.all([caller.hears(other, patientMs, answered), agent.line.say(other.pcm)]);
  const left = caller.line.now();
  await agent.hangUp();
  await caller.hears(hotline.text('en', 'goodbye'), patientMs, left);
  await within(caller.ended, patientMs, 'the hotline hangs up');
  return over(caller);
}

async function endsTalk() {
  const { caller, agent } = talkers;
  const before = question.said.length;
  await eventually(() => question.said.length > before + 1, patientMs, 'more is said', 20);
  const said = await question.stop();
  await waitQuiet(agent);
  const heard = agent.line.heard();
  return { said, sound: heard, ended: await converseOnce(caller, agent) };
}

/** What was heard until now, and the record once the caller has hung up. */
async function over(caller: Caller & { readonly callerNumber: string }) {
  const sound = caller.line.heard();
  await caller.hangUp();
  return { sound, contact: await engine.contact(caller.callerNumber, patientMs) };
}

t.test('a prompt that plays is heard to its end, and its menu works', async (t) => {
  const { sound, contact } = await endings.menu;
  const heard = hotline.compare(sound, { keys: '' }).heard.filter((name) => !/ choose-language/.test(name));
  t.equal(heard[0], 'en main-menu', 'whole, though nobody ran who could have begun it anew');
  // If it ended meanwhile it is asked anew: keys may have been lost.
  t.match(heard.at(-1), /^en service-categories/);
  t.same(
    heard.slice(1, -1).filter((name) => !name.startsWith('en main-menu')),
    [],
  );
  t.match(contact, { outcome: 'abandoned', marks: ['resumed'], termination: { by: 'caller' } });
});

t.test(
  'a prompt that ended meanwhile goes on with what comes next, and nothing is heard twice',
  async (t) => {
    const { sound, contact } = await endings.status;
    t.same(hotline.compare(sound, { keys: '21,123456#', interruptAfterMs: 1 }).differences, []);
    t.match(contact, { outcome: 'answered', marks: ['resumed'] });
  },
);

t.test('a number of which half was keyed is asked again, and the half is forgotten', async (t) => {
  const { sound, contact } = await endings.keying;
  const { heard } = hotline.compare(sound.subarray(Math.round(deadFrom.keying * 8)), { keys: '' });
  t.match(heard.slice(0, 2), ['en enter-reference', /^en request-status/]);
  t.match(contact, { outcome: 'answered', marks: ['resumed'], lookups: [{ result: 'found' }] });
  t.equal(contact.entries.length, 1, 'one number was entered');
});

t.test('what is recorded is kept, from before, during and after', async (t) => {
  const { said, contact } = await endings.complaint;
  t.match(contact, { outcome: 'left-complaint', marks: ['resumed'], recordings: [{ name: 'complaint' }] });
  const [kept] = contact.recordings;
  const file = readFileSync(join(engine.state, 'recordings', `${kept?.recording}.wav`));
  t.same(sentencesIn(samplesOf(file)), said);
});

t.test('a phone that rings is picked up, and both hear one another', async (t) => {
  const { contact } = await endings.desk1;
  t.match(contact, { outcome: 'handed-over', marks: ['resumed'] });
  t.match(contact.talks, [{ phone: 'desk-1', result: 'talked' }]);
});

t.test('a phone that was picked up while no engine ran is connected', async (t) => {
  const { contact } = await endings.desk2;
  t.match(contact, { outcome: 'handed-over', marks: ['resumed'] });
  t.match(contact.talks, [{ phone: 'desk-2', result: 'talked' }]);
});

t.test('two who talk go on talking without a gap', async (t) => {
  const { said, sound, ended } = await endings.talkers;
  t.same(sentencesIn(sound), said);
  t.match(ended.contact, { outcome: 'handed-over', marks: ['resumed'] });
  t.match(ended.contact.talks, [{ phone: 'agent-1', result: 'talked' }]);
});

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});

/** The samples of a WAV file as Asterisk writes them: 8 kHz, 16 bit, one channel, a head of 44 bytes. */
function samplesOf(wav: Buffer): Int16Array {
  return Int16Array.from({ length: (wav.length - 44) >> 1 }, (_, nth) => wav.readInt16LE(44 + 2 * nth));
}
