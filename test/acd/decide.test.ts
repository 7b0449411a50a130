/** What the router does with callers and agents, said in sentences. */
import t from 'tap';
import { agent, Desk, queue, routing } from './kit.js';

const general = queue('general');
const desk = (...names: readonly string[]) =>
  new Desk(
    routing(
      [general],
      names.map((name) => agent(name, ['general'])),
    ),
  ).begins(...names);

t.test('a caller is offered to a free agent in the same decision', async (t) => {
  const { messages } = desk('amal').asks('t1', 'general');
  t.match(messages, [
    { type: 'ticket.queued', ticket: 't1' },
    {
      type: 'ticket.offered',
      ticket: 't1',
      agent: 'amal',
      phone: 'phone-amal',
      ringMs: 15_000,
      kind: 'call',
    },
  ]);
});

t.test('an agent who becomes free has the next caller in the same decision', async (t) => {
  const d = desk('amal');
  d.asks('t1', 'general');
  d.asks('t2', 'general');
  d.rings('t1', 'amal');
  d.answers('t1', 'amal');
  t.equal(d.agent('amal').state, 'talking');
  t.equal(d.ticket('t2')?.state, 'waiting');
  d.at += 60_000;
  d.ends('t1', 'amal');
  t.equal(d.agent('amal').state, 'wrap-up');
  t.equal(d.ticket('t1'), undefined);
  const { messages } = d.happens({ type: 'agent.wrap-up-ended', agent: 'amal' });
  t.match(messages, [{ type: 'ticket.offered', ticket: 't2', agent: 'amal' }]);
});

t.test('wrap-up ends by itself', async (t) => {
  const d = desk('amal');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.ends('t1', 'amal');
  d.passes(19_999);
  t.equal(d.agent('amal').state, 'wrap-up');
  d.passes(1);
  t.equal(d.agent('amal').state, 'ready');
});

t.test('who misses an offer is paused, visibly, and the caller waits on with the old age', async (t) => {
  const d = desk('amal');
  d.asks('t1', 'general');
  const joined = d.ticket('t1')?.joined;
  d.rings('t1', 'amal');
  d.at += 15_000;
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'no-answer' });
  t.match(d.agent('amal'), { state: 'paused', reason: 'missed', misses: 1 });
  t.match(d.ticket('t1'), { state: 'waiting', joined, missed: [{ agent: 'amal', cause: 'no-answer' }] });
});

t.test('a caller who hangs up ends the ring', async (t) => {
  const d = desk('amal');
  d.asks('t1', 'general');
  d.rings('t1', 'amal');
  const { messages } = d.happens({ type: 'ticket.withdrawn', ticket: 't1', why: 'caller-gone' });
  t.match(messages, [{ type: 'offer.cancelled', ticket: 't1', agent: 'amal' }]);
  t.match(d.agent('amal'), { state: 'ready', misses: 0 });
  t.equal(d.ticket('t1'), undefined);
});

t.test('a queue that nobody serves ends the wait at once', async (t) => {
  const d = new Desk(routing([general], [agent('amal', ['general'])]));
  const { messages: said } = d.asks('t1', 'general');
  t.match(said, [{ type: 'ticket.ended', ticket: 't1', result: 'nobody' }]);
  t.equal(said.length, 1);
  d.begins('amal');
  d.asks('t2', 'general');
  d.asks('t3', 'general');
  const { messages } = d.happens({ type: 'agent.signed-out', agent: 'amal' });
  t.match(messages, [
    { type: 'offer.cancelled', ticket: 't2' },
    { type: 'ticket.ended', ticket: 't2', result: 'nobody' },
    { type: 'ticket.ended', ticket: 't3', result: 'nobody' },
  ]);
  t.match(d.agent('amal'), { state: 'offline' });
});
