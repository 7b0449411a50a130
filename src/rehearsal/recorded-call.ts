/**
 * Pure. A call that was made becomes a scripted caller: who goes the same way through the flows, hears the same texts
 * and ends alike. The contact's record says the way; what was keyed and what lookups answered is personal, and where
 * it is not given, something else is found that leads the same way.
 */
import { stringify } from 'yaml';
import { exampleNumbers, type Json, type JsonObject, wordOf } from '../base/index.js';
import { isLuhn, isMod97 } from '../flows/index.js';
import {
  type NeedsKeys,
  messageFate,
  nextAct,
  phonesOf,
  queueAsRecorded,
  type RecordedContact,
  untold,
  waitOf,
  type RecordedStep,
} from './recorded-way.js';
import { rehearse } from './rehearsal.js';
import type { LookupReply, Rehearsal, RehearsalSite } from './rehearsed.js';
import type { LookupScript, ScriptStep } from './script.js';
import { actOut, outcomes } from './scripted-call.js';

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
  /** The caller's; null: withheld. */
  readonly number: string | null;
  readonly entries: readonly string[];
  readonly rows: readonly JsonObject[];
  /** See {@link import('./recorded-way.js').KnownKeys}. */
  readonly accepting: string | null;
  /** Calendars that were closed in an emergency. */
  readonly closed: readonly string[];
}

type Attempt =
  | { readonly result: 'done'; readonly script: object }
  | { readonly result: 'needs'; readonly what: NeedsKeys['needs'] }
  | { readonly result: 'needs'; readonly what: 'row'; readonly source: string }
  | { readonly result: 'needs'; readonly what: 'closing'; readonly source: string }
  /** `step`: how far the way was the same. */
  | { readonly result: 'differs'; readonly step: number; readonly why: string };

const placeholderNumber = '+10000000000';
const longestEntry = 20;
const mostRows = 60;
/** By which entries and recordings are accepted, the usual ones first. */
const acceptingKeys = '1324567890#*'.split('');
const mostAttempts = 3_000;
/** No other choice can help. */
const certainly = Number.MAX_SAFE_INTEGER;
const mostActs = 500;
/** How long an emergency lasts after a call, as long as nothing says. */
const closedMs = 24 * 60 * 60_000;

export function scriptOfCall(recorded: RecordedCall, settings: RecordingSettings): RecordedScript {
  const why = untold(recorded.contact);
  if (why !== null) return { result: 'differs', why };
  const examples = allowedNumbers(settings.site);
  let attempts = 0;
  let best: Extract<Attempt, { result: 'differs' }> = {
    result: 'differs',
    step: -1,
    why: 'nothing was tried',
  };

  /** What may stand in for what is needed. */
  function choicesFor(needed: Extract<Attempt, { result: 'needs' }>, choices: Choices): readonly Choices[] {
    const enter = (numbers: readonly string[]): readonly Choices[] =>
      numbers.map((number) => ({ ...choices, entries: [...choices.entries, number] }));
    // Different numbers are asked for by different ones.
    const digit = (choices.entries.length % 9) + 1;
    switch (needed.what) {
      case 'closing':
        return [{ ...choices, closed: [...choices.closed, needed.source] }];
      case 'digits':
        return enter(madeUp(digit));
      case 'another':
        return [];
      case 'accepting-key':
        return acceptingKeys.map((accepting) => ({ ...choices, accepting }));
      case 'telephone-number':
        return enter([...examples, ...madeUp(digit)].map((number) => number.replace('+', '00')));
      case 'row':
        return settings
          .rows(needed.source)
          .slice(0, mostRows)
          .map((row) => ({ ...choices, rows: [...choices.rows, row] }));
      default:
        return needed satisfies never;
    }
  }

  function solve(choices: Choices): object | null {
    attempts += 1;
    if (attempts > mostAttempts) return null;
    const attempt = goTheSameWay(recorded, settings, choices);
    if (attempt.result === 'done') return attempt.script;
    if (attempt.result === 'differs') {
      if (attempt.step >= best.step) best = attempt;
      return null;
    }
    const next = choicesFor(attempt, choices);
    if (next.length === 0 && 'source' in attempt && best.step < certainly)
      best = { ...best, why: `no row of ${attempt.source} is known` };
    for (const choice of next) {
      const found = solve(choice);
      if (found !== null) return found;
    }
    return null;
  }

  const known = { entries: keyedBy(recorded), rows: answersOf(recorded), closed: [] };
  // Most flows do not ask whether an entry is right: first it is tried as if none did.
  for (const accepting of [null, ...acceptingKeys]) {
    for (const number of callersOf(recorded, examples)) {
      attempts = 0;
      const script = best.step < certainly ? solve({ ...known, number, accepting }) : null;
      if (script !== null) return { result: 'script', text: stringify([script]) };
    }
    if (recorded.contact.entries.length === 0) break;
  }
  return { result: 'differs', why: best.why };
}

