/** All that speaking any number of a range can need: its pieces, and numbers that have no words. Pure. */
import {
  itemsOf,
  noNumbers,
  type NumberRule,
  type RuleItem,
  type Said,
  type SayGrammar,
} from './say-grammar.js';
import { formOf } from './say-numbers.js';
import type { SpokenPiece } from './speech.js';

interface RangeSurvey {
  /** By name. */
  readonly pieces: Map<string, SpokenPiece>;
  /** Number set -> the first number found that it has no words for. */
  readonly gaps: Map<string, number>;
  /** Ranges that have been walked, and those that are being walked. */
  readonly seen: Map<string, 'open' | 'walked'>;
}

/** Ranges of up to so many numbers are walked one by one, larger ones by their rules. */
const smallRange = 100;
/** Counts among which every plural category that a noun has comes up. */
const someCounts = 1000;

export function newSurvey(): RangeSurvey {
  return { pieces: new Map(), gaps: new Map(), seen: new Map() };
}

/** Numbers from `from` to `to`, both included, in steps; both are multiples of the step. */
interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Surveys the numbers of a set from `from` to `to`, both included. It reasons about ranges, so that a thousand million
 * numbers take milliseconds; of a large range it may find a piece more than is needed, never one less.
 *
 * @param joined whether `and` stands before the number.
 */
export function surveyNumbers(
  grammar: SayGrammar,
  survey: RangeSurvey,
  set: string,
  from: number,
  to: number,
  joined = false,
): void {
  surveyRange(grammar, survey, set, { from, to, step: 1 }, joined);
}

/** Surveys a noun with every count from `from` to `to`. */
export function surveyCounted(
  grammar: SayGrammar,
  survey: RangeSurvey,
  name: string,
  from: number,
  to: number,
  joined = false,
): void {
  const noun = grammar.nouns.get(name);
  if (noun === undefined) return;
  const own = [...noun.exactly.keys()].filter((n) => n >= from && n <= to).sort((a, b) => a - b);
  for (const n of own) addSaid(survey, noun.exactly.get(n), joined);
  const forms = (n: number): void => addSaid(survey, formOf(grammar, noun, n), false);
  let first = from;
  for (const next of [...own, to + 1]) {
    const last = next - 1;
    if (first <= last) {
      surveyNumbers(grammar, survey, noun.numbers, first, last, joined);
      for (let n = first; n <= Math.min(last, first + someCounts); n++) forms(n);
      // Whole millions have a category of their own in some languages.
      for (let n = 1_000_000; n <= last; n *= 10) if (n >= first) forms(n);
      forms(last);
    }
    first = next + 1;
  }
}

function surveyRange(
  grammar: SayGrammar,
  survey: RangeSurvey,
  set: string,
  range: NumberRange,
  joined: boolean,
): void {
  const { from, to, step } = range;
  if (from > to) return;
  const key = `${set} ${from} ${to} ${step} ${joined}`;
  const known = survey.seen.get(key);
  // A number that is spoken by itself has no words.
  if (known === 'open') gap(survey, set, from);
  if (known !== undefined) return;
  survey.seen.set(key, 'open');
  const { words, rules } = grammar.numbers.sets.get(set) ?? noNumbers;
  if (from === to) addSaid(survey, words.get(from), joined);
  else
    for (const [n, said] of words) if (n >= from && n <= to && n % step === 0) addSaid(survey, said, joined);

  let last = to;
  for (const rule of rules) {
    if (rule.from > last) continue;
    const first = Math.max(from, Math.ceil(rule.from / step) * step);
    if (first > last) continue;
    if ((last - first) / step < smallRange) {
      for (let n = first; n <= last; n += step) {
        const rest = n % rule.by;
        if (!words.has(n))
          surveyItems(
            grammar,
            survey,
            set,
            rule,
            itemsOf(rule, rest),
            { from: n, to: n, step },
            [rest, rest],
            joined,
          );
      }
    } else surveySegment(grammar, survey, set, rule, { from: first, to: last, step }, joined);
    last = first - step;
    if (last < from) break;
  }
  for (let n = from; n <= last; n += step) {
    if (words.has(n)) continue;
    gap(survey, set, n);
    break;
  }
  survey.seen.set(key, 'walked');
}

/** Numbers of one rule, more than can be walked one by one. */
function surveySegment(
  grammar: SayGrammar,
  survey: RangeSurvey,
  set: string,
  rule: NumberRule,
  range: NumberRange,
  joined: boolean,
): void {
  const look = (items: readonly RuleItem[], low: number, high: number): void => {
    if (low <= high) surveyItems(grammar, survey, set, rule, items, range, [low, high], joined);
  };
  const below = rule.small?.below ?? 1;
  for (const [low, high] of restsOf(rule, range)) {
    if (low === 0) look(rule.say, 0, 0);
    if (rule.small !== null) look(rule.small.say, Math.max(low, 1), Math.min(high, below - 1));
    look(rule.rest, Math.max(low, 1, below), high);
  }
}

type Rests = readonly [number, number];

/** The rests that numbers of a range can have. */
function restsOf({ by }: NumberRule, { from, to, step }: NumberRange): readonly Rests[] {
  if (step % by === 0) return [[0, 0]];
  const [low, high] = [from % by, to % by];
  const wraps = Math.floor(to / by) - Math.floor(from / by);
  if (wraps === 0) return [[low, high]];
  if (wraps > 1 || high + 1 >= low) return [[0, by - 1]];
  return [
    [0, high],
    [low, by - 1],
  ];
}

function surveyItems(
  grammar: SayGrammar,
  survey: RangeSurvey,
  set: string,
  { by }: NumberRule,
  items: readonly RuleItem[],
  { from, to, step }: NumberRange,
  [low, high]: Rests,
  joined: boolean,
): void {
  const [least, most] = [Math.floor(from / by), Math.floor(to / by)];
  let and = joined;
  for (const item of items) {
    switch (item.type) {
      case 'and':
        and = true;
        continue;
      case 'word':
        addSaid(survey, item.said, and);
        break;
      case 'counted':
        surveyCounted(grammar, survey, item.noun, least, most, and);
        break;
      case 'part': {
        const inner = item.set ?? set;
        if (item.part === 'count') surveyNumbers(grammar, survey, inner, least, most, and);
        else if (item.part === 'rest') surveyNumbers(grammar, survey, inner, low, high, and);
        else {
          const wholes = { from: least * by, to: most * by, step: step % by === 0 ? step : by };
          surveyRange(grammar, survey, inner, wholes, and);
        }
        break;
      }
    }
    and = false;
  }
}

function addSaid(survey: RangeSurvey, said: Said | undefined, joined: boolean): void {
  if (said === undefined) return;
  for (const piece of joined ? said.joined : [said.plain]) survey.pieces.set(piece.name, piece);
}

function gap(survey: RangeSurvey, set: string, n: number): void {
  const known = survey.gaps.get(set);
  if (known === undefined || n < known) survey.gaps.set(set, n);
}
