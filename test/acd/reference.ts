/**
 * The router once more, slow and plain: no index, no overlay; after each event everything that waits is sorted and
 * everybody is looked at. It shares nothing with the router but the types of what goes in.
 */
import type {
  AcdEvent,
  AcdRefusal,
  Levels,
  MissCause,
  Routing,
  RoutingAgent,
  RoutingQueue,
} from '../../src/acd/index.js';

interface RefTicket {
  id: string;
  channel: 'voice' | 'message';
  contact: string;
  kind: 'call' | 'callback' | 'direct';
  held: boolean;
  queue: string;
  needs: Levels;
  priority: number | null;
  joined: number;
  seq: number;
  state: 'waiting' | 'offered' | 'connected';
  step: number;
  offers: { agent: string; until: number }[];
  agent: string | null;
  preferred: string | null;
  preferredUntil: number | null;
  caller: string | null;
  notBefore: number | null;
  tries: number;
  missed: string[];
}

interface RefAgent {
  name: string;
  state: string;
  reason: string | null;
  phone: string;
  wish: { type: 'pause'; reason: string } | { type: 'sign-out' } | null;
  ticket: string | null;
  misses: number;
  notBefore: number | null;
  idleSince: number;
  offeredAt: number;
  occupied: number;
  since: number;
  signedIn: number | null;
  until: number | null;
  spoke: { ticket: string; queue: string; code: string | null } | null;
}

interface RefLastAgent {
  caller: string;
  agent: string;
  contact: string;
  until: number;
}

interface RefPlace {
  queue: string;
  caller: string;
  joined: number;
  seq: number;
  until: number;
}

const busyStates = ['talking', 'hold', 'wrap-up'];

export class Reference {
  routing: Routing;
  at = 0;
  tickets: RefTicket[] = [];
  agents: RefAgent[] = [];
  places: RefPlace[] = [];
  lastAgents: RefLastAgent[] = [];
  phones = new Map<string, { registered: boolean; since: number }>();
  said: string[] = [];
  seq = 0;

  constructor(routing: Routing) {
    this.routing = routing;
    for (const agent of routing.agents.values()) this.agents.push(newAgent(agent));
  }

  happens(event: AcdEvent, at: number): AcdRefusal | null {
    this.at = at;
    this.said = [];
    const refusal = this.take(event);
    this.judgeWaits();
    this.assignAll();
    return refusal;
  }

  due(): number | null {
    const times: (number | null)[] = [];
    for (const ticket of this.tickets) {
      if (ticket.state === 'waiting') {
        const step = this.queue(ticket.queue)?.relax[ticket.step];
        if (step !== undefined) times.push(ticket.joined + step.afterMs);
        times.push(ticket.preferredUntil, ticket.notBefore, this.expiry(ticket));
      }
      for (const offer of ticket.offers) times.push(offer.until);
    }
    for (const agent of this.agents) {
      times.push(agent.until);
      if (agent.state === 'ready') times.push(agent.notBefore);
      if (['ready', 'paused', 'wrap-up'].includes(agent.state)) times.push(this.graceEnd(agent));
    }
    for (const place of this.places) times.push(place.until);
    for (const last of this.lastAgents) times.push(last.until);
    const real = times.filter((time) => time !== null);
    return real.length === 0 ? null : Math.min(...real);
  }

