/** Random hotlines, and random lives of them: events that fit what is there, and events that do not. */
import fc from 'fast-check';
import { asCallId } from '../../src/base/index.js';
import {
  type AcdDecision,
  type AcdEvent,
  createRouter,
  type Levels,
  type Preference,
  type Router,
  type RouterView,
  type Routing,
} from '../../src/acd/index.js';
import { agents, causes, levels, queues, someRouting } from './some-routing.js';

const afterAnswer = ['no-answer', 'failed', 'caller-gone', 'cancelled', 'cancelled'] as const;

type What =
  | 'request'
  | 'direct'
  | 'withdraw'
  | 'park'
  | 'hold-back'
  | 'dial'
  | 'unreach'
  | 'give-up'
  | 'reach'
  | 'ring'
  | 'answer'
  | 'miss'
  | 'over'
  | 'end'
  | 'hold'
  | 'sign-in'
  | 'sign-out'
  | 'ready'
  | 'pause'
  | 'wrap'
  | 'extend'
  | 'dispose'
  | 'phone'
  | 'reroute'
  | 'wrong';

export interface Move {
  readonly what: What;
  /** Time that goes by before it. */
  readonly after: number;
  readonly n: number;
  readonly m: number;
  readonly needs: Levels;
  readonly routing: Routing | null;
}

const weights: readonly (readonly [What, number])[] = [
  ['request', 10],
  ['direct', 3],
  ['withdraw', 3],
  ['park', 3],
  ['hold-back', 1],
  ['dial', 1],
  ['unreach', 1],
  ['give-up', 1],
  ['reach', 2],
  ['ring', 4],
  ['answer', 8],
  ['miss', 6],
  ['over', 6],
  ['end', 7],
  ['hold', 6],
  ['sign-in', 7],
  ['sign-out', 2],
  ['ready', 4],
  ['pause', 3],
  ['wrap', 2],
  ['extend', 1],
  ['dispose', 4],
  ['phone', 4],
  ['wrong', 3],
];

const after = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(5_000, 12_000, 80_000) },
);

const plainMove = fc.record({
  what: fc.oneof(...weights.map(([what, weight]) => ({ weight, arbitrary: fc.constant(what) }))),
  after,
  n: fc.nat({ max: 1_000 }),
  m: fc.nat({ max: 1_000 }),
  needs: levels(1),
  routing: fc.constant(null),
}) as fc.Arbitrary<Move>;

const rerouteMove = fc.record({
  what: fc.constant('reroute' as const),
  after,
  n: fc.constant(0),
  m: fc.constant(0),
  needs: fc.constant({}),
  routing: someRouting,
}) as fc.Arbitrary<Move>;

/** A hotline and what happens there: everybody's phone is there and most sign in first, else too little happens. */
export const someLife = fc.record({
  routing: someRouting,
  moves: fc.array(fc.oneof({ weight: 60, arbitrary: plainMove }, { weight: 4, arbitrary: rerouteMove }), {
    minLength: 5,
    maxLength: 70,
    size: 'max',
  }),
});

export interface Life {
  readonly routing: Routing;
  readonly moves: readonly Move[];
  /** Deadlines are told only before the next event. */
  readonly isLate?: boolean;
}

export interface Step {
  readonly event: AcdEvent;
  readonly at: number;
}

const start = 1_000_000;

/** The events of a life, each with its time, deadlines at theirs or a while late; `each` decides and applies. */
export function walk(
  { routing, moves, isLate }: Life,
  each: (router: Router, step: Step) => AcdDecision,
): void {
  const router = createRouter(routing);
  let [at, due]: [number, number | null] = [start, null];
  const happens = (event: AcdEvent): void => {
    const decision = each(router, { event, at });
    due = decision.due;
  };
  for (const event of beginning(routing)) happens(event);
  moves.forEach((move, i) => {
    const until = at + move.after;
    while (due !== null && due <= until) {
      at = isLate ? until : Math.max(at, due);
      happens({ type: 'deadline.due' });
    }
    at = until;
    const event = eventOf(move, router, `t${String(i).padStart(3, '0')}`);
    if (event !== null) happens(event);
  });
}

function beginning({ agents }: Routing): AcdEvent[] {
  return [...agents.values()].flatMap(({ name, phone }, i): AcdEvent[] => [
    { type: 'phone.registered', phone, registered: true },
    ...(i < 3 ? [{ type: 'agent.signed-in', agent: name, phone: null } as const] : []),
  ]);
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from[n % Math.max(1, from.length)];
}

