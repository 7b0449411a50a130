/** What callers are told of their wait, and how true it is. */
import fc from 'fast-check';
import t from 'tap';
import { announce, apply, estimate, explain, overview, type RoutingQueue } from '../../src/acd/index.js';
import { agent, Desk, queue, routing } from './kit.js';

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Told {
  readonly queue: string;
  readonly at: number;
  readonly waitMs: number;
  /** What app_queue would have said: abs(average wait + 30 - waited), in s. */
  readonly peerMs: number;
}

interface Floor {
  readonly queues: readonly RoutingQueue[];
  readonly agents: readonly (readonly string[])[];
  /** Calls a second to each queue. */
  readonly rate: Readonly<Record<string, number>>;
  readonly handleMs: Readonly<Record<string, number>>;
  readonly patienceMs: number;
}

/** A few hours of a busy floor: every caller is told on entry and every 30 s; what came true stands beside it. */
function run({ queues, agents, rate, handleMs, patienceMs }: Floor, seconds: number, seed: number) {
  const random = dice(seed);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  // Handling times are lognormal with a spread of about 0.7, as call centres measure them.
  const lognormal = (mean: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return mean * Math.exp(0.63 * normal - 0.63 ** 2 / 2);
  };
  const names = agents.map((_, i) => `agent-${i}`);
  const d = new Desk(
    routing(
      queues,
      agents.map((of, i) => agent(`agent-${i}`, of)),
    ),
  ).begins(...names);
  const told = new Map<string, Told[]>();
  const said: { readonly queue: string; readonly error: number; readonly peer: number }[] = [];
  const rises: string[] = [];
  const averages = new Map<string, number>();
  const agenda: { readonly at: number; readonly run: () => void }[] = [];
  const plan = (ms: number, then: () => void): void => {
    agenda.push({ at: d.at + ms, run: then });
  };

  const settled = (id: string): void => {
    for (const one of told.get(id) ?? []) {
      const real = d.at - one.at;
      // Whoever waits no time at all has no share of it to be wrong by.
      if (real < 10_000 || one.at < 1_000_000 + 1_800_000) continue;
      said.push({
        queue: one.queue,
        error: Math.abs(one.waitMs - real) / real,
        peer: Math.abs(one.peerMs - real) / real,
      });
    }
    told.delete(id);
  };
  const listen = (): void => {
    for (const one of d.messages.splice(0)) {
      if (one.type !== 'ticket.offered') continue;
      const { ticket: id, agent: name } = one;
      const ticket = d.ticket(id);
      if (ticket === undefined) continue;
      settled(id);
      const waited = d.at - ticket.joined;
      averages.set(ticket.queue, ((averages.get(ticket.queue) ?? 0) * 3 + waited) / 4);
      d.answers(id, name);
      plan(lognormal(handleMs[ticket.queue] ?? 0), () => {
        d.ends(id, name);
        listen();
      });
    }
  };
  const tell = (id: string): void => {
    const ticket = d.ticket(id);
    if (ticket?.state !== 'waiting') return;
    const before = ticket.announced;
    const now = announce(d.router, id, d.at);
    if (now?.waitMs != null && now.change !== null) {
      apply(d.router, { changes: [now.change], routing: null });
      const waited = d.at - ticket.joined;
      const peerMs = Math.abs((averages.get(ticket.queue) ?? 0) + 30_000 - waited);
      told.set(id, [...(told.get(id) ?? []), { queue: ticket.queue, at: d.at, waitMs: now.waitMs, peerMs }]);
      const after = d.ticket(id)?.announced;
      if (before !== null && now.waitMs > before.waitMs)
        if ((after?.staff ?? 0) >= before.staff && (after?.ahead ?? 0) <= before.ahead) rises.push(id);
    }
    plan(30_000, () => tell(id));
  };
  let count = 0;
  const arrive = (name: string): void => {
    const id = `t${++count}`;
    d.asks(id, name);
    listen();
    tell(id);
    plan(exponential(patienceMs), () => {
      if (d.ticket(id)?.state !== 'waiting') return;
      told.delete(id);
      d.happens({ type: 'ticket.withdrawn', ticket: id, why: 'caller-gone' });
    });
    plan(exponential(1_000 / (rate[name] ?? 1)), () => arrive(name));
  };
  for (const { name } of queues) arrive(name);
  const end = d.at + seconds * 1_000;
  for (;;) {
    agenda.sort((a, b) => a.at - b.at);
    const next = agenda.shift();
    const due = d.last?.due ?? null;
    if (next === undefined || next.at > end) break;
    if (due !== null && due < next.at) {
      agenda.unshift(next);
      d.at = Math.max(d.at, due);
      d.happens({ type: 'deadline.due' });
    } else {
      d.at = next.at;
      next.run();
    }
    listen();
  }
  return { said, rises };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const floors: Readonly<Record<string, Floor>> = {
  'one queue, twenty agents, more calls than they can take': {
    queues: [queue('general')],
    agents: Array.from({ length: 20 }, () => ['general']),
    rate: { general: 0.13 },
    handleMs: { general: 150_000 },
    patienceMs: 400_000,
  },
  'two queues, a third of the agents in both': {
    queues: [queue('general'), queue('tax')],
    agents: Array.from({ length: 24 }, (_, i) => [['general'], ['tax'], ['general', 'tax']][i % 3] ?? []),
    rate: { general: 0.09, tax: 0.06 },
    handleMs: { general: 130_000, tax: 200_000 },
    patienceMs: 600_000,
  },
};

for (const [name, floor] of Object.entries(floors)) {
  t.test(`the estimate is true: ${name}`, async (t) => {
    const { said, rises } = run(floor, 6 * 3_600, 11);
    t.ok(said.length > 1_000, `${said.length} announcements`);
    t.same(rises, [], 'none rises without a cause');
    for (const { name } of floor.queues) {
      const own = said.filter((one) => one.queue === name);
      const [error, peer] = [median(own.map((one) => one.error)), median(own.map((one) => one.peer))];
      const figures = `${name}: median error ${(error * 100).toFixed(1)} %, app_queue's formula ${(peer * 100).toFixed(1)} %, of ${own.length}`;
      t.comment(figures);
      t.ok(error < peer, figures);
    }
    const all = median(said.map(({ error }) => error));
    t.ok(all <= 0.3, `of all: ${(all * 100).toFixed(1)} %`);
  });
}

/** One queue of one agent, who has handled three calls of 100 s each. */
function known(agents: readonly string[]): Desk {
  const d = new Desk(
    routing(
      [queue('general', { wrapUpMs: 0 })],
      agents.map((name) => agent(name, ['general'])),
    ),
  ).begins('amal');
  for (const ticket of ['k1', 'k2', 'k3']) {
    d.asks(ticket, 'general');
    d.answers(ticket, 'amal');
    d.at += 100_000;
    d.ends(ticket, 'amal');
  }
  d.asks('k4', 'general');
  d.answers('k4', 'amal');
  return d;
}

function isNear(told: number | null | undefined, ms: number, share = 0.05): boolean {
  return told != null && Math.abs(told - ms) <= ms * share;
}

t.test('each caller before costs a call, and of the call that is spoken the rest', async (t) => {
  const d = known(['amal']);
  for (const ticket of ['t1', 't2', 't3']) d.asks(ticket, 'general');
  const toldAfter = (ms: number): readonly (readonly [number, number | null])[] => {
    d.at += ms;
    return ['t1', 't2', 't3'].map((id) => {
      const now = estimate(d.router, id, d.at);
      return [now?.position ?? 0, now?.waitMs ?? null];
    });
  };
  const first = toldAfter(0);
  const second = toldAfter(60_000);
  const third = toldAfter(140_000);
  t.same(
    first.map(([position]) => position),
    [1, 2, 3],
  );
  // Agents pick up at once, for which a second is reckoned.
  for (const [i, ms] of [101_000, 201_000, 301_000].entries())
    t.ok(isNear(first[i]?.[1], ms, 0.15), `${i + 1}: ${first[i]?.[1]}`);
  for (const [i, ms] of [41_000, 141_000, 241_000].entries())
    t.ok(isNear(second[i]?.[1], ms, 0.15), `${i + 1}, a minute later: ${second[i]?.[1]}`);
  t.ok((third[0]?.[1] ?? 0) > 1_000, 'a call that lasts twice as long as any before may still last');
  t.equal(estimate(d.router, 'k4', d.at), null, 'who is answered waits no more');
  t.equal(estimate(d.router, 'nobody', d.at), null);
});

t.test('whoever is served by more agents from a time on is told of that time', async (t) => {
  const relax = [{ afterMs: 30_000, lower: { tax: 1 }, drop: [], add: [] }];
  const d = new Desk(
    routing(
      [queue('general'), queue('tax', { needs: [{ tax: 3 }], relax })],
      [agent('amal', ['general', 'tax'], { tax: 5 }), agent('bilal', ['general', 'tax'], { tax: 1 })],
    ),
  ).begins('amal');
  for (const ticket of ['k1', 'k2', 'k3', 'k4']) {
    d.asks(ticket, 'general');
    d.answers(ticket, 'amal');
    d.at += 300_000;
    if (ticket === 'k4') break;
    d.ends(ticket, 'amal');
    d.happens({ type: 'agent.wrap-up-ended', agent: 'amal' });
  }
  d.at -= 250_000;
  d.begins('bilal');
  d.asks('t1', 'tax');
  t.ok(
    isNear(estimate(d.router, 't1', d.at)?.waitMs, 31_000),
    'in half a minute, though amal talks for longer',
  );
  d.at += 10_000;
  t.ok(isNear(estimate(d.router, 't1', d.at)?.waitMs, 21_000), 'and ten seconds later in twenty');
});

t.test('a caller who waits for one agent alone is told of the others from when they may', async (t) => {
  const d = known(['amal', 'bilal']).begins('bilal');
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: 'amal', forMs: 20_000 } });
  t.equal(d.ticket('t1')?.state, 'waiting', 'bilal is free, and not asked');
  t.ok(isNear(estimate(d.router, 't1', d.at)?.waitMs, 21_000));
});

