/**
 * Pure. One turn: an event and every message it causes, run to its end over calls, queues and cases, and gathered into
 * what the journal writes at once.
 */
import type { AcdFact, RouterFact } from '../acd/index.js';
import { asJson, type CallId, type SiteHash, type UtcMs } from '../base/index.js';
import {
  type Arrival,
  type Attempts,
  type Call,
  type CallEvent,
  type CallMessage,
  type CallSite,
  type KeptPlace,
  type CaseMessage,
  isDialling,
  isOnTheLine,
  type LeftMessage,
  type OutwardCommand,
  type TicketEvent,
  type TicketMessage,
} from '../calls/index.js';
import { type CaseCommand, decideCase, foldContact, lastTalker, subjectsOf } from '../cases/index.js';
import type { EntityWrite, JournalEvent, PersonalWrite, RecordWrite } from '../journal/port.js';
import { type AttemptBook, AttemptDraft } from './attempt-book.js';
import { hindranceOf, soonMs } from './callback-hindrance.js';
import { CallbackDraft, type CallbackWorld, type Kept } from './callback-book.js';
import { CallTurn, type Gathered, recordOf } from './call-turn.js';
import type { LiveCall } from './live-call.js';
import type { EndedContact, SpokenBook } from './spoken-book.js';
import { type LastContact, type SubjectBook, SubjectDraft } from './subject-book.js';

/** Messages to one call within one turn, at most; more is a bug, and the caller gets the fallback. */
const maxMessages = 100;

/** What the queues answer within a turn: what they say to calls, and what the event log keeps of it. */
export interface QueueAnswer {
  readonly told: readonly { readonly contact: CallId; readonly event: TicketEvent }[];
  readonly facts: readonly AcdFact[];
}

export interface TurnWorld {
  readonly at: UtcMs;
  readonly site: (hash: SiteHash) => CallSite;
  /** A live call beside the one that the turn began with; null: it is over. */
  readonly call: (id: CallId) => LiveCall | null;
  /** Answers what a call says to the queues. */
  readonly queues: (message: TicketMessage, site: CallSite) => QueueAnswer;
  readonly attempts: AttemptBook;
  readonly callbacks: CallbackWorld;
  readonly subjects: SubjectBook;
  /** A contact that is over, and that an agent talked with last; null: it is none. */
  readonly ended: (id: CallId) => EndedContact | null;
  /** Number of the next case. */
  readonly nextCase: number;
  /** A mark for contacts that begin now, e.g. `journal-degraded`; null for none. */
  readonly mark: string | null;
}

/** One call after the turn. Phase `over`: nothing of it is left. */
export interface TurnCall {
  readonly live: LiveCall;
  readonly commands: readonly OutwardCommand[];
}

export interface TurnResult {
  /** Every call that the turn reached, the one that it began with first. */
  readonly calls: readonly TurnCall[];
  readonly events: readonly JournalEvent[];
  /** Put together when asked for: a rehearsal stores nothing. */
  readonly entities: () => readonly EntityWrite[];
  readonly personal: readonly PersonalWrite[];
  readonly records: readonly RecordWrite[];
  readonly nextCase: number;
  /** What the turn changed in the book of attempts; null: it goes. */
  readonly attempts: ReadonlyMap<string, Attempts | null>;
  /** What the turn changed of the places that are kept, by ticket; null: it goes. */
  readonly callbacks: ReadonlyMap<string, Kept | null>;
  /** What it changed in the book of subjects; null: it goes. */
  readonly subjects: ReadonlyMap<string, LastContact | null>;
  /** Contacts that were over, and of which an agent said now what they were. */
  readonly disposed: SpokenBook;
  /** Decisions that threw: bugs, for the log. */
  readonly faults: readonly unknown[];
}

export type TurnStart =
  | { readonly type: 'arrival'; readonly arrival: Arrival; readonly site: SiteHash }
  | { readonly type: 'left-message'; readonly message: LeftMessage; readonly site: SiteHash }
  | { readonly type: 'event'; readonly live: LiveCall; readonly event: CallEvent }
  /** The queues began: an agent, a phone or their time did something. */
  | { readonly type: 'queues'; readonly answer: QueueAnswer };

/** Pure. Runs one turn. Never throws for a fault in a decision: the caller is rescued, the fault is told. */
export function runTurn(start: TurnStart, world: TurnWorld): TurnResult {
  return new TurnDraft(world).run(start);
}

