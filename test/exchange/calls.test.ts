/** Real calls: the hotline's exchange on one side, an independent one on the other, SIP and RTP between them. */
import t from 'tap';
import { within } from '../kit/waiting.js';
import { startHotline, type Walk } from './hotline.js';

const hotline = await startHotline(['agent-1']);
t.teardown(() => hotline.stop());

/** So soon does a caller in a hurry press; who hears all prompts out takes four times as long. */
const hurry = { interruptAfterMs: 1_500 };

/** The ways through the municipality's flow, behind the choice of the language; `outcome` as on record. */
const ways: readonly (Walk & { readonly name: string; readonly outcome: string })[] = [
  { name: 'the status of a request', keys: '1,123456#', outcome: 'answered' },
  { name: 'a request that nobody knows', keys: '1,999999#,9', outcome: 'not-found' },
  { name: 'parking violations', keys: '2,2#,12345#', outcome: 'answered' },
  { name: 'a car without violations', keys: '2,9#,8080#', outcome: 'answered' },
  { name: 'a plate that nobody knows', keys: '2,1#,1#', outcome: 'not-found' },
  { name: 'how to get a building permit', keys: '3,1,1', outcome: 'answered' },
  { name: 'how to renew a licence', keys: '3,2,2', outcome: 'answered' },
  { name: 'how to get a health card', keys: '3,3,1', outcome: 'answered' },
  { name: 'how to close a road', keys: '3,4,2', outcome: 'answered' },
  { name: 'a complaint by voice', keys: '4,1,s3', outcome: 'left-complaint' },
];

t.test('every way through the municipality is walked by a real call', async (t) => {
  const walks = ways.flatMap((way) => [
    { ...way, language: 'ar', keys: `1,${way.keys}`, ...hurry },
    { ...way, language: 'en', keys: `2,${way.keys}`, ...hurry },
  ]);
  // One of each language hears everything out.
  const patient = [
    { name: 'the status of a request, patiently', keys: '1,1,456789#', language: 'ar', outcome: 'answered' },
    { name: 'the status of a request, patiently', keys: '2,1,345678#', language: 'en', outcome: 'answered' },
  ];
  await Promise.all(
    [...walks, ...patient].map(async ({ name, language, outcome, ...walk }) => {
      const { differences, heard, contact } = await hotline.walk(walk);
      const title = `${name} (${language})`;
      t.same(differences, [], `${title}: heard as expected: ${heard.join(', ')}`);
      t.equal(contact.language, language, `${title}: the language on record`);
      t.equal(contact.outcome, outcome, `${title}: the outcome on record`);
    }),
  );
});

t.test('a number that is not ours is answered with an apology, and recorded', async (t) => {
  const { differences, contact } = await hotline.walk({ keys: '', number: '80099999' });
  t.same(differences, []);
  t.equal(contact.number, '80099999');
});

t.test('an agent is reached, and both hear one another', async (t) => {
  const phone = hotline.world.phone('agent-1');
  await phone.register();
  const caller = await hotline.call();
  await caller.answered;
  await caller.press('20');
  const ringing = await phone.rings(20_000);
  await ringing.ring();
  const agent = await ringing.answer();
  const [question, answer] = [hotline.text('ar', 'goodbye'), hotline.text('en', 'one-moment')];
  await Promise.all([agent.hears(question, 10_000), caller.line.say(question.pcm)]);
  const since = caller.line.now();
  await Promise.all([caller.hears(answer, 10_000, since), agent.line.say(answer.pcm)]);
  const left = caller.line.now();
  await agent.hangUp();
  await caller.hears(hotline.text('en', 'goodbye'), 10_000, left);
  t.match(await within(caller.ended, 10_000, 'the hotline hangs up'), { q850: 16 });
  const contact = await hotline.engine.contact(caller.callerNumber);
  t.match(contact, { outcome: 'handed-over', talks: [{ phone: 'agent-1' }] });
  await phone.unregister();
});

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
