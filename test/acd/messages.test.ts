/** Messages beside calls: nothing rings for them, a call may come between, and they go where there is room. */
import t from 'tap';
import { estimate, explain, overview, type RoutingAgent } from '../../src/acd/index.js';
import { agent, Desk, queue, routing } from './kit.js';

const general = queue('general');
const taking = (name: string, message: number, voice = 1): RoutingAgent => ({
  ...agent(name, ['general']),
  capacity: { voice, message },
});
const desk = (...agents: readonly RoutingAgent[]): Desk =>
  new Desk(routing([general], agents)).begins(...agents.map(({ name }) => name));

t.test('a message is its agent’s at once, and a call comes between', async (t) => {
  const d = desk(taking('amal', 2));
  const { messages, facts } = d.asks('m1', 'general', { channel: 'message' });
  t.same(
    messages.map(({ type }) => type),
    ['ticket.queued'],
    'nothing rings',
  );
  t.match(facts, [{ type: 'ticket.assigned', body: { ticket: 'm1', agent: 'amal' } }]);
  t.match(d.agent('amal'), { state: 'ready', messages: ['m1'] });
  d.asks('t1', 'general');
  t.match(d.agent('amal'), { state: 'offered', ticket: 't1', messages: ['m1'] });
  d.answers('t1', 'amal');
  t.same(d.with('m1'), ['amal'], 'the message waits for her');
});

t.test('whoever is on a call, or wraps one up, is given no message before she is ready', async (t) => {
  const d = desk(taking('amal', 2));
  d.asks('t1', 'general');
  d.asks('m1', 'general', { channel: 'message' });
  t.equal(d.ticket('m1')?.state, 'waiting', 'while her phone rings');
  d.answers('t1', 'amal');
  d.ends('t1', 'amal');
  t.equal(d.ticket('m1')?.state, 'waiting', 'in wrap-up');
  d.passes(20_000);
  t.same(d.with('m1'), ['amal']);
});

t.test('nobody has more messages than she may; the next one comes when one is done', async (t) => {
  const d = desk(taking('amal', 2));
  for (const id of ['m1', 'm2', 'm3']) d.asks(id, 'general', { channel: 'message' });
  t.same(d.agent('amal').messages, ['m1', 'm2']);
  t.match(explain(d.router, 'm3', d.at), { against: { messages: 1 } });
  d.ends('m1', 'amal');
  t.same(d.agent('amal').messages, ['m2', 'm3']);
  t.match(d.agent('amal'), { state: 'ready', spoke: null }, 'nothing is wrapped up, and it was no talk');
});

t.test('messages go to whoever has the fewest; who takes none is offered none', async (t) => {
  const d = desk(taking('amal', 3), taking('badr', 3), agent('omar', ['general']));
  for (const id of ['m1', 'm2', 'm3', 'm4']) d.asks(id, 'general', { channel: 'message' });
  t.same(
    [d.agent('amal').messages, d.agent('badr').messages, d.agent('omar').messages],
    [['m1', 'm3'], ['m2', 'm4'], []],
  );
});

t.test('who takes messages only is rung for no call', async (t) => {
  const d = desk(taking('amal', 1, 0));
  const { messages } = d.asks('t1', 'general');
  t.match(messages, [{ type: 'ticket.ended', result: 'nobody' }]);
  d.asks('m1', 'general', { channel: 'message' });
  t.same(d.with('m1'), ['amal']);
});

t.test('whoever goes leaves her messages to others, with their age', async (t) => {
  const d = desk(taking('amal', 2), taking('badr', 1));
  d.asks('m1', 'general', { channel: 'message' });
  d.asks('m2', 'general', { channel: 'message' });
  d.asks('m3', 'general', { channel: 'message' });
  const joined = d.ticket('m1')?.joined;
  d.at += 60_000;
  d.happens({ type: 'agent.signed-out', agent: 'amal' });
  t.match(d.ticket('m1'), { state: 'waiting', agent: null, joined });
  t.match(d.agent('amal'), { state: 'offline', messages: [] });
  d.ends('m2', 'badr');
  t.same(d.with('m1'), ['badr'], 'the oldest first');
});

t.test('nobody serves a message when the last one goes who takes any', async (t) => {
  const d = desk(taking('amal', 1), agent('omar', ['general']));
  d.asks('m1', 'general', { channel: 'message' });
  const { messages } = d.happens({ type: 'agent.signed-out', agent: 'amal' });
  t.match(messages, [{ type: 'ticket.ended', ticket: 'm1', result: 'nobody' }]);
});

t.test('callers are told nothing of messages that wait', async (t) => {
  const d = desk(taking('amal', 0), taking('badr', 1));
  for (const id of ['m1', 'm2', 'm3']) d.asks(id, 'general', { channel: 'message' });
  for (const id of ['t1', 't2', 't3']) d.asks(id, 'general');
  t.match(estimate(d.router, 't3', d.at), { position: 1 });
  t.match(estimate(d.router, 'm3', d.at), { waitMs: null });
  t.match(overview(d.router, d.at).queues, [{ queue: 'general', waiting: 3 }], 'on the line, ringing or not');
});

t.test('a message keeps no place for a caller who calls again, and cannot be called back', async (t) => {
  const d = new Desk(
    routing([queue('general', { rejoinMs: 60_000 })], [taking('amal', 0), taking('badr', 1)]),
  );
  d.begins('amal', 'badr');
  d.asks('m1', 'general', { channel: 'message', caller: 'c' });
  d.asks('m2', 'general', { channel: 'message', caller: 'c' });
  d.happens({ type: 'ticket.parked', caller: null, ticket: 'm2' });
  t.match(d.ticket('m2'), { kind: 'call', caller: null });
  d.happens({ type: 'ticket.withdrawn', ticket: 'm2', why: 'caller-gone' });
  t.equal(d.router.places.size, 0);
});

t.test('what a talk was is said of the talk that is up, else of the last one', async (t) => {
  const dispositions = { 1: 'solved', 2: 'sent on' };
  const d = new Desk(routing([queue('general', { dispositions })], [agent('amal', ['general'])])).begins(
    'amal',
  );
  const says = (code: string) => d.happens({ type: 'agent.disposed', agent: 'amal', code });
  t.equal(says('1').refusal, 'no-talk');
  d.asks('t1', 'general');
  t.equal(says('1').refusal, 'no-talk', 'nobody has talked yet');
  d.answers('t1', 'amal');
  t.equal(says('9').refusal, 'unknown-code');
  t.match(says('1').facts, [
    { type: 'contact.disposed', subject: 'contact-t1', body: { ticket: 't1', code: '1', name: 'solved' } },
  ]);
  d.ends('t1', 'amal');
  t.match(d.agent('amal').spoke, { ticket: 't1', code: '1' }, 'the end of the talk does not forget it');
  t.same(says('1').facts, [], 'the same once more is nothing new');
  t.match(says('2').facts, [{ body: { ticket: 't1', code: '2', name: 'sent on' } }]);
  d.passes(20_000);
  d.asks('t2', 'general');
  t.match(says('1').facts, [{ body: { ticket: 't1', code: '1' } }], 'while the next one only rings');
  d.answers('t2', 'amal');
  t.match(says('1').facts, [{ body: { ticket: 't2' } }]);
  d.happens({ type: 'routing.changed', routing: routing([queue('other')], [agent('amal', ['other'])]) });
  d.ends('t2', 'amal');
  t.equal(says('2').refusal, 'unknown-code', 'its queue is gone, and its dispositions');
});
