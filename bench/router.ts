/**
 * What one event costs the router, decided and applied: 300 agents, 60 skills, 40 queues, everybody busy, and 500, 5,000
 * and 50,000 callers waiting, beside each other. Needs no exchange: `npm run bench -- router`.
 */
import { loadavg } from 'node:os';
import {
  type AcdDecision,
  type AcdEvent,
  announce,
  apply,
  createRouter,
  decide,
  explain,
  type Levels,
  type Preference,
  type Router,
  type Routing,
  type RoutingAgent,
  type RoutingQueue,
} from '../src/acd/index.js';
import { asCallId } from '../src/base/index.js';
import { percentile } from './processes.js';

const quick = process.argv.includes('--quick');
const agentCount = 300;
const skillCount = 60;
const queueCount = 40;
const sizes = [500, 5_000, 50_000];
const [warmUps, rounds] = quick ? [4_000, 4_000] : [20_000, 20_000];
const languages = ['ar', 'en', 'ms', 'ta'];
const target = 200;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Numbers below `most`, the same in every run (xorshift). */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}

const skillOf = (n: number): string => languages[n] ?? `skill-${n}`;

function manyQueues(): RoutingQueue[] {
  return Array.from({ length: queueCount }, (_, n) => ({
    name: `queue-${n}`,
    needs: [{ [skillOf(4 + n)]: 3 }, { [skillOf(4 + ((n + 1) % (skillCount - 4)))]: 4 }],
    relax: [
      { afterMs: 30_000, lower: { [skillOf(4 + n)]: 1 }, drop: [], add: [] },
      { afterMs: 120_000, lower: {}, drop: [], add: [`queue-${(n + 1) % queueCount}`] },
    ],
    priority: n % 5 === 0 ? 1 : 0,
    maxWaitMs: 3_600_000,
    ringMs: 15_000,
    ringAtOnce: 1,
    strategy:
      (['longest-idle', 'most-skilled', 'least-occupied', 'round-robin'] as const)[n % 4] ?? 'longest-idle',
    wrapUpMs: 20_000,
    pauseAfterMisses: 3,
    missDelayMs: { 'no-answer': 5_000, rejected: 5_000, busy: 5_000, unreachable: 5_000, failed: 5_000 },
    capacity: null,
    preferredMs: 20_000,
    rejoinMs: 60_000,
    callback: { tries: 3, pauseMs: 60_000, withinMs: 86_400_000 },
    dispositions: {},
  }));
}

function manyAgents(): RoutingAgent[] {
  const roll = dice(7);
  return Array.from({ length: agentCount }, (_, n) => {
    const queues = [n % queueCount, roll(queueCount), roll(queueCount)];
    const skills: Record<string, number> = {};
    for (const queue of queues) skills[skillOf(4 + queue)] = 1 + roll(5);
    for (let i = 0; i < 8; i++) skills[skillOf(4 + roll(skillCount - 4))] = 1 + roll(5);
    skills[languages[n % 4] ?? 'en'] = 5;
    skills[languages[roll(4)] ?? 'en'] = 1 + roll(5);
    // The first agents of a queue have what it needs, so that nobody waits for nobody.
    if (n < queueCount * 4)
      Object.assign(skills, { [skillOf(4 + (n % queueCount))]: 5, ar: 5, en: 5, ms: 5, ta: 5 });
    return {
      name: `agent-${String(n).padStart(3, '0')}`,
      phone: `phone-${n}`,
      skills,
      queues: [...new Set(queues)].map((queue) => `queue-${queue}`),
    };
  });
}

const named = <Row extends { readonly name: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.name, row]));

const routing: Routing = {
  queues: named(manyQueues()),
  agents: named(manyAgents()),
  priorityMs: 60_000,
  graceMs: 30_000,
  lastAgentMs: 7 * 86_400_000,
};

/** A busy hotline: whoever becomes free has the next caller, and for each caller who goes another comes. */
class Floor {
  readonly router: Router = createRouter(routing);
  readonly took = new Map<string, number[]>();
  readonly roll = dice(99);
  measures = false;
  at = 1_000_000;
  due: number | null = null;
  private tickets = 0;
  private waiting: string[] = [];

  open(waiting: number): void {
    for (const { name, phone } of routing.agents.values()) {
      this.happens({ type: 'phone.registered', phone, registered: true });
      this.happens({ type: 'agent.signed-in', agent: name, phone: null });
    }
    // Everybody gets a call, but those for whom nobody happens to ask.
    for (let n = 0; n < agentCount * 10 && this.router.index.free.size > 0; n++) this.arrives();
    for (const [id, { offers }] of this.router.tickets)
      for (const { agent } of offers) this.happens({ type: 'offer.answered', ticket: id, agent });
    for (const agent of this.router.index.free)
      this.happens({ type: 'agent.paused', agent, reason: 'nobody asks' });
    for (const { id, state } of this.router.tickets.values())
      if (state === 'waiting') this.happens({ type: 'ticket.withdrawn', ticket: id, why: 'left' });
    this.waiting = [];
    // Who waits has come over the last ten minutes: some have waited through every step, some through none.
    const apart = 600_000 / waiting;
    for (let n = 0; n < waiting; n++) {
      this.at = Math.round(1_000_000 + n * apart);
      this.arrives();
      this.settleDeadlines();
    }
  }

