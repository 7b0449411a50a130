/** What becomes of offers and of those who are offered: misses, wishes, several phones at once, races. */
import t from 'tap';
import type { AcdEvent } from '../../src/acd/index.js';
import { agent, offersOf, queue, routing, two } from './kit.js';

t.test('each cause of a miss has its own delay, and it ends by itself', async (t) => {
  const missDelayMs = { 'no-answer': 0, rejected: 30_000, busy: 60_000, unreachable: 0, failed: 5_000 };
  const d = two({ pauseAfterMisses: 0, missDelayMs }).begins('amal');
  d.asks('t1', 'general');
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'rejected' });
  d.passes(29_999);
  t.same(d.with('t1'), []);
  d.passes(1);
  t.same(d.with('t1'), ['amal']);
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'no-answer' });
  t.match(d.agent('amal'), { state: 'ready', misses: 2 });
  t.same(d.with('t1'), [], 'a phone that fails at once is not rung without a pause');
  d.passes(1_000);
  t.same(d.with('t1'), ['amal']);
  d.answers('t1', 'amal');
  t.equal(d.agent('amal').misses, 0, 'an answer forgives');
});

t.test('so many misses in a row pause the agent; what failed on our side is none', async (t) => {
  const d = two({ pauseAfterMisses: 2 }).begins('amal');
  d.asks('t1', 'general');
  const miss = (result: 'failed' | 'busy'): void => {
    d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result });
    d.passes(1_000);
  };
  miss('busy');
  miss('failed');
  t.match(d.agent('amal'), { state: 'offered', misses: 1 });
  miss('busy');
  t.match(d.agent('amal'), { state: 'paused', reason: 'missed', misses: 2 });
  d.happens({ type: 'agent.readied', agent: 'amal' });
  t.match(d.agent('amal'), { state: 'offered', misses: 0 });
});

t.test('an offer of which nobody says anything any more is given up', async (t) => {
  const d = two().begins('amal', 'bilal');
  d.asks('t1', 'general');
  d.rings('t1', 'amal');
  d.passes(24_999);
  t.same(d.with('t1'), ['amal']);
  d.passes(1);
  t.same(d.with('t1'), ['bilal']);
  t.match(d.agent('amal'), { state: 'paused', reason: 'missed' });
  t.match(d.messages.slice(-2), [
    { type: 'offer.cancelled', agent: 'amal' },
    { type: 'ticket.offered', agent: 'bilal' },
  ]);
  d.passes(25_000);
  t.match(d.agent('bilal'), { state: 'ready', misses: 0 }, 'the phone never rang: not the agent’s fault');
  t.match(
    d.facts.filter(({ type }) => type === 'offer.missed').map(({ body }) => body),
    [
      { agent: 'amal', cause: 'no-answer' },
      { agent: 'bilal', cause: 'failed' },
    ],
  );
});

t.test('who asks for a pause while talking has it after the call and its wrap-up', async (t) => {
  const d = two().begins('amal');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  t.equal(d.happens({ type: 'agent.paused', agent: 'amal', reason: 'lunch' }).refusal, null);
  t.match(d.agent('amal'), { state: 'talking', wish: { type: 'pause', reason: 'lunch' } });
  d.ends('t1', 'amal');
  t.match(d.agent('amal'), { state: 'wrap-up', wish: { type: 'pause' } });
  d.passes(20_000);
  t.match(d.agent('amal'), { state: 'paused', reason: 'lunch', wish: null });
});

t.test('a wish to sign out is done after the call too, and can be taken back', async (t) => {
  const d = two({ wrapUpMs: 0 }).begins('amal', 'bilal');
  for (const ticket of ['t1', 't2']) d.asks(ticket, 'general');
  d.answers('t1', 'amal');
  d.answers('t2', 'bilal');
  for (const name of ['amal', 'bilal']) d.happens({ type: 'agent.signed-out', agent: name });
  d.happens({ type: 'agent.readied', agent: 'bilal' });
  d.ends('t1', 'amal');
  d.ends('t2', 'bilal');
  t.match([d.agent('amal'), d.agent('bilal')], [{ state: 'offline' }, { state: 'ready', wish: null }]);
});

