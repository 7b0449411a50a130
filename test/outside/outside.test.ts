import t from 'tap';
import { dial, makeDictionary, openDriver, recognise } from '../../src/outside/index.js';
import { espeakSynthesiser } from '../../src/speech/index.js';
import { outsideWorld } from '../kit/outside.js';
import { voiceToolbox } from '../kit/toolbox.js';
import { eventually, patientMs, within } from '../kit/waiting.js';

const voice = { name: 'en', rate: 150, pitch: 50 };
const synthesiser = espeakSynthesiser(voiceToolbox());
const greeting = {
  name: 'greeting',
  pcm: await synthesiser.speak('Welcome to the municipality. Press 1 for Arabic.', voice, true),
};
const question = {
  name: 'question',
  pcm: await synthesiser.speak('Where is my parking permit?', voice, true),
};

t.test('a caller of the outside hears, speaks and presses keys', async (t) => {
  // Nothing but the outside is needed to try it: it calls itself.
  const world = await outsideWorld({ hotline: { host: '127.0.0.1', port: 1 } });
  t.teardown(() => world.stop());
  const caller = await world.call('80077222', {
    to: world.exchange.sip,
    callerNumber: '+96891234567',
    callerName: 'Salim Al Harthy',
  });
  const ringing = await world.incoming();
  t.same(ringing.from, { number: '+96891234567', name: 'Salim Al Harthy' });
  const callee = await ringing.answer();
  t.equal(await within(caller.answered, patientMs, 'answered'), true);
  await callee.line.say(greeting.pcm);
  const heardAt = await caller.hears(greeting, patientMs);
  t.ok(heardAt > greeting.pcm.length / 8, 'as long as it takes to say');
  const [talk] = await Promise.all([callee.hears(question, patientMs), caller.line.say(question.pcm)]);
  t.ok(talk > 0, 'the other side hears the caller');
  const again = recognise(caller.line.heard(), makeDictionary([greeting, question]));
  t.same(
    again.map(({ name }) => name),
    ['greeting'],
  );
  t.ok((again[0]?.score ?? 0) > 0.9);
  await caller.press('1223334444#*0');
  await eventually(() => callee.pressed().length >= 13, patientMs, 'all keys have come');
  t.equal(callee.pressed(), '1223334444#*0', 'each key once, in order');
  await caller.hangUp();
  t.match(await within(callee.ended, patientMs, 'the callee hears of it'), { q850: 16 });
});

t.test('our own small client drives the same outside', async (t) => {
  const world = await outsideWorld({ hotline: { host: '127.0.0.1', port: 1 }, codec: 'ulaw' });
  t.teardown(() => world.stop());
  // The second client takes the application over: from now on it hears of everything.
  const driver = await openDriver(world.exchange.ari);
  t.teardown(() => driver.close());
  const call = await dial({ ...world.exchange, hotline: world.exchange.sip }, driver, '600');
  t.equal(call.isOver(), false);
  await call.hangUp();
  t.equal(await within(call.answered, patientMs, 'not answered'), false);
  t.match(await call.ended, { q850: 16 });
});