  /** One event after another of a call's life, some of other lives between. */
  goOn(): void {
    const talking = [...this.router.agents.values()].filter(({ state }) => state === 'talking');
    const one = talking[this.roll(talking.length)];
    if (one?.ticket == null) throw new Error('nobody talks');
    this.at += 20;
    this.settleDeadlines();
    this.happens({ type: 'talk.ended', ticket: one.ticket, agent: one.name });
    this.at += 20;
    this.offered(this.happens({ type: 'agent.wrap-up-ended', agent: one.name }));
    this.arrives();
    if (this.roll(3) === 0) this.leaves();
    if (this.roll(50) === 0)
      this.offered(this.happens({ type: 'phone.registered', phone: one.phone, registered: false }));
    if (this.roll(25) === 0)
      this.offered(this.happens({ type: 'phone.registered', phone: one.phone, registered: true }));
  }

  /** Agents answer what they are offered, or once in ten miss it. */
  private offered({ messages }: AcdDecision): void {
    for (const one of messages) {
      if (one.type !== 'ticket.offered') continue;
      const { ticket, agent } = one;
      this.happens({ type: 'offer.rang', ticket, agent });
      if (this.roll(10) > 0) this.happens({ type: 'offer.answered', ticket, agent });
      else {
        this.offered(this.happens({ type: 'offer.ended', ticket, agent, result: 'no-answer' }));
        this.offered(this.happens({ type: 'agent.readied', agent }));
      }
    }
  }

  private arrives(): void {
    const ticket = `t${++this.tickets}`;
    const language = languages[this.roll(4)] ?? 'en';
    const needs: Levels = { [language]: this.roll(3) === 0 ? 3 : 1 };
    this.happens({
      type: 'ticket.requested',
      ticket,
      contact: asCallId(ticket),
      queue: `queue-${this.roll(queueCount)}`,
      needs,
      priority: this.roll(20) === 0 ? 2 : null,
      preferred: this.roll(20) === 0 ? this.someAgent() : null,
      caller: `caller-${this.tickets}`,
    });
    this.waiting.push(ticket);
  }

  private someAgent(): Preference {
    const agent = `agent-${String(this.roll(agentCount)).padStart(3, '0')}`;
    return { whom: 'agent', agent, forMs: null };
  }

  private leaves(): void {
    const [ticket] = this.waiting.splice(this.roll(this.waiting.length), 1);
    if (ticket === undefined || this.router.tickets.get(ticket)?.state !== 'waiting') return;
    this.happens({ type: 'ticket.withdrawn', ticket, why: 'caller-gone' });
    this.arrives();
  }

  private settleDeadlines(): void {
    while (this.due !== null && this.due <= this.at) this.offered(this.happens({ type: 'deadline.due' }));
  }

  happens(event: AcdEvent): AcdDecision {
    let best = Number.POSITIVE_INFINITY;
    let decision: AcdDecision | null = null;
    // A decision is pure. The fastest of three counts: the others tell what else ran on the machine.
    for (let again = this.measures ? 3 : 1; again > 0; again--) {
      const from = performance.now();
      decision = decide(this.router, event, this.at);
      best = Math.min(best, performance.now() - from);
    }
    if (decision === null) throw new Error('no decision');
    const from = performance.now();
    apply(this.router, decision);
    if (this.measures) this.note(event.type, best + performance.now() - from);
    this.due = decision.due;
    return decision;
  }

  /** What people ask, beside the events. */
  ask(): void {
    const ticket = this.waiting[this.roll(this.waiting.length)] ?? '';
    const from = performance.now();
    announce(this.router, ticket, this.at);
    const between = performance.now();
    explain(this.router, ticket, this.at);
    this.note('(announce)', between - from);
    this.note('(explain)', performance.now() - between);
  }

  private note(what: string, ms: number): void {
    const list = this.took.get(what) ?? [];
    list.push(ms * 1_000);
    this.took.set(what, list);
  }
}

interface Row {
  readonly waiting: number;
  readonly events: readonly number[];
  readonly byType: ReadonlyMap<string, readonly number[]>;
}

function measure(waiting: number): Row {
  const floor = new Floor();
  floor.open(waiting);
  for (let n = 0; n < warmUps / 5; n++) floor.goOn();
  floor.measures = true;
  for (let n = 0; n < rounds / 5; n++) {
    floor.goOn();
    floor.ask();
  }
  const events = [...floor.took].flatMap(([what, took]) => (what.startsWith('(') ? [] : took));
  const still = [...floor.router.tickets.values()].filter(({ state }) => state === 'waiting').length;
  return { waiting: still, events, byType: floor.took };
}

say(
  `One event at the router: ${agentCount} agents, ${skillCount} skills, ${queueCount} queues, all agents busy; decide and apply, µs (load ${loadavg()[0]?.toFixed(1) ?? '?'}).`,
);
const cell = (value: number): string => value.toFixed(1).padStart(9);
for (const size of sizes) {
  const { waiting, events, byType } = measure(size);
  say(
    `\n${waiting.toLocaleString('en')} waiting, ${events.length} events${' '.repeat(12)}p50      p99      max`,
  );
  const rows: [string, readonly number[]][] = [
    ['every event', events],
    ...[...byType].sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  for (const [what, took] of rows)
    say(
      `  ${what.padEnd(24)}${String(took.length).padStart(7)}${cell(percentile(took, 0.5))}${cell(percentile(took, 0.99))}${cell(Math.max(...took))}`,
    );
  if (size !== 5_000) continue;
  const p99 = percentile(events, 0.99);
  if (p99 > target) process.exitCode = 1;
  say(
    `  ${p99 <= target ? 'reached' : 'MISSED '}  an event, p99: ${p99.toFixed(1)} µs (at most ${target} µs)`,
  );
}
