/** A call that waits for an agent: what it says to the queue, and what it does as the queue says. */
import t from 'tap';
import { isWanted } from '../../src/calls/index.js';
import {
  leg,
  site,
  arrive,
  after,
  afterAt,
  ticket,
  queued,
  offered,
  key,
  due,
  commands,
  spoken,
  step,
} from './kit.js';

t.test('a place is asked for, and nothing is played before the queue has answered', async (t) => {
  const decision = arrive();
  t.same(decision.messages, [
    {
      type: 'request-ticket',
      contact: 'call',
      ticket,
      queue: 'general',
      needs: { parking: 2 },
      priority: null,
      preferred: null,
      number: '+96891234567',
    },
  ]);
  t.same(commands(decision), ['answer']);
  t.match(decision.facts.at(-1), {
    type: 'ticket.requested',
    body: { queue: 'general', needs: { parking: 2 } },
  });
});

t.test('a queue without agents sends the caller on', async (t) => {
  const decision = after(arrive().call, { type: 'ticket.ended', ticket, result: 'nobody' });
  t.equal(step(decision), 'waits/nobody');
  t.same(decision.messages, [], 'the queue knows it already');
  t.same(
    decision.facts.map(({ type }) => type),
    ['ticket.ended', 'step.entered'],
  );
  t.equal(decision.call.ticket, null);
});

t.test('who waits hears words, then music', async (t) => {
  const waiting = after(arrive().call, queued);
  t.same(commands(waiting), ['play']);
  const hears = after(waiting.call, spoken(waiting));
  t.same(commands(hears), ['start-music']);
  t.equal(hears.call.music, true);
});

t.test('who waits where there shall be no music hears words, then silence', async (t) => {
  const queue = { ...site.queues.get('general')!, music: false };
  const quiet = { ...site, queues: new Map([['general', queue]]) };
  const waiting = afterAt(quiet, arrive().call, queued);
  t.same(commands(waiting), ['play']);
  const hears = afterAt(quiet, waiting.call, spoken(waiting));
  t.same(commands(hears), []);
  t.notOk(hears.call.music);
});

t.test('an agent is rung while the music goes on, and talks to the caller', async (t) => {
  const waiting = after(arrive().call, queued);
  const ringing = after(waiting.call, spoken(waiting), offered);
  t.same(commands(ringing), ['originate']);
  t.match(ringing.facts, [
    { type: 'dial.started', body: { phone: 'agent-1' } },
    { type: 'ticket.offered', body: { agent: 'amal' } },
  ]);
  const phone = ringing.call.phones[0]!.leg;
  const talking = after(ringing.call, { type: 'leg.answered', leg: phone });
  t.same(commands(talking), ['bridge'], 'which ends the music');
  t.same(talking.messages, [{ type: 'offer-answered', ticket, agent: 'amal' }]);
  t.notOk(talking.call.deadlines.length > 0, 'nothing limits the talk');
  t.same(commands(after(talking.call, key('1'))), [], 'keys are theirs');
  const over = after(talking.call, { type: 'leg.ended', leg: phone, cause: { q850: 16, sip: null } });
  t.equal(step(over), 'waits/bye');
  t.same(over.messages, [{ type: 'offer-ended', ticket, agent: 'amal', result: 'talked' }]);
  t.match(over.facts, [
    { type: 'dial.ended', body: { result: 'talked' } },
    { type: 'talk.ended', body: { leg: phone, by: 'hung-up' } },
    { type: 'ticket.ended', body: { result: 'talked' } },
    { type: 'step.entered' },
  ]);
});

t.test('an agent who does not answer costs the caller nothing: the ticket waits on', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const phone = ringing.phones[0]!.leg;
  for (const [q850, result] of [
    [17, 'busy'],
    [19, 'no-answer'],
    [21, 'rejected'],
    [20, 'unreachable'],
  ] as const) {
    const back = after(ringing, { type: 'leg.ended', leg: phone, cause: { q850, sip: null } });
    t.same(back.messages, [{ type: 'offer-ended', ticket, agent: 'amal', result }]);
    t.match(back.call, { ticket: { id: ticket, state: 'waiting' }, phones: [] });
    t.same(commands(back), [], 'and hears no difference');
    t.match(after(back.call, offered).call.phones, [{ state: 'ringing' }], 'another agent can be rung');
  }
});

t.test('a caller who hangs up while an agent rings cancels the ring at once', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const gone = after(ringing, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } });
  t.match(
    gone.commands.map(({ body }) => body),
    [{ type: 'hang-up', leg: ringing.phones[0]?.leg }],
  );
  t.match(gone.messages, [
    { type: 'withdraw-ticket', ticket, why: 'caller-gone' },
    { type: 'offer-ended', ticket, result: 'caller-gone' },
    { type: 'end-contact' },
  ]);
  t.same(
    gone.facts.map(({ type }) => type),
    ['ticket.ended', 'dial.ended', 'call.ended'],
  );
});

t.test('a key leaves the queue, and the agent who rings is let go', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const left = after(ringing, key('1'));
  t.equal(step(left), 'waits/bye');
  t.match(left.messages, [
    { type: 'offer-ended', result: 'caller-gone' },
    { type: 'withdraw-ticket', why: 'left' },
  ]);
  t.equal(left.call.phones[0]?.state, 'ending');
});