  private take(event: AcdEvent): AcdRefusal | null {
    switch (event.type) {
      case 'ticket.requested':
        this.request(event);
        return null;
      case 'ticket.directed':
        this.direct(event);
        return null;
      case 'ticket.withdrawn': {
        const ticket = this.ticket(event.ticket);
        if (ticket?.state === 'connected') this.endTalk(ticket);
        else if (ticket !== undefined) this.leave(ticket, event.why === 'caller-gone');
        return null;
      }
      case 'ticket.parked': {
        const ticket = this.ticket(event.ticket);
        if (ticket === undefined || ticket.state === 'connected' || ticket.kind !== 'call') return null;
        if (ticket.channel === 'message') return null;
        const { queue } = ticket;
        const older = event.caller === null ? [] : this.takePlaces(queue, event.caller);
        const place = older.find(({ joined }) => joined < ticket.joined);
        if (place !== undefined) Object.assign(ticket, { joined: place.joined, seq: place.seq });
        this.cancelAll(ticket, null);
        Object.assign(ticket, { kind: 'callback', state: 'waiting', offers: [], tries: 0, held: false });
        ticket.caller = event.caller;
        return null;
      }
      case 'ticket.held': {
        const ticket = this.ticket(event.ticket);
        if (ticket === undefined || ticket.state === 'connected' || ticket.kind !== 'call') return null;
        this.cancelAll(ticket, null);
        Object.assign(ticket, { state: 'waiting', offers: [], held: true });
        return null;
      }
      case 'ticket.dialled': {
        const ticket = this.ticket(event.ticket);
        if (ticket?.kind === 'callback') ticket.contact = event.contact;
        return null;
      }
      case 'ticket.reached': {
        const ticket = this.ticket(event.ticket);
        if (ticket === undefined || ticket.state === 'connected') return null;
        if (ticket.kind === 'callback') ticket.tries += 1;
        else if (!ticket.held) return null;
        Object.assign(ticket, { kind: 'call', held: false, notBefore: null });
        if (ticket.state === 'waiting') {
          if (this.stepOf(ticket) !== null) this.said.push(`ticket.queued ${ticket.id}`);
          return null;
        }
        this.said.push(`ticket.queued ${ticket.id}`);
        for (const offer of ticket.offers) {
          offer.until = this.at + this.ringMs(ticket) + 10_000;
          const phone = this.agent(offer.agent)?.phone;
          this.said.push(`ticket.offered ${ticket.id} ${offer.agent} ${phone} call`);
        }
        return null;
      }
      case 'ticket.unreached': {
        const ticket = this.ticket(event.ticket);
        if (ticket?.kind === 'callback' && ticket.notBefore === null)
          this.missCaller(ticket, event.counts, event.until);
        return null;
      }
      case 'ticket.cancelled': {
        const ticket = this.ticket(event.ticket);
        if (ticket?.kind !== 'callback') return null;
        this.cancelAll(ticket, null);
        this.end(ticket, event.why);
        return null;
      }
      case 'offer.rang': {
        const agent = this.agent(event.agent);
        if (agent?.state === 'offered' && agent.ticket === event.ticket) this.to(agent, 'ringing');
        return null;
      }
      case 'offer.answered': {
        const [ticket, agent] = [this.ticket(event.ticket), this.agent(event.agent)];
        if (ticket?.state !== 'offered' || !this.isOffered(agent, ticket)) return null;
        this.cancelAll(ticket, agent.name);
        this.to(agent, 'talking');
        agent.misses = 0;
        const kind = ticket.kind === 'direct' ? 'direct' : 'call';
        Object.assign(ticket, { state: 'connected', kind, offers: [], agent: agent.name });
        ticket.preferredUntil = null;
        return null;
      }
      case 'offer.ended':
        this.offerEnded(event);
        return null;
      case 'talk.ended': {
        const ticket = this.ticket(event.ticket);
        if (ticket?.state === 'connected' && ticket.agent === event.agent) this.endTalk(ticket);
        return null;
      }
      case 'talk.held': {
        const agent = this.agent(event.agent);
        if (agent?.state === (event.held ? 'talking' : 'hold'))
          this.to(agent, event.held ? 'hold' : 'talking');
        return null;
      }
      case 'phone.registered':
        if ((this.phones.get(event.phone)?.registered ?? false) !== event.registered)
          this.phones.set(event.phone, { registered: event.registered, since: this.at });
        return null;
      case 'contact.erased':
        this.lastAgents = this.lastAgents.filter(({ contact }) => contact !== event.contact);
        return null;
      case 'deadline.due':
        this.deadlines();
        return null;
      case 'routing.changed':
        this.reroute(event.routing);
        return null;
      default:
        return this.ask(event);
    }
  }

