/** Whatever caller, agents, queue and exchange do, in whatever order: no ticket and no offer is lost or ended twice. */
import fc from 'fast-check';
import t from 'tap';
import { asLegId, type Key, type LegId } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  decideCall,
  type TicketRefusal,
} from '../../src/calls/index.js';
import { arrives, siteWithFlow } from '../kit/decided-call.js';

const leg = asLegId('in');
const site = siteWithFlow(
  `
onedoor: 1
flow: waits
numbers: ["200"]
languages: [en]
start: wait
defaults: { no-input: { go: hang-up }, no-match: { tries: 10, go: hang-up } }
steps:
  wait: { queue: { name: general, say: please-wait, again: { say: still-waiting, every: 20 }, keys: { 1: menu, 2: repeat }, no-answer-after: { seconds: 60, go: menu }, answered: menu, failed: menu } }
  menu: { menu: { say: main-menu, keys: { 3: wait, 4: dial, 9: hang-up } } }
  dial: { dial: { phone: agent-1, answered: menu, failed: menu } }
`,
);

type Move =
  | { readonly what: 'key'; readonly key: Key }
  | { readonly what: 'spoken' | 'due' | 'queued' | 'offer' | 'settle' | 'lost' | 'hang-up' }
  | { readonly what: 'refuse'; readonly result: TicketRefusal }
  | { readonly what: 'answer'; readonly which: number }
  | { readonly what: 'phone-ends'; readonly q850: number; readonly which: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom<Key>('1', '2', '3', '3', '4').map((key): Move => ({ what: 'key', key })),
  },
  {
    weight: 30,
    arbitrary: fc
      .constantFrom('spoken', 'due', 'queued', 'queued', 'offer', 'offer', 'offer', 'settle', 'lost')
      .map((what): Move => ({ what })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<TicketRefusal>('nobody', 'full', 'no-answer')
      .map((result): Move => ({ what: 'refuse', result })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ q850: fc.constantFrom(16, 17, 19, 21), which: fc.nat(2) })
      .map((end): Move => ({ what: 'phone-ends', ...end })),
  },
  {
    weight: 5,
    arbitrary: fc.nat(2).map((which): Move => ({ what: 'answer', which })),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ what: 'hang-up' }) },
);

/** The queues' side: what they must believe from what they were told. */
class Queues {
  readonly tickets = new Map<string, 'open' | 'over'>();
  /** Agent to ticket. Several may be rung at once. */
  readonly rung = new Map<string, string>();
  offers = 0;

  hear({ messages }: CallDecision): void {
    for (const message of messages) {
      if (message.type === 'request-ticket') {
        if ([...this.tickets.values()].includes('open')) throw new Error('two tickets of one caller');
        this.tickets.set(message.ticket, 'open');
      } else if (message.type === 'withdraw-ticket') this.end(message.ticket);
      else if (message.type === 'offer-ended') {
        if (!this.rung.delete(message.agent)) throw new Error(`an offer to ${message.agent} ended twice`);
        if (message.result === 'talked') this.endIfTalked(message.ticket);
        this.talking = false;
      }
    }
  }

  talking = false;

  /** A talk that is over is the end of the ticket too; one that could not begin is withdrawn. */
  endIfTalked(ticket: string): void {
    if (!this.talking) return;
    if (this.tickets.get(ticket) === 'open') this.tickets.set(ticket, 'over');
  }

  end(ticket: string): void {
    if (this.tickets.get(ticket) !== 'open') throw new Error(`ticket ${ticket} ended twice`);
    this.tickets.set(ticket, 'over');
  }
}

