/** Pure. Runs a scripted caller against a site, in virtual time, and tells what went otherwise. */
import type { Key, UtcMs } from '../base/index.js';
import type { Contact } from '../cases/index.js';
import { ownRecording, rehearse } from './rehearsal.js';
import type {
  HeardText,
  LookupReply,
  PhoneBehaviour,
  QueueBehaviour,
  Rehearsal,
  RehearsalSite,
} from './rehearsed.js';
import { type WalkedExit, walkedExits } from './coverage.js';
import type { LookupScript, ScriptedCaller, ScriptStep } from './script.js';
import { expectationOf, heardIn, type TranscriptRow } from './transcript.js';

export interface ScriptedResult {
  readonly caller: string;
  readonly file: string;
  readonly line: number;
  readonly passed: boolean;
  /** What went otherwise, with `file:line`; empty when passed. */
  readonly failures: readonly string[];
  /** What was expected beside what happened. */
  readonly transcript: readonly TranscriptRow[];
  /** Steps that the caller went through, `flow/step`. */
  readonly path: readonly string[];
  /** The record that the call left. */
  readonly contact: Contact | null;
  /** The ways out of steps that the caller went. */
  readonly exits: readonly WalkedExit[];
  /** Turns that the call took, for the figures. */
  readonly turns: number;
}

/** A caller never waits longer than this for anything, milliseconds of virtual time. */
const patienceMs = 15 * 60_000;
/** Between two keys, as a person presses them. */
const keyGapMs = 200;
const talkMs = 30_000;
/** Longer than any caller talks. */
const endlessMs = 24 * 60 * 60_000;

export const outcomes = {
  sent: { result: 'sent', by: 'rehearsal' },
  fail: { result: 'failed', why: 'scripted' },
  hang: null,
} as const;

export type Queueing = Extract<ScriptStep, { 'queues for': string }>;
export type Which = Extract<ScriptStep, { 'is put through to': string }>['which'];

/** Pure. One scripted caller. */
export function runScript(caller: ScriptedCaller, site: RehearsalSite): ScriptedResult {
  const phones = new Map<string, PhoneBehaviour>();
  const waits = new Map<string, QueueBehaviour[]>();
  const answers: PhoneBehaviour[] = [];
  for (const step of caller.script) {
    if (typeof step === 'object' && 'is put through to' in step) {
      phones.set(step['is put through to'], behaviourOf(step.which));
    }
    if (step === 'is called back') answers.push(behaviourOf('answers'));
    if (typeof step === 'object' && 'is called back' in step)
      answers.push(behaviourOf(step['is called back']));
    if (typeof step === 'object' && 'queues for' in step) {
      const queue = step['queues for'];
      waits.set(queue, [...(waits.get(queue) ?? []), queueOf(step)]);
    }
  }
  const startedAt = Date.parse(caller.at);
  const call = rehearse({
    site,
    closings: closingsOf(caller),
    number: caller.dials,
    at: startedAt,
    caller: { number: caller.number ?? null, name: null },
    lookUp: (source, given) => replyOf(caller.lookups[source]?.[Object.values(given).map(String).join(' ')]),
    phone: (name) => phones.get(name) ?? { type: 'rings-out' },
    queue: (name) => waits.get(name)?.shift() ?? null,
    calledBack: () => answers.shift() ?? { type: 'rings-out' },
    message: () => outcomes[caller.messages],
    ...(caller.id === undefined ? {} : { id: caller.id }),
  });
  const failures: string[] = [];
  const rows: TranscriptRow[] = [];
  const telling: Telling = {
    heard: 0,
    tickets: 0,
    messages: 0,
    tell: (happened, step = null, fits = true) =>
      rows.push({ atMs: call.now - startedAt, expected: step && expectationOf(step), happened, fits }),
  };

  caller.script.forEach((step, i) => {
    // After the first difference the rest would only echo it.
    if (failures.length > 0) {
      rows.push(missed(step));
      return;
    }
    const problem = actOut(call, step, telling);
    if (problem !== null) failures.push(`${caller.file}:${caller.stepLines[i] ?? caller.line} ${problem}`);
  });
  const passedSoFar = failures.length === 0;
  finish(call, telling);
  if (passedSoFar) {
    failures.push(
      ...compareRecords(call, caller).map((problem) => `${caller.file}:${caller.line} ${problem}`),
    );
  }
  const path = (call.contact?.path ?? []).map(({ flow, step }) => `${flow}/${step}`);
  return {
    caller: caller.caller,
    file: caller.file,
    line: caller.line,
    passed: failures.length === 0,
    failures,
    transcript: rows,
    path,
    contact: call.contact,
    exits: walkedExits(call.events),
    turns: call.turns,
  };
}

