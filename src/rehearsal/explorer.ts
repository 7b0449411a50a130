/**
 * Pure. What can happen to a caller: every place that a call can come to, and what leads from one to the next. Walks
 * the call itself with every possible event, so it knows whatever a step does. Places that nobody could tell apart
 * are one.
 */
import { type JsonObject, type Key, wordOf } from '../base/index.js';
import type { Happening, Met, Moment, Moments, Passage } from './moment.js';

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

export interface Exploration {
  readonly begins: Choice;
  readonly places: readonly Place[];
  /** False: there were more places than are looked at. */
  readonly whole: boolean;
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

/** Places that are looked at, at most. */
const mostPlaces = 2_000;
/** A place that is reached with other values is looked at so often. */
const mostVariants = 4;
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

interface Draft {
  readonly name: string;
  readonly moment: Moment;
  choices: Choice[];
}

/** A result of one thing that a caller did. */
interface Result extends Pick<Choice, 'what' | 'which'> {
  readonly passage: Passage;
  readonly again: boolean;
}

export function explore(settings: ExplorerSettings): Exploration {
  const { moments } = settings;
  const drafts: Draft[] = [];
  const byKey = new Map<string, number>();
  const variants = new Map<string, number[]>();
  let whole = true;

  function placeOf(moment: Moment): number | null {
    if (moments.waiting(moment).for === 'nobody') return null;
    const key = keyOf(moment, true);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const loose = keyOf(moment, false);
    const others = variants.get(loose) ?? [];
    const [first] = others;
    if (first !== undefined && others.length >= mostVariants) return first;
    if (drafts.length >= mostPlaces) {
      whole = false;
      return first ?? null;
    }
    const id = drafts.length;
    drafts.push({ name: nameOf(moment), moment, choices: [] });
    byKey.set(key, id);
    variants.set(loose, [...others, id]);
    return id;
  }

  function nameOf(moment: Moment): string {
    const waiting = moments.waiting(moment);
    if (waiting.for === 'turn') return `a kept place in ${waiting.queue}`;
    // A queue is first asked, then waited in: two places of one step.
    return `${stepOf(moment)}${waiting.for === 'queue' ? ', asking' : ''}`;
  }

  const choiceOf = ({ what, which, passage, again }: Result): Choice => ({
    what,
    which,
    met: untilTheEnd(passage.met),
    to: placeOf(passage.moment),
    again,
  });
  const begins = choiceOf({ what: 'calls', which: [], passage: moments.arrive(), again: false });
  // The list grows while it is walked.
  for (const draft of drafts) {
    draft.choices = resultsAt(settings, draft.moment)
      .filter(({ passage }) => !speaksOtherwise(passage, settings.language))
      .map(choiceOf);
  }
  return { ...merged(begins, drafts), whole };
}

function resultsAt(settings: ExplorerSettings, moment: Moment): Result[] {
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

function isEvent(met: Met, type: string): boolean {
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
function speaksOtherwise(passage: Passage, language: string | null): boolean {
  return language !== null && isLeft(passage) && passage.moment.live.call.frames.length > 0
    ? passage.moment.live.call.frames.at(-1)?.snapshot.context.caller.language !== language
    : false;
}

/** What of a passage two branches are told apart by: not the values, but the texts and where it leads. */
function signature({ moment, met }: Passage): string {
  return `${JSON.stringify(met.map(inShort))} ${keyOf(moment, true)}`;
}

function inShort(met: Met): readonly unknown[] {
  if (met.type === 'hears') return [met.language, met.text];
  const { type, body } = met.event;
  const told = toldOf[type];
  return told === undefined ? [] : [type, ...told.map((field) => body[field])];
}

/** Without what the engine notes when a call is over: that depends on all that came before. */
function untilTheEnd(met: readonly Met[]): readonly Met[] {
  const end = met.findIndex((one) => isEvent(one, 'call.ended'));
  return end === -1 ? met : met.slice(0, end + 1);
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

/** `flow/step` of what waits. */
function stepOf({ live }: Moment): string {
  const frame = live.call.frames.at(-1);
  return frame === undefined ? '' : `${frame.flow}/${frame.snapshot.state.split('.')[0] ?? ''}`;
}

/**
 * What makes a moment this one.
 *
 * @param exactly with the values that the flows keep; else only where they stand.
 * @param counted with the tries that were used.
 */
function keyOf({ live, kept }: Moment, exactly: boolean, counted = false): string {
  const { call } = live;
  if (call.phase !== 'live' && kept !== null) {
    const { queue, flow, language, with: given } = kept.place;
    return JSON.stringify(['kept', queue, flow, language, ...(exactly ? [given] : [])]);
  }
  const frames = call.frames.map(({ flow, snapshot: { state, context } }) => {
    const { vars, caller, trail, entered: half, keys: ahead, noInput, noMatch } = context;
    return [
      flow,
      counted ? state : state.split('.')[0],
      caller.language,
      ...(exactly ? [vars, trail ?? []] : []),
      ...(counted ? [noInput, noMatch, half, ahead] : []),
    ];
  });
  const { lookup, phones, recording, ticket, message } = call;
  return JSON.stringify([
    frames,
    lookup?.source,
    phones.map(({ phone, state }) => [phone, state]),
    recording !== null,
    ticket?.queue,
    ticket?.state,
    message !== null,
  ]);
}

function shortly(row: JsonObject): string {
  const text = Object.entries(row)
    .map(([name, value]) => `${name} ${wordOf(value)}`)
    .join(', ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Places from which everything goes on alike become one: the coarsest partition, refined until it is stable. */
function merged(begins: Choice, drafts: readonly Draft[]): Omit<Exploration, 'whole'> {
  let classes = numbered(drafts.map(({ name }) => name));
  const effectOf = ({ met, to, again }: Choice): readonly unknown[] => [
    again,
    met.map(inShort).filter((told) => told.length > 0),
    to === null ? null : classes[to],
  ];
  for (let count = 0; ; ) {
    const refined = numbered(
      drafts.map(({ choices }, i) =>
        JSON.stringify([classes[i], choices.map((choice) => [choice.what, effectOf(choice)])]),
      ),
    );
    const next = new Set(refined).size;
    classes = refined;
    if (next === count) break;
    count = next;
  }
  const moved = (choice: Choice): Choice => ({
    ...choice,
    to: choice.to === null ? null : (classes[choice.to] ?? null),
  });
  const places: Place[] = [];
  drafts.forEach(({ name, choices }, i) => {
    const id = classes[i] ?? 0;
    places[id] ??= { id, name, choices: alike(choices, effectOf).map(moved) };
  });
  return { begins: moved(begins), places };
}

/** Choices of one kind that lead to the same, as one. */
function alike(choices: readonly Choice[], effectOf: (choice: Choice) => readonly unknown[]): Choice[] {
  const groups = new Map<string, Choice>();
  for (const choice of choices) {
    const key = JSON.stringify([choice.what, effectOf(choice)]);
    const known = groups.get(key);
    groups.set(key, known === undefined ? choice : { ...known, which: [...known.which, ...choice.which] });
  }
  return [...groups.values()];
}

/** A number for each different text, by first appearance. */
function numbered(texts: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return texts.map((text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}
