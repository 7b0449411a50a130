/** Messages to callers: each leaves once, when it is written down, and its fate is written down too. */
import t from 'tap';
import type { Channels, OutgoingMessage, SendOutcome } from '../../src/channels/port.js';
import { testSite } from '../kit/test-site.js';
import { eventsOf, key, known, stage, waiting } from '../kit/commanded-stage.js';

/** Takes messages and answers none, until it is told to. */
function slowChannel() {
  const sent: OutgoingMessage[] = [];
  let answer: (outcome: SendOutcome) => void = () => undefined;
  const channels: Channels = {
    send: (message) => {
      sent.push(message);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  };
  return { channels, sent, answer: (outcome: SendOutcome) => answer(outcome) };
}

t.test('a message leaves once it is written down, and its fate is written down too', async (t) => {
  const channel = slowChannel();
  const own = await stage(t, testSite(), channel.channels);
  own.diskMs = 5;
  await own.tell(known);
  await own.tell(key('1'));
  own.diskMs = 100;
  await own.tell(key('6'));
  t.same(channel.sent, [], 'not before the disk has it');
  await own.time.runFor(300);
  t.match(channel.sent, [{ channel: 'sms', to: '+96891234567', language: 'en' }]);
  channel.answer({ result: 'sent', by: 'test' });
  await own.time.runFor(300);
  t.match(eventsOf(own, 'message.ended'), [{ result: 'sent', by: 'test' }]);
  t.notOk(JSON.stringify(eventsOf(own, 'message.requested')).includes('91234567'));
});

t.test('a link that breaks meanwhile makes no message fail', async (t) => {
  const channel = slowChannel();
  const own = await stage(t, testSite(), channel.channels);
  await own.tell(known);
  await own.tell(key('1'));
  await own.tell(key('6'));
  await own.tell({ type: 'link.lost', why: 'cut' });
  own.inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  await own.tell({ type: 'link.ready', incarnation: '1' });
  await own.time.runFor(500);
  t.equal(channel.sent.length, 1);
  t.same(eventsOf(own, 'message.ended'), []);
  channel.answer({ result: 'sent', by: 'test' });
  await own.time.runFor(100);
  t.match(eventsOf(own, 'message.ended'), [{ result: 'sent' }]);
});

t.test('a message whose engine died is never sent again: the caller hears that it failed', async (t) => {
  const before = slowChannel();
  const own = await stage(t, testSite(), before.channels);
  await own.tell(known);
  await own.tell(key('1'));
  await own.tell(key('6'));
  t.equal(before.sent.length, 1);
  await own.switchboard.close();
  const after = slowChannel();
  const { disk, time } = own;
  const inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  const next = await stage(t, testSite(), after.channels, { disk, time, inventory });
  await next.time.runFor(1_000);
  t.same(after.sent, []);
  t.match(eventsOf(next, 'message.ended'), [{ result: 'unknown' }]);
  t.match(eventsOf(next, 'step.entered').at(-1), { step: 'cannot' });
  before.answer({ result: 'sent', by: 'test' });
  await next.time.runFor(100);
  t.equal(eventsOf(next, 'message.ended').length, 1, 'what the dead engine hears means nothing');
});

t.test('a channel that throws is a message that failed', async (t) => {
  const own = await stage(t, testSite(), { send: () => Promise.reject(new Error('bug')) });
  await own.tell(known);
  await own.tell(key('1'));
  await own.tell(key('6'));
  t.match(eventsOf(own, 'message.ended'), [{ result: 'unknown' }]);
});
