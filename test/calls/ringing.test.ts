/** Agents who are rung for a call that waits: told who waits, or rung beside each other. */
import t from 'tap';
import { type CallEvent, type CallSite, isWanted } from '../../src/calls/index.js';
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
  step,
} from './kit.js';

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
