/** Pure. What a caller, and whoever answers, may do at one place of an exploration, and what comes of it. */
import { type JsonObject, type Key, wordOf } from '../base/index.js';
import type { Happening, Met, Moment, Moments, Passage } from './moment.js';
import { keyOf, stepOf } from './explored-place.js';

/** A place where the call waits, with all that can happen there. */
export interface Place {
  readonly id: number;
  /** `flow/step` of the step that waits. */
  readonly name: string;
  readonly choices: readonly Choice[];
}

export interface Choice {
  /** What happens: `key`, `silence`, `requests: not found`. */
  readonly what: string;
  /** Which of them lead to the same: keys, rows, ways in which a phone is not picked up; may be empty. */
  readonly which: readonly string[];
  /** What the caller meets then, try by try where the same step asks again. */
  readonly met: readonly Met[];
  /** Null: the call is over, or nothing is known of it. */
  readonly to: number | null;
  /** Back at the same place, with nothing changed. */
  readonly again: boolean;
}

export interface ExplorerSettings {
  readonly moments: Moments;
  /** Rows with which a lookup's source may answer. */
  readonly rows: (source: string) => readonly JsonObject[];
  /** Numbers that callers enter. */
  readonly entries: readonly string[];
  /** Branches in another language are left out; null: none is. */
  readonly language: string | null;
}
/** Rows of a source that are tried, and numbers that are entered. */
const mostRows = 60;
const mostEntries = 40;
/** Tries of one step. */
const mostTries = 12;
/** Times that something is said to a caller who waits for an agent. */
const mostWaits = 500;
const longestEntry = 20;
const longMs = 10_000;
const shortMs = 300;

const keys = '1234567890*#'.split('') as readonly Key[];
const digits = keys.filter((key) => /\d/.test(key));

/** A result of one thing that a caller did. */
export interface Result extends Pick<Choice, 'what' | 'which'> {
  readonly passage: Passage;
  readonly again: boolean;
}

export function resultsAt(settings: ExplorerSettings, moment: Moment): Result[] {
  const { moments } = settings;
  const waiting = moments.waiting(moment);
  const one = (what: string, which: readonly string[], happening: Happening): Result => ({
    what,
    which,
    passage: moments.happen(moment, happening),
    again: false,
  });
  switch (waiting.for) {
    case 'nobody':
      return [];
    case 'turn':
      return [
        one('is called back', ['answers'], { type: 'called-back' }),
        // Called again, or given up in the end: nothing that the caller hears.
        {
          what: 'is called back',
          which: ['is busy', 'does not answer', 'rejects'],
          passage: { moment, met: [] },
          again: true,
        },
      ];
    case 'lookup': {
      const { source } = waiting;
      const rows = settings.rows(source).slice(0, mostRows);
      return [
        ...rows.map((row) => one(`${source}: found`, [shortly(row)], { type: 'found', row })),
        one(`${source}: not found`, [], { type: 'not-found' }),
        one(`${source}: fails`, [], { type: 'lookup-failed' }),
      ];
    }
    case 'recording':
      return [
        one('speaks', [], { type: 'speaks', ms: longMs }),
        one('says too little', [], { type: 'speaks', ms: shortMs }),
        one('the recording fails', [], { type: 'recording-failed' }),
      ];
    case 'phone':
      return [
        one(waiting.phone, ['answers, and they talk'], { type: 'phone-answers' }),
        one(waiting.phone, ['is busy'], { type: 'phone-ends', q850: 17 }),
        one(waiting.phone, ['is not picked up'], { type: 'phone-ends', q850: 19 }),
        one(waiting.phone, ['rejects'], { type: 'phone-ends', q850: 21 }),
        one(waiting.phone, ['cannot be reached'], { type: 'phone-ends', q850: 20 }),
      ];
    case 'queue':
      return [
        one(waiting.queue, ['takes the caller'], { type: 'queue-takes' }),
        one(waiting.queue, ['is closed'], { type: 'queue-ends', result: 'closed' }),
        one(waiting.queue, ['is full'], { type: 'queue-ends', result: 'full' }),
        one(waiting.queue, ['has nobody'], { type: 'queue-ends', result: 'nobody' }),
        one(waiting.queue, ['fails'], { type: 'queue-ends', result: 'failed' }),
      ];
    case 'agent':
      return [
        one('an agent', ['answers, and they talk'], { type: 'agent-answers' }),
        ...fromCaller(settings, moment, null),
        waits(settings, moment),
        one(waiting.queue, ['fails'], { type: 'queue-ends', result: 'failed' }),
      ];
    case 'channel':
      return [
        one(`message ${waiting.texts.join(' and ')}`, ['is sent'], { type: 'message-sent' }),
        one(`message ${waiting.texts.join(' and ')}`, ['fails'], { type: 'message-failed' }),
      ];
    case 'caller':
      return fromCaller(settings, moment, waiting.silenceMs);
    default:
      return waiting satisfies never;
  }
}

