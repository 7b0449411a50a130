/** The contact record: what one interaction was, folded from its events. */
import { extended, type UtcMs } from '../base/index.js';
import {
  type DispositionRecord,
  foldDispositions,
  foldMessages,
  foldTickets,
  type MessageRecord,
  type SurveyAnswer,
  type TicketRecord,
} from './outreach.js';
import type { RouterFact } from '../acd/index.js';
import { foldSegments, foldTransfers, type Segment, type TransferRecord } from './segments.js';
import type { NotedSubject, SubjectFact } from './subject.js';
import type { CallFact, CallerKeys, Termination } from '../calls/index.js';

/** What a contact's record is folded from. */
export type ContactFact = CallFact | RouterFact | SubjectFact;

/** One step of the caller's way through the flows. */
export interface PathStep {
  readonly flow: string;
  readonly step: string;
  readonly kind: string;
  /** The step of the same flow that was left for it, and by which way (`key 1`, `no-input`, `found`...). */
  readonly from?: string;
  readonly by?: string;
  readonly at: UtcMs;
}

/** One attempt to reach an agent's phone. Times are null until they happen. */
export interface Talk {
  /** The phone's leg in this call; not there in calls that an older engine began. */
  readonly leg?: string;
  readonly phone: string;
  readonly startedAt: UtcMs;
  readonly rangAt: UtcMs | null;
  readonly answeredAt: UtcMs | null;
  readonly endedAt: UtcMs | null;
  readonly result: string | null;
}

/** A call of ours to somebody, or several in a row that ended alike without an answer. Times are null until they happen. */
export interface CallTry {
  readonly startedAt: UtcMs;
  readonly answeredAt: UtcMs | null;
  /** Of the last of them. */
  readonly endedAt: UtcMs | null;
  /** `answered`, by whomever, or why not. */
  readonly result: string | null;
  readonly times: number;
}

/**
 * One interaction. Holds no personal data: `caller`, `entries` and `recordings` name rows of the personal side table
 * of the same contact.
 */
export interface Contact {
  readonly id: string;
  readonly channel: 'phone';
  /** `outbound`: we called. */
  readonly began: 'inbound' | 'outbound';
  /** The contact that asked to be called back; null: nobody did. */
  readonly follows: string | null;
  /** Of one that we began: how often it was tried, oldest first. */
  readonly tries: readonly CallTry[];
  /** The service number dialled, or shown to whoever we called. */
  readonly number: string;
  readonly trunk: string;
  readonly caller: CallerKeys;
  readonly site: string;
  readonly flow: string;
  readonly language: string | null;
  readonly startedAt: UtcMs;
  readonly answeredAt: UtcMs | null;
  readonly endedAt: UtcMs | null;
  readonly path: readonly PathStep[];
  readonly entries: readonly { readonly name: string; readonly key: string; readonly at: UtcMs }[];
  readonly lookups: readonly { readonly source: string; readonly result: string; readonly at: UtcMs }[];
  /** `ticket` and `agent`: of a talk. */
  readonly recordings: readonly {
    readonly name: string;
    readonly recording: string;
    readonly ms: number;
    readonly ticket?: string;
    readonly agent?: string;
  }[];
  readonly talks: readonly Talk[];
  /** Who talked with the caller, each stretch booked to whom it belongs; oldest first. */
  readonly segments: readonly Segment[];
  /** Where the caller was moved to, or was to be. */
  readonly transfers: readonly TransferRecord[];
  readonly tickets: readonly TicketRecord[];
  /** What agents say that it was, one for each talk. */
  readonly dispositions: readonly DispositionRecord[];
  readonly messages: readonly MessageRecord[];
  /** What it was about, each with the contact before in which the same caller wanted the same; null: none of late. */
  readonly subjects: readonly NotedSubject[];
  /** Surveys that were begun, each with the questions that were to be asked. */
  readonly surveys: readonly Extract<CallFact, { type: 'survey.offered' }>['body'][];
  readonly survey: readonly SurveyAnswer[];
  /** Things that went wrong on the way, by name, e.g. `prompt-missing`, `resumed`, `journal-degraded`. */
  readonly marks: readonly string[];
  readonly case: string | null;
  readonly outcome: string | null;
  /** Whether the outcome means that the caller was served without a person; null where no flow says so. */
  readonly contained: boolean | null;
  readonly termination: Termination | null;
}

/**
 * Pure. The contact after one more fact; null before `call.arrived`. Folding a call's events in order gives its
 * record again.
 */