t.test('what is told knows how long agents take to pick up', async (t) => {
  const d = new Desk(routing([queue('general')], [agent('amal', ['general'])])).begins('amal');
  for (const ticket of ['k1', 'k2', 'k3', 'k4']) {
    d.asks(ticket, 'general');
    d.at += 8_000;
    d.answers(ticket, 'amal');
    d.at += 100_000;
    d.ends(ticket, 'amal');
    if (ticket !== 'k4') d.happens({ type: 'agent.wrap-up-ended', agent: 'amal' });
  }
  d.asks('t1', 'general');
  const told = estimate(d.router, 't1', d.at)?.waitMs;
  t.ok(isNear(told, 28_000), `wrap-up is over in 20 s, and 8 s pass until both talk: ${told}`);
});

t.test('of two who wrap up the first serves who stands before, and the caller has the second', async (t) => {
  const d = new Desk(
    routing(
      [queue('general'), queue('tax', { needs: [{ tax: 1 }] })],
      [agent('amal', ['general', 'tax'], { tax: 1 }), agent('bilal', ['general', 'tax'], { tax: 1 })],
    ),
  ).begins('amal', 'bilal');
  for (const ticket of ['k0', 'k1', 'k2', 'k3', 'k4']) {
    d.asks(ticket, 'general');
    const by = d.ticket(ticket)?.offers[0]?.agent ?? '';
    d.answers(ticket, by);
    d.at += ticket === 'k4' ? 10_000 : 100_000;
    if (ticket === 'k3') continue;
    d.ends(ticket, by);
    if (ticket !== 'k4') d.happens({ type: 'agent.wrap-up-ended', agent: by });
  }
  // One is in wrap-up for 20 s; the other, who took k3, is in 5 s later.
  d.at += 5_000;
  d.ends('k3', d.ticket('k3')?.agent ?? '');
  d.asks('t1', 'tax');
  d.asks('t2', 'general');
  const told = ['t1', 't2'].map((id) => estimate(d.router, id, d.at)?.waitMs);
  t.ok(isNear(told[0], 16_000), `${told[0]}`);
  t.ok(isNear(told[1], 21_000), `${told[1]}`);
});

