/** What agents say of their talks, and callers who come back on the same: in the records, through restarts. */
import t from 'tap';
import { type Contact, type ContactFact, foldContact } from '../../src/cases/index.js';
import { contactFigures, createMeasures, asMeasured, measure } from '../../src/measures/index.js';
import { dialCode, heard, ringing } from '../kit/hotline-view.js';
import { queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { twoAgents } from '../kit/test-routing.js';

const two = twoAgents({ wrapUpMs: 0 });

/** A caller whom an agent has picked up. */
async function talk(hotline: QueueHotline, phone = 'agent-1', number?: string) {
  const caller = hotline.dial(number);
  await hotline.time.runFor(3_000);
  const agent = ringing(hotline, phone);
  agent?.pickUp();
  await hotline.time.runFor(3_000);
  return { caller, agent };
}

/** Agent and caller hang up, and the contact is over. */
async function overWith(
  { time }: QueueHotline,
  { caller, agent }: Awaited<ReturnType<typeof talk>>,
): Promise<void> {
  agent?.hangUp();
  await time.runFor(500);
  caller.hangUp();
  await time.runFor(5_000);
}

t.test(
  'an agent says in wrap-up what the talk was, and it stands in the record of a contact that is over',
  async (t) => {
    const hotline = await queueHotline(t);
    await dialCode(hotline, 'agent-1', '*11');
    t.match(
      heard(await dialCode(hotline, 'agent-1', '*481')),
      [/agent-cannot/],
      'of no talk there is nothing to say',
    );
    await overWith(hotline, await talk(hotline));
    t.match(hotline.contacts(), [{ version: 1, contact: { dispositions: [] } }]);

    t.match(heard(await dialCode(hotline, 'agent-1', '*4812')), [/agent-disposed/]);
    const said = { agent: 'amal', code: '12', name: 'sent on' };
    t.match(hotline.contacts(), [{ version: 2, contact: { dispositions: [said] } }]);
    t.equal(hotline.switchboard().router().agents.get('amal')?.spoke?.code, '12');
    const [contact] = hotline.contacts();
    const fact = hotline.facts().find(({ type }) => type === 'contact.disposed');
    t.match(fact, { subject: contact?.contact.id, body: said });

    t.match(
      heard(await dialCode(hotline, 'agent-1', '*487')),
      [/agent-unknown/],
      'there is no such disposition',
    );
    t.match(heard(await dialCode(hotline, 'agent-1', '*48')), [/agent-unknown/]);
    t.match(hotline.contacts(), [{ version: 2 }]);

    await dialCode(hotline, 'agent-1', '*481');
    t.match(hotline.contacts(), [{ version: 3, contact: { dispositions: [{ code: '1', name: 'solved' }] } }]);
    t.equal(hotline.contacts()[0]?.contact.dispositions.length, 1, 'the last word counts');
  },
);

t.test('an agent who still talks says it of this talk', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  await overWith(hotline, await talk(hotline));
  await hotline.time.runFor(20_000);
  const talking = await talk(hotline, 'agent-1', '+96891007777');
  t.equal(await hotline.agent({ type: 'agent.disposed', agent: 'amal', code: '1' }), null);
  await overWith(hotline, talking);
  const [first, second] = hotline.contacts();
  t.match(first, { version: 1, contact: { dispositions: [] } });
  t.match(second, { version: 1, contact: { dispositions: [{ agent: 'amal', code: '1' }] } });
});

t.test('an engine that died meanwhile still knows the talk', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  await overWith(hotline, await talk(hotline));
  await hotline.restart(2_000);
  t.equal(await hotline.agent({ type: 'agent.disposed', agent: 'amal', code: '1' }), null);
  await hotline.restart(2_000);
  t.equal(await hotline.agent({ type: 'agent.disposed', agent: 'amal', code: '12' }), null);
  t.match(hotline.contacts(), [{ version: 3, contact: { dispositions: [{ code: '12' }] } }]);
});