export function foldContact(
  contact: Contact | null,
  id: string,
  fact: ContactFact,
  at: UtcMs,
): Contact | null {
  if (fact.type === 'call.arrived') return arrived(id, fact.body, null, at);
  if (fact.type === 'call.placed')
    return changed(arrived(id, fact.body, fact.body.follows, at), { began: 'outbound', tries: [newTry(at)] });
  if (contact === null) return null;
  switch (fact.type) {
    case 'call.redialled':
      return redialled(contact, fact.body, at);
    case 'call.answered':
      return changed(contact, {
        answeredAt: contact.answeredAt ?? at,
        tries: answeredTry(contact.tries, at),
      });
    case 'call.resumed':
      return marked(contact, 'resumed');
    case 'call.marked':
      return marked(contact, fact.body.mark);
    case 'step.entered':
      return changed(contact, { path: [...contact.path, extended(fact.body, { at })] });
    case 'language.chosen':
      return changed(contact, { language: fact.body.language });
    case 'entry.kept':
      return changed(contact, { entries: [...contact.entries, extended(fact.body, { at })] });
    case 'prompt.missing':
      return marked(contact, 'prompt-missing');
    case 'prompt.overdue':
    case 'prompt.failed':
      return marked(contact, 'prompt-failed');
    case 'lookup.answered':
      return changed(contact, { lookups: [...contact.lookups, extended(fact.body, { at })] });
    case 'recording.kept':
      return changed(contact, { recordings: [...contact.recordings, fact.body] });
    case 'recording.failed':
      return marked(contact, 'recording-failed');
    case 'talk.began':
    case 'talk.ended':
      return changed(contact, { segments: foldSegments(contact.segments, fact, at) });
    case 'transfer.began':
    case 'transfer.ended':
      return changed(contact, { transfers: foldTransfers(contact.transfers, fact, at) });
    case 'hours.told':
    case 'recording.discarded':
    case 'recording.started':
    case 'recording.paused':
    case 'recording.resumed':
    case 'step.repeated':
    case 'leg.held':
    case 'leg.unheld':
    case 'place.told':
      return contact;
    case 'dial.started':
      return changed(contact, {
        talks: [
          ...contact.talks,
          {
            leg: fact.body.leg,
            phone: fact.body.phone,
            startedAt: at,
            rangAt: null,
            answeredAt: null,
            endedAt: null,
            result: null,
          },
        ],
      });
    case 'dial.rang':
      return talkOf(contact, fact.body.leg, { rangAt: at });
    case 'dial.answered':
      return talkOf(contact, fact.body.leg, { answeredAt: at });
    case 'dial.ended':
      return talkOf(contact, fact.body.leg, { endedAt: at, result: fact.body.result });
    case 'ticket.requested':
    case 'ticket.parked':
    case 'ticket.dialled':
    case 'ticket.reached':
    case 'ticket.unreached':
    case 'ticket.offered':
    case 'ticket.assigned':
    case 'ticket.relaxed':
    case 'ticket.connected':
    case 'ticket.ended':
    case 'offer.missed':
      return changed(contact, { tickets: foldTickets(contact.tickets, fact, at) });
    case 'contact.disposed':
      return changed(contact, { dispositions: foldDispositions(contact.dispositions, fact.body, at) });
    case 'message.requested':
    case 'message.ended':
      return changed(contact, { messages: foldMessages(contact.messages, fact, at) });
    case 'subject.noted':
      return changed(contact, { subjects: [...contact.subjects, fact.body] });
    case 'survey.offered':
      return changed(contact, { surveys: [...contact.surveys, fact.body] });
    case 'survey.answered':
      return changed(contact, { survey: [...contact.survey, extended(fact.body, { at })] });
    case 'flow.failed':
      return marked(contact, 'flow-failed');
    case 'command.refused':
      return marked(contact, 'command-refused');
    case 'outcome.reached':
      return changed(contact, { outcome: fact.body.outcome, contained: fact.body.contained ?? null });
    case 'case.linked':
      return changed(contact, { case: fact.body.case });
    case 'call.ended':
      return changed(contact, {
        endedAt: fact.body.at ?? at,
        termination: fact.body.termination,
        outcome: fact.body.outcome,
        tries: endedTries(contact.tries, fact.body.termination.reason, at),
      });
    default:
      return unknownFact(fact);
  }
}

