/**
 * The history checker: given what the journal holds after a test, says every promise that was broken. Run after every
 * real and simulated test; an empty list is the only good answer.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CallFact } from '../../src/calls/index.js';
import { type Case, type CaseFact, type Contact, foldCase, foldContact } from '../../src/cases/index.js';

export interface HistoryEvent {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly subject: string;
  readonly body: unknown;
}

export interface History {
  /** In the order of the log. */
  readonly events: readonly HistoryEvent[];
  /** Newest version of each contact's record. */
  readonly contacts: readonly Contact[];
  readonly cases: readonly Case[];
  /** Calls that still live. */
  readonly live: readonly string[];
  /** Values of the personal side table: none may stand in an event or in a log. */
  readonly personal: readonly string[];
  /** Numbers of callers and of who is called back, by contact; those of erased contacts are not there. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Lines that the engine logged. */
  readonly log: readonly string[];
}

/** Facts that may follow the end of a call: the clearing away of what was left. */
const afterEnd: ReadonlySet<string> = new Set([
  'case.linked',
  'subject.noted',
  'contact.disposed',
  'command.refused',
  'dial.ended',
  'call.resumed',
  'message.ended',
  'personal.erased',
  // What was said in a talk is stored when its bridge is over.
  'recording.kept',
  'recording.discarded',
  'recording.failed',
]);

/** What becomes of the place of somebody who was called back in vain is decided when that call is over. */
const afterCallback: ReadonlySet<string> = new Set(['ticket.unreached', 'ticket.ended']);

export function brokenPromises(history: History): string[] {
  return [
    ...timeRuns(history),
    ...callsEndOnce(history),
    ...agentsTalkToOne(history),
    ...placesEnd(history),
    ...nobodyIsCalledOnTheLine(history),
    ...recordsFollow(history),
    ...nothingPersonal(history),
  ];
}

function timeRuns({ events }: History): string[] {
  const broken: string[] = [];
  let last = { seq: 0, at: 0 };
  for (const { seq, at, type, subject } of events) {
    if (seq < last.seq)
      broken.push(`Event ${type} of ${subject} stands before turn ${last.seq}, but is of ${seq}.`);
    if (at < last.at) broken.push(`Time runs backwards at ${type} of ${subject}: ${last.at} to ${at}.`);
    last = { seq, at };
  }
  return broken;
}

function callsEndOnce({ events, live }: History): string[] {
  const broken: string[] = [];
  for (const [id, facts] of groups(events)) {
    if (isRouters(id)) continue;
    const arrived = facts.filter(({ type }) => type === 'call.arrived' || type === 'call.placed').length;
    // Who was not reached is called again in the same contact: it ends once with each try, and goes on with the next.
    const again = facts.findLastIndex(({ type }) => type === 'call.redialled');
    const tries = facts.filter(({ type }) => type === 'call.redialled').length;
    const last = facts.slice(again + 1).findIndex(({ type }) => type === 'call.ended');
    const ended = last === -1 ? -1 : again + 1 + last;
    if (arrived === 0 && facts.some(({ type }) => type.startsWith('case.') && type !== 'case.linked'))
      continue;
    const isPlaced = facts[0]?.type === 'call.placed';
    if ((facts[0]?.type !== 'call.arrived' && !isPlaced) || arrived !== 1)
      broken.push(`Call ${id} arrived ${arrived} times.`);
    const ends = facts.filter(({ type }) => type === 'call.ended').length;
    if (ends !== tries + (ended === -1 ? 0 : 1))
      broken.push(`Call ${id} ended ${ends} times, and was tried again ${tries} times.`);
    if (tries > 0 && !isPlaced) broken.push(`Call ${id} is none of ours, and was tried again.`);
    if (ended === -1 && !live.includes(id)) broken.push(`Call ${id} never ended, and does not live.`);
    for (const { type } of ended === -1 ? [] : facts.slice(ended + 1)) {
      if (!afterEnd.has(type) && !(isPlaced && afterCallback.has(type)))
        broken.push(`Call ${id} has ${type} after its end.`);
    }
    const isOver = ended !== -1;
    broken.push(...dialsEnd(id, facts, isOver), ...waitsEnd(id, facts, isOver));
    broken.push(...movesEnd(id, facts, isOver));
    broken.push(...recordingsEnd(id, facts, isOver && !live.includes(id)));
  }
  return broken;
}

