/**
 * Pure. A call that was made becomes a scripted caller: who goes the same way through the flows, hears the same texts
 * and ends alike. The contact's record says the way; what was keyed and what lookups answered is personal, and where
 * it is not given, something else is found that leads the same way.
 */
import { stringify } from 'yaml';
import { type Json, type JsonObject, wordOf } from '../base/index.js';
import type { Contact } from '../cases/index.js';
import {
  type LookupReply,
  type PhoneBehaviour,
  type Rehearsal,
  type RehearsalSite,
  rehearse,
} from './rehearsal.js';
import type { LookupScript, ScriptStep } from './script.js';
import { actOut, behaviourOf, type Which } from './scripted-call.js';

/** What of a contact's record says how its call went. */
export interface RecordedContact extends Pick<Contact, 'id' | 'number' | 'caller' | 'startedAt' | 'outcome'> {
  readonly path: readonly RecordedStep[];
  readonly entries: readonly { readonly key: string }[];
  readonly lookups: readonly { readonly source: string; readonly result: string }[];
  readonly recordings: readonly { readonly name: string; readonly ms: number }[];
  readonly talks: readonly { readonly phone: string; readonly result: string | null }[];
  readonly termination: { readonly by: string } | null;
}

interface RecordedStep {
  readonly flow: string;
  readonly step: string;
  readonly kind: string;
  readonly from?: string | undefined;
  readonly by?: string | undefined;
}

export interface RecordedCall {
  readonly contact: RecordedContact;
  /** The contact's rows of the personal side table; null: they are not to be used. */
  readonly personal: Readonly<Record<string, Json>> | null;
}

export interface RecordingSettings {
  readonly site: RehearsalSite;
  /** Rows with which a lookup's source may answer, in place of personal ones. */
  readonly rows: (source: string) => readonly JsonObject[];
}

export type RecordedScript =
  /** `text`: a list with one scripted caller, as it stands in a `*.test.yaml`. */
  { readonly result: 'script'; readonly text: string } | { readonly result: 'differs'; readonly why: string };

/** What stands in for what is personal, in the order in which the call needs it. */
interface Choices {
  readonly entries: readonly string[];
  readonly rows: readonly JsonObject[];
  /** Calendars that were closed in an emergency. */
  readonly closed: readonly string[];
}

type Attempt =
  | { readonly result: 'done'; readonly script: object }
  | { readonly result: 'needs'; readonly what: 'entry' | 'row' | 'closing'; readonly source: string }
  /** `step`: how far the way was the same. */
  | { readonly result: 'differs'; readonly step: number; readonly why: string };

const placeholderNumber = '+10000000000';
const longestEntry = 20;
const mostRows = 60;
const mostAttempts = 3_000;
const mostActs = 500;
const tooShortSeconds = 0.5;
/** How long an emergency lasts after a call, as long as nothing says. */
const closedMs = 24 * 60 * 60_000;
/** A key that no step has. */
const wrongKey = 'D';

export function scriptOfCall(recorded: RecordedCall, settings: RecordingSettings): RecordedScript {
  let attempts = 0;
  let best: Extract<Attempt, { result: 'differs' }> = {
    result: 'differs',
    step: -1,
    why: 'nothing was tried',
  };

  function solve(choices: Choices): object | null {
    attempts += 1;
    if (attempts > mostAttempts) return null;
    const attempt = goTheSameWay(recorded, settings, choices);
    if (attempt.result === 'done') return attempt.script;
    if (attempt.result === 'differs') {
      if (attempt.step >= best.step) best = attempt;
      return null;
    }
    if (attempt.what === 'closing') return solve({ ...choices, closed: [...choices.closed, attempt.source] });
    const next: readonly Choices[] =
      attempt.what === 'entry'
        ? Array.from({ length: longestEntry }, (_, i) => ({
            ...choices,
            // Different numbers are asked for by different ones.
            entries: [...choices.entries, String((choices.entries.length % 9) + 1).repeat(i + 1)],
          }))
        : settings
            .rows(attempt.source)
            .slice(0, mostRows)
            .map((row) => ({ ...choices, rows: [...choices.rows, row] }));
    if (next.length === 0) best = { ...best, why: `no row of ${attempt.source} is known` };
    for (const choice of next) {
      const found = solve(choice);
      if (found !== null) return found;
    }
    return null;
  }

  const script = solve({ entries: keyedBy(recorded), rows: answersOf(recorded), closed: [] });
  return script === null
    ? { result: 'differs', why: best.why }
    : { result: 'script', text: stringify([script]) };
}