t.test('who pauses or signs out while the phone rings passes the caller on at once', async (t) => {
  for (const event of [
    { type: 'agent.paused', agent: 'amal', reason: 'lunch' },
    { type: 'agent.signed-out', agent: 'amal' },
  ] as const) {
    const d = two().begins('amal', 'bilal');
    d.asks('t1', 'general');
    d.rings('t1', 'amal');
    t.match(d.happens(event).messages, [
      { type: 'offer.cancelled', ticket: 't1', agent: 'amal' },
      { type: 'ticket.offered', ticket: 't1', agent: 'bilal' },
    ]);
    t.equal(d.answers('t1', 'amal').changes.length, 0, 'an answer that comes too late changes nothing');
  }
});

t.test('a pause with another reason closes one interval and opens the next', async (t) => {
  const d = two().begins('amal');
  for (const reason of ['lunch', 'training', 'training']) {
    d.at += 1_000;
    d.happens({ type: 'agent.paused', agent: 'amal', reason });
  }
  const pauses = d.facts.filter((one) => one.type === 'agent.changed' && one.body.state === 'paused');
  t.match(
    pauses.map(({ body }) => body),
    [
      { from: 'ready', reason: 'lunch' },
      { from: 'paused', reason: 'training' },
    ],
  );
  t.equal(pauses.length, 2);
  t.equal(d.agent('amal').since, d.at - 1_000);
});

t.test('hold is told apart from talking, and both count as one call', async (t) => {
  const d = two({ wrapUpMs: 10_000 }).begins('amal');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.at += 10_000;
  d.happens({ type: 'talk.held', agent: 'amal', held: true });
  d.at += 10_000;
  d.happens({ type: 'talk.held', agent: 'amal', held: false });
  d.at += 10_000;
  d.ends('t1', 'amal');
  d.passes(10_000);
  t.match(d.agent('amal'), { state: 'ready', occupiedMs: 40_000, idleSince: d.at });
  t.match(d.router.histories.get('general'), { handled: 1, handledMs: 40_000 });
});

t.test('wrap-up is extended, but not for ever, and only while it lasts', async (t) => {
  const d = two().begins('amal');
  const extend = (byMs: number) => d.happens({ type: 'agent.wrap-up-extended', agent: 'amal', byMs }).refusal;
  t.equal(extend(1_000), 'not-in-wrap-up');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.ends('t1', 'amal');
  t.equal(extend(30_000), null);
  for (const byMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 3_600_001])
    t.equal(extend(byMs), 'bad-duration');
  d.passes(49_999);
  t.equal(d.agent('amal').state, 'wrap-up');
  d.passes(1);
  t.equal(d.agent('amal').state, 'ready');
});

t.test('several ring at once, the first to answer has the caller, the others stop', async (t) => {
  const d = two({ ringAtOnce: 3 }).begins('amal', 'bilal');
  t.same(offersOf(d.asks('t1', 'general').messages), ['t1 to amal as call', 't1 to bilal as call']);
  d.rings('t1', 'amal');
  d.rings('t1', 'bilal');
  const { messages } = d.answers('t1', 'bilal');
  t.match(messages, [{ type: 'offer.cancelled', ticket: 't1', agent: 'amal' }]);
  t.match([d.agent('amal'), d.agent('bilal')], [{ state: 'ready', misses: 0 }, { state: 'talking' }]);
  t.equal(d.answers('t1', 'amal').changes.length, 0, 'the second to answer is too late');
});

t.test('of several who ring, one who misses leaves the others ringing', async (t) => {
  const d = two({ ringAtOnce: 2 }).begins('amal', 'bilal');
  d.asks('t1', 'general');
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'busy' });
  t.match(d.ticket('t1'), { state: 'offered', offers: [{ agent: 'bilal' }] });
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'bilal', result: 'busy' });
  t.match(d.ticket('t1'), { state: 'waiting' });
});