export interface Telling {
  /** How many texts, waits and messages were compared. */
  heard: number;
  tickets: number;
  messages: number;
  readonly tell: (happened: string | null, step?: ScriptStep | null, fits?: boolean) => void;
}

/** What the script says further on, where nothing is compared any more. */
function missed(step: ScriptStep): TranscriptRow {
  return { atMs: null, expected: expectationOf(step), happened: null, fits: false };
}

function closingsOf({ closings }: ScriptedCaller): NonNullable<RehearsalSite['closings']> {
  return new Map(
    Object.entries(closings).map(([calendar, { until, say }]) => [
      calendar,
      { since: 0, until: Date.parse(until), say: say ?? null },
    ]),
  );
}

/** One step of a script on a call; tells what went otherwise, or null. */
export function actOut(call: Rehearsal, step: ScriptStep, telling: Telling): string | null {
  const { tell } = telling;
  if (step === 'hangs up') {
    tell('hangs up', step);
    call.hangUp();
    return null;
  }
  if (step === 'is called back' || (typeof step === 'object' && 'is called back' in step))
    return isCalledBack(call, step, telling);
  if (step === 'hears the recording') return hear(call, step, { hears: ownRecording }, telling);
  if ('hears' in step) return hear(call, step, step, telling);
  if ('presses' in step) {
    let shown = '';
    for (const key of step.presses) {
      shown += call.asksSecret ? '•' : key;
      call.press(key as Key);
      call.waitUntil(call.now + keyGapMs);
    }
    tell(`presses ${shown}`, step);
    return null;
  }
  if ('is silent' in step) {
    const before = call.heard.length;
    const until = typeof step['is silent'] === 'number' ? call.now + step['is silent'] * 1000 : null;
    tell('is silent', step);
    if (until !== null) call.waitUntil(until);
    else waitFor(call, () => call.heard.length > before && call.state !== 'listening');
    return null;
  }
  if ('says' in step) {
    if (!waitFor(call, () => call.state === 'recording')) {
      tell(whatIs(call), step, false);
      return 'The caller should speak now, but nothing records.';
    }
    tell(`speaks for ${step.says} s`, step);
    call.say(step.says * 1000);
    waitFor(call, () => call.state !== 'recording');
    return null;
  }
  if ('queues for' in step) return queueFor(call, step, telling);
  if ('receives' in step) return receive(call, step, telling);
  const name = step['is put through to'];
  const rung = waitFor(call, () => call.contact?.talks.some(({ phone }) => phone === name) ?? false);
  if (!rung) {
    tell(whatIs(call), step, false);
    return `The phone ${name} should ring, but it does not. ${whatIs(call)}`;
  }
  tell(`phone ${name} rings and ${step.which}`, step);
  const talksOn = step.which === 'talks on';
  waitFor(call, () => call.state !== 'dialling' && (talksOn || call.state !== 'talking'));
  return null;
}

/** The engine calls whoever kept a place; what is waited for from then on is counted anew, since it is another call. */
function isCalledBack(call: Rehearsal, step: ScriptStep, telling: Telling): string | null {
  waitFor(call, () => call.over);
  if (!call.callBack()) {
    telling.tell(`is not called back. ${whatIs(call)}`, step, false);
    return `The caller should be called back, but keeps no place. ${whatIs(call)}`;
  }
  telling.tickets = 0;
  const settled = waitFor(call, () => call.over || call.contact?.answeredAt !== null);
  telling.tell(expectationOf(step), step, settled);
  return null;
}