/** What the caller keyed, where that may be used. */
function keyedBy({ contact, personal }: RecordedCall): readonly string[] {
  if (personal === null) return [];
  return contact.entries.map(({ key }) => wordOf(personal[key]));
}

/** What lookups found, in order, where that may be used: keys end in a number that grows. */
function answersOf({ personal }: RecordedCall): readonly JsonObject[] {
  if (personal === null) return [];
  const numberOf = (key: string): number => Number(key.split('.').at(-1));
  return Object.entries(personal)
    .filter(([key]) => key.startsWith('answer.'))
    .sort(([a], [b]) => numberOf(a) - numberOf(b))
    .map(([, row]) => row as JsonObject);
}

/** Plays the call again as the record says, and writes down what a scripted caller would have to do and hear. */
function goTheSameWay(recorded: RecordedCall, { site }: RecordingSettings, choices: Choices): Attempt {
  const { contact, personal } = recorded;
  const steps: ScriptStep[] = [];
  const lookups: Record<string, Record<string, LookupScript>> = {};
  let needs: Extract<Attempt, { result: 'needs' }> | null = null;
  let twice: string | null = null;
  let asked = 0;
  let found = 0;
  const number =
    contact.caller.number === null
      ? null
      : personal === null
        ? placeholderNumber
        : wordOf(personal[contact.caller.number] ?? placeholderNumber);
  const phones = new Map(contact.talks.map(({ phone, result }) => [phone, behaviourOf(whichOf(result))]));

  const closings = new Map(
    choices.closed.map((calendar) => [
      calendar,
      { since: 0, until: contact.startedAt + closedMs, say: null },
    ]),
  );
  const call = rehearse({
    site,
    closings,
    number: contact.number,
    at: contact.startedAt,
    caller: { number, name: null },
    lookUp: (source, given): LookupReply | null => {
      const result = contact.lookups[asked]?.result;
      asked += 1;
      const answers = lookups[source] ?? {};
      lookups[source] = answers;
      const key = Object.values(given).map(String).join(' ');
      const keep = (answer: LookupScript): void => {
        if (Object.hasOwn(answers, key) && JSON.stringify(answers[key]) !== JSON.stringify(answer))
          twice ??= `${source} answered the same question in two ways`;
        answers[key] = answer;
      };
      // The caller hung up before it answered.
      if (result === undefined) {
        keep('hangs');
        return null;
      }
      if (result === 'not-found') {
        keep('not-found');
        return { result: 'not-found' };
      }
      if (result !== 'found') {
        keep('fails');
        return { result: 'failed', why: 'scripted' };
      }
      const row = choices.rows[found];
      found += 1;
      if (row === undefined) {
        needs ??= { result: 'needs', what: 'row', source };
        return { result: 'not-found' };
      }
      keep({ ...row });
      return { result: 'found', row };
    },
    phone: (name): PhoneBehaviour => phones.get(name) ?? { type: 'rings-out' },
  });

  const telling = { heard: 0, tickets: 0, messages: 0, tell: () => undefined };
  const act = (step: ScriptStep): void => {
    steps.push(step);
    actOut(call, step, telling);
  };
  for (let n = 0; n < mostActs; n++) {
    if (needs !== null) return needs;
    if (twice !== null) return { result: 'differs', step: call.contact?.path.length ?? 0, why: twice };
    const difference = differenceIn(call, contact, choices);
    if (difference !== null) return difference;
    const heard = call.heard[telling.heard];
    if (heard !== undefined) {
      act({ hears: heard.text, in: heard.language });
      continue;
    }
    if (call.over) break;
    const next = nextAct(call, contact, choices);
    if (next === 'needs-entry') return { result: 'needs', what: 'entry', source: '' };
    if (next === null) {
      if (!call.advance()) break;
    } else act(next);
    if (next === 'hangs up') break;
  }
  const walked = call.contact?.path.length ?? 0;
  const difference = differenceIn(call, contact, choices);
  if (difference !== null) return difference;
  if (walked < contact.path.length)
    return { result: 'differs', step: walked, why: `${nameOf(contact.path[walked])} is not reached` };
  if (call.contact?.outcome !== contact.outcome) {
    const why = `the outcome is ${call.contact?.outcome ?? 'none'}, and was ${contact.outcome ?? 'none'}`;
    return { result: 'differs', step: walked, why };
  }
  return { result: 'done', script: scriptedCaller(recorded, number, call, lookups, steps, choices) };
}