t.test('who pauses after the call is no help: where nobody else is there, nobody knows', async (t) => {
  const d = known(['amal']);
  d.asks('t1', 'general');
  t.not(estimate(d.router, 't1', d.at)?.waitMs, null);
  d.happens({ type: 'agent.paused', agent: 'amal', reason: 'lunch' });
  t.same(estimate(d.router, 't1', d.at), { position: 1, waitMs: null });
});

t.test('where no call was handled yet, or nobody is at work, only the position is known', async (t) => {
  const d = new Desk(routing([queue('general')], [agent('amal', ['general'])])).begins('amal');
  d.happens({ type: 'agent.paused', agent: 'amal', reason: 'lunch' });
  d.asks('t1', 'general');
  t.same(estimate(d.router, 't1', d.at), { position: 1, waitMs: null });
  t.match(announce(d.router, 't1', d.at), { position: 1, waitMs: null, change: null });
});

t.test(
  'what is told never rises while nothing happens, and rises when staff goes or somebody comes before',
  async (t) => {
    const d = known(['amal', 'bilal']);
    d.happens({ type: 'phone.registered', phone: 'phone-bilal', registered: true });
    d.asks('t1', 'general');
    d.asks('t2', 'general');
    const tell = (): number | null => {
      const told = announce(d.router, 't2', d.at);
      if (told?.change != null) apply(d.router, { changes: [told.change], routing: null });
      return told?.waitMs ?? null;
    };
    const first = tell() ?? 0;
    t.ok(isNear(first, 201_000, 0.15), `${first}`);
    d.at += 100_000;
    const second = tell() ?? 0;
    t.ok(isNear(second, 101_000, 0.15), `nobody has moved, but time went by: ${second}`);
    d.at += 100_000;
    t.ok((estimate(d.router, 't2', d.at)?.waitMs ?? 0) > second, 'the call lasts longer than foreseen');
    t.equal(tell(), second, 'but the caller does not hear of more');
    d.asks('t3', 'general', { priority: 10 });
    const third = tell() ?? 0;
    t.ok(third > second + 50_000, `somebody of priority came before: ${third}`);
    d.happens({ type: 'agent.signed-in', agent: 'bilal', phone: null });
    d.answers('t3', 'bilal');
    const fourth = tell() ?? 0;
    t.ok(fourth < third, `two are at work: ${fourth}`);
    d.happens({ type: 'agent.paused', agent: 'bilal', reason: 'lunch' });
    t.equal(tell(), fourth, 'a wish is not a pause');
    d.at += 100_000;
    d.ends('t3', 'bilal');
    t.ok((tell() ?? 0) > fourth, 'staff went away');
  },
);

