/** Places that are kept for callers who hung up, and agents who are reserved to call them back. */
import t from 'tap';
import { asCallId } from '../../src/base/index.js';
import type { AcdMessage } from '../../src/acd/index.js';
import { agent, Desk, offersOf, queue, routing, two } from './kit.js';

const parkedDesk = (...names: readonly string[]): Desk => {
  const d = two({ callback: { tries: 2, pauseMs: 60_000, withinMs: 86_400_000 } }).begins(...names);
  d.asks('t0', 'general');
  for (const name of names) d.happens({ type: 'agent.paused', agent: name, reason: 'meeting' });
  d.happens({ type: 'ticket.withdrawn', ticket: 't0', why: 'left' });
  d.asks('t1', 'general', { caller: 'h1' });
  d.happens({ type: 'ticket.parked', ticket: 't1', caller: 'h1' });
  return d;
};

t.test('a callback keeps its place, and is dialled when an agent is there for it', async (t) => {
  const d = parkedDesk('amal');
  d.at += 1_000;
  d.asks('t2', 'general');
  const { messages } = d.happens({ type: 'agent.readied', agent: 'amal' });
  t.same(offersOf(messages), ['t1 to amal as callback']);
  t.match(d.agent('amal'), { state: 'offered', ticket: 't1' }, 'reserved while the caller is dialled');
  d.happens({ type: 'ticket.reached', ticket: 't1' });
  d.rings('t1', 'amal');
  d.answers('t1', 'amal');
  t.match(d.ticket('t1'), { state: 'connected', kind: 'call', agent: 'amal' });
});

t.test('the caller of a callback who does not answer is tried again later, and not for ever', async (t) => {
  const d = parkedDesk('amal');
  d.happens({ type: 'agent.readied', agent: 'amal' });
  const notReached = (): readonly AcdMessage[] =>
    d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'caller-gone' }).messages;
  t.match(notReached(), [{ type: 'ticket.postponed', ticket: 't1' }]);
  t.match(d.agent('amal'), { state: 'ready', misses: 0 });
  t.match(d.ticket('t1'), { state: 'waiting', tries: 1, notBefore: d.at + 60_000 });
  d.asks('t2', 'general');
  t.same(d.with('t2'), ['amal'], 'others are served meanwhile');
  d.answers('t2', 'amal');
  d.ends('t2', 'amal');
  d.passes(60_000);
  t.same(d.with('t1'), ['amal']);
  t.match(notReached(), [{ type: 'ticket.ended', ticket: 't1', result: 'no-answer' }]);
});

t.test('an agent who does not answer a callback whose caller is there leaves them in line', async (t) => {
  const d = parkedDesk('amal', 'bilal');
  d.happens({ type: 'agent.readied', agent: 'amal' });
  d.happens({ type: 'ticket.reached', ticket: 't1' });
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'no-answer' });
  t.match(d.ticket('t1'), { state: 'waiting', kind: 'call' });
  t.same(offersOf(d.happens({ type: 'agent.readied', agent: 'bilal' }).messages), ['t1 to bilal as call']);
});

t.test(
  'who is asked for a number is offered nobody, and keeps the place until it is left or kept',
  async (t) => {
    const d = two().begins('amal');
    d.asks('t1', 'general');
    t.match(d.with('t1'), ['amal']);
    t.match(d.happens({ type: 'ticket.held', ticket: 't1' }).messages, [
      { type: 'offer.cancelled', agent: 'amal' },
    ]);
    t.match(d.agent('amal'), { state: 'ready', misses: 0 });
    d.happens({ type: 'agent.signed-out', agent: 'amal' });
    t.match(d.ticket('t1'), { state: 'waiting', held: true }, 'though nobody is there any more');
    t.match(d.happens({ type: 'ticket.reached', ticket: 't1' }).messages, [
      { type: 'ticket.ended', result: 'nobody' },
    ]);
  },
);

t.test('what is said of a callback is said to the contact that calls back', async (t) => {
  const d = parkedDesk('amal');
  d.happens({ type: 'agent.readied', agent: 'amal' });
  d.happens({ type: 'ticket.dialled', ticket: 't1', contact: asCallId('calls-back') });
  t.match(d.happens({ type: 'ticket.reached', ticket: 't1' }).messages, [
    { type: 'ticket.queued', contact: 'calls-back' },
    { type: 'ticket.offered', contact: 'calls-back', agent: 'amal', kind: 'call' },
  ]);
});

t.test('an agent who wished to pause does so when the own caller who came back is gone again', async (t) => {
  for (const rings of [false, true]) {
    const d = two().begins('amal');
    d.asks('t1', 'general');
    d.answers('t1', 'amal');
    d.happens({ type: 'agent.paused', agent: 'amal', reason: 'meal' });
    d.ends('t1', 'amal');
    t.match(d.agent('amal'), { state: 'wrap-up', wish: { type: 'pause' } });
    const contact = asCallId('contact-t1');
    d.happens({ type: 'ticket.directed', ticket: 't2', contact, agent: 'amal', back: true });
    if (rings) d.rings('t2', 'amal');
    t.equal(d.agent('amal').state, rings ? 'ringing' : 'offered');
    d.happens({ type: 'ticket.withdrawn', ticket: 't2', why: 'caller-gone' });
    t.match(d.agent('amal'), { state: 'paused', reason: 'meal', wish: null });
  }
});