  private ask(event: Extract<AcdEvent, { type: `agent.${string}` }>): AcdRefusal | null {
    const agent = this.agent(event.agent);
    if (agent === undefined) return 'unknown-agent';
    const { state } = agent;
    if (event.type === 'agent.signed-in') return this.signIn(agent, event.phone);
    if (event.type === 'agent.disposed') return this.dispose(agent, event.code);
    if (event.type === 'agent.wrap-up-ended' || event.type === 'agent.wrap-up-extended') {
      if (state !== 'wrap-up') return 'not-in-wrap-up';
      if (event.type === 'agent.wrap-up-ended') this.release(agent);
      else if (!(event.byMs > 0 && event.byMs <= 3_600_000)) return 'bad-duration';
      else agent.until = (agent.until ?? 0) + event.byMs;
      return null;
    }
    if (state === 'offline') return 'offline';
    if (event.type === 'agent.readied') {
      if (state === 'wrap-up' || state === 'paused') {
        this.to(agent, 'ready');
        Object.assign(agent, { wish: null, misses: 0, idleSince: this.at });
      } else if (agent.wish !== null) agent.wish = null;
      else if (state === 'ready' && agent.notBefore !== null)
        Object.assign(agent, { notBefore: null, misses: 0 });
      return null;
    }
    const isPause = event.type === 'agent.paused';
    if (state === 'talking' || state === 'hold') {
      agent.wish = isPause ? { type: 'pause', reason: event.reason } : { type: 'sign-out' };
      return null;
    }
    if (isPause && state === 'paused' && agent.reason === event.reason) return null;
    const rung = state === 'offered' || state === 'ringing' ? this.ticket(agent.ticket ?? '') : undefined;
    if (isPause) {
      this.to(agent, 'paused');
      Object.assign(agent, { reason: event.reason, wish: null });
    } else this.goOffline(agent);
    if (rung !== undefined) {
      this.said.push(`offer.cancelled ${rung.id} ${agent.name}`);
      this.dropOffer(rung, agent.name);
      rung.missed.push(agent.name);
    }
    return null;
  }

  private dispose(agent: RefAgent, code: string): AcdRefusal | null {
    const talks = agent.state === 'talking' || agent.state === 'hold';
    const talk = talks ? this.ticket(agent.ticket ?? '') : undefined;
    if (talk !== undefined && agent.spoke?.ticket !== talk.id) {
      const known = this.queue(talk.queue)?.dispositions ?? {};
      if (!(code in known)) return 'unknown-code';
      agent.spoke = { ticket: talk.id, queue: talk.queue, code: null };
    }
    if (agent.spoke === null) return 'no-talk';
    const name = this.queue(agent.spoke.queue)?.dispositions[code];
    if (name === undefined) return 'unknown-code';
    if (agent.spoke.code !== code) this.said.push(`disposed ${agent.spoke.ticket} ${agent.name} ${name}`);
    agent.spoke.code = code;
    return null;
  }

  private signIn(agent: RefAgent, where: string | null): AcdRefusal | null {
    const own = this.routing.agents.get(agent.name);
    if (own === undefined) return 'unknown-agent';
    const phone = where ?? own.phone;
    if (agent.state !== 'offline' && agent.phone === phone) return 'already-signed-in';
    if (this.agents.some((one) => one !== agent && one.state !== 'offline' && one.phone === phone))
      return 'phone-in-use';
    if (agent.state === 'offline') {
      this.to(agent, 'ready');
      Object.assign(agent, { phone, idleSince: this.at, signedIn: this.at });
      return null;
    }
    if (['offered', 'ringing', 'talking', 'hold'].includes(agent.state)) return 'busy';
    agent.phone = phone;
    return null;
  }

  private request(event: Extract<AcdEvent, { type: 'ticket.requested' }>): void {
    if (this.ticket(event.ticket) !== undefined) return;
    const queue = this.queue(event.queue);
    if (queue === undefined) {
      this.said.push(`ticket.ended ${event.ticket} failed`);
      return;
    }
    const waiting = this.tickets.filter(
      (one) => one.queue === queue.name && one.kind !== 'direct' && one.state !== 'connected',
    ).length;
    const { channel = 'voice' } = event;
    const kept =
      event.caller === null || channel === 'message' ? [] : this.takePlaces(queue.name, event.caller);
    if (kept.length === 0 && queue.capacity !== null && waiting >= queue.capacity) {
      this.said.push(`ticket.ended ${event.ticket} full`);
      return;
    }
    const ticket: RefTicket = {
      id: event.ticket,
      channel,
      contact: event.contact,
      kind: 'call',
      held: false,
      queue: queue.name,
      needs: event.needs,
      priority: event.priority,
      joined: kept[0]?.joined ?? this.at,
      seq: kept[0]?.seq ?? ++this.seq,
      state: 'waiting',
      step: 0,
      offers: [],
      agent: null,
      ...this.preference(event, queue),
      caller: channel === 'voice' ? event.caller : null,
      notBefore: null,
      tries: 0,
      missed: [],
    };
    this.tickets.push(ticket);
    // Somebody must be able to serve it by some step; else the only answer is the end.
    if (this.stepOf(ticket) !== null) this.said.push(`ticket.queued ${ticket.id}`);
  }

