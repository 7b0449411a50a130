/** Pure. What the caller of a recorded call does next, phone by phone, queue by queue, as its record says. */
import type { UtcMs } from '../base/index.js';
import type { Contact } from '../cases/index.js';
import type { PhoneBehaviour, QueueBehaviour, Rehearsal } from './rehearsed.js';
import type { ScriptStep } from './script.js';
import { behaviourOf, queueOf, type Queueing, type Which } from './scripted-call.js';

/** What of a contact's record says how its call went. */
export interface RecordedContact
  extends Pick<Contact, 'id' | 'began' | 'number' | 'caller' | 'startedAt' | 'endedAt' | 'outcome'> {
  readonly path: readonly RecordedStep[];
  readonly entries: readonly { readonly key: string }[];
  readonly lookups: readonly { readonly source: string; readonly result: string }[];
  readonly recordings: readonly { readonly name: string; readonly ms: number }[];
  readonly talks: readonly RecordedTalk[];
  readonly tickets: readonly RecordedTicket[];
  readonly messages: readonly { readonly texts: readonly string[]; readonly result: string | null }[];
  readonly surveys: readonly { readonly survey: string }[];
  readonly survey: readonly { readonly question: string; readonly answer: number }[];
  readonly termination: { readonly by: string } | null;
}

export interface RecordedStep {
  readonly flow: string;
  readonly step: string;
  readonly kind: string;
  readonly from?: string | undefined;
  readonly by?: string | undefined;
  readonly at: UtcMs;
}

interface RecordedTalk {
  readonly phone: string;
  readonly startedAt: UtcMs;
  readonly endedAt: UtcMs | null;
  readonly result: string | null;
}

interface RecordedTicket {
  readonly queue: string;
  readonly requestedAt: UtcMs;
  readonly connectedAt: UtcMs | null;
  readonly endedAt: UtcMs | null;
  readonly result: string | null;
}

/** A key that no step has. */
const wrongKey = 'D';
const tooShortSeconds = 0.5;
/** As long as a scripted caller can wait. */
const longestWait = 7_200;

/** Why no scripted caller can play the call; null: one may. */
export function untold({ began, endedAt, tickets, messages }: RecordedContact): string | null {
  if (began === 'outbound') return 'nobody called: the engine called back whoever kept a place in a queue';
  if (endedAt === null) return 'the call is not over yet';
  const failed = tickets.find(({ result }) => result === 'failed' || result === null);
  if (failed !== undefined) return `the queue ${failed.queue} failed, and no scripted caller can play that`;
  const fates = new Set(messages.map(messageFate).filter((fate) => fate !== null));
  if (fates.size > 1)
    return `its messages fared differently (${[...fates].join(', ')}), and those of a scripted caller all fare alike`;
  return null;
}

/** As a script says it; null: it was never written, since there was no number for it. */
export function messageFate({ result }: { readonly result: string | null }): 'sent' | 'fail' | 'hang' | null {
  if (result === 'no-number') return null;
  if (result === 'sent') return 'sent';
  return result === 'failed' ? 'fail' : 'hang';
}

/** How the phones behaved that flows rang; an agent's is rung for a queue. */
export function phonesOf(contact: RecordedContact): ReadonlyMap<string, PhoneBehaviour> {
  return new Map(dialsOf(contact).map((talk) => [talk.phone, behaviourOf(whichOf(contact, talk))] as const));
}

/** The nth wait for an agent, as a script says it; null: the record has no such wait. */
export function waitOf(contact: RecordedContact, nth: number): Queueing | null {
  const ticket = contact.tickets[nth];
  if (ticket === undefined) return null;
  const { queue, requestedAt, connectedAt, result } = ticket;
  const wait = (agent: Queueing['agent'], waits = 30): Queueing => ({ 'queues for': queue, waits, agent });
  switch (result) {
    case 'closed':
      return wait('queue is closed');
    case 'full':
      return wait('queue is full');
    case 'nobody':
      return wait('nobody');
    default: {
      if (connectedAt === null) return wait('is never free');
      // Agents who were rung in vain before led nowhere else.
      const talk = contact.talks.filter((one) => isOffer(ticket, one)).at(-1);
      const seconds = Math.round(((talk?.startedAt ?? requestedAt) - requestedAt) / 1000);
      const agent = result === 'talked' ? 'answers' : 'talks on';
      return wait(agent, Math.min(seconds, longestWait));
    }
  }
}

export function queueAsRecorded(contact: RecordedContact, nth: number): QueueBehaviour | null {
  const wait = waitOf(contact, nth);
  return wait === null ? null : queueOf(wait);
}

function isOffer({ requestedAt, endedAt }: RecordedTicket, { startedAt }: RecordedTalk): boolean {
  return startedAt >= requestedAt && (endedAt === null || startedAt < endedAt);
}

function dialsOf({ talks, tickets }: Pick<RecordedContact, 'talks' | 'tickets'>): readonly RecordedTalk[] {
  return talks.filter((talk) => !tickets.some((ticket) => isOffer(ticket, talk)));
}

/** Whether the caller hung up while they talked. */
function leftTalking({ endedAt, termination }: RecordedContact, talkEndedAt: UtcMs | null): boolean {
  return termination?.by === 'caller' && talkEndedAt === endedAt;
}