t.test('nobody rings twice while another caller has nobody', async (t) => {
  const d = two({ ringAtOnce: 2 }).begins('amal', 'bilal');
  for (const name of ['amal', 'bilal']) d.happens({ type: 'agent.paused', agent: name, reason: 'meeting' });
  d.asks('t1', 'general');
  d.asks('t2', 'general');
  const agents = [agent('amal', ['general']), agent('bilal', ['general']), agent('carla', ['general'])];
  d.happens({
    type: 'routing.changed',
    routing: routing([queue('general', { ringAtOnce: 2 })], agents),
  });
  for (const name of ['amal', 'bilal']) d.happens({ type: 'agent.readied', agent: name });
  t.same([d.with('t1'), d.with('t2')], [['amal'], ['bilal']]);
});

t.test('who drops and calls again in time has the old place', async (t) => {
  const d = two({ rejoinMs: 30_000 }).begins('amal');
  d.asks('t0', 'general');
  d.answers('t0', 'amal');
  d.asks('t1', 'general', { caller: 'h1' });
  d.at += 1_000;
  d.asks('t2', 'general');
  d.happens({ type: 'ticket.withdrawn', ticket: 't1', why: 'caller-gone' });
  d.passes(29_000);
  d.asks('t3', 'general', { caller: 'h1' });
  d.ends('t0', 'amal');
  d.happens({ type: 'agent.wrap-up-ended', agent: 'amal' });
  t.same(d.with('t3'), ['amal'], 'before t2');
});

t.test('whoever is late, left by a key, or withholds the number, begins anew', async (t) => {
  const d = two({ rejoinMs: 30_000 }).begins('amal');
  d.asks('t0', 'general');
  d.answers('t0', 'amal');
  for (const [ticket, caller, why] of [
    ['t1', 'h1', 'left'],
    ['t2', null, 'caller-gone'],
    ['t3', 'h3', 'caller-gone'],
  ] as const) {
    d.asks(ticket, 'general', { caller });
    d.happens({ type: 'ticket.withdrawn', ticket, why });
  }
  d.passes(30_001);
  for (const caller of ['h1', null, 'h3']) {
    d.asks(`again-${caller}`, 'general', { caller });
    t.equal(d.ticket(`again-${caller}`)?.joined, d.at);
  }
  t.equal(d.router.places.size, 0, 'and nothing is kept for ever');
});

t.test('who hangs up before the caller is there gives the caller back', async (t) => {
  const d = two().begins('amal', 'bilal');
  d.asks('t1', 'general');
  const joined = d.ticket('t1')?.joined;
  d.answers('t1', 'amal');
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'rejected' });
  t.match(d.ticket('t1'), { state: 'offered', joined, offers: [{ agent: 'bilal' }] });
  t.equal(d.router.histories.get('general')?.handled ?? 0, 0, 'nothing was handled');
});

t.test(
  'an agent whose phone is away is offered nothing, and is back as ready within the grace time',
  async (t) => {
    const d = two().begins('amal');
    const registered = (is: boolean) =>
      d.happens({ type: 'phone.registered', phone: 'phone-amal', registered: is });
    registered(false);
    d.asks('t1', 'general');
    t.match(d.ticket('t1'), { state: 'waiting' }, 'somebody is signed in');
    d.passes(29_999);
    t.same(offersOf(registered(true).messages), ['t1 to amal as call']);
    d.happens({ type: 'ticket.withdrawn', ticket: 't1', why: 'left' });
    registered(false);
    d.passes(30_000);
    t.match(d.agent('amal'), { state: 'offline' });
    registered(true);
    t.match(d.agent('amal'), { state: 'offline' }, 'too late: the agent signs in again');
  },
);

t.test(
  'a phone that goes away during a call does not end it; the agent is signed out afterwards',
  async (t) => {
    const d = two({ wrapUpMs: 0 }).begins('amal');
    d.asks('t1', 'general');
    d.answers('t1', 'amal');
    d.happens({ type: 'phone.registered', phone: 'phone-amal', registered: false });
    d.passes(60_000);
    t.match(d.agent('amal'), { state: 'talking' });
    d.ends('t1', 'amal');
    t.match(d.agent('amal'), { state: 'offline' });
  },
);