/** Facts of agents, of phones, and of tickets that outlive their calls. */
function isRouters(subject: string): boolean {
  return ['agent:', 'ticket:', 'phone:'].some((kind) => subject.startsWith(kind));
}

const busy: ReadonlySet<string> = new Set(['offered', 'ringing', 'talking', 'hold']);

/** An agent goes from the state that was told last, and has one caller at a time; a caller has one agent. */
function agentsTalkToOne({ events }: History): string[] {
  const broken: string[] = [];
  const now = new Map<string, { readonly state: string; readonly ticket: string | null }>();
  for (const { type, subject, body } of events) {
    if (type !== 'agent.changed') continue;
    const { from, state, ticket } = body as { from: string; state: string; ticket: string | null };
    const before = now.get(subject);
    if (before !== undefined && before.state !== from)
      broken.push(`${subject} goes from ${from}, and was ${before.state}.`);
    const moved = before !== undefined && before.ticket !== ticket;
    if (moved && busy.has(before.state) && busy.has(state))
      broken.push(`${subject} has ${ticket} while ${before.ticket} is not over.`);
    now.set(subject, { state, ticket });
    if (!busy.has(state)) continue;
    // Several may be rung at once; whoever talks is alone with the ticket.
    const talks = state === 'talking' || state === 'hold';
    const rival = [...now].find(
      ([other, { state, ticket: its }]) => talks && other !== subject && its === ticket && busy.has(state),
    );
    if (rival !== undefined) broken.push(`${subject} and ${rival[0]} have ${ticket} at once.`);
  }
  return broken;
}

/** An agent's phone that is rung is answered at most once, and is let go. */
function dialsEnd(id: string, facts: readonly HistoryEvent[], isOver: boolean): string[] {
  const broken: string[] = [];
  const open = new Map<string, number>();
  for (const { type, body } of facts) {
    const leg = String((body as { leg?: unknown }).leg);
    if (type === 'dial.started') {
      if (open.has(leg)) broken.push(`Call ${id} rings one phone twice.`);
      open.set(leg, 0);
    } else if (type === 'dial.answered') {
      const times = open.get(leg);
      if (times === undefined) broken.push(`Call ${id} answers a phone that does not ring.`);
      else if (times > 0) broken.push(`Call ${id} answers one phone twice.`);
      open.set(leg, 1);
    } else if (type === 'dial.ended' && !open.delete(leg)) broken.push(`Call ${id} ends one phone twice.`);
  }
  if (isOver && open.size > 0) broken.push(`Call ${id} is over, and a phone of it is not.`);
  return broken;
}

/** Every stretch of talk is somebody's, begins and ends once; transfers come one at a time, and each ends. */
function movesEnd(id: string, facts: readonly HistoryEvent[], isOver: boolean): string[] {
  const broken: string[] = [];
  const talking = new Map<string, string>();
  let moving = false;
  for (const { type, body } of facts) {
    const { leg, who } = body as { leg: string; who: string };
    if (type === 'talk.began') {
      if (talking.has(leg)) broken.push(`Call ${id}: ${leg} begins to talk twice.`);
      if ([...talking.values()].includes(who)) broken.push(`Call ${id}: ${who} talks twice at once.`);
      talking.set(leg, who);
    } else if (type === 'talk.ended' && !talking.delete(leg)) {
      broken.push(`Call ${id}: ${leg} ends a talk that is none.`);
    } else if (type === 'transfer.began') {
      if (moving) broken.push(`Call ${id} is transferred while it is being transferred.`);
      moving = true;
    } else if (type === 'transfer.ended') {
      if (!moving) broken.push(`Call ${id} ends a transfer that is none.`);
      moving = false;
    }
  }
  if (isOver && talking.size > 0)
    broken.push(`Call ${id} is over, and ${[...talking.values()].join()} talks.`);
  if (isOver && moving) broken.push(`Call ${id} is over, and a transfer of it is not.`);
  return broken;
}