function fromCaller(settings: ExplorerSettings, moment: Moment, silenceMs: number | null): Result[] {
  const { moments } = settings;
  const press = (from: Moment, key: Key): Passage => moments.happen(from, { type: 'key', key });
  const single = keys.map((key) => ({ key, passage: press(moment, key) }));
  // One that changes nothing at all means nothing here.
  const before = keyOf(moment, true, true);
  const isHalf = ({ passage }: { readonly passage: Passage }): boolean =>
    passage.met.length === 0 &&
    stepOf(passage.moment) === stepOf(moment) &&
    keyOf(passage.moment, true, true) !== before;
  const half = new Set(single.filter(isHalf).map(({ key }) => key));
  const entersNumber = digits.every((key) => half.has(key));
  const pressed = single
    .filter(({ key }) => !half.has(key))
    .map(({ key }) => tries('key', [key], moment, (from) => press(from, key)));
  const longer = entersNumber
    ? entered(settings, moment)
    : [...half].flatMap((first) => longerChoices(settings, moment, first));
  if (silenceMs === null) return [...longer, ...pressed];
  const quiet = tries(`silence (${Math.round(silenceMs / 1000)} s)`, [], moment, (from) =>
    moments.happen(from, { type: 'time' }),
  );
  return [...longer, ...pressed, quiet];
}

/** Time goes by until the step is left; what is said again meanwhile is told once. */
function waits({ moments }: ExplorerSettings, moment: Moment): Result {
  const met = new Map<string, Met>();
  let now = moment;
  for (let n = 0; n < mostWaits; n++) {
    const passage = moments.happen(now, { type: 'time' });
    const { at } = passage.moment;
    const which = [`${Math.round((at - moment.at) / 1000)} s`];
    if (isLeft(passage)) {
      const all = [...met.values(), ...passage.met];
      return { what: 'waits', which, passage: { moment: passage.moment, met: all }, again: false };
    }
    for (const one of passage.met) met.set(JSON.stringify(inShort(one)), one);
    // No time is set for anything.
    if (at === now.at) break;
    now = passage.moment;
  }
  return { what: 'waits', which: [], passage: { moment, met: [...met.values()] }, again: true };
}

/** The same again and again, until the step is left or nothing changes any more. */
function tries(
  what: string,
  which: readonly string[],
  moment: Moment,
  act: (from: Moment) => Passage,
): Result {
  const met: Met[] = [];
  let now = moment;
  for (let n = 0; n < mostTries; n++) {
    const passage = act(now);
    met.push(...passage.met);
    if (isLeft(passage)) return { what, which, passage: { moment: passage.moment, met }, again: false };
    if (keyOf(passage.moment, true, true) === keyOf(now, true, true))
      return { what, which, passage: { moment: now, met: passage.met }, again: true };
    now = passage.moment;
  }
  return { what, which, passage: { moment: now, met }, again: false };
}