  private preference(
    { preferred, caller }: Extract<AcdEvent, { type: 'ticket.requested' }>,
    { preferredMs }: RoutingQueue,
  ): { preferred: string | null; preferredUntil: number | null } {
    let name: string | null = null;
    if (preferred?.whom === 'agent') name = preferred.agent;
    if (preferred?.whom === 'last-agent' && caller !== null)
      name = this.lastAgents.find((one) => one.caller === caller && one.until > this.at)?.agent ?? null;
    if (preferred === null || name === null || this.agent(name) === undefined)
      return { preferred: null, preferredUntil: null };
    const ms = preferred.forMs ?? preferredMs;
    return { preferred: name, preferredUntil: ms === 0 ? null : this.at + ms };
  }

  /** Exactly that agent, now or never. */
  private direct(event: Extract<AcdEvent, { type: 'ticket.directed' }>): void {
    if (this.ticket(event.ticket) !== undefined) return;
    const agent = this.agent(event.agent);
    const queue = this.queue(this.routing.agents.get(event.agent)?.queues[0] ?? '');
    const may =
      agent !== undefined &&
      this.isHere(agent) &&
      ((agent.state === 'ready' && agent.notBefore === null) || (event.back && agent.state === 'wrap-up'));
    if (agent === undefined || queue === undefined || !may) {
      this.said.push(`ticket.ended ${event.ticket} nobody`);
      return;
    }
    const ticket: RefTicket = {
      id: event.ticket,
      channel: 'voice',
      contact: event.contact,
      kind: 'direct',
      queue: queue.name,
      needs: {},
      priority: null,
      joined: this.at,
      seq: ++this.seq,
      state: 'waiting',
      step: 0,
      offers: [],
      agent: null,
      preferred: null,
      preferredUntil: null,
      caller: null,
      notBefore: null,
      tries: 0,
      missed: [],
      held: false,
    };
    this.tickets.push(ticket);
    this.offer(ticket, agent);
  }

  /** Places that the caller has in the queue, and has no longer; the oldest first. */
  private takePlaces(queue: string, caller: string): { joined: number; seq: number }[] {
    const mine = (one: { queue: string; caller: string | null }): boolean =>
      one.queue === queue && one.caller === caller;
    const kept: { joined: number; seq: number }[] = this.places.filter(mine);
    this.places = this.places.filter((place) => !mine(place));
    for (const old of this.tickets.filter((one) => mine(one) && one.kind === 'callback')) {
      this.cancelAll(old, null);
      this.end(old, 'replaced');
      kept.push(old);
    }
    return kept.sort((a, b) => a.joined - b.joined);
  }

  private expiry({ kind, queue, joined }: RefTicket): number | null {
    const within = this.queue(queue)?.callback.withinMs;
    return kind !== 'callback' || within === undefined ? null : joined + within;
  }

  private offerEnded(event: Extract<AcdEvent, { type: 'offer.ended' }>): void {
    const [ticket, agent] = [this.ticket(event.ticket), this.agent(event.agent)];
    if (ticket === undefined || agent?.ticket !== ticket.id || agent.state === 'wrap-up') return;
    if (event.result === 'caller-gone') {
      if (ticket.state === 'connected') this.endTalk(ticket);
      else if (ticket.kind !== 'callback') this.leave(ticket, true);
      else this.missCaller(ticket, true, null);
    } else if (event.result === 'cancelled') {
      this.release(agent);
      this.dropOffer(ticket, agent.name);
    } else this.miss(ticket, agent, event.result);
  }