function scriptedCaller(
  { contact }: RecordedCall,
  number: string | null,
  call: Rehearsal,
  lookups: Readonly<Record<string, Readonly<Record<string, LookupScript>>>>,
  script: readonly ScriptStep[],
  { closed }: Choices,
): object {
  const record = call.cases.at(-1);
  const until = new Date(contact.startedAt + closedMs).toISOString();
  return {
    caller: `goes the way of call ${contact.id}`,
    dials: contact.number,
    at: new Date(contact.startedAt).toISOString(),
    ...(number === null ? {} : { number }),
    ...(Object.keys(lookups).length === 0 ? {} : { lookups }),
    ...(closed.length === 0 ? {} : { closings: Object.fromEntries(closed.map((name) => [name, { until }])) }),
    script,
    case: { kind: record?.kind, subject: record?.subject, status: record?.status, outcome: contact.outcome },
    recordings: (call.contact?.recordings ?? []).map(({ name }) => name),
  };
}

type Way = Pick<RecordedStep, 'flow' | 'step'>;

function nameOf(step: Way | undefined): string {
  return step === undefined ? 'the end' : `${step.flow}/${step.step}`;
}

/** The calendar that was asked last. */
function calendarAsked({ events }: Rehearsal): string | null {
  const calendar = events.filter(({ type }) => type === 'hours.told').at(-1)?.body['calendar'];
  return typeof calendar === 'string' ? calendar : null;
}

/** Where the way so far is another one. */
function differenceIn(call: Rehearsal, contact: RecordedContact, { closed }: Choices): Attempt | null {
  const path = call.contact?.path ?? [];
  const at = path.findIndex((step, i) => nameOf(step) !== nameOf(contact.path[i]));
  if (at === -1) return null;
  const calendar = calendarAsked(call);
  const told = contact.path[at]?.by;
  // The record does not say why a calendar was closed; where the week does not, somebody closed it.
  if ((told === 'emergency' || told === 'closed') && calendar !== null && !closed.includes(calendar))
    return { result: 'needs', what: 'closing', source: calendar };
  const [was, is] = [nameOf(contact.path[at]), nameOf(path[at])];
  return { result: 'differs', step: at, why: `step ${at + 1} of the way was ${was}, and is ${is} now` };
}

/** What the caller does next so that the way goes on; null: the engine has to do something first. */
function nextAct(
  call: Rehearsal,
  contact: RecordedContact,
  { entries }: Choices,
): ScriptStep | 'needs-entry' | null {
  const walked = call.contact?.path ?? [];
  const here = walked.at(-1);
  const next = contact.path[walked.length];
  switch (call.state) {
    case 'recording': {
      const kept = call.contact?.recordings.length ?? 0;
      const recording = contact.recordings[kept];
      if (next?.by === 'too-short') return { says: tooShortSeconds };
      if (recording === undefined) return next === undefined ? 'hangs up' : null;
      const seconds = Math.max(0.1, Math.round(recording.ms / 100) / 10);
      // It was not finished: the caller hung up while speaking.
      if (next === undefined && recording.name === 'unfinished') return 'hangs up';
      return { says: seconds };
    }
    case 'dialling': {
      const talk = contact.talks[(call.contact?.talks.length ?? 1) - 1];
      if (talk === undefined) return null;
      if (talk.result === 'caller-gone') return 'hangs up';
      return { 'is put through to': talk.phone, which: whichOf(talk.result) };
    }
    case 'looking-up':
      return next === undefined && contact.termination?.by === 'caller' ? 'hangs up' : null;
    case 'listening':
    case 'speaking':
      break;
    default:
      return null;
  }
  if (next === undefined) {
    if (contact.termination?.by !== 'caller') return null;
    return 'hangs up';
  }
  // A sub-flow begins by itself.
  if (here === undefined || next.by === undefined || next.from !== here.step) return null;
  if (next.by.startsWith('key ')) return { presses: next.by.slice('key '.length) };
  if (next.by === 'no-input') return call.state === 'listening' ? { 'is silent': 'until asked again' } : null;
  if (next.by === 'no-match') return { presses: wrongKey };
  if (here.kind !== 'collect') return null;
  const count = call.contact?.entries.length ?? 0;
  if (count >= contact.entries.length) return null;
  const entry = entries[count];
  if (entry === undefined || entry === '') return 'needs-entry';
  // Some of its keys may have been pressed already: then it waits for the time that ends the entry.
  return call.isEntering ? null : { presses: entry };
}

function whichOf(result: string | null): Which {
  switch (result) {
    case 'talked':
      return 'answers';
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
