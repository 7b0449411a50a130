/** Pure. Runs a scripted caller against a site, in virtual time, and tells what went otherwise. */
import type { Key, UtcMs } from '../base/index.js';
import type { CallSite } from '../calls/index.js';
import type { Contact } from '../cases/index.js';
import {
  type HeardText,
  type LookupReply,
  type PhoneBehaviour,
  type Rehearsal,
  rehearse,
} from './rehearsal.js';
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

export type Which = Extract<ScriptStep, { 'is put through to': string }>['which'];

/** Pure. One scripted caller. */
export function runScript(caller: ScriptedCaller, site: CallSite): ScriptedResult {
  const phones = new Map<string, PhoneBehaviour>();
  for (const step of caller.script) {
    if (typeof step === 'object' && 'is put through to' in step) {
      phones.set(step['is put through to'], behaviourOf(step.which));
    }
  }
  const startedAt = Date.parse(caller.at);
  const call = rehearse({
    site,
    number: caller.dials,
    at: startedAt,
    caller: { number: caller.number ?? null, name: null },
    lookUp: (source, given) => replyOf(caller.lookups[source]?.[Object.values(given).map(String).join(' ')]),
    phone: (name) => phones.get(name) ?? { type: 'rings-out' },
  });
  const failures: string[] = [];
  const rows: TranscriptRow[] = [];
  const telling: Telling = {
    heard: 0,
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
  /** How many texts were compared. */
  heard: number;
  readonly tell: (happened: string | null, step?: ScriptStep | null, fits?: boolean) => void;
}

/** What the script says further on, where nothing is compared any more. */
function missed(step: ScriptStep): TranscriptRow {
  return { atMs: null, expected: expectationOf(step), happened: null, fits: false };
}

/** One step of a script on a call; tells what went otherwise, or null. */
export function actOut(call: Rehearsal, step: ScriptStep, telling: Telling): string | null {
  const { tell } = telling;
  if (step === 'hangs up') {
    tell('hangs up', step);
    call.hangUp();
    return null;
  }
  if ('hears' in step) return hear(call, step, telling);
  if ('presses' in step) {
    tell(`presses ${step.presses}`, step);
    for (const key of step.presses) {
      call.press(key as Key);
      call.waitUntil(call.now + keyGapMs);
    }
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
  const name = step['is put through to'];
  const rung = waitFor(call, () => call.contact?.talks.some(({ phone }) => phone === name) ?? false);
  if (!rung) {
    tell(whatIs(call), step, false);
    return `The phone ${name} should ring, but it does not. ${whatIs(call)}`;
  }
  tell(`phone ${name} rings and ${step.which}`, step);
  waitFor(call, () => call.state !== 'dialling' && call.state !== 'talking');
  return null;
}

function hear(
  call: Rehearsal,
  step: Extract<ScriptStep, { hears: string }>,
  telling: Telling,
): string | null {
  if (!waitFor(call, () => call.heard.length > telling.heard)) {
    telling.tell(`hears nothing more. ${whatIs(call)}`, step, false);
    return `The caller should hear ${step.hears}, but hears nothing more. ${whatIs(call)}`;
  }
  // A text further back in a list is not heard before its turn.
  call.waitUntil(Math.max(call.now, call.heard[telling.heard]?.at ?? 0));
  const next = call.heard[telling.heard];
  if (next === undefined) {
    telling.tell('hears nothing more', step, false);
    return `The caller should hear ${step.hears}, but hears nothing more.`;
  }
  telling.heard += 1;
  const problem = differenceOf(step, next);
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
  while (!call.over && call.state !== 'listening' && call.now < until && call.advance());
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

export function behaviourOf(which: Which): PhoneBehaviour {
  switch (which) {
    case 'answers':
      return { type: 'answers', afterMs: 2_000, talksMs: talkMs };
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