t.test('each agent speaks of the last talk of their own', async (t) => {
  const hotline = await queueHotline(t, { routing: two });
  for (const phone of ['agent-1', 'agent-2']) await dialCode(hotline, phone, '*11');
  await overWith(hotline, await talk(hotline, 'agent-1', '+96891000001'));
  await overWith(hotline, await talk(hotline, 'agent-2', '+96891000002'));
  await hotline.agent({ type: 'agent.disposed', agent: 'amal', code: '1' });
  await hotline.agent({ type: 'agent.disposed', agent: 'omar', code: '12' });
  t.match(
    hotline
      .contacts()
      .map(({ contact }) => contact.dispositions.map(({ agent, code }) => `${agent} ${code}`)),
    [['amal 1'], ['omar 12']],
  );
  t.equal(await hotline.agent({ type: 'agent.disposed', agent: 'nobody', code: '1' }), 'unknown-agent');
});

t.test(
  'a caller who comes back within a week on the same is known, whoever withholds the number is not',
  async (t) => {
    const hotline = await queueHotline(t);
    await dialCode(hotline, 'agent-1', '*11');
    const calls = async (number: string): Promise<Contact | undefined> => {
      await overWith(hotline, await talk(hotline, 'agent-1', number));
      await hotline.time.runFor(30_000);
      return hotline.contacts().at(-1)?.contact;
    };
    const first = await calls('+96891000001');
    t.strictSame(first?.subjects, [{ subject: 'queue:general', after: null }]);
    t.strictSame((await calls('+96891000002'))?.subjects, [{ subject: 'queue:general', after: null }]);
    await hotline.restart(1_000);
    const again = await calls('+96891000001');
    t.strictSame(again?.subjects, [{ subject: 'queue:general', after: first?.id }]);
    const withheld = hotline.simulator.dial({
      called: '200',
      caller: { number: null, name: null, withheld: true },
    });
    await hotline.time.runFor(3_000);
    withheld.hangUp();
    await hotline.time.runFor(5_000);
    t.strictSame(hotline.contacts().at(-1)?.contact.subjects, []);
    t.notMatch(JSON.stringify(hotline.facts()), /9100000/, 'no number is in the event log');

    // From the log alone come the same figures, and the same records.
    const measures = createMeasures({
      zone: { wallTime: (at) => ({ day: 0, minute: Math.floor(at / 60_000) % 1440 }) },
      keepDays: 8,
      shortMs: 5_000,
    });
    for (const event of hotline.facts()) {
      const fact = asMeasured(event as Parameters<typeof asMeasured>[0]);
      if (fact !== null) measure(measures, fact, hotline.time.now());
    }
    const figures = contactFigures(measures, {
      flow: null,
      queue: null,
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
    });
    const contacts = hotline.contacts().map(({ contact }) => contact);
    t.equal(figures.arrived.value, contacts.length);
    t.equal(figures.contained.value, contacts.filter(({ contained }) => contained === true).length);
    const ofQueue = contactFigures(measures, {
      flow: null,
      queue: 'general',
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
    });
    const asked = contacts.filter(({ tickets }) => tickets.some(({ queue }) => queue === 'general'));
    t.equal(ofQueue.arrived.value, asked.length);
    t.equal(
      ofQueue['first-contacts'].value,
      asked.flatMap(({ subjects }) => subjects).filter(({ after }) => after === null).length,
    );
    t.equal(ofQueue['first-call-resolution'].value, 0.5);
    const noted = contacts.flatMap(({ subjects }) => subjects);
    t.equal(figures['first-contacts'].value, noted.filter(({ after }) => after === null).length);
    t.equal(figures['returned-contacts'].value, noted.filter(({ after }) => after !== null).length);
    t.equal(figures['first-call-resolution'].value, 0.5);
  },
);

t.test('folding the events again gives the record, with what was said after the call', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  await overWith(hotline, await talk(hotline));
  await dialCode(hotline, 'agent-1', '*481');
  const [record] = hotline.contacts();
  let folded: Contact | null = null;
  for (const { type, subject, body } of hotline.facts())
    if (subject === record?.contact.id && !type.startsWith('case.'))
      folded = foldContact(folded, subject, { type, subject, body } as unknown as ContactFact, 0);
  const told = (contact: Contact | null | undefined): string[] | undefined =>
    contact?.dispositions.map(({ ticket, agent, code, name }) => [ticket, agent, code, name].join(' '));
  t.strictSame(told(folded), told(record?.contact));
  t.equal(told(folded)?.length, 1);
});