/** What ends a wait, as far as one contact goes. */
const closing: ReadonlySet<string> = new Set(['ticket.ended', 'ticket.parked', 'ticket.unreached']);

/** A place that is kept is called back by one call at a time, and ends once, or is kept still. */
function placesEnd({ events }: History): string[] {
  const broken: string[] = [];
  const kept = new Set<string>();
  const dialled = new Map<string, string>();
  for (const { type, subject, body } of events) {
    if (!type.startsWith('ticket.')) continue;
    const ticket = String((body as { ticket?: unknown }).ticket);
    if (type === 'ticket.parked') kept.add(ticket);
    if (type === 'ticket.dialled') {
      if (!kept.has(ticket))
        broken.push(`Ticket ${ticket} is called back by ${subject}, and nobody kept it.`);
      const other = dialled.get(ticket);
      if (other !== undefined)
        broken.push(`Ticket ${ticket} is called back by ${other} and ${subject} at once.`);
      dialled.set(ticket, subject);
    }
    if (closing.has(type)) dialled.delete(ticket);
    if (type === 'ticket.ended') kept.delete(ticket);
  }
  return broken;
}

/** Nobody is called back who is on the line already, whatever they do there. */
function nobodyIsCalledOnTheLine({ events, numbers }: History): string[] {
  const broken: string[] = [];
  const up = new Map<string, string>();
  for (const { type, subject } of events) {
    const number = numbers.get(subject);
    if (number === undefined) continue;
    if (type === 'ticket.dialled')
      for (const [other, theirs] of up)
        if (other !== subject && theirs === number)
          broken.push(`Call ${subject} calls somebody back who is on the line in ${other}.`);
    if (type === 'call.ended') up.delete(subject);
    else if (type === 'call.arrived' || type === 'ticket.dialled') up.set(subject, number);
  }
  return broken;
}

/** A caller waits in one queue at a time, and every wait ends once. */
function waitsEnd(id: string, facts: readonly HistoryEvent[], isOver: boolean): string[] {
  const broken: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  // Whoever is transferred waits in the next queue while the agent of the first still talks.
  const connected = new Set<string>();
  const missed = new Set<string>();
  for (const { type, body } of facts) {
    if (!type.startsWith('ticket.')) continue;
    // A caller for one agent by name waits in no queue.
    if ((body as { strategy?: unknown }).strategy === 'by-name') continue;
    const ticket = String((body as { ticket?: unknown }).ticket);
    if (type === 'ticket.requested' || type === 'ticket.dialled') {
      if (seen.has(ticket) && !(type === 'ticket.dialled' && missed.delete(ticket)))
        broken.push(`Call ${id} asks for ticket ${ticket} twice.`);
      if (open.size > connected.size) broken.push(`Call ${id} waits in two queues at once.`);
      seen.add(ticket);
      open.add(ticket);
    } else if (!open.has(ticket)) {
      // A place may be given up while the call that could not reach anybody is still being cleared away.
      if (type !== 'ticket.ended' || !missed.has(ticket))
        broken.push(`Call ${id} has ${type} of a ticket that is not open.`);
      missed.delete(ticket);
    } else if (type === 'ticket.connected') connected.add(ticket);
    else if (closing.has(type)) {
      open.delete(ticket);
      connected.delete(ticket);
      if (type === 'ticket.unreached') missed.add(ticket);
    }
  }
  if (isOver && open.size > 0) broken.push(`Call ${id} is over and still waits for an agent.`);
  return broken;
}

/** What is recorded of a talk is kept or thrown away, or has failed: once, and never in silence. */
function recordingsEnd(id: string, facts: readonly HistoryEvent[], isOver: boolean): string[] {
  const broken: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const { type, body } of facts) {
    const { recording, name } = body as { readonly recording?: string | null; readonly name?: string };
    if (typeof recording !== 'string') continue;
    if (type === 'recording.started') {
      if (seen.has(recording)) broken.push(`Call ${id} records ${recording} twice.`);
      seen.add(recording);
      open.add(recording);
      continue;
    }
    const ends = ['recording.kept', 'recording.discarded', 'recording.failed'].includes(type);
    if (!seen.has(recording)) {
      if (name === 'talk') broken.push(`Call ${id} keeps ${recording}, which was not begun.`);
    } else if (ends && !open.delete(recording)) broken.push(`Call ${id} ends ${recording} twice.`);
  }
  if (isOver && open.size > 0)
    broken.push(`Call ${id} is over, and what became of ${[...open].join()} is not told.`);
  return broken;
}