function eventOf(move: Move, call: Call, queues: Queues): CallEvent | null {
  const ticket = call.ticket?.id ?? 'none';
  const phone = call.phones['which' in move ? move.which : 0];
  switch (move.what) {
    case 'key':
      return { type: 'key.pressed', leg, key: move.key, durationMs: 100 };
    case 'spoken':
      return call.speaking === null
        ? null
        : { type: 'playback.finished', leg, playback: call.speaking.playback, result: 'done' };
    case 'due': {
      const [first] = [...call.deadlines].sort((a, b) => a.at - b.at);
      return first === undefined ? null : { type: 'deadline.due', id: first.id, frame: first.frame };
    }
    case 'queued':
      return { type: 'ticket.queued', ticket };
    case 'refuse':
      // A queue does not end what talks.
      if (call.ticket === null || call.ticket.state === 'connected') return null;
      queues.end(ticket);
      return { type: 'ticket.ended', ticket, result: move.result };
    case 'offer': {
      // Three at most, and to whoever talks no other; sometimes for a caller who left meanwhile.
      if (queues.rung.size > 2 || (queues.talking && queues.rung.size > 0)) return null;
      const offered = { ticket, agent: `agent-${queues.offers++}` };
      queues.rung.set(offered.agent, ticket);
      return { type: 'ticket.offered', ...offered, phone: 'agent-1', ringMs: 15_000, kind: 'call' };
    }
    case 'answer':
      return phone === undefined ? null : { type: 'leg.answered', leg: phone.leg };
    case 'phone-ends':
      return phone === undefined ? null : ends(phone.leg, move.q850);
    case 'settle': {
      const [first] = call.commands;
      if (first === undefined) return null;
      const outcome =
        first.body.type === 'originate' || first.body.type === 'bridge'
          ? ({ result: 'refused', why: 'unreachable', detail: '' } as const)
          : ({ result: 'done' } as const);
      return { type: 'command.settled', command: first.id, outcome };
    }
    case 'lost':
      return call.talk === null ? null : { type: 'bridge.lost', bridge: call.talk };
    case 'hang-up':
      return ends(leg, 16);
    default:
      return move satisfies never;
  }
}

const ends = (of: LegId, q850: number): CallEvent => ({
  type: 'leg.ended',
  leg: of,
  cause: { q850, sip: null },
});

/** How often it came to that, over all lives: a walk that never gets anywhere would pass as well. */
const reached = { waits: 0, offers: 0, talks: 0, withdrawn: 0, cancelled: 0 };

function live(moves: readonly Move[]): void {
  const queues = new Queues();
  let at = 1_000;
  let decision = arrives(site, { number: null, at });
  queues.hear(decision);
  const tell = (event: CallEvent): void => {
    at += 100;
    decision = decideCall(decision.call, event, site, at);
    const answered = decision.messages.find(({ type }) => type === 'offer-answered');
    if (answered !== undefined) queues.talking = true;
    queues.hear(decision);
    note();
    if (answered?.type !== 'offer-answered') return check();
    // Within the turn the queue takes the others back.
    for (const [agent, ticket] of queues.rung) {
      if (agent === answered.agent) continue;
      queues.rung.delete(agent);
      decision = decideCall(decision.call, { type: 'offer.cancelled', ticket, agent }, site, at);
      queues.hear(decision);
      reached.cancelled += 1;
    }
    check();
  };
  function note(): void {
    for (const { type } of decision.facts) {
      if (type === 'ticket.offered') reached.offers += 1;
      if (type === 'ticket.connected') reached.talks += 1;
    }
    for (const { type } of decision.messages) {
      if (type === 'request-ticket') reached.waits += 1;
      if (type === 'withdraw-ticket') reached.withdrawn += 1;
    }
  }
  function check(): void {
    const { ticket, phones, phase, talk } = decision.call;
    const open = [...queues.tickets].filter(([, state]) => state === 'open').map(([id]) => id);
    if (phase === 'live' && open.join() !== (ticket?.id ?? '')) throw new Error(`open: ${open.join()}`);
    const rung = phones.flatMap(({ state, offer }) => (state === 'ending' ? [] : (offer?.agent ?? [])));
    const offered = [...queues.rung.keys()];
    if (rung.join() !== offered.join()) throw new Error(`rung: ${rung.join()}, offered: ${offered.join()}`);
    const talking = phones.filter(({ state }) => state === 'talking').length;
    if (ticket?.state === 'connected' && talking !== 1) throw new Error(`connected to ${talking}`);
    if ((talk !== null) !== talking > 0) throw new Error(`${talking} talk in ${talk}`);
  }
  for (const one of moves) {
    if (decision.call.phase !== 'live') break;
    const event = eventOf(one, decision.call, queues);
    if (event !== null) tell(event);
  }
  if (decision.call.phase === 'live') tell(ends(leg, 16));
  for (const { leg: left } of decision.call.phones) tell(ends(left, 16));
  for (const { id } of decision.call.commands)
    tell({ type: 'command.settled', command: id, outcome: { result: 'done' } });
  if (decision.call.phase !== 'over') throw new Error(`the call is ${decision.call.phase}`);
  if ([...queues.tickets.values()].includes('open')) throw new Error('a ticket outlives its caller');
  if (queues.rung.size > 0) throw new Error('an offer outlives its caller');
  if (decision.call.music) throw new Error('music plays to nobody');
}

t.test('a caller in a queue, 1,000 lives', async (t) => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60, size: 'max' }), (moves) => live(moves)),
    { numRuns: 1_000 },
  );
  for (const [what, times] of Object.entries(reached)) t.ok(times > 20, `${what}: ${times}`);
});