function preferenceOf(m: number): Preference | null {
  if (m % 4 !== 0) return null;
  const forMs = m % 12 === 0 ? null : (m % 3) * 2_000;
  if (m % 8 === 0) return { whom: 'last-agent', forMs };
  return { whom: 'agent', agent: m % 20 === 0 ? 'nobody' : (pick(agents, m >> 2) ?? 'ali'), forMs };
}

/** The event that a move is, where things stand; null: there is nothing to which it could happen. */
function eventOf(move: Move, router: RouterView, id: string): AcdEvent | null {
  const { what, n, m } = move;
  const tickets = [...router.tickets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rows = [...router.agents.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const agent = pick(rows, n)?.name ?? 'ali';
  const ticketOf = (kind: (one: (typeof tickets)[number]) => boolean): string | undefined =>
    pick(tickets.filter(kind), n)?.id;
  const offer = pick(
    tickets.flatMap((one) => one.offers.map(({ agent }) => ({ ticket: one.id, agent }))),
    n,
  );
  const talk = pick(
    tickets.flatMap((one) => (one.agent === null ? [] : [{ ticket: one.id, agent: one.agent }])),
    n,
  );
  const talker = talk?.agent ?? agent;
  switch (what) {
    case 'request':
      return {
        type: 'ticket.requested',
        ticket: id,
        contact: asCallId(`contact-${id}`),
        ...(m % 8 === 1 ? { channel: 'message' } : m % 8 === 2 ? { channel: 'voice' } : {}),
        queue: pick(queues, n) ?? 'a',
        needs: m % 3 === 0 ? move.needs : {},
        priority: m % 5 === 0 ? m % 3 : null,
        preferred: preferenceOf(m),
        caller: m % 2 === 0 ? `caller-${m % 3}` : null,
      };
    case 'direct':
      return {
        type: 'ticket.directed',
        ticket: id,
        contact: asCallId(`contact-${id}`),
        agent,
        back: m % 2 === 0,
      };
    case 'withdraw': {
      const ticket = ticketOf(() => true);
      return ticket === undefined
        ? null
        : { type: 'ticket.withdrawn', ticket, why: m % 3 === 0 ? 'left' : 'caller-gone' };
    }
    case 'park': {
      const ticket = ticketOf(({ kind }) => kind === 'call');
      if (ticket === undefined) return null;
      return { type: 'ticket.parked', ticket, caller: m % 3 === 0 ? null : `caller-${m % 4}` };
    }
    case 'hold-back': {
      const ticket = ticketOf(({ kind }) => kind === 'call');
      return ticket === undefined ? null : { type: 'ticket.held', ticket };
    }
    case 'reach': {
      const ticket = ticketOf(({ kind, held }) => kind === 'callback' || held);
      return ticket === undefined ? null : { type: 'ticket.reached', ticket };
    }
    case 'dial': {
      const ticket = ticketOf(({ kind, state }) => kind === 'callback' && state === 'offered');
      return ticket === undefined
        ? null
        : { type: 'ticket.dialled', ticket, contact: asCallId(`dial-${id}`) };
    }
    case 'unreach': {
      const ticket = ticketOf(({ kind }) => kind === 'callback');
      if (ticket === undefined) return null;
      const until = m % 4 === 0 ? (router.tickets.get(ticket)?.joined ?? 0) + m * 100 : null;
      return { type: 'ticket.unreached', ticket, counts: m % 3 !== 0, until };
    }
    case 'give-up': {
      const ticket = ticketOf(({ kind }) => kind === 'callback');
      return ticket === undefined
        ? null
        : { type: 'ticket.cancelled', ticket, why: m % 2 === 0 ? 'cancelled' : 'closed' };
    }
    case 'ring':
      return offer === undefined ? null : { type: 'offer.rang', ...offer };
    case 'answer':
      return offer === undefined ? null : { type: 'offer.answered', ...offer };
    case 'miss':
      return offer === undefined
        ? null
        : {
            type: 'offer.ended',
            ...offer,
            result: pick([...causes, 'caller-gone', 'cancelled'], m) ?? 'busy',
          };
    case 'over':
      return talk === undefined
        ? null
        : { type: 'offer.ended', ...talk, result: pick(afterAnswer, m) ?? 'busy' };
    case 'end':
      return talk === undefined ? null : { type: 'talk.ended', ...talk };
    case 'hold':
      return { type: 'talk.held', agent: talker, held: m % 2 === 0 };
    case 'sign-in': {
      const away = pick(
        rows.filter(({ state }) => state === 'offline'),
        n,
      )?.name;
      const phone = m % 6 === 0 ? 'phone-spare' : m % 6 === 1 ? 'phone-ali' : null;
      return { type: 'agent.signed-in', agent: m % 5 === 0 ? agent : (away ?? agent), phone };
    }
    case 'sign-out':
      return { type: 'agent.signed-out', agent: m % 3 === 0 ? talker : agent };
    case 'ready': {
      const paused = pick(
        rows.filter(({ state }) => state === 'paused'),
        n,
      )?.name;
      return { type: 'agent.readied', agent: m % 4 === 0 ? agent : (paused ?? agent) };
    }
    case 'pause':
      return {
        type: 'agent.paused',
        agent: m % 3 === 0 ? talker : agent,
        reason: m % 2 === 0 ? 'lunch' : 'training',
      };
    case 'wrap':
      return { type: 'agent.wrap-up-ended', agent };
    case 'extend':
      return { type: 'agent.wrap-up-extended', agent, byMs: pick([3_000, 0, 4_000_000], m) ?? 0 };
    case 'dispose':
      return {
        type: 'agent.disposed',
        agent: m % 3 === 0 ? agent : talker,
        code: pick(['1', '2', '9'], m) ?? '1',
      };
    case 'phone': {
      const phone = pick([...agents.map((name) => `phone-${name}`), 'phone-spare'], n) ?? 'phone-ali';
      return { type: 'phone.registered', phone, registered: m % 3 !== 0 };
    }
    case 'reroute':
      return move.routing === null ? null : { type: 'routing.changed', routing: move.routing };
    case 'wrong':
      return wrongEvent(move, tickets[0]?.id ?? id);
  }
}

/** Events of tickets and agents that are not there, or have nothing to do with each other. */
function wrongEvent({ n, m }: Move, known: string): AcdEvent {
  const ticket = n % 2 === 0 ? known : 'no-such-ticket';
  const agent = m % 2 === 0 ? (pick(agents, m >> 1) ?? 'ali') : 'nobody';
  const events: readonly AcdEvent[] = [
    { type: 'ticket.withdrawn', ticket: 'no-such-ticket', why: 'caller-gone' },
    { type: 'ticket.parked', ticket: 'no-such-ticket', caller: null },
    { type: 'ticket.held', ticket: 'no-such-ticket' },
    { type: 'ticket.dialled', ticket, contact: asCallId('dials-nobody') },
    { type: 'ticket.unreached', ticket, counts: true, until: null },
    { type: 'ticket.cancelled', ticket: 'no-such-ticket', why: 'cancelled' },
    { type: 'ticket.reached', ticket },
    { type: 'offer.rang', ticket, agent },
    { type: 'offer.answered', ticket, agent },
    { type: 'offer.ended', ticket, agent, result: 'busy' },
    { type: 'talk.ended', ticket, agent },
    { type: 'agent.signed-in', agent: 'nobody', phone: null },
    { type: 'agent.signed-out', agent: 'nobody' },
    { type: 'agent.readied', agent: 'nobody' },
    { type: 'agent.paused', agent: 'nobody', reason: 'lunch' },
    { type: 'agent.wrap-up-ended', agent: 'nobody' },
    { type: 'agent.wrap-up-extended', agent: 'nobody', byMs: 1 },
    { type: 'contact.erased', contact: `contact-t${String(m % 70).padStart(3, '0')}` },
    { type: 'agent.disposed', agent: 'nobody', code: '1' },
    { type: 'deadline.due' },
    {
      type: 'ticket.requested',
      ticket: `${known}-lost`,
      contact: asCallId('lost'),
      queue: 'no-such-queue',
      needs: {},
      priority: null,
      preferred: null,
      caller: null,
    },
    {
      type: 'ticket.requested',
      ticket: known,
      contact: asCallId('twice'),
      queue: 'a',
      needs: {},
      priority: null,
      preferred: null,
      caller: null,
    },
  ];
  return pick(events, (n >> 1) + (m >> 1)) ?? { type: 'deadline.due' };
}