/** Whether a step was entered, or the call is over. */
function isLeft({ moment, met }: Passage): boolean {
  return (
    met.some((one) => isEvent(one, 'step.entered')) ||
    moment.live.call.phase !== 'live' ||
    moment.live.call.ending !== null
  );
}

export function isEvent(met: Met, type: string): boolean {
  return met.type === 'event' && met.event.type === type;
}

/** A key that could be the beginning of a longer choice: alone, and followed by each other. */
function longerChoices({ moments }: ExplorerSettings, moment: Moment, first: Key): Result[] {
  const begun = moments.happen(moment, { type: 'key', key: first }).moment;
  const alone: Result = {
    what: 'key',
    which: [first],
    passage: moments.happen(begun, { type: 'time' }),
    again: false,
  };
  const two = keys.map((key): Result => {
    const passage = moments.happen(begun, { type: 'key', key });
    return { what: 'key', which: [`${first}${key}`], passage, again: false };
  });
  // A key that ends the short choice belongs to what follows it.
  const short = signature(alone.passage);
  return [alone, ...two.filter(({ passage }) => isLeft(passage) && signature(passage) !== short)];
}

/** Numbers that are accepted, one for each thing that follows. */
function entered({ moments, entries }: ExplorerSettings, moment: Moment): Result[] {
  const type = (number: string): Passage => {
    let passage: Passage = { moment, met: [] };
    for (const key of number) {
      // Complete before its last key: it is another number.
      if (passage.met.length > 0) return { moment, met: [] };
      passage = moments.happen(passage.moment, { type: 'key', key: key as Key });
    }
    return passage;
  };
  const accepted = (number: string): Result[] => {
    for (const typed of [number, `${number}#`]) {
      const passage = type(typed);
      if (passage.met.length === 0) continue;
      const isWhole = isLeft(passage) && passage.met.some((one) => isEvent(one, 'entry.kept'));
      return isWhole ? [{ what: 'a number', which: [number], passage, again: false }] : [];
    }
    return [];
  };
  const known = distinct(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .slice(0, mostEntries)
      .flatMap(accepted),
    ({ passage }) => signature(passage),
  );
  if (known.length > 0) return known;
  for (let length = 1; length <= longestEntry; length++) {
    const [found] = accepted('1'.repeat(length));
    if (found !== undefined) return [found];
  }
  return [];
}

function distinct<T>(list: readonly T[], keyOfOne: (one: T) => string): T[] {
  const seen = new Set<string>();
  return list.filter((one) => {
    const key = keyOfOne(one);
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether the call goes on in another language. */
export function speaksOtherwise(passage: Passage, language: string | null): boolean {
  return language !== null && isLeft(passage) && passage.moment.live.call.frames.length > 0
    ? passage.moment.live.call.frames.at(-1)?.snapshot.context.caller.language !== language
    : false;
}

/** What of a passage two branches are told apart by: not the values, but the texts and where it leads. */
function signature({ moment, met }: Passage): string {
  return `${JSON.stringify(met.map(inShort))} ${keyOf(moment, true)}`;
}

export function inShort(met: Met): readonly unknown[] {
  if (met.type === 'hears') return [met.language, met.text];
  const { type, body } = met.event;
  const told = toldOf[type];
  return told === undefined ? [] : [type, ...told.map((field) => body[field])];
}

/**
 * Of each event that tells somebody something, what it says. Not the outcome: it is told only where it changes, which
 * depends on the way to the place.
 */
const toldOf: Readonly<Record<string, readonly string[]>> = {
  'step.entered': ['flow', 'step'],
  'case.opened': ['kind'],
  'language.chosen': ['language'],
  'recording.kept': ['name'],
  'dial.started': ['phone'],
  'hours.told': ['calendar', 'state'],
  'message.ended': ['texts', 'result'],
  'flow.failed': ['why'],
  'call.ended': [],
};

function shortly(row: JsonObject): string {
  const text = Object.entries(row)
    .map(([name, value]) => `${name} ${wordOf(value)}`)
    .join(', ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