t.test(
  'phones that are lost and found, and agents who move to another, stand in the event log',
  async (t) => {
    const d = two().begins('amal');
    d.facts.length = 0;
    const facts = (event: AcdEvent) => d.happens(event).facts;
    const phone = (name: string, registered: boolean) =>
      facts({ type: 'phone.registered', phone: name, registered });
    t.same(phone('phone-amal', false), [
      { type: 'phone.lost', subject: 'phone:phone-amal', body: { agent: 'amal' } },
    ]);
    t.same(phone('phone-amal', false), [], 'once');
    t.same(phone('phone-amal', true), [
      { type: 'phone.found', subject: 'phone:phone-amal', body: { agent: 'amal' } },
    ]);
    t.same(phone('spare', true), [{ type: 'phone.found', subject: 'phone:spare', body: { agent: null } }]);
    t.same(facts({ type: 'agent.signed-in', agent: 'amal', phone: 'spare' }), [
      { type: 'agent.moved', subject: 'agent:amal', body: { from: 'phone-amal', to: 'spare' } },
    ]);
    t.match(phone('spare', false), [{ body: { agent: 'amal' } }]);
  },
);

t.test('what an agent asks for and cannot have is named', async (t) => {
  const d = two().begins('amal');
  const refusal = (event: AcdEvent) => {
    const decision = d.happens(event);
    if (decision.refusal !== null) t.equal(decision.changes.length, 0);
    return decision.refusal;
  };
  t.equal(refusal({ type: 'agent.signed-in', agent: 'zoe', phone: null }), 'unknown-agent');
  t.equal(refusal({ type: 'agent.signed-in', agent: 'amal', phone: null }), 'already-signed-in');
  t.equal(refusal({ type: 'agent.signed-in', agent: 'bilal', phone: 'phone-amal' }), 'phone-in-use');
  t.equal(
    refusal({ type: 'agent.signed-in', agent: 'amal', phone: 'spare' }),
    null,
    'two phones: the last counts',
  );
  t.match(d.agent('amal'), { phone: 'spare', reachable: false });
  t.equal(refusal({ type: 'agent.signed-in', agent: 'amal', phone: null }), null);
  t.equal(refusal({ type: 'agent.paused', agent: 'bilal', reason: 'lunch' }), 'offline');
  t.equal(refusal({ type: 'agent.readied', agent: 'bilal' }), 'offline');
  t.equal(refusal({ type: 'agent.signed-out', agent: 'bilal' }), 'offline');
  t.equal(refusal({ type: 'agent.wrap-up-ended', agent: 'amal' }), 'not-in-wrap-up');
  d.asks('t1', 'general');
  t.equal(refusal({ type: 'agent.signed-in', agent: 'amal', phone: 'spare' }), 'busy');
});

/** Every order of the list. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, i) => orders(list.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));
}

t.test('answer, hang-up, time-out, sign-out and rejection race: every order ends well', async (t) => {
  const racers: readonly AcdEvent[] = [
    { type: 'offer.answered', ticket: 't1', agent: 'amal' },
    { type: 'ticket.withdrawn', ticket: 't1', why: 'caller-gone' },
    { type: 'deadline.due' },
    { type: 'agent.signed-out', agent: 'amal' },
    { type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'rejected' },
  ];
  for (const ringAtOnce of [1, 2]) {
    for (const order of orders(racers)) {
      const d = two({ ringAtOnce }).begins('amal', 'bilal');
      d.asks('t1', 'general');
      d.rings('t1', 'amal');
      d.at += 25_000;
      const rung = new Set(d.with('t1'));
      for (const event of order) {
        for (const one of d.happens(event).messages) {
          if (one.type === 'ticket.offered') rung.add(one.agent);
          if (one.type === 'offer.cancelled') rung.delete(one.agent);
        }
      }
      const where = order.map(({ type }) => type).join();
      t.equal(d.ticket('t1'), undefined, `the caller is gone: ${where}`);
      t.ok(!rung.has('bilal'), `bilal rings for nobody: ${where}`);
      t.equal(d.agent('bilal').ticket, null, where);
      d.passes(60_000);
      t.match(d.agent('amal'), { state: 'offline', ticket: null }, where);
      t.match(d.agent('bilal').state, /ready|paused/, where);
    }
  }
});