function recordsFollow({ events, contacts, cases }: History): string[] {
  const broken: string[] = [];
  const foldedContacts = new Map<string, Contact>();
  const foldedCases = new Map<string, Case>();
  const tried = new Set<string>();
  for (const [id, facts] of groups(events)) {
    let contact: Contact | null = null;
    let record: Case | null = null;
    for (const { type, body, at } of facts) {
      const fact = { type, body };
      if (
        type === 'case.opened' ||
        type === 'case.contacted' ||
        type === 'case.handled' ||
        type === 'case.closed'
      )
        record = foldCase(record, id, fact as CaseFact, at);
      else if (type !== 'engine.started' && type !== 'personal.erased')
        contact = foldContact(contact, id, fact as CallFact, at);
    }
    // One that is being tried again stands as its last try left it.
    if (contact !== null && contact.endedAt !== null) foldedContacts.set(id, contact);
    else if (contact !== null && contact.tries.length > 1) tried.add(id);
    if (record !== null) foldedCases.set(id, record);
  }
  const settled = contacts.filter(({ id }) => !tried.has(id));
  broken.push(...compare('contact', foldedContacts, settled), ...compare('case', foldedCases, cases));
  for (const contact of foldedContacts.values()) {
    const owners = [...foldedCases.values()].filter((record) => record.contacts.includes(contact.id));
    if (contact.case === null) broken.push(`Contact ${contact.id} belongs to no case.`);
    else if (!foldedCases.has(contact.case))
      broken.push(`Contact ${contact.id} names a case that is not there.`);
    if (owners.length === 0) broken.push(`No case has contact ${contact.id}.`);
  }
  const references = [...foldedCases.values()].map(({ reference }) => reference);
  if (new Set(references).size !== references.length) broken.push('Two cases have the same reference.');
  return broken;
}

function compare<T extends { readonly id: string }>(
  kind: string,
  folded: ReadonlyMap<string, T>,
  stored: readonly T[],
): string[] {
  const broken: string[] = [];
  const ids = stored.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) broken.push(`A ${kind} stands twice.`);
  for (const record of stored) {
    const again = folded.get(record.id);
    if (again === undefined) broken.push(`The ${kind} ${record.id} has no events.`);
    else if (!isDeepStrictEqual(JSON.parse(JSON.stringify(record)), JSON.parse(JSON.stringify(again)))) {
      broken.push(`The ${kind} ${record.id} does not follow from its events.`);
    }
  }
  for (const id of folded.keys()) if (!ids.includes(id)) broken.push(`The ${kind} ${id} was never written.`);
  return broken;
}

function nothingPersonal({ events, personal, log }: History): string[] {
  const broken: string[] = [];
  // Short values stand in times and ids by chance.
  const values = [...new Set(personal)].filter((value) => value.length >= 6);
  // A case is known by its reference from the first; it is no secret of the caller who keys it in later.
  const told = ({ type, body }: HistoryEvent): unknown => {
    if (type !== 'case.opened' && type !== 'case.linked') return body;
    // `details` names the row of the side table, by the reference.
    const { reference: _, case: __, details: ___, ...rest } = body as Readonly<Record<string, unknown>>;
    return rest;
  };
  const texts = [...events.map((event) => `event ${event.type}: ${JSON.stringify(told(event))}`), ...log];
  for (const text of texts) {
    for (const value of values)
      if (text.includes(value)) broken.push(`Personal data stands in ${text.slice(0, 120)}`);
  }
  return broken;
}

function groups(events: readonly HistoryEvent[]): Map<string, HistoryEvent[]> {
  const bySubject = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    if (event.subject === 'engine') continue;
    const group = bySubject.get(event.subject);
    if (group === undefined) bySubject.set(event.subject, [event]);
    else group.push(event);
  }
  return bySubject;
}