t.test('whoever wraps up is free when that ends, and who talks wraps up first', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { wrapUpMs: 20_000 })],
      ['amal', 'bilal'].map((name) => agent(name, ['general'])),
    ),
  ).begins('amal', 'bilal');
  for (const ticket of ['k1', 'k2', 'k3']) {
    d.asks(ticket, 'general');
    const by = d.ticket(ticket)?.offers[0]?.agent ?? '';
    d.answers(ticket, by);
    d.at += 100_000;
    d.ends(ticket, by);
    d.at += 20_000;
    d.happens({ type: 'deadline.due' });
  }
  const talks = ['k4', 'k5'].map((ticket) => {
    d.asks(ticket, 'general');
    const by = d.ticket(ticket)?.offers[0]?.agent ?? '';
    d.answers(ticket, by);
    return by;
  });
  d.asks('t1', 'general');
  // Two talk, 100 s each; then 20 s of wrap-up, and a second to pick up.
  const waitMs = (): number | undefined => estimate(d.router, 't1', d.at)?.waitMs ?? undefined;
  t.ok(isNear(waitMs(), 116_000), `the first of the two: ${waitMs()}`);
  d.at += 10_000;
  d.ends('k4', talks[0] ?? '');
  t.ok(isNear(waitMs(), 21_000), `${waitMs()}`);
  d.at += 15_000;
  t.ok(isNear(waitMs(), 6_000), `${waitMs()}`);
});

