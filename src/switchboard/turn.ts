/**
 * Pure. One turn: an event and every message it causes, run to its end over calls and cases, and gathered into what
 * the journal writes at once.
 */
import { asJson, type CallId, type SiteHash, type UtcMs } from '../base/index.js';
import {
  type Arrival,
  type Attempts,
  type CallDecision,
  type CallEvent,
  type CallFact,
  type CallMessage,
  type CallSite,
  decideCall,
  type LeftMessage,
  type OutwardCommand,
  rescueCall,
  startCall,
  takeMessage,
  type TicketEvent,
  type TicketMessage,
} from '../calls/index.js';
import { type CaseCommand, type CaseFact, decideCase, foldCase, foldContact } from '../cases/index.js';
import type { EntityWrite, JournalEvent, PersonalWrite, RecordWrite } from '../journal/port.js';
import { type AttemptBook, AttemptDraft } from './attempt-book.js';
import { answerUnattended } from './unattended.js';
import { bodyOf, type LiveCall } from './live-call.js';

/** Messages within one turn, at most; more is a bug, and the caller gets the fallback. */
const maxMessages = 100;

export interface TurnWorld {
  readonly at: UtcMs;
  readonly site: (hash: SiteHash) => CallSite;
  /** Who answers calls that wait for agents; not there: nobody can sign in. */
  readonly queues?: (message: TicketMessage) => readonly TicketEvent[];
  readonly attempts: AttemptBook;
  /** Number of the next case. */
  readonly nextCase: number;
  /** A mark for contacts that begin now, e.g. `journal-degraded`; null for none. */
  readonly mark: string | null;
}

export interface TurnResult {
  /** The call as it is now; phase `over`: nothing of it is left. */
  readonly live: LiveCall;
  readonly commands: readonly OutwardCommand[];
  readonly events: readonly JournalEvent[];
  /** Put together when asked for: a rehearsal stores nothing. */
  readonly entities: () => readonly EntityWrite[];
  readonly personal: readonly PersonalWrite[];
  readonly records: readonly RecordWrite[];
  readonly nextCase: number;
  /** What the turn changed in the book of attempts; null: it goes. */
  readonly attempts: ReadonlyMap<string, Attempts | null>;
  /** Decisions that threw: bugs, for the log. */
  readonly faults: readonly unknown[];
}

export type TurnStart =
  | { readonly type: 'arrival'; readonly arrival: Arrival; readonly site: SiteHash }
  | { readonly type: 'left-message'; readonly message: LeftMessage; readonly site: SiteHash }
  | { readonly type: 'event'; readonly live: LiveCall; readonly event: CallEvent };

/** Pure. Runs one turn. Never throws for a fault in a decision: the caller is rescued, the fault is told. */
export function runTurn(start: TurnStart, world: TurnWorld): TurnResult {
  const turn = new TurnDraft(start, world);
  let event = turn.queue.shift();
  for (let n = 0; event !== undefined; event = turn.queue.shift(), n++) {
    if (n < maxMessages) turn.step(event);
    else {
      turn.queue.length = 0;
      turn.rescue(new RangeError(`More than ${maxMessages} messages in one turn.`));
      break;
    }
  }
  return turn.result();
}

class TurnDraft {
  readonly queue: CallEvent[] = [];
  readonly #world: TurnWorld;
  readonly #attempts: AttemptDraft;
  readonly #id: CallId;
  readonly #commands: OutwardCommand[] = [];
  readonly #events: JournalEvent[] = [];
  readonly #personal: PersonalWrite[] = [];
  readonly #faults: unknown[] = [];
  readonly #changedCases = new Set<string>();
  readonly #site: CallSite;
  #live: LiveCall;
  #contactChanged = false;
  #nextCase: number;

