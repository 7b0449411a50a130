/**
 * The engine dies by SIGKILL, with its whole process group, while eight callers are each at another moment of a call: a
 * menu plays, a prompt is about to end, half a number is keyed, a complaint is recorded, a lookup is in flight, a phone
 * rings, a phone is about to be picked up, two people talk. It starts anew, and every call goes on by itself: what is
 * heard next, what was recorded and what is on record are right.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeDictionary, recognise, type Sample } from '../../src/outside/index.js';
import { type Caller, type Party, tells } from '../kit/outside.js';
import { json, startBackend } from '../kit/backend.js';
import { begun, eventually, patientMs, within } from '../kit/waiting.js';
import { startHotline } from './hotline.js';

/** Quiet for so long: the caller hears nothing any more. */
const quietMs = 600;

/** Holds the first question until whoever asked is gone, and answers the next. */
const permits = await startBackend(() => undefined);
t.teardown(() => permits.close());

/** Three more numbers, which ring a desk each, and one that looks something up. */
function addNumbers(folder: string): void {
  const file = (name: string): string => join(folder, name);
  const settings = readFileSync(file('onedoor.yaml'), 'utf8')
    .replace(
      /^numbers:\n/m,
      '$&  - number: "80077223"\n  - number: "80077224"\n  - number: "80077225"\n  - number: "80077226"\n',
    )
    .replace(
      /^phones:\n/m,
      '$&  desk-1: { label: Desk 1 }\n  desk-2: { label: Desk 2 }\n  desk-3: { label: Desk 3 }\n',
    )
    .replace(
      /^lookups:\n/m,
      `$&  permits:
    http: { url: "http://127.0.0.1:${permits.port}/permits/{reference}", allow-private: true, timeout: 30 }
`,
    );
  writeFileSync(file('onedoor.yaml'), settings);
  for (const [desk, number] of [
    ['desk-1', '80077223'],
    ['desk-2', '80077224'],
    ['desk-3', '80077226'],
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
  writeFileSync(
    file('flows/permits.yaml'),
    `onedoor: 1
flow: permits
numbers: ["80077225"]
languages: [en]
start: find
steps:
  find:
    lookup:
      source: permits
      with: { reference: '"123456"' }
      into: permit
      timeout: 30
      filler: one-moment
      filler-after: 1
      found: judge
      not-found: sorry
      failed: sorry
  judge:
    decide:
      - { when: 'permit.status == "approved"', go: bye }
      - { else: sorry }
  bye: { say: goodbye, outcome: answered, go: end }
  sorry: { say: cannot-look-up, go: end }
  end: { hang-up: }
`,
  );
}

const hotline = await startHotline({ change: addNumbers, phones: ['desk-1', 'desk-2', 'desk-3'] });
t.teardown(() => hotline.stop());
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
    const { caller, ringing } = await rings('80077226', 'desk-3');
    const agent = await ringing.answer();
    await waitQuiet(caller);
    return { caller, agent };
  })(),
]);
const complaint = talkOn(recorded);
const question = talkOn(talkers.caller);
await eventually(() => complaint.said.length > 0 && question.said.length > 0, patientMs, 'they speak', 20);
const [menu, asking] = await Promise.all([hotline.call(), hotline.call({ number: '80077225' })]);
await Promise.all([menu, asking].map(({ answered }) => within(answered, patientMs, 'answered')));
// Since it takes long, the caller is told that it takes long.
await asking.hears(hotline.text('en', 'one-moment'), patientMs);

// The others are there for seconds only.
await Promise.all([menu.press('2'), listener.press('123456#')]);
const menuFrom = menu.line.now();
const statusFrom = listener.line.heardTo();
await Promise.all([soundSince(menu, menuFrom), soundSince(listener, statusFrom)]);
// The engine has done something a second after it commanded a prompt, or could not know that it was heard.
await soundSince(listener, listener.line.now() + 1_200);
await keying.press('123');

await engine.kill();
/** On each line's own time. */
const deadFrom = { keying: keying.line.heardTo(), asking: asking.line.heardTo() };

// Meanwhile a prompt ends, a phone is picked up, and the service that is asked can answer again.
await permits.quiet();
permits.behave(json({ status: 'approved' }));
const answeredMeanwhile = await atDesk2.ringing.answer();
await waitQuiet(listener);
const startedIn = await engine.startAgain();
t.comment(`the engine answers ${Math.round(startedIn)} ms after its start`);

/** Everybody goes on at once. */
const endings = {
  menu: begun(presses3()),
  status: begun(hearsStatus()),
  keying: begun(keysAnew()),
  complaint: begun(endsComplaint()),
  lookup: begun(hearsAnswer()),
  desk1: begun(atDesk1.ringing.answer().then((agent) => converseOnce(atDesk1.caller, agent))),
  desk2: begun(converseOnce(atDesk2.caller, answeredMeanwhile)),
  talkers: begun(endsTalk()),
};

// Comparing is work, and whoever still talks would be kept waiting.
await Promise.allSettled(Object.values(endings));

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

async function hearsAnswer() {
  await asking.hears(hotline.text('en', 'goodbye'), patientMs, deadFrom.asking);
  await within(asking.ended, patientMs, 'the hotline hangs up');
  return over(asking);
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
  await tells(caller, agent, hotline.text('ar', 'goodbye'), patientMs);
  await tells(agent, caller, hotline.text('ar', 'wrong-key'), patientMs);
  const left = caller.line.heardTo();
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
    const { heard } = hotline.compare(sound.subarray(Math.round(statusFrom * 8) - 2_400), { keys: '' });
    // On a slow machine the entry was begged for once more before, and interrupted.
    const told = heard.slice(heard.indexOf('en request-status.1.building-permit'));
    t.same(
      told.filter((name) => !name.startsWith('en say/')),
      [
        'en request-status.1.building-permit',
        'en request-status.2.approved',
        'en request-advice.1.approved',
        'en anything-else',
      ],
    );
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

t.test('what was being looked up is asked again, and its answer counts', async (t) => {
  const { contact } = await endings.lookup;
  t.match(contact, { outcome: 'answered', marks: ['resumed'] });
  t.match(contact.lookups, [{ source: 'permits', result: 'found' }]);
  t.equal(contact.lookups.length, 1, 'the question that died with its engine has no answer');
  t.same(
    permits.requests.map(({ url }) => url),
    ['/permits/123456', '/permits/123456'],
  );
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
  t.match(ended.contact.talks, [{ phone: 'desk-3', result: 'talked' }]);
});

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});

/** The samples of a WAV file as Asterisk writes them: 8 kHz, 16 bit, one channel, a head of 44 bytes. */
function samplesOf(wav: Buffer): Int16Array {
  return Int16Array.from({ length: (wav.length - 44) >> 1 }, (_, nth) => wav.readInt16LE(44 + 2 * nth));
}