/** Waits until the queue has refused, an agent has talked, or one was rung in vain. */
function queueFor(call: Rehearsal, step: Queueing, telling: Telling): string | null {
  const problem = queueProblem(call, step, telling);
  const { 'queues for': name, agent } = step;
  telling.tell(problem ?? `queues for ${name}; agent: ${agent}`, step, problem === null);
  return problem;
}

function queueProblem(call: Rehearsal, step: Queueing, telling: Telling): string | null {
  const name = step['queues for'];
  const tickets = () => call.contact?.tickets ?? [];
  if (!waitFor(call, () => tickets().length > telling.tickets))
    return `The caller should queue for ${name}, but does not. ${whatIs(call)}`;
  const place = telling.tickets++;
  const ticket = () => tickets()[place];
  if (ticket()?.queue !== name)
    return `The caller should queue for ${name}, but queues for ${ticket()?.queue ?? 'nothing'}.`;
  switch (step.agent) {
    case 'answers':
      waitFor(call, () => (ticket()?.endedAt ?? null) !== null);
      return ticket()?.result === 'talked' ? null : `No agent talked to the caller. ${whatIs(call)}`;
    case 'talks on':
      return waitFor(call, () => (ticket()?.connectedAt ?? null) !== null)
        ? null
        : `No agent talked to the caller. ${whatIs(call)}`;
    case 'is never free':
      return ticket()?.endedAt === null ? null : `The caller should wait, but does not. ${whatIs(call)}`;
    case 'nobody':
    case 'queue is full':
    case 'queue is closed':
      return ticket()?.endedAt !== null ? null : `The queue should refuse the caller. ${whatIs(call)}`;
    default: {
      const before = call.contact?.talks.length ?? 0;
      const rung = () => call.contact?.talks[before];
      if (waitFor(call, () => (rung()?.endedAt ?? null) !== null)) return null;
      return `An agent should be rung, but is not. ${whatIs(call)}`;
    }
  }
}

function receive(
  call: Rehearsal,
  step: Extract<ScriptStep, { receives: string }>,
  telling: Telling,
): string | null {
  if (!waitFor(call, () => call.messages.length > telling.messages)) {
    telling.tell(`receives nothing. ${whatIs(call)}`, step, false);
    return `The caller should receive ${step.receives}, but receives nothing. ${whatIs(call)}`;
  }
  const message = call.messages[telling.messages++];
  const texts = message?.texts.join(' and ') ?? '';
  const words = message?.words ?? '';
  const problem = !message?.texts.includes(step.receives)
    ? `The caller should receive ${step.receives}, but receives ${texts}.`
    : step.saying !== undefined && !words.includes(step.saying)
      ? `${step.receives} should say "${step.saying}", but says "${words}"`
      : null;
  telling.tell(`receives ${texts}: ${words}`, step, problem === null);
  return problem;
}

function hear(
  call: Rehearsal,
  step: ScriptStep,
  wanted: Extract<ScriptStep, { hears: string }>,
  telling: Telling,
): string | null {
  if (!waitFor(call, () => call.heard.length > telling.heard)) {
    telling.tell(`hears nothing more. ${whatIs(call)}`, step, false);
    return `The caller should hear ${wanted.hears}, but hears nothing more. ${whatIs(call)}`;
  }
  // A text further back in a list is not heard before its turn.
  call.waitUntil(Math.max(call.now, call.heard[telling.heard]?.at ?? 0));
  const next = call.heard[telling.heard];
  if (next === undefined) {
    telling.tell('hears nothing more', step, false);
    return `The caller should hear ${wanted.hears}, but hears nothing more.`;
  }
  telling.heard += 1;
  const problem = differenceOf(wanted, next);
  telling.tell(heardIn(next), step, problem === null);
  return problem;
}

