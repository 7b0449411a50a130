/**
 * Pure. What can happen to a caller: every place that a call can come to, and what leads from one to the next. Walks
 * the call itself with every possible event, so it knows whatever a step does. Places that nobody could tell apart
 * are one.
 */
import type { Met, Moment } from './moment.js';
import {
  type Choice,
  type ExplorerSettings,
  inShort,
  isEvent,
  type Place,
  type Result,
  resultsAt,
  speaksOtherwise,
} from './explored-choices.js';
import { stepOf, keyOf } from './explored-place.js';

export interface Exploration {
  readonly begins: Choice;
  readonly places: readonly Place[];
  /** False: there were more places than are looked at. */
  readonly whole: boolean;
}

/** Places that are looked at, at most. */
const mostPlaces = 2_000;
/** A place that is reached with other values is looked at so often. */
const mostVariants = 4;

interface Draft {
  readonly name: string;
  readonly moment: Moment;
  choices: Choice[];
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

/** Without what the engine notes when a call is over: that depends on all that came before. */
function untilTheEnd(met: readonly Met[]): readonly Met[] {
  const end = met.findIndex((one) => isEvent(one, 'call.ended'));
  return end === -1 ? met : met.slice(0, end + 1);
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