  private miss(ticket: RefTicket, agent: RefAgent, cause: MissCause): void {
    const queue = this.queue(ticket.queue);
    const counts = cause !== 'failed';
    const misses = agent.misses + (counts ? 1 : 0);
    const most = queue?.pauseAfterMisses ?? 0;
    const isPlain = agent.wish === null && !this.isLost(agent);
    this.release(agent);
    if (isPlain) {
      agent.misses = misses;
      if (most > 0 && misses >= most && counts) {
        this.to(agent, 'paused');
        agent.reason = 'missed';
      } else agent.notBefore = this.at + Math.max(1_000, queue?.missDelayMs[cause] ?? 0);
    }
    this.dropOffer(ticket, agent.name);
    ticket.missed.push(agent.name);
  }

  private missCaller(ticket: RefTicket, counts: boolean, until: number | null): void {
    for (const { agent } of ticket.offers) {
      const reserved = this.agent(agent);
      if (reserved !== undefined) this.release(reserved);
    }
    const callback = this.queue(ticket.queue)?.callback ?? { tries: 0, pauseMs: 0 };
    if (counts) ticket.tries += 1;
    if (counts && ticket.tries >= callback.tries) return this.end(ticket, 'no-answer');
    const expiry = this.expiry(ticket);
    if (expiry !== null && expiry <= this.at) return this.end(ticket, 'expired');
    Object.assign(ticket, { state: 'waiting', offers: [] });
    ticket.notBefore = Math.max(this.at + 1_000, until ?? this.at + callback.pauseMs);
    this.said.push(`ticket.postponed ${ticket.id}`);
  }

  private deadlines(): void {
    for (const ticket of this.tickets) {
      const expiry = this.expiry(ticket);
      if (ticket.state === 'waiting' && expiry !== null && expiry <= this.at) {
        this.end(ticket, 'expired');
        continue;
      }
      if (ticket.notBefore !== null && ticket.notBefore <= this.at) ticket.notBefore = null;
      for (const { agent: name } of ticket.offers.filter(({ until }) => until <= this.at)) {
        const agent = this.agent(name);
        if (agent === undefined) continue;
        this.said.push(`offer.cancelled ${ticket.id} ${name}`);
        if (ticket.kind === 'callback') this.missCaller(ticket, true, null);
        else this.miss(ticket, agent, agent.state === 'ringing' ? 'no-answer' : 'failed');
      }
    }
    for (const agent of this.agents) {
      const idle = ['ready', 'paused', 'wrap-up'].includes(agent.state);
      const lost = this.graceEnd(agent);
      if (idle && lost !== null && lost <= this.at) this.goOffline(agent);
      else if (agent.until !== null && agent.until <= this.at) this.release(agent);
      else if (agent.notBefore !== null && agent.notBefore <= this.at) agent.notBefore = null;
    }
    this.places = this.places.filter(({ until }) => until > this.at);
    this.lastAgents = this.lastAgents.filter(({ until }) => until > this.at);
  }

  private reroute(routing: Routing): void {
    this.routing = routing;
    for (const agent of this.agents) {
      const own = routing.agents.get(agent.name);
      if (own === undefined) {
        if (['ready', 'paused', 'wrap-up', 'offline'].includes(agent.state)) this.goOffline(agent);
      } else if (agent.state === 'offline') agent.phone = own.phone;
    }
    for (const own of routing.agents.values())
      if (this.agent(own.name) === undefined) this.agents.push(newAgent(own));
    for (const ticket of this.tickets.filter(({ state }) => state === 'offered')) {
      if (routing.queues.has(ticket.queue)) continue;
      this.cancelAll(ticket, null);
      this.end(ticket, 'nobody');
    }
    for (const ticket of this.tickets) if (ticket.state === 'waiting') ticket.step = 0;
  }

