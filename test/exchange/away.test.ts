/** No engine is there, and callers are looked after all the same: they are told to wait, and can leave a message. */
import t from 'tap';
import type { Contact } from '../../src/cases/index.js';
import { startEngineProcess } from '../kit/engine.js';
import { outsideWorld } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';

t.setTimeout(170_000);

/** The exchange waits half a minute for an engine before it takes a message; then some seconds are spoken. */
const talkMs = 80_000;
const voice = Int16Array.from({ length: 8_000 }, (_, nth) => 8_000 * Math.sin(nth / 3));

t.test('a message left while no engine is there is on record when one is back', async (t) => {
  const engine = await startEngineProcess();
  const world = await outsideWorld({ hotline: engine.sip });
  t.teardown(async () => {
    await world.stop();
    await engine.stop();
  });
  await engine.kill();
  const [open, withheld] = await Promise.all([
    world.call('80077222', { callerNumber: '+96891234567' }),
    world.call('80077222', { callerNumber: null }),
  ]);
  for (const caller of [open, withheld]) t.ok(await within(caller.answered, patientMs, 'somebody answers'));
  // A voice without a pause: whenever the tone is over, there is something to record.
  const talking = [open, withheld].map(async (caller) => {
    const end = caller.line.now() + talkMs;
    while (!caller.isOver() && caller.line.now() < end) await caller.line.say(voice);
    if (!caller.isOver()) await caller.hangUp();
  });
  await Promise.all(talking);
  await engine.startAgain();
  const contact = await engine.contact('+96891234567');
  t.match(contact, {
    flow: '@away',
    number: '80077222',
    outcome: 'left-message',
    recordings: [{ name: 'message' }],
    termination: { by: 'caller' },
  });
  t.match(await engine.case(contact.case ?? ''), {
    kind: 'request',
    subject: 'left-message',
    status: 'received',
  });
  const nameless = await eventually(
    async () => {
      const { contacts } = (await engine.get('/contacts?limit=10')) as { contacts: Contact[] };
      return contacts.find(({ caller }) => caller.withheld);
    },
    patientMs,
    'the other message',
    500,
  );
  t.match(nameless, { flow: '@away', caller: { number: null }, recordings: [{ name: 'message' }] });
});