/** What happens next on a small floor, to whom, and how long after. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom(
      'ask',
      'ask',
      'urgent',
      'answer',
      'end',
      'end',
      'ready',
      'pause',
      'leave',
      'away',
      'back',
    ),
    whom: fc.nat({ max: 4 }),
    afterMs: fc.integer({ min: 0, max: 90_000 }),
  }),
  { minLength: 20, maxLength: 80, size: 'max' },
);

t.test('whatever happens, what a caller is told rises for a cause alone', async (t) => {
  const relax = [{ afterMs: 40_000, lower: { tax: 1 }, drop: [], add: ['general'] }];
  let told = 0;
  const property = fc.property(happenings, (all) => {
    const names = ['amal', 'bilal', 'carla', 'dina', 'elif'];
    const d = new Desk(
      routing(
        [queue('general'), queue('tax', { needs: [{ tax: 3 }], relax, priority: 1 })],
        names.map((name, i) => agent(name, i % 2 === 0 ? ['general', 'tax'] : ['general'], { tax: 1 + i })),
      ),
    ).begins(...names.slice(0, 4));
    for (const ticket of ['k1', 'k2', 'k3']) {
      d.asks(ticket, 'general');
      const by = d.ticket(ticket)?.offers[0]?.agent ?? '';
      d.answers(ticket, by);
      d.at += 60_000;
      d.ends(ticket, by);
    }
    let asked = 0;
    for (const { what, whom, afterMs } of all) {
      d.at += afterMs;
      while (d.last?.due != null && d.last.due <= d.at) d.happens({ type: 'deadline.due' });
      const name = names[whom] ?? '';
      const phone = `phone-${name}`;
      const { ticket = null } = d.router.agents.get(name) ?? {};
      const waiting = [...d.router.tickets.values()].filter(({ state }) => state === 'waiting');
      if (what === 'ask') d.asks(`t${++asked}`, whom < 2 ? 'tax' : 'general');
      else if (what === 'urgent') d.asks(`t${++asked}`, 'general', { priority: 9 });
      else if (what === 'answer' && ticket !== null) d.answers(ticket, name);
      else if (what === 'end' && ticket !== null) d.ends(ticket, name);
      else if (what === 'ready') d.happens({ type: 'agent.readied', agent: name });
      else if (what === 'pause') d.happens({ type: 'agent.paused', agent: name, reason: 'lunch' });
      else if (what === 'away') d.happens({ type: 'phone.registered', phone, registered: false });
      else if (what === 'back') d.happens({ type: 'phone.registered', phone, registered: true });
      else if (what === 'leave')
        d.happens({ type: 'ticket.withdrawn', ticket: waiting[whom]?.id ?? '', why: 'caller-gone' });
      for (const { id, announced: before } of waiting.filter((_, i) => i % 5 === whom)) {
        const now = announce(d.router, id, d.at);
        if (now?.change == null || now.waitMs === null) continue;
        told++;
        apply(d.router, { changes: [now.change], routing: null });
        if (!Number.isSafeInteger(now.waitMs) || now.waitMs <= 0) throw new Error(`told ${now.waitMs}`);
        const after = d.ticket(id)?.announced;
        if (before === null || after == null || now.waitMs <= before.waitMs) continue;
        if (after.staff >= before.staff && after.ahead <= before.ahead)
          throw new Error(`${id} was told ${before.waitMs}, then ${now.waitMs}`);
      }
    }
  });
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 100 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
  t.ok(told > 1_000, `${told} announcements`);
});

const longDelays = {
  'no-answer': 60_000,
  rejected: 60_000,
  busy: 60_000,
  unreachable: 60_000,
  failed: 60_000,
};

t.test('why a caller waits is told in numbers', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { needs: [{ tax: 2 }], pauseAfterMisses: 0, missDelayMs: longDelays })],
      [
        agent('amal', ['general'], { tax: 2 }),
        agent('bilal', ['general'], { tax: 5 }),
        agent('carla', ['general'], { tax: 1 }),
        agent('dina', ['general'], { tax: 3 }),
        agent('elif', ['elsewhere'], { tax: 3 }),
      ],
    ),
  ).begins('amal', 'bilal', 'carla');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.asks('t2', 'general');
  d.happens({ type: 'offer.ended', ticket: 't2', agent: 'bilal', result: 'rejected' });
  d.at += 5_000;
  t.match(explain(d.router, 't2', d.at), {
    waitedMs: 5_000,
    step: 0,
    needs: [{ tax: 2 }],
    strategy: 'longest-idle',
    preferred: false,
    others: [],
    otherCount: 0,
    against: { talking: 1, missed: 1, offline: 1, 'lacks:tax>=2': 1 },
  });
  t.equal(explain(d.router, 'nobody', d.at), null);
});

t.test('queues and agents at a glance', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { needs: [{ en: 1 }] }), queue('tax')],
      [agent('amal', ['general'], { en: 1, ar: 1 }), agent('bilal', ['tax'])],
    ),
  ).begins('amal');
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.asks('t2', 'general');
  d.at += 3_000;
  d.asks('t3', 'general', { needs: { ar: 1 } });
  d.happens({ type: 'ticket.parked', ticket: 't3', caller: null });
  const { queues, agents, states } = overview(d.router, d.at + 1_000);
  t.same(queues, [
    { queue: 'general', waiting: 1, callbacks: 1, longestMs: 4_000, bySkill: { ar: 1, en: 2 } },
    { queue: 'tax', waiting: 0, callbacks: 0, longestMs: 0, bySkill: {} },
  ]);
  t.match(agents, [
    { name: 'amal', state: 'talking', queue: 'general', ticket: 't1', reachable: true },
    { name: 'bilal', state: 'offline', reachable: false },
  ]);
  t.match(states, { talking: 1, offline: 1, ready: 0 });
});