  /** Every ticket that waits: the step in force, the preference, and whether anybody is left. */
  private judgeWaits(): void {
    for (const ticket of this.tickets.filter(({ state }) => state === 'waiting')) {
      const queue = this.queue(ticket.queue);
      const step = this.stepOf(ticket);
      if (queue === undefined || step === null) {
        this.end(ticket, 'nobody');
        continue;
      }
      ticket.step = step;
      const { preferred, preferredUntil } = ticket;
      const isNamed = preferredUntil !== null && preferredUntil > this.at && preferred !== null;
      const isForNobody = ticket.held || ticket.notBefore !== null;
      const isWaitedFor =
        isNamed &&
        (isForNobody ||
          (this.isThere(preferred) &&
            !ticket.missed.includes(preferred) &&
            this.fits(preferred, ticket, ticket.step)));
      if (!isWaitedFor) ticket.preferredUntil = null;
    }
  }

  private timely(ticket: RefTicket): number {
    return (
      this.queue(ticket.queue)?.relax.filter((one) => ticket.joined + one.afterMs <= this.at).length ?? 0
    );
  }

  private stepOf(ticket: RefTicket): number | null {
    const last = this.queue(ticket.queue)?.relax.length ?? -1;
    const least = Math.max(Math.min(ticket.step, last), this.timely(ticket));
    if (ticket.kind === 'callback' || ticket.held) return least;
    for (let step = least; step <= last; step++)
      if (this.agents.some(({ name }) => this.isThere(name) && this.fits(name, ticket, step))) return step;
    return null;
  }

  private assignAll(): void {
    const offered: RefTicket[] = [];
    for (;;) {
      const line = this.tickets.filter(
        (one) => one.state === 'waiting' && one.notBefore === null && !one.held,
      );
      line.sort((a, b) => this.order(a) - this.order(b) || a.seq - b.seq);
      const first = line.find((one) => !this.isElsewhere(one) && this.able(one).length > 0);
      const agent = first === undefined ? undefined : this.able(first)[0];
      if (first === undefined || agent === undefined) break;
      if (first.channel === 'message') {
        this.said.push(`given ${first.id} ${agent.name}`);
        Object.assign(first, { state: 'connected', agent: agent.name, preferredUntil: null });
        continue;
      }
      this.offer(first, agent);
      offered.push(first);
    }
    for (const ticket of offered) {
      const most = ticket.kind === 'callback' ? 1 : (this.queue(ticket.queue)?.ringAtOnce ?? 1);
      while (ticket.offers.length < most) {
        const agent = this.able(ticket)[0];
        if (agent === undefined) break;
        this.offer(ticket, agent);
      }
    }
  }

  private offer(ticket: RefTicket, agent: RefAgent): void {
    this.said.push(`ticket.offered ${ticket.id} ${agent.name} ${agent.phone} ${ticket.kind}`);
    this.to(agent, 'offered');
    Object.assign(agent, { ticket: ticket.id, offeredAt: this.at });
    ticket.state = 'offered';
    const dial = ticket.kind === 'callback' ? 60_000 : 0;
    ticket.offers.push({ agent: agent.name, until: this.at + this.ringMs(ticket) + 10_000 + dial });
  }

  /** Free agents who fit, the best first. */
  private able(ticket: RefTicket): RefAgent[] {
    const strategy = this.queue(ticket.queue)?.strategy;
    const weight = (agent: RefAgent): number => {
      if (strategy === 'longest-idle') return agent.idleSince;
      if (strategy === 'round-robin') return agent.offeredAt;
      if (strategy === 'most-skilled') return -this.level(agent.name, ticket);
      return agent.occupied / Math.max(1, this.at - (agent.signedIn ?? this.at));
    };
    // A message goes to whoever has the fewest.
    const load = ({ name }: RefAgent): number => (ticket.channel === 'message' ? this.load(name) : 0);
    const rank = (agent: RefAgent): number => {
      const queues = this.queuesOf(ticket, ticket.step);
      return this.routing.agents.get(agent.name)?.queues.findIndex((name) => queues.includes(name)) ?? 0;
    };
    return this.agents
      .filter((agent) => agent.state === 'ready' && agent.notBefore === null && this.isHere(agent))
      .filter(({ name }) => this.fits(name, ticket, ticket.step))
      .filter(({ name }) => ticket.channel === 'voice' || this.load(name) < this.room(name, 'message'))
      .filter(({ name }) => ticket.preferredUntil === null || name === ticket.preferred)
      .sort(
        (a, b) =>
          load(a) - load(b) || weight(a) - weight(b) || rank(a) - rank(b) || (a.name < b.name ? -1 : 1),
      );
  }