t.test('a dial that never rang is no try, and comes again when it is told to', async (t) => {
  const d = parkedDesk('amal');
  d.happens({ type: 'agent.readied', agent: 'amal' });
  const until = d.at + 500_000;
  const { facts } = d.happens({ type: 'ticket.unreached', ticket: 't1', counts: false, until });
  t.match(d.ticket('t1'), { state: 'waiting', tries: 0, notBefore: until });
  t.match(d.agent('amal'), { state: 'ready', misses: 0 });
  t.match(facts.at(-1), { type: 'ticket.unreached', body: { ticket: 't1', tries: 0, until } });
  d.passes(500_000);
  t.same(d.with('t1'), ['amal']);
});

t.test('whoever is not called back in time is not called any more', async (t) => {
  const d = two({ callback: { tries: 2, pauseMs: 60_000, withinMs: 600_000 } }).begins('amal');
  d.happens({ type: 'agent.paused', agent: 'amal', reason: 'meeting' });
  d.asks('t1', 'general', { caller: 'h1' });
  d.happens({ type: 'ticket.parked', ticket: 't1', caller: 'h1' });
  d.passes(600_000);
  t.equal(d.ticket('t1'), undefined);
  t.match(d.messages.at(-1), { type: 'ticket.ended', ticket: 't1', result: 'expired' });
});

t.test('two callbacks to one number in one queue are one, with the older place', async (t) => {
  const d = parkedDesk('amal');
  const joined = d.ticket('t1')?.joined;
  d.at += 5_000;
  d.asks('t2', 'general', { caller: 'another line' });
  const { messages } = d.happens({ type: 'ticket.parked', ticket: 't2', caller: 'h1' });
  t.match(messages, [{ type: 'ticket.ended', ticket: 't1', result: 'replaced' }]);
  t.match(d.ticket('t2'), { joined, caller: 'h1', kind: 'callback' });
});

t.test('a callback that is cancelled lets the agent go', async (t) => {
  const d = parkedDesk('amal');
  d.happens({ type: 'agent.readied', agent: 'amal' });
  const { messages } = d.happens({ type: 'ticket.cancelled', ticket: 't1', why: 'closed' });
  t.match(messages, [{ type: 'offer.cancelled' }, { type: 'ticket.ended', result: 'closed' }]);
  t.match(d.agent('amal'), { state: 'ready', misses: 0 });
});

t.test('calling again takes the place of the callback, even while it is dialled', async (t) => {
  const d = parkedDesk('amal');
  const joined = d.ticket('t1')?.joined;
  d.at += 5_000;
  d.happens({ type: 'agent.readied', agent: 'amal' });
  const { messages } = d.asks('t2', 'general', { caller: 'h1' });
  t.match(messages, [
    { type: 'offer.cancelled', ticket: 't1', agent: 'amal' },
    { type: 'ticket.ended', ticket: 't1', result: 'replaced' },
    { type: 'ticket.queued', ticket: 't2' },
    { type: 'ticket.offered', ticket: 't2', agent: 'amal', kind: 'call' },
  ]);
  t.equal(d.ticket('t2')?.joined, joined);
});

t.test('never more callers are dialled than agents are free, and none who is on the line', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { ringAtOnce: 3 }), queue('other')],
      [agent('amal', ['general', 'other']), agent('bilal', ['general', 'other'])],
    ),
  ).begins('amal', 'bilal');
  for (const name of ['amal', 'bilal']) d.happens({ type: 'agent.paused', agent: name, reason: 'meeting' });
  for (const [ticket, caller] of [
    ['t1', 'h1'],
    ['t2', 'h2'],
    ['t3', 'h3'],
  ] as const) {
    d.asks(ticket, 'general', { caller });
    d.happens({ type: 'ticket.parked', ticket, caller });
  }
  d.asks('t4', 'other', { caller: 'h1' });
  t.same(offersOf(d.happens({ type: 'agent.readied', agent: 'amal' }).messages), ['t2 to amal as callback']);
  t.same(offersOf(d.happens({ type: 'agent.readied', agent: 'bilal' }).messages), [
    't3 to bilal as callback',
  ]);
  d.happens({ type: 'offer.ended', ticket: 't3', agent: 'bilal', result: 'caller-gone' });
  t.same(d.with('t4'), ['bilal'], 'the caller of t1 is on the line for t4');
  const { messages } = d.happens({ type: 'ticket.withdrawn', ticket: 't4', why: 'left' });
  t.same(offersOf(messages), ['t1 to bilal as callback'], 'and is not any more');
});

t.test('a callback is owed when everybody has gone home, a caller on the line is told', async (t) => {
  const d = parkedDesk('amal');
  d.asks('t2', 'general');
  const { messages } = d.happens({ type: 'agent.signed-out', agent: 'amal' });
  t.match(messages, [{ type: 'ticket.ended', ticket: 't2', result: 'nobody' }]);
  d.at += 8 * 3_600_000;
  t.same(offersOf(d.happens({ type: 'agent.signed-in', agent: 'amal', phone: null }).messages), [
    't1 to amal as callback',
  ]);
});
