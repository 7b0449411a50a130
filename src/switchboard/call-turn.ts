/** One call within a turn: what is decided for it, folded into what is known of it. */
import { asJson, type CallId, type UtcMs } from '../base/index.js';
import {
  type Arrival,
  type CallDecision,
  type CallEvent,
  type CallMessage,
  type Callback,
  type CallSite,
  decideCall,
  type LeftMessage,
  type OutwardCommand,
  rescueCall,
  startCall,
  startCallback,
  takeMessage,
} from '../calls/index.js';
import { type CaseFact, type Contact, type ContactFact, foldCase, foldContact } from '../cases/index.js';
import type { EntityWrite, JournalEvent, PersonalWrite, RecordWrite } from '../journal/port.js';
import type { Kept } from './callback-book.js';
import { bodyOf, type LiveCall, withCall } from './live-call.js';

/** Where what a call's turn brings about is gathered with that of others. */
export interface Gathered {
  readonly events: JournalEvent[];
  readonly personal: PersonalWrite[];
  readonly faults: unknown[];
  deliver(call: CallTurn, message: CallMessage): void;
}

export class CallTurn {
  readonly site: CallSite;
  readonly commands: OutwardCommand[] = [];
  /** Events that it was given. */
  steps = 0;
  readonly #at: UtcMs;
  readonly #gathered: Gathered;
  readonly #changedCases = new Set<string>();
  #live: LiveCall | null = null;
  #contactChanged = false;

  constructor(site: CallSite, at: UtcMs, gathered: Gathered) {
    this.site = site;
    this.#at = at;
    this.#gathered = gathered;
  }

  get live(): LiveCall {
    if (this.#live === null) throw new TypeError('A call that has not begun.');
    return this.#live;
  }

  get id(): CallId {
    return this.live.call.id;
  }

  goOn(live: LiveCall): void {
    this.#live = live;
  }

  /** A fault in the first decision must not leave a caller unanswered. */
  arrive(arrival: Arrival): void {
    try {
      this.#start(startCall(arrival, this.site, this.#at));
    } catch (fault) {
      this.#gathered.faults.push(fault);
      this.#start(startCall(arrival, this.site, this.#at, 'a decision failed'));
    }
  }

  callBack(callback: Omit<Callback, 'trunk'>, { case: kept, tried }: Kept): void {
    const trunk = this.site.callbacks?.trunk ?? '';
    const decision = startCallback({ ...callback, trunk }, this.site, this.#at);
    this.#live = {
      call: decision.call,
      contact: tried?.contact ?? null,
      contactVersion: tried?.version ?? 0,
      cases: kept === null ? [] : [kept],
    };
    this.#take(decision);
    if (kept !== null && tried === null)
      this.caseFact(kept.record.id, { type: 'case.contacted', body: { contact: decision.call.id } });
  }

  takeMessage(message: LeftMessage): void {
    this.#start(takeMessage(message, this.site, this.#at));
  }

  step(event: CallEvent): void {
    this.steps += 1;
    try {
      this.#take(decideCall(this.live.call, event, this.site, this.#at));
    } catch (fault) {
      this.rescue(fault);
    }
  }

  rescue(fault: unknown): void {
    this.steps += 1;
    this.#gathered.faults.push(fault);
    this.#take(rescueCall(this.live.call, 'a decision failed', this.site, this.#at));
  }

  fact(fact: ContactFact): void {
    const { id, live } = this;
    this.#gathered.events.push({ type: fact.type, version: 1, subject: id, body: asJson(fact.body) });
    const { call, contactVersion, cases } = live;
    this.#live = { call, contact: foldContact(live.contact, id, fact, this.#at), contactVersion, cases };
    this.#contactChanged = true;
  }

  caseFact(id: string, fact: CaseFact): void {
    const { live } = this;
    this.#gathered.events.push({ type: fact.type, version: 1, subject: id, body: asJson(fact.body) });
    const before = live.cases.find(({ record }) => record.id === id);
    const record = foldCase(before?.record ?? null, id, fact, this.#at);
    if (record === null) return;
    this.#changedCases.add(id);
    const others = live.cases.filter((other) => other !== before);
    const { call, contact, contactVersion } = live;
    const cases = [...others, { version: before?.version ?? 0, record }];
    this.#live = { call, contact, contactVersion, cases };
  }

  entity(): EntityWrite {
    const { id, live } = this;
    return { kind: 'call', id, body: live.call.phase === 'over' ? null : bodyOf(live) };
  }

  /** The records that changed; a contact's is written when its call is over, and again when something follows. */
  records(): readonly RecordWrite[] {
    const records: RecordWrite[] = [];
    const { call, contact } = this.live;
    let { contactVersion } = this.live;
    if (contact !== null && contact.endedAt !== null && this.#contactChanged) {
      contactVersion += 1;
      this.#live = { call, contact, contactVersion, cases: this.live.cases };
      records.push(recordOf(contact, contactVersion));
    }
    if (this.#changedCases.size === 0) return records;
    const cases = this.live.cases.map((entry) =>
      this.#changedCases.has(entry.record.id) ? { version: entry.version + 1, record: entry.record } : entry,
    );
    this.#live = { call, contact, contactVersion, cases };
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

  #start(decision: CallDecision): void {
    this.#live = { call: decision.call, contact: null, contactVersion: 0, cases: [] };
    this.#take(decision);
  }

  #take(decision: CallDecision): void {
    const { id } = this;
    this.#live = withCall(this.live, decision.call);
    for (const fact of decision.facts) this.fact(fact);
    for (const { key, class: cls, body } of decision.personal)
      this.#gathered.personal.push({ contact: id, key, class: cls, body });
    this.commands.push(...decision.commands);
    for (const message of decision.messages) this.#gathered.deliver(this, message);
  }
}

/** A contact's record, as other tools read it. */
export function recordOf(contact: Contact, version: number): RecordWrite {
  const { id, startedAt: at } = contact;
  return { kind: 'contact', id, version, at, case: contact.case ?? '', body: asJson(contact) };
}