  constructor(start: TurnStart, world: TurnWorld) {
    this.#world = world;
    this.#nextCase = world.nextCase;
    this.#attempts = new AttemptDraft(world.attempts, world.at);
    if (start.type === 'event') {
      this.#live = start.live;
      this.#id = start.live.call.id;
      this.#site = world.site(start.live.call.site);
      this.queue.push(start.event);
      return;
    }
    this.#site = world.site(start.site);
    this.#id = start.type === 'arrival' ? start.arrival.id : start.message.id;
    const decision =
      start.type === 'arrival'
        ? this.#begin(start.arrival)
        : takeMessage(start.message, this.#site, world.at);
    this.#live = { call: decision.call, contact: null, contactVersion: 0, cases: [] };
    this.#take(decision);
    if (world.mark !== null) this.#fact({ type: 'call.marked', body: { mark: world.mark } });
  }

  /** A fault in the first decision must not leave a caller unanswered. */
  #begin(arrival: Arrival): CallDecision {
    try {
      return startCall(arrival, this.#site, this.#world.at);
    } catch (fault) {
      this.#faults.push(fault);
      return startCall(arrival, this.#site, this.#world.at, 'a decision failed');
    }
  }

  step(event: CallEvent): void {
    try {
      this.#take(decideCall(this.#live.call, event, this.#site, this.#world.at));
    } catch (fault) {
      this.rescue(fault);
    }
  }

  rescue(fault: unknown): void {
    this.#faults.push(fault);
    this.#take(rescueCall(this.#live.call, 'a decision failed', this.#site, this.#world.at));
  }

  result(): TurnResult {
    const records = this.#records();
    return {
      live: this.#live,
      commands: this.#commands,
      events: this.#events,
      entities: () => this.#entities(),
      personal: this.#personal,
      records,
      nextCase: this.#nextCase,
      attempts: this.#attempts.changes,
      faults: this.#faults,
    };
  }

  #entities(): readonly EntityWrite[] {
    const body = this.#live.call.phase === 'over' ? null : bodyOf(this.#live);
    const entities: EntityWrite[] = [{ kind: 'call', id: this.#id, body }, ...this.#attempts.entities()];
    if (this.#nextCase !== this.#world.nextCase)
      entities.push({ kind: 'counter', id: 'case', body: { next: this.#nextCase } });
    return entities;
  }

  #take(decision: CallDecision): void {
    this.#live = { ...this.#live, call: decision.call };
    for (const fact of decision.facts) this.#fact(fact);
    for (const { key, class: cls, body } of decision.personal) {
      this.#personal.push({ contact: this.#id, key, class: cls, body });
    }
    this.#commands.push(...decision.commands);
    for (const message of decision.messages) this.#deliver(message);
  }

  #deliver(message: CallMessage): void {
    switch (message.type) {
      case 'open-case':
      case 'end-contact':
        return this.#toCases(message);
      case 'begin-attempt':
      case 'end-attempt': {
        const judged = this.#attempts.take(message);
        if (judged !== null) this.queue.push(judged);
        return;
      }
      default: {
        const { at, queues } = this.#world;
        const told = queues?.(message) ?? answerUnattended(message, this.#site, at);
        this.queue.push(...told);
      }
    }
  }

  #toCases(message: CaseCommand): void {
    const decision = decideCase(this.#nextCase, message);
    this.#nextCase = decision.next;
    for (const { id, fact } of decision.facts) this.#caseFact(id, fact);
    if (decision.details !== null) {
      this.#personal.push({ contact: this.#id, ...decision.details, class: 'text' });
    }
    if (message.type === 'open-case') this.queue.push({ type: 'case.opened', case: decision.case });
    // A contact that ends without a case of its own was given one.
    else if (message.cases.length === 0)
      this.#fact({ type: 'case.linked', body: { case: decision.case.id } });
  }

  #fact(fact: CallFact): void {
    this.#events.push({ type: fact.type, version: 1, subject: this.#id, body: asJson(fact.body) });
    this.#live = { ...this.#live, contact: foldContact(this.#live.contact, this.#id, fact, this.#world.at) };
    this.#contactChanged = true;
  }

  #caseFact(id: string, fact: CaseFact): void {
    this.#events.push({ type: fact.type, version: 1, subject: id, body: asJson(fact.body) });
    const before = this.#live.cases.find(({ record }) => record.id === id);
    const record = foldCase(before?.record ?? null, id, fact, this.#world.at);
    if (record === null) return;
    this.#changedCases.add(id);
    const others = this.#live.cases.filter((other) => other !== before);
    this.#live = { ...this.#live, cases: [...others, { version: before?.version ?? 0, record }] };
  }

  /** The records that changed; a contact's is written when its call is over, and again when something follows. */
  #records(): RecordWrite[] {
    const records: RecordWrite[] = [];
    const { contact } = this.#live;
    if (contact !== null && contact.endedAt !== null && this.#contactChanged) {
      const version = this.#live.contactVersion + 1;
      this.#live = { ...this.#live, contactVersion: version };
      const { id, startedAt: at } = contact;
      records.push({ kind: 'contact', id, version, at, case: contact.case ?? '', body: asJson(contact) });
    }
    const cases = this.#live.cases.map((entry) =>
      this.#changedCases.has(entry.record.id) ? { ...entry, version: entry.version + 1 } : entry,
    );
    this.#live = { ...this.#live, cases };
    for (const { version, record } of cases) {
      if (!this.#changedCases.has(record.id)) continue;
      records.push({
        kind: 'case',
        id: record.id,
        version,
        at: record.openedAt,
        case: record.id,
        body: asJson(record),
      });
    }
    return records;
  }
}