class TurnDraft implements Gathered {
  readonly events: JournalEvent[] = [];
  readonly personal: PersonalWrite[] = [];
  readonly faults: unknown[] = [];
  readonly #world: TurnWorld;
  readonly #attempts: AttemptDraft;
  readonly #callbacks: CallbackDraft;
  readonly #subjects: SubjectDraft;
  readonly #disposed = new Map<CallId, EndedContact>();
  readonly #records: RecordWrite[] = [];
  readonly #calls: CallTurn[] = [];
  readonly #queue: { readonly call: CallTurn; readonly event: CallEvent }[] = [];
  #nextCase: number;

  constructor(world: TurnWorld) {
    this.#world = world;
    this.#nextCase = world.nextCase;
    this.#attempts = new AttemptDraft(world.attempts, world.at);
    this.#callbacks = new CallbackDraft(world.callbacks);
    this.#subjects = new SubjectDraft(world.subjects);
  }

  run(start: TurnStart): TurnResult {
    this.#begin(start);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { call, event } = next;
      if (call.steps < maxMessages) call.step(event);
      else if (call.steps === maxMessages)
        call.rescue(new RangeError(`More than ${maxMessages} messages to one call in one turn.`));
    }
    return this.#result();
  }

  #begin(start: TurnStart): void {
    const { at, site, mark } = this.#world;
    switch (start.type) {
      case 'event':
        this.#queue.push({ call: this.#join(start.live), event: start.event });
        return;
      case 'queues':
        return this.#hear(start.answer);
      case 'arrival':
      case 'left-message': {
        const call = new CallTurn(site(start.site), at, this);
        this.#calls.push(call);
        if (start.type === 'arrival') {
          call.arrive(start.arrival);
          this.#stopRinging(call);
        } else call.takeMessage(start.message);
        if (mark !== null) call.fact({ type: 'call.marked', body: { mark } });
        return;
      }
      default:
        return unknownStart(start);
    }
  }

  #join(live: LiveCall): CallTurn {
    const call = new CallTurn(this.#world.site(live.call.site), this.#world.at, this);
    call.goOn(live);
    this.#calls.push(call);
    return call;
  }

  #callOf(id: CallId): CallTurn | null {
    const known = this.#calls.find((call) => call.id === id);
    if (known !== undefined) return known;
    const live = this.#world.call(id);
    return live === null ? null : this.#join(live);
  }

  deliver(call: CallTurn, message: CallMessage): void {
    switch (message.type) {
      case 'open-case':
      case 'end-contact':
        return this.#toCases(call, message);
      case 'begin-attempt':
      case 'end-attempt': {
        const judged = this.#attempts.take(message);
        if (judged !== null) this.#queue.push({ call, event: judged });
        return;
      }
      case 'park-ticket':
        this.#callbacks.put(keptBy(call, message.place));
        return this.#hear(this.#world.queues(message, call.site));
      default:
        return this.#hear(this.#world.queues(message, call.site));
    }
  }

  #hear({ told, facts }: QueueAnswer): void {
    const dials = told.flatMap(({ contact, event }) =>
      event.type === 'ticket.offered' && event.kind === 'callback' ? [this.#plan(contact, event.ticket)] : [],
    );
    for (const fact of facts) {
      if (!isOfCaller(fact)) {
        this.events.push({ type: fact.type, version: 1, subject: fact.subject, body: asJson(fact.body) });
        continue;
      }
      const dial = dials.find(({ message }) => 'ticket' in fact.body && message?.ticket === fact.body.ticket);
      const call = dial?.call ?? this.#callOf(fact.subject);
      if (fact.type === 'contact.disposed') {
        if (call !== null) call.fact(fact);
        else if (!this.#dispose(fact)) this.#ticketFact(fact.type, fact.body);
        continue;
      }
      // Of what becomes of a place whose contact is over, that contact tells only that it called and reached nobody.
      const hasCalled = fact.type === 'ticket.unreached' && call?.live.call.calledBack != null;
      const isTheirs = hasCalled || call?.live.contact?.endedAt == null;
      if (call !== null && isTheirs) call.fact(fact);
      else this.#ticketFact(fact.type, fact.body);
    }
    for (const { site, message } of dials)
      if (message !== null) this.#hear(this.#world.queues(message, site));
    for (const { contact, event } of told) {
      const call = this.#callOf(contact);
      if (call !== null) this.#queue.push({ call, event });
      else if (event.type === 'ticket.ended') {
        const { ticket, result } = event;
        this.#ticketFact(event.type, { ticket, result });
      }
    }
  }

  /** A ticket may outlive its call, and the call's record: the caller is called back. */
  #ticketFact(type: string, body: { readonly ticket: string; readonly result?: string }): void {
    this.events.push({ type, version: 1, subject: `ticket:${body.ticket}`, body: asJson(body) });
  }

  /**
   * An agent is reserved for somebody who hung up: they are called, by a call of its own, or it is said why not.
   * `message`: what the queue is told of it; null: they are being called already.
   */
  #plan(contact: CallId, ticket: string): Dialled {
    const { callbacks, at, site: siteOf } = this.#world;
    const calling = this.#callOf(contact);
    if (calling !== null && isCalling(calling, ticket))
      return { call: calling, site: calling.site, message: null };
    const kept = this.#callbacks.of(ticket);
    const called = kept?.called ?? '';
    const site = siteOf(callbacks.siteFor(called));
    if (kept === null)
      return { call: null, site, message: { type: 'cancel-callback', ticket, why: 'cancelled' } };
    const { place, tried } = kept;
    const hindrance = hindranceOf(place, site, at, this.#obstacleTo(kept, site));
    if (hindrance !== null) return { call: null, site, message: hindrance };
    const call = new CallTurn(site, at, this);
    this.#calls.push(call);
    const id = tried === null ? callbacks.newCall() : (tried.contact.id as CallId);
    call.callBack({ id, called, place, next: tried?.next ?? null }, kept);
    return { call, site, message: { type: 'dial-callback', ticket, contact: call.id } };
  }

  #obstacleTo({ place, tried }: Kept, site: CallSite): 'stopping' | 'on-the-line' | null {
    const { callbacks } = this.#world;
    if (!callbacks.admits()) return 'stopping';
    // As this turn has left them so far: whoever has just hung up is not on the line any more.
    const here = new Map(this.#calls.map(({ live }) => [live.call.id, live.call]));
    const isTheirs = (call: Call): boolean =>
      isOnTheLine(call, place.number, site.callbacks) ||
      // What is left of the last try has not been cleared away yet: its id cannot be used again.
      (call.id === tried?.contact.id && call.phase !== 'over');
    for (const call of here.values()) if (isTheirs(call)) return 'on-the-line';
    for (const { call } of callbacks.calls()) if (!here.has(call.id) && isTheirs(call)) return 'on-the-line';
    return null;
  }

  /** Whoever calls in is not rung any more: they are called when they have hung up. */
  #stopRinging({ live: { call }, site }: CallTurn): void {
    const { callbacks, at } = this.#world;
    if (callbacks.known.size === 0 || call.ending !== null) return;
    const until = at + soonMs;
    for (const { call: other } of callbacks.calls()) {
      const place = isDialling(other) ? other.calledBack?.place : undefined;
      if (place === undefined || !isOnTheLine(call, place.number, site.callbacks)) continue;
      const { ticket } = place;
      this.#hear(this.#world.queues({ type: 'miss-callback', ticket, counts: false, until }, site));
    }
  }

  /** An agent says what a contact was that is over: its record is written again. */
  #dispose({ type, subject: id, body }: Extract<AcdFact, { type: 'contact.disposed' }>): boolean {
    const { at, ended } = this.#world;
    const before = this.#disposed.get(id) ?? ended(id);
    const contact = before && foldContact(before.contact, id, { type, subject: id, body }, at);
    if (before === null || contact === null) return false;
    const version = before.version + 1;
    this.#disposed.set(id, { version, contact });
    this.events.push({ type, version: 1, subject: id, body: asJson(body) });
    this.#records.push(recordOf(contact, version));
    return true;
  }

  #toCases(call: CallTurn, message: CaseMessage): void {
    const decision = decideCase(this.#nextCase, commandOf(call, message));
    this.#nextCase = decision.next;
    for (const { id, fact } of decision.facts) call.caseFact(id, fact);
    if (decision.details !== null)
      this.personal.push({ contact: call.id, ...decision.details, class: 'text' });
    if (message.type === 'end-contact') this.#noteSubjects(call, message);
    if (message.type === 'open-case')
      this.#queue.push({ call, event: { type: 'case.opened', case: decision.case } });
    // A contact that ends without a case of its own was given one.
    else if (message.cases.length === 0) call.fact({ type: 'case.linked', body: { case: decision.case.id } });
  }

  /** Of a caller who withholds the number nobody knows whether they come back. */
  #noteSubjects(call: CallTurn, { cases }: Extract<CaseMessage, { type: 'end-contact' }>): void {
    const { live, id } = call;
    const { number } = live.call.caller;
    // Whoever is called back has not come back.
    if (number === null || live.contact === null || live.contact.began === 'outbound') return;
    const opened = live.cases
      .map(({ record }) => record)
      .filter((one) => cases.some((own) => own.id === one.id));
    const subjects = subjectsOf(live.contact.tickets, opened);
    const facts = this.#subjects.note(number, { contact: id, at: live.contact.startedAt }, subjects);
    for (const fact of facts) call.fact(fact);
  }

  #result(): TurnResult {
    const records = [...this.#calls.flatMap((call) => call.records()), ...this.#records];
    for (const call of this.#calls) this.#keepTried(call);
    return {
      calls: this.#calls.map(({ live, commands }) => ({ live, commands })),
      events: this.events,
      entities: () => this.#entities(),
      personal: this.personal,
      records,
      nextCase: this.#nextCase,
      attempts: this.#attempts.changes,
      callbacks: this.#callbacks.changes,
      subjects: this.#subjects.changes,
      disposed: this.#disposed,
      faults: this.faults,
    };
  }

  /** Whoever calls back next goes on with contact and case as this call leaves them. */
  #keepTried({ live }: CallTurn): void {
    const { call, contact, contactVersion: version, cases } = live;
    const kept = call.calledBack == null ? null : this.#callbacks.of(call.calledBack.place.ticket);
    if (kept === null || contact === null) return;
    const id = kept.case?.record.id;
    const now = cases.find(({ record }) => record.id === id) ?? kept.case;
    // One who was reached keeps a new place, if any.
    const isOver = call.calledBack?.state === 'over' && call.phase !== 'live';
    const tried =
      isOver && kept.place.contact !== contact.id ? { contact, version, next: call.next } : kept.tried;
    if (now !== kept.case || tried !== kept.tried) this.#callbacks.put({ ...kept, case: now, tried });
  }

  #entities(): readonly EntityWrite[] {
    const entities: EntityWrite[] = this.#calls.map((call) => call.entity());
    entities.push(...this.#attempts.entities(), ...this.#subjects.entities());
    if (this.#nextCase !== this.#world.nextCase)
      entities.push({ kind: 'counter', id: 'case', body: { next: this.#nextCase } });
    return entities;
  }
}

interface Dialled {
  /** The call that calls back; null: none does. */
  readonly call: CallTurn | null;
  readonly site: CallSite;
  readonly message: Extract<TicketMessage, { readonly ticket: string }> | null;
}

/** Whether the call calls back for that ticket, and nobody has answered it yet. */
function isCalling({ live: { call } }: CallTurn, ticket: string): boolean {
  const { calledBack, phase } = call;
  return phase === 'live' && calledBack?.place.ticket === ticket && calledBack.state !== 'over';
}

/** What is known of a place that the caller of a call leaves behind. */
function keptBy({ live }: CallTurn, place: KeptPlace): Kept {
  const found = live.cases.find(({ record }) => record.id === place.case) ?? null;
  return { place, called: live.contact?.number ?? '', case: found, tried: null };
}

function commandOf(call: CallTurn, message: CaseMessage): CaseCommand {
  if (message.type === 'open-case') return message;
  // Written out: see `changedCall`.
  return {
    type: message.type,
    contact: message.contact,
    language: message.language,
    outcome: message.outcome,
    agent: lastTalker(call.live.contact?.tickets ?? []),
    cases: message.cases,
    unheard: message.unheard,
    settled: message.settled,
  };
}

function isOfCaller(fact: AcdFact): fact is RouterFact {
  switch (fact.type) {
    case 'agent.changed':
    case 'agent.moved':
    case 'phone.lost':
    case 'phone.found':
      return false;
    default:
      return true;
  }
}

function unknownStart(start: never): never {
  throw new TypeError(`No such turn: ${JSON.stringify(start)}.`);
}