/** Whether the caller hung up here: what still follows is what the flows do when they are left. */
function endsHere(
  { endedAt, termination }: RecordedContact,
  here: Pick<RecordedStep, 'step'> | undefined,
  next: RecordedStep | undefined,
): boolean {
  if (termination?.by !== 'caller') return false;
  if (next === undefined) return true;
  // It comes from no step, nor is it a part of this one.
  const begins = next.from === undefined && next.step.split('@')[0] !== here?.step.split('@')[0];
  return begins && endedAt !== null && next.at >= endedAt;
}

/** The caller has to press something that is not known yet. */
export interface NeedsKeys {
  /** `another`: what was entered is not accepted. */
  readonly needs: 'digits' | 'telephone-number' | 'accepting-key' | 'another';
}

/** What the caller presses, as far as it is known. */
export interface KnownKeys {
  /** Entries, in order. */
  readonly entries: readonly string[];
  /** Accepts what was entered or recorded, where the flow asks; null: not known. */
  readonly accepting: string | null;
  /** Steps that had been walked when the last entry was pressed. */
  readonly enteredAt: number;
}

/** What the caller does next so that the way goes on; null: the engine has to do something first. */
export function nextAct(
  call: Rehearsal,
  contact: RecordedContact,
  known: KnownKeys,
): ScriptStep | NeedsKeys | null {
  const walked = call.contact?.path ?? [];
  const next = contact.path[walked.length];
  const ends = endsHere(contact, walked.at(-1), next);
  switch (call.state) {
    case 'recording':
      return speaks(call, contact, next, ends);
    case 'dialling': {
      const rung = call.contact === null ? 0 : dialsOf(call.contact).length;
      const talk = dialsOf(contact)[rung - 1];
      if (talk === undefined) return null;
      if (talk.result === 'caller-gone') return 'hangs up';
      return { 'is put through to': talk.phone, which: whichOf(contact, talk) };
    }
    case 'looking-up':
    case 'talking':
    case 'queued':
    case 'listening':
    case 'speaking':
      break;
    default:
      return null;
  }
  if (ends) return 'hangs up';
  return call.state === 'looking-up' ? null : answers(call, contact, known);
}

function speaks(
  call: Rehearsal,
  contact: RecordedContact,
  next: RecordedStep | undefined,
  ends: boolean,
): ScriptStep | null {
  if (next?.by === 'too-short') return { says: tooShortSeconds };
  const recording = contact.recordings[call.contact?.recordings.length ?? 0];
  if (recording === undefined) return ends ? 'hangs up' : null;
  // It was not finished: the caller hung up while speaking.
  if (ends && recording.name === 'unfinished') return 'hangs up';
  return { says: Math.max(0.1, Math.round(recording.ms / 100) / 10) };
}

/** By keys, or by silence. */
function answers(call: Rehearsal, contact: RecordedContact, known: KnownKeys): ScriptStep | NeedsKeys | null {
  const walked = call.contact?.path ?? [];
  const here = walked.at(-1);
  const next = contact.path[walked.length];
  if (here === undefined || next === undefined) return null;
  const silent: ScriptStep | null = call.state === 'listening' ? { 'is silent': 'until asked again' } : null;
  const [step, part] = here.step.split('@');
  if (part !== undefined && !(next.by?.startsWith('key ') && next.from === here.step)) {
    // A question of a survey: the last answer leads out of the whole step, as does silence.
    const answer = contact.survey[call.contact?.survey.length ?? 0];
    if (answer?.question === part && part !== 'confirm') return { presses: String(answer.answer) };
    if (here.kind !== 'collect' || (next.from === step && next.by === 'withheld')) return silent;
    return enters(call, contact, known, 'telephone-number');
  }
  // A sub-flow begins by itself.
  if (next.by === undefined || next.from !== here.step) return null;
  if (next.by.startsWith('key ')) return { presses: next.by.slice('key '.length) };
  // What was entered is to be confirmed, or what was recorded reviewed.
  const entered = here.kind === 'record' || known.enteredAt === walked.length;
  if (next.by.startsWith('confirm ') && !entered) return enters(call, contact, known, 'digits');
  if (next.by.endsWith('no-input')) return silent;
  if (next.by.endsWith('no-match')) return { presses: wrongKey };
  if (next.by !== 'go') return null;
  if (here.kind === 'record') return accepts(known);
  return here.kind === 'collect' ? enters(call, contact, known, 'digits') : null;
}

function accepts({ accepting }: KnownKeys): ScriptStep | NeedsKeys {
  return accepting === null ? { needs: 'accepting-key' } : { presses: accepting };
}

function enters(
  call: Rehearsal,
  contact: RecordedContact,
  known: KnownKeys,
  needs: NeedsKeys['needs'],
): ScriptStep | NeedsKeys | null {
  const count = call.contact?.entries.length ?? 0;
  // Some of its keys may have been pressed already: then it waits for the time that ends the entry.
  if (call.isEntering) return null;
  if (known.enteredAt === call.contact?.path.length)
    return known.accepting === null ? { needs: 'another' } : accepts(known);
  if (count >= contact.entries.length) return null;
  const entry = known.entries[count];
  return entry === undefined || entry === '' ? { needs } : { presses: entry };
}

function whichOf(contact: RecordedContact, { result, endedAt }: RecordedTalk): Which {
  switch (result) {
    case 'talked':
      return leftTalking(contact, endedAt) ? 'talks on' : 'answers';
    case 'busy':
      return 'is busy';
    case 'rejected':
      return 'rejects';
    case 'unreachable':
    case 'failed':
      return 'is unreachable';
    default:
      return 'does not answer';
  }
}