/** Who may have called: what a site may do with a number decides ways, but not whose it is. */
function callersOf({ contact, personal }: RecordedCall, examples: readonly string[]): (string | null)[] {
  const { number } = contact.caller;
  if (number === null) return [null];
  const known = personal?.[number];
  return known === undefined ? [placeholderNumber, ...examples] : [wordOf(known)];
}

function allowedNumbers({ callbacks, messages }: RehearsalSite): readonly string[] {
  return [
    ...new Set([callbacks, messages].flatMap((rules) => (rules === null ? [] : exampleNumbers(rules)))),
  ];
}

/** Numbers of every length, then those of them that end in check digits. */
function madeUp(digit: number): readonly string[] {
  const plain = Array.from({ length: longestEntry }, (_, i) => String(digit).repeat(i + 1));
  const ends = Array.from({ length: 10 }, (_, n) => String(n));
  const pairs = ends.flatMap((tens) => ends.map((ones) => tens + ones));
  const ending = (body: string, digits: readonly string[], fits: (number: string) => boolean): string[] =>
    digits
      .map((end) => body + end)
      .filter(fits)
      .slice(0, 1);
  const checked = plain.flatMap((body) => [...ending(body, ends, isLuhn), ...ending(body, pairs, isMod97)]);
  return [...plain, ...checked.filter((number) => number.length <= longestEntry)];
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
  const { contact } = recorded;
  const steps: ScriptStep[] = [];
  const lookups: Record<string, Record<string, LookupScript>> = {};
  let needs: Extract<Attempt, { result: 'needs' }> | null = null;
  let twice: string | null = null;
  let asked = 0;
  let found = 0;
  const { number } = choices;
  const phones = phonesOf(contact);
  let enteredAt = -1;
  let waits = 0;
  let written = 0;
  const fates = contact.messages.map(messageFate).filter((fate) => fate !== null);

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
    phone: (name) => phones.get(name) ?? { type: 'rings-out' },
    queue: () => queueAsRecorded(contact, waits++),
    message: () => outcomes[fates[written++] ?? 'sent'],
    ...(contact.surveys.length === 0 ? {} : { id: contact.id }),
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
    const wait =
      (call.contact?.tickets.length ?? 0) > telling.tickets ? waitOf(contact, telling.tickets) : null;
    if (wait !== null) {
      act(wait);
      continue;
    }
    const message = call.messages[telling.messages]?.texts[0];
    if (message !== undefined) {
      act({ receives: message });
      continue;
    }
    if (call.over) break;
    if (call.asksSecret && contact.path.length > (call.contact?.path.length ?? 0)) return secretAsked(call);
    const next = nextAct(call, contact, { ...choices, enteredAt });
    if (next === null) {
      if (!call.advance()) break;
    } else if (typeof next === 'object' && 'needs' in next) return { result: 'needs', what: next.needs };
    else {
      const entries = call.contact?.entries.length ?? 0;
      if (typeof next === 'object' && 'presses' in next && next.presses === choices.entries[entries])
        enteredAt = call.contact?.path.length ?? 0;
      act(next);
    }
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
  const why = otherwise(call, contact);
  if (why !== null) return { result: 'differs', step: walked, why };
  return { result: 'done', script: scriptedCaller(recorded, call, { lookups, steps, choices }) };
}