function arrived(
  id: string,
  body: Extract<CallFact, { type: 'call.arrived' }>['body'],
  follows: string | null,
  at: UtcMs,
): Contact {
  return {
    id,
    channel: 'phone',
    began: 'inbound',
    follows,
    tries: [],
    number: body.number,
    trunk: body.trunk,
    caller: body.caller,
    site: body.site,
    flow: body.flow,
    language: null,
    startedAt: body.at ?? at,
    answeredAt: null,
    endedAt: null,
    path: [],
    entries: [],
    lookups: [],
    recordings: [],
    talks: [],
    segments: [],
    transfers: [],
    tickets: [],
    dispositions: [],
    messages: [],
    subjects: [],
    surveys: [],
    survey: [],
    marks: [],
    case: null,
    outcome: null,
    contained: null,
    termination: null,
  };
}

function newTry(at: UtcMs): CallTry {
  return { startedAt: at, answeredAt: null, endedAt: null, result: null, times: 1 };
}

/** Nobody was reached: the contact is not over yet. What it was told by then stays. */
function redialled(
  contact: Contact,
  { trunk, site, flow }: Extract<CallFact, { type: 'call.redialled' }>['body'],
  at: UtcMs,
): Contact {
  const open = { answeredAt: null, endedAt: null, termination: null, outcome: null, contained: null };
  return changed(contact, { ...open, trunk, site, flow, tries: [...contact.tries, newTry(at)] });
}

function answeredTry(tries: readonly CallTry[], at: UtcMs): readonly CallTry[] {
  const last = tries.at(-1);
  return last === undefined ? tries : [...tries.slice(0, -1), { ...last, answeredAt: at }];
}

/** A trunk that is down for a day is told in one line. */
function endedTries(tries: readonly CallTry[], reason: string, at: UtcMs): readonly CallTry[] {
  const last = tries.at(-1);
  if (last === undefined) return tries;
  const { answeredAt } = last;
  const result = answeredAt === null ? reason : 'answered';
  const before = tries.at(-2);
  if (answeredAt === null && before?.answeredAt === null && before.result === result)
    return [...tries.slice(0, -2), { ...before, endedAt: at, times: before.times + 1 }];
  return [...tries.slice(0, -1), { ...last, endedAt: at, result }];
}

/** The contact with something changed in it. Written out, as `changedCall` is, and for the same reason. */
function changed(contact: Contact, change: Partial<Contact>): Contact {
  const copy: Contact = {
    id: contact.id,
    channel: contact.channel,
    began: contact.began,
    follows: contact.follows,
    tries: contact.tries,
    number: contact.number,
    trunk: contact.trunk,
    caller: contact.caller,
    site: contact.site,
    flow: contact.flow,
    language: contact.language,
    startedAt: contact.startedAt,
    answeredAt: contact.answeredAt,
    endedAt: contact.endedAt,
    path: contact.path,
    entries: contact.entries,
    lookups: contact.lookups,
    recordings: contact.recordings,
    talks: contact.talks,
    segments: contact.segments,
    transfers: contact.transfers,
    tickets: contact.tickets,
    dispositions: contact.dispositions,
    messages: contact.messages,
    subjects: contact.subjects,
    surveys: contact.surveys,
    survey: contact.survey,
    marks: contact.marks,
    case: contact.case,
    outcome: contact.outcome,
    contained: contact.contained,
    termination: contact.termination,
  };
  return Object.assign(copy, change);
}

/** Pure. A contact as an older engine wrote it: what it did not know of has not happened. */
export function contactTakenOn(contact: Contact): Contact {
  return {
    ...contact,
    subjects: contact.subjects ?? [],
    dispositions: contact.dispositions ?? [],
    tries: contact.tries ?? [],
  };
}

function marked(contact: Contact, mark: string): Contact {
  return contact.marks.includes(mark) ? contact : changed(contact, { marks: [...contact.marks, mark] });
}

function talkOf(contact: Contact, leg: string, change: Partial<Talk>): Contact {
  const { talks } = contact;
  const known = talks.findLastIndex((talk) => talk.leg === leg);
  // Of an older engine only the last one can be meant: it rang one phone at a time.
  const place = known === -1 && talks.at(-1)?.leg === undefined ? talks.length - 1 : known;
  return changed(contact, {
    talks: talks.map((talk, index) => (index === place ? extended(talk, change) : talk)),
  });
}

function unknownFact(fact: never): never {
  throw new TypeError(`No fold for ${JSON.stringify(fact)}.`);
}