  /** One dial at a time for a caller, and none while the caller is on the line. */
  private isElsewhere(ticket: RefTicket): boolean {
    return (
      ticket.kind === 'callback' &&
      ticket.caller !== null &&
      this.tickets.some(
        (one) =>
          one !== ticket && one.caller === ticket.caller && (one.kind === 'call' || one.state !== 'waiting'),
      )
    );
  }

  private order(ticket: RefTicket): number {
    const priority = ticket.priority ?? this.queue(ticket.queue)?.priority ?? 0;
    return ticket.joined - priority * this.routing.priorityMs;
  }

  private alternatives(ticket: RefTicket, step: number): Levels[] {
    const queue = this.queue(ticket.queue);
    return (queue?.needs ?? []).map((alternative) => {
      const needs: Record<string, number> = { ...alternative };
      for (const [skill, level] of Object.entries(ticket.needs))
        needs[skill] = Math.max(needs[skill] ?? 0, level);
      for (const relax of (queue as RoutingQueue).relax.slice(0, step)) {
        for (const skill of relax.drop) delete needs[skill];
        for (const [skill, level] of Object.entries(relax.lower)) {
          const now = needs[skill];
          if (now !== undefined && now > level) needs[skill] = level;
        }
      }
      return needs;
    });
  }

  private queuesOf(ticket: RefTicket, step: number): string[] {
    const relax = this.queue(ticket.queue)?.relax.slice(0, step) ?? [];
    return [ticket.queue, ...relax.flatMap(({ add }) => add)];
  }

  private levels(name: string, ticket: RefTicket, step: number): number[] {
    const skills = this.routing.agents.get(name)?.skills ?? {};
    return this.alternatives(ticket, step).flatMap((needs) => {
      const all = Object.entries(needs);
      const meets = all.every(([skill, level]) => skill in skills && (skills[skill] as number) >= level);
      return meets ? [all.reduce((sum, [skill]) => sum + (skills[skill] as number), 0)] : [];
    });
  }

  private level(name: string, ticket: RefTicket): number {
    return Math.max(...this.levels(name, ticket, ticket.step));
  }

  private load(name: string): number {
    return this.tickets.filter((one) => one.channel === 'message' && one.agent === name).length;
  }

  private room(name: string, channel: RefTicket['channel']): number {
    const capacity = this.routing.agents.get(name)?.capacity;
    return capacity === undefined ? (channel === 'voice' ? 1 : 0) : capacity[channel];
  }

  fits(name: string, ticket: RefTicket, step: number): boolean {
    if (this.room(name, ticket.channel) === 0) return false;
    const queues = this.routing.agents.get(name)?.queues ?? [];
    const isIn = this.queuesOf(ticket, step).some((queue) => queues.includes(queue));
    return isIn && this.levels(name, ticket, step).length > 0;
  }

  private leave(ticket: RefTicket, isGone: boolean): void {
    const { queue, caller, joined, seq } = ticket;
    this.cancelAll(ticket, null);
    this.tickets = this.tickets.filter((one) => one !== ticket);
    const rejoinMs = this.queue(queue)?.rejoinMs ?? 0;
    if (!isGone || caller === null || rejoinMs === 0) return;
    this.places = this.places.filter((place) => place.queue !== queue || place.caller !== caller);
    this.places.push({ queue, caller, joined, seq, until: this.at + rejoinMs });
  }

  private end(ticket: RefTicket, result: string): void {
    this.tickets = this.tickets.filter((one) => one !== ticket);
    this.said.push(`ticket.ended ${ticket.id} ${result}`);
  }

  private endTalk(ticket: RefTicket): void {
    this.tickets = this.tickets.filter((one) => one !== ticket);
    const { caller, contact, agent: talked } = ticket;
    const { lastAgentMs } = this.routing;
    if (lastAgentMs > 0 && caller !== null && talked !== null) {
      this.lastAgents = this.lastAgents.filter((one) => one.caller !== caller);
      this.lastAgents.push({ caller, agent: talked, contact, until: this.at + lastAgentMs });
    }
    const agent = this.agent(ticket.agent ?? '');
    if (agent === undefined || ticket.channel === 'message') return;
    if (agent.spoke?.ticket !== ticket.id)
      agent.spoke = { ticket: ticket.id, queue: ticket.queue, code: null };
    const wrapUpMs = this.queue(ticket.queue)?.wrapUpMs ?? 0;
    if (wrapUpMs === 0) return this.release(agent);
    this.to(agent, 'wrap-up');
    agent.until = this.at + wrapUpMs;
  }