interface Played {
  readonly lookups: Readonly<Record<string, Readonly<Record<string, LookupScript>>>>;
  readonly steps: readonly ScriptStep[];
  readonly choices: Choices;
}

function scriptedCaller(
  { contact }: RecordedCall,
  call: Rehearsal,
  { lookups, steps, choices }: Played,
): object {
  const { number, closed } = choices;
  const record = call.cases.at(-1);
  const until = new Date(contact.startedAt + closedMs).toISOString();
  const fate = contact.messages.map(messageFate).find((one) => one !== null) ?? 'sent';
  const marks = Object.fromEntries(contact.survey.map(({ question, answer }) => [question, answer]));
  return {
    caller: `goes the way of call ${contact.id}`,
    dials: contact.number,
    at: new Date(contact.startedAt).toISOString(),
    ...(contact.surveys.length === 0 ? {} : { id: contact.id }),
    ...(number === null ? {} : { number }),
    ...(Object.keys(lookups).length === 0 ? {} : { lookups }),
    ...(closed.length === 0 ? {} : { closings: Object.fromEntries(closed.map((name) => [name, { until }])) }),
    ...(fate === 'sent' ? {} : { messages: fate }),
    script: steps,
    case: { kind: record?.kind, subject: record?.subject, status: record?.status, outcome: contact.outcome },
    ...(contact.survey.length === 0 ? {} : { survey: marks }),
    recordings: (call.contact?.recordings ?? []).map(({ name }) => name),
  };
}

/** A PIN is nowhere: not in the record, and not in the personal data. */
function secretAsked(call: Rehearsal): Attempt {
  const path = call.contact?.path ?? [];
  const why = `${nameOf(path.at(-1))} asks for a PIN, which no record has`;
  return { result: 'differs', step: certainly, why };
}

type Way = Pick<RecordedStep, 'flow' | 'step' | 'by'>;

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
  const at = path.findIndex((step, i) => !isSame(step, contact.path[i]));
  if (at === -1) return null;
  const calendar = calendarAsked(call);
  const told = contact.path[at]?.by;
  // The record does not say why a calendar was closed; where the week does not, somebody closed it.
  if ((told === 'emergency' || told === 'closed') && calendar !== null && !closed.includes(calendar))
    return { result: 'needs', what: 'closing', source: calendar };
  const [was, is] = [wayOf(contact.path[at]), wayOf(path[at])];
  return { result: 'differs', step: at, why: `step ${at + 1} of the way was ${was}, and is ${is} now` };
}

/** A calendar is asked anew: it may say by another word what leads to the same. */
const hours: ReadonlySet<string> = new Set(['open', 'closed', 'holiday', 'emergency']);

function isSame(step: Way, recorded: Way | undefined): boolean {
  if (nameOf(step) !== nameOf(recorded)) return false;
  return step.by === recorded?.by || (hours.has(step.by ?? '') && hours.has(recorded?.by ?? ''));
}

function wayOf(step: Way | undefined): string {
  return step?.by === undefined ? nameOf(step) : `${nameOf(step)} (by ${step.by})`;
}

type Fared = Pick<RecordedContact, 'messages' | 'tickets' | 'survey'>;

/** What else of the call went otherwise; null: nothing. */
function otherwise(call: Rehearsal, contact: RecordedContact): string | null {
  const fates = ({ messages, tickets, survey }: Fared) => ({
    messages: messages.map((message) => messageFate(message)),
    waits: tickets.map(({ queue, result }) => [queue, result]),
    answers: survey.map(({ question, answer }) => [question, answer]),
  });
  if (call.contact === null) return null;
  const [were, are] = [fates(contact), fates(call.contact)];
  const names = ['messages', 'waits', 'answers'] as const;
  const name = names.find((one) => JSON.stringify(were[one]) !== JSON.stringify(are[one]));
  return name === undefined
    ? null
    : `its ${name} are ${JSON.stringify(are[name])}, and were ${JSON.stringify(were[name])}`;
}