t.test('the queue limits a wait that the flow would let go on', async (t) => {
  const waiting = after(arrive().call, queued);
  t.match(
    waiting.call.deadlines.map(({ id, at }) => `${id} ${at}`),
    ['ticket 42000', 'no-answer 62000'],
  );
  const over = after(waiting.call, due('ticket', -1));
  t.equal(step(over), 'waits/tired');
  t.match(over.messages, [{ type: 'withdraw-ticket', why: 'no-answer' }]);
  const sooner = after(waiting.call, due('no-answer', 0));
  t.equal(step(sooner), 'waits/tired');
  t.match(sooner.facts[0], { type: 'ticket.ended', body: { result: 'no-answer' } });
  t.same(
    sooner.call.deadlines.filter(({ id }) => id !== 'spoken'),
    [],
    'no limit outlives the wait',
  );
});

t.test('nobody is offered a caller who is gone, or who talks', async (t) => {
  const left = after(arrive().call, queued, key('1')).call;
  t.match(after(left, offered), { commands: [], messages: [{ type: 'offer-ended', result: 'caller-gone' }] });
  const ringing = after(arrive().call, queued, offered).call;
  const talking = after(ringing, { type: 'leg.answered', leg: ringing.phones[0]!.leg }).call;
  t.match(after(talking, { ...offered, agent: 'omar' }), {
    commands: [],
    messages: [{ type: 'offer-ended', agent: 'omar', result: 'failed' }],
  });
});

t.test('what a queue says of another ticket means nothing', async (t) => {
  const waiting = after(arrive().call, queued).call;
  for (const event of [
    { type: 'ticket.ended', ticket: 'other', result: 'full' },
    { type: 'ticket.queued', ticket },
  ] as const)
    t.match(after(waiting, event), { call: { ticket: { id: ticket } }, commands: [], facts: [] });
  const phone = after(waiting, offered).call;
  const talking = after(phone, { type: 'leg.answered', leg: phone.phones[0]!.leg }).call;
  t.match(after(talking, { type: 'ticket.ended', ticket, result: 'no-answer' }).call.ticket, {
    state: 'connected',
  });
});

t.test('an agent and a caller who cannot be put together take the exit for a failure', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const talking = after(ringing, { type: 'leg.answered', leg: ringing.phones[0]!.leg });
  const bridge = talking.commands.find(({ body }) => body.type === 'bridge')!;
  const failed = after(talking.call, {
    type: 'command.settled',
    command: bridge.id,
    outcome: { result: 'refused', why: 'invalid', detail: '' },
  });
  t.equal(step(failed), 'waits/failed');
  t.equal(failed.call.ticket, null);
});

t.test('where there is no music a tone says that somebody is there', async (t) => {
  const waiting = after(arrive().call, queued);
  const hears = after(waiting.call, spoken(waiting));
  const [command] = hears.commands;
  t.ok(isWanted(hears.call, command!));
  const tone = after(hears.call, {
    type: 'command.settled',
    command: command!.id,
    outcome: { result: 'refused', why: 'invalid', detail: '' },
  });
  t.match(tone.commands, [{ body: { type: 'play', media: [{ type: 'tone', tone: 'ringing' }] } }]);
  const left = after(tone.call, key('1'));
  t.same(commands(left), ['stop-playback', 'play'], 'which ends with the wait');
  t.notOk(isWanted(left.call, command!), 'music is not begun again for who waits no longer');
});

t.test('an engine that stops ends the wait', async (t) => {
  const waiting = after(arrive().call, queued).call;
  const stopped = after(waiting, { type: 'engine.stopping' });
  t.match(stopped.messages, [{ type: 'withdraw-ticket', ticket, why: 'failed' }]);
  t.equal(stopped.call.ticket, null);
});

t.test('an offer that the queue takes back stops the ringing, and is not answered', async (t) => {
  const back = after(after(arrive().call, queued, offered).call, {
    type: 'offer.cancelled',
    ticket,
    agent: 'amal',
  });
  t.same(commands(back), ['hang-up']);
  t.same(back.messages, []);
  t.match(back.call, { ticket: { state: 'waiting' }, phones: [{ state: 'ending' }] });
  t.same(commands(after(arrive().call, queued, { type: 'offer.cancelled', ticket, agent: 'amal' })), []);
});

t.test('whoever puts the other on hold, the queue hears of the agent', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const agentLeg = ringing.phones[0]!.leg;
  const talking = after(ringing, { type: 'leg.answered', leg: agentLeg }).call;
  const held = after(talking, { type: 'leg.held', leg: agentLeg });
  t.same(held.messages, [{ type: 'talk-held', ticket, agent: 'amal', held: true }]);
  t.match(held.facts, [{ type: 'leg.held' }]);
  t.same(after(talking, { type: 'leg.held', leg }).messages, []);
});

t.test('a transfer that a phone asks for is declined, and both talk on', async (t) => {
  const ringing = after(arrive().call, queued, offered).call;
  const agentLeg = ringing.phones[0]!.leg;
  const talking = after(ringing, { type: 'leg.answered', leg: agentLeg }).call;
  const asked = after(talking, { type: 'transfer.requested', leg: agentLeg, to: '200', replaces: null });
  t.same(
    asked.commands.map(({ body }) => body),
    [{ type: 'answer-transfer', leg: agentLeg, result: 'declined' }],
  );
  t.same([asked.messages, asked.call.phones[0]?.state], [[], 'talking']);
});
