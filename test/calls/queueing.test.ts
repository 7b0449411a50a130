/** A call that waits for an agent: what it says to the queue, and what it does as the queue says. */
import t from 'tap';
import { asLegId, type Key } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  type CallSite,
  isWanted,
} from '../../src/calls/index.js';
import { afterEvents, arrives, siteWithFlow } from '../kit/decided-call.js';

const leg = asLegId('in');
const site = siteWithFlow(
  `
onedoor: 1
flow: waits
numbers: ["200"]
languages: [en]
start: wait
steps:
  wait:
    queue: { name: general, need: { parking: 2 }, say: how-was-it, keys: { 1: bye }, no-answer-after: { seconds: 60, go: tired }, answered: bye, nobody: nobody, failed: failed }
  bye: { say: goodbye, go: hang-up }
  tired: { say: unclear, go: hang-up }
  nobody: { say: nobody, go: hang-up }
  failed: { say: sorry, go: hang-up }
`,
  {
    queues: new Map([
      [
        'general',
        {
          calendar: null,
          maxWaitMs: 40_000,
          ringMs: 15_000,
          callback: { ringMs: 25_000, whenClosed: 'keep' as const },
          whisper: null,
          record: null,
          music: true,
          agents: [{ name: 'amal', phone: 'agent-1', language: 'en' }],
        },
      ],
    ]),
  },
);

const arrive = (): CallDecision => arrives(site);
const after = (call: Call, ...events: readonly CallEvent[]): CallDecision => afterEvents(site, call, events);
const afterAt = (other: CallSite, call: Call, ...events: readonly CallEvent[]): CallDecision =>
  afterEvents(other, call, events);

const ticket = arrive().call.ticket?.id ?? '';
const queued: CallEvent = { type: 'ticket.queued', ticket };
const offered: Extract<CallEvent, { type: 'ticket.offered' }> = {
  type: 'ticket.offered',
  ticket,
  agent: 'amal',
  phone: 'agent-1',
  ringMs: 15_000,
  kind: 'call',
};
const key = (pressed: Key): CallEvent => ({ type: 'key.pressed', leg, key: pressed, durationMs: 100 });
const due = (id: string, frame: number): CallEvent => ({ type: 'deadline.due', id, frame });
const commands = ({ commands }: CallDecision): string[] => commands.map(({ body }) => body.type);
const spoken = ({ call }: CallDecision): CallEvent => ({
  type: 'playback.finished',
  leg,
  playback: call.speaking?.playback ?? ('none' as never),
  result: 'done',
});
const step = ({ call }: CallDecision): string => call.lastStep;

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

// --- the agent is told who waits

const whispers: CallSite = {
  ...site,
  queues: new Map([['general', { ...site.queues.get('general')!, whisper: 'please-wait' }]]),
};
const rung = afterAt(whispers, arrive().call, queued, offered).call;
const phone = rung.phones[0]!.leg;
const briefed = afterAt(whispers, rung, { type: 'leg.answered', leg: phone });
const heardOut: CallEvent = {
  type: 'playback.finished',
  leg: phone,
  playback: briefed.call.phones[0]!.briefing!,
  result: 'done',
};

t.test('an agent who picks up is told who waits, while the caller hears the music', async (t) => {
  t.same(
    briefed.commands.map(({ body }) => body),
    [
      {
        type: 'play',
        leg: phone,
        playback: briefed.call.phones[0]?.briefing,
        media: [{ type: 'file', path: 'en/please-wait' }],
      },
    ],
  );
  t.same(briefed.messages, [{ type: 'offer-answered', ticket, agent: 'amal' }]);
  t.equal(briefed.call.ticket?.state, 'waiting');
  t.ok(isWanted(briefed.call, briefed.commands[0]!));
  const talking = afterAt(whispers, briefed.call, heardOut);
  t.same(commands(talking), ['stop-playback', 'bridge']);
  t.match(talking.call, { phones: [{ state: 'talking' }], ticket: { state: 'connected' } });
  t.notOk(talking.call.phones[0]?.briefing);
  t.match(talking.facts, [
    { type: 'dial.answered' },
    { type: 'talk.began', body: { leg: phone, kind: 'agent', who: 'amal', by: 'offer', ticket } },
    { type: 'ticket.connected', body: { agent: 'amal' } },
  ]);
});

t.test(
  'words for the agent whose end is never told, or that cannot be played, keep nobody apart',
  async (t) => {
    const overdue = afterAt(whispers, briefed.call, due(`briefing/${phone}`, -1));
    t.equal(overdue.call.phones[0]?.state, 'talking');
    const refused = afterAt(whispers, briefed.call, {
      type: 'command.settled',
      command: briefed.commands[0]!.id,
      outcome: { result: 'refused', why: 'invalid', detail: '' },
    });
    t.equal(refused.call.phones[0]?.state, 'talking');
  },
);