function differenceOf(step: Extract<ScriptStep, { hears: string }>, next: HeardText): string | null {
  if (next.text !== step.hears)
    return `The caller should hear ${step.hears}, but hears ${next.text}: "${next.words}"`;
  if (step.in !== undefined && next.language !== step.in)
    return `${step.hears} should be heard in ${step.in}, but is spoken in ${next.language}.`;
  if (step.saying !== undefined && !next.words.includes(step.saying))
    return `${step.hears} should say "${step.saying}", but says "${next.words}"`;
  return null;
}

/** The caller hangs up if the engine does not; what was not expected is only told. */
function finish(call: Rehearsal, telling: Telling): void {
  const until = call.now + patienceMs;
  const rests = (): boolean => call.over || call.state === 'listening' || call.state === 'queued';
  while (!rests() && call.now < until && call.advance());
  for (const text of call.heard.slice(telling.heard)) telling.tell(heardIn(text));
  if (!call.over) call.hangUp();
}

function compareRecords(call: Rehearsal, caller: ScriptedCaller): string[] {
  const problems: string[] = [];
  const record = call.cases.at(-1);
  const expected = caller.case ?? {};
  const found: Record<string, string | null | undefined> = {
    kind: record?.kind,
    subject: record?.subject,
    status: record?.status,
    outcome: call.contact?.outcome,
  };
  for (const [name, want] of Object.entries(expected)) {
    if (found[name] !== want)
      problems.push(`The case's ${name} should be ${want}, but is ${found[name] ?? 'nothing'}.`);
  }
  if (caller.recordings !== undefined) {
    const names = (call.contact?.recordings ?? []).map(({ name }) => name);
    if (names.join() !== caller.recordings.join()) {
      problems.push(
        `Recordings kept should be [${caller.recordings.join(', ')}], but are [${names.join(', ')}].`,
      );
    }
  }
  if (caller.survey !== undefined) {
    const given = (call.contact?.survey ?? []).map(({ question, answer }) => `${question}: ${answer}`);
    const wanted = Object.entries(caller.survey).map(([question, answer]) => `${question}: ${answer}`);
    if (given.sort().join() !== wanted.sort().join())
      problems.push(`Answers should be [${wanted.join(', ')}], but are [${given.join(', ')}].`);
  }
  return problems;
}

function waitFor(call: Rehearsal, reached: () => boolean): boolean {
  const until: UtcMs = call.now + patienceMs;
  while (!reached()) if (call.now > until || !call.advance()) return reached();
  return true;
}

function whatIs(call: Rehearsal): string {
  const step = call.contact?.path.at(-1);
  return `The call is ${call.state}${step === undefined ? '' : ` in step ${step.step}`}.`;
}

function replyOf(script: LookupScript | undefined): LookupReply | null {
  if (script === 'hangs') return null;
  if (script === 'fails') return { result: 'failed', why: 'scripted' };
  if (script === undefined || script === 'not-found') return { result: 'not-found' };
  return { result: 'found', row: script as Extract<LookupReply, { result: 'found' }>['row'] };
}

export function queueOf({ waits, agent }: Queueing): QueueBehaviour {
  switch (agent) {
    case 'nobody':
      return { type: 'refuses', result: 'nobody' };
    case 'queue is full':
      return { type: 'refuses', result: 'full' };
    case 'queue is closed':
      return { type: 'refuses', result: 'closed' };
    case 'is never free':
      return { type: 'holds' };
    default:
      return { type: 'offers', afterMs: waits * 1000, phone: behaviourOf(agent) };
  }
}

export function behaviourOf(which: Which): PhoneBehaviour {
  switch (which) {
    case 'answers':
      return { type: 'answers', afterMs: 2_000, talksMs: talkMs };
    case 'talks on':
      return { type: 'answers', afterMs: 2_000, talksMs: endlessMs };
    case 'is busy':
      return { type: 'busy' };
    case 'rejects':
      return { type: 'rejects' };
    case 'is unreachable':
      return { type: 'unreachable' };
    default:
      return { type: 'rings-out' };
  }
}