  private cancelAll(ticket: RefTicket, except: string | null): void {
    for (const { agent: name } of ticket.offers) {
      if (name === except) continue;
      this.said.push(`offer.cancelled ${ticket.id} ${name}`);
      const agent = this.agent(name);
      if (this.isOffered(agent, ticket)) this.release(agent);
    }
  }

  private dropOffer(ticket: RefTicket, name: string): void {
    ticket.offers = ticket.offers.filter(({ agent }) => agent !== name);
    ticket.agent = null;
    if (ticket.kind === 'direct') return this.end(ticket, 'no-answer');
    if (ticket.offers.length === 0) ticket.state = 'waiting';
  }

  /** Done with a call or an offer. */
  private release(agent: RefAgent): void {
    const { wish } = agent;
    const talked = busyStates.includes(agent.state);
    if (wish?.type === 'sign-out' || this.isLost(agent)) return this.goOffline(agent);
    this.to(agent, wish === null ? 'ready' : 'paused');
    Object.assign(agent, { wish: null, reason: wish?.reason ?? null });
    if (talked && wish === null) agent.idleSince = this.at;
  }

  private goOffline(agent: RefAgent): void {
    this.to(agent, 'offline');
    const own = this.routing.agents.get(agent.name);
    Object.assign(agent, { phone: own?.phone, wish: null, misses: 0, signedIn: null });
    Object.assign(agent, { occupied: 0, offeredAt: 0 });
    if (own === undefined) this.agents = this.agents.filter((one) => one !== agent);
    for (const ticket of this.tickets)
      if (ticket.channel === 'message' && ticket.agent === agent.name)
        Object.assign(ticket, { state: 'waiting', agent: null });
  }

  private to(agent: RefAgent, state: string): void {
    if (busyStates.includes(agent.state)) agent.occupied += this.at - agent.since;
    const keeps = ['ringing', 'talking', 'hold', 'wrap-up'].includes(state);
    Object.assign(agent, { state, since: this.at, reason: null, notBefore: null, until: null });
    if (!keeps) agent.ticket = null;
  }

  private isLost(agent: RefAgent): boolean {
    const end = this.graceEnd(agent);
    return !this.routing.agents.has(agent.name) || (end !== null && end <= this.at);
  }

  private graceEnd(agent: RefAgent): number | null {
    if (this.isHere(agent) || agent.signedIn === null) return null;
    const since = this.phones.get(agent.phone)?.since ?? 0;
    return Math.max(since, agent.signedIn) + this.routing.graceMs;
  }

  private isOffered(agent: RefAgent | undefined, ticket: RefTicket): agent is RefAgent {
    return agent?.ticket === ticket.id && (agent.state === 'offered' || agent.state === 'ringing');
  }

  private isHere(agent: RefAgent): boolean {
    return this.phones.get(agent.phone)?.registered ?? false;
  }

  private isThere(name: string): boolean {
    const agent = this.agent(name);
    return agent !== undefined && agent.state !== 'offline';
  }

  private ringMs(ticket: RefTicket): number {
    return this.queue(ticket.queue)?.ringMs ?? 0;
  }

  private queue(name: string): RoutingQueue | undefined {
    return this.routing.queues.get(name);
  }

  private ticket(id: string): RefTicket | undefined {
    return this.tickets.find((one) => one.id === id);
  }

  private agent(name: string): RefAgent | undefined {
    return this.agents.find((one) => one.name === name);
  }
}

function newAgent({ name, phone }: RoutingAgent): RefAgent {
  return {
    name,
    state: 'offline',
    reason: null,
    phone,
    wish: null,
    ticket: null,
    misses: 0,
    notBefore: null,
    idleSince: 0,
    offeredAt: 0,
    occupied: 0,
    since: 0,
    signedIn: null,
    until: null,
    spoke: null,
  };
}