t.test(
  'an agent who hangs up on hearing who waits has turned the caller down: the ticket waits on',
  async (t) => {
    const down = afterAt(whispers, briefed.call, {
      type: 'leg.ended',
      leg: phone,
      cause: { q850: 16, sip: null },
    });
    t.same(down.messages, [{ type: 'offer-ended', ticket, agent: 'amal', result: 'rejected' }]);
    t.match(down.call, { dial: null, ticket: { state: 'waiting' } });
  },
);

t.test('a caller who hangs up while the agent is told who waits takes the call away', async (t) => {
  const gone = afterAt(whispers, briefed.call, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } });
  t.match(
    gone.commands.map(({ body }) => body),
    [{ type: 'hang-up', leg: phone }],
  );
  t.match(gone.messages, [
    { type: 'withdraw-ticket', why: 'caller-gone' },
    { type: 'offer-ended', result: 'caller-gone' },
    { type: 'end-contact' },
  ]);
});

t.test('a key leaves the queue while the agent is told who waits', async (t) => {
  const left = afterAt(whispers, briefed.call, key('1'));
  t.equal(step(left), 'waits/bye');
  t.equal(left.call.phones[0]?.state, 'ending');
  t.match(left.messages, [
    { type: 'offer-ended', result: 'caller-gone' },
    { type: 'withdraw-ticket', why: 'left' },
  ]);
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

// --- several agents are rung at once

const both = after(arrive().call, queued, offered, { ...offered, agent: 'omar', phone: 'agent-2' }).call;
const [first, second] = both.phones.map((rung) => rung.leg);
const others: CallEvent = { type: 'offer.cancelled', ticket, agent: 'amal' };

t.test('the first of several who are rung has the caller, and the others stop ringing', async (t) => {
  t.same(
    both.phones.map(({ phone, state }) => [phone, state]),
    [
      ['agent-1', 'ringing'],
      ['agent-2', 'ringing'],
    ],
  );
  const answered = after(both, { type: 'leg.answered', leg: second! });
  t.same(answered.messages, [{ type: 'offer-answered', ticket, agent: 'omar' }]);
  t.match(
    answered.commands.map(({ body }) => body).filter(({ type }) => type !== 'stop-playback'),
    [{ type: 'bridge', legs: [leg, second] }],
  );
  const told = after(answered.call, others);
  t.match(
    told.commands.map(({ body }) => body),
    [{ type: 'hang-up', leg: first }],
  );
  t.same(told.messages, [], 'no miss of hers');
  t.match(told.facts, [{ type: 'dial.ended', body: { leg: first, result: 'cancelled' } }]);
  // Both picked up at the same moment.
  const late = after(told.call, { type: 'leg.answered', leg: first! });
  t.same([late.messages, late.call.phones.map(({ state }) => state)], [[], ['ending', 'talking']]);
  const gone = after(late.call, { type: 'leg.ended', leg: first!, cause: { q850: 16, sip: null } });
  t.same(commands(gone), [], 'the caller talks on');
  t.equal(gone.call.ticket?.state, 'connected');
});

t.test(
  'who of several is busy, rejects or cannot be rung does not end the ringing of the others',
  async (t) => {
    const busy = after(both, { type: 'leg.ended', leg: first!, cause: { q850: 17, sip: null } });
    t.same(busy.messages, [{ type: 'offer-ended', ticket, agent: 'amal', result: 'busy' }]);
    t.match(busy.call, { phones: [{ leg: second, state: 'ringing' }], ticket: { state: 'waiting' } });
    const refused = after(both, {
      type: 'command.settled',
      command: both.commands.find(({ body }) => body.type === 'originate')!.id,
      outcome: { result: 'refused', why: 'unreachable', detail: '' },
    });
    t.match(refused.call.phones, [{ leg: second, state: 'ringing' }]);
    const overdue = after(both, due(`ring/${first}`, -1));
    t.match(overdue.messages, [{ type: 'offer-ended', agent: 'amal', result: 'no-answer' }]);
    t.match(overdue.call.phones, [{ state: 'ending' }, { state: 'ringing' }]);
  },
);

t.test('a caller who hangs up, or leaves by a key, stops all the phones', async (t) => {
  for (const event of [key('1'), { type: 'leg.ended', leg, cause: { q850: 16, sip: null } } as const]) {
    const left = after(both, event);
    t.match(
      left.commands.flatMap(({ body }) => (body.type === 'hang-up' ? [body.leg] : [])),
      [first, second],
    );
    t.same(
      left.call.phones.map(({ state }) => state),
      ['ending', 'ending'],
    );
  }
});
