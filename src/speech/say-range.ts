/** All that speaking any number of a range can need: its pieces, and numbers that have no words. Pure. */
import { itemsOf, type NumberRule, type RuleItem, type SayGrammar } from './say-grammar.js';
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

/** Ranges up to this size are walked number by number, larger ones by their rules. */
const smallRange = 100;
/** Up to so many wholes (and counts of a noun) are walked one by one. */
const someWholes = 1000;

export function newSurvey(): RangeSurvey {
  return { pieces: new Map(), gaps: new Map(), seen: new Map() };
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
  if (from > to) return;
  const key = `${set} ${from} ${to} ${joined}`;
  const known = survey.seen.get(key);
  // A number that is spoken by itself has no words.
  if (known === 'open') gap(survey, set, from);
  if (known !== undefined) return;
  survey.seen.set(key, 'open');
  const { words, rules } = grammar.numbers.sets.get(set) ?? { words: new Map(), rules: [] };
  for (const [n, said] of words)
    if (n >= from && n <= to) for (const piece of joined ? said.joined : [said.plain]) add(survey, piece);

  let last = to;
  for (const rule of rules) {
    if (rule.from > last) continue;
    const first = Math.max(from, rule.from);
    if (last - first < smallRange) {
      for (let n = first; n <= last; n++)
        if (!words.has(n)) surveyItems(grammar, survey, set, rule, itemsOf(rule, n % rule.by), [n, n], joined);
    } else surveySegment(grammar, survey, set, rule, first, last, joined);
    last = first - 1;
    if (last < from) break;
  }
  for (let n = from; n <= last; n++) {
    if (words.has(n)) continue;
    gap(survey, set, n);
    break;
  }
  survey.seen.set(key, 'walked');
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
  for (const n of own) {
    const said = noun.exactly.get(n);
    if (said !== undefined) for (const piece of joined ? said.joined : [said.plain]) add(survey, piece);
  }
  // Categories repeat within any thousand numbers; those of whole millions come apart.
  const forms = (n: number): void => add(survey, formOf(grammar, noun, n).plain);
  let first = from;
  for (const next of [...own, to + 1]) {
    const last = next - 1;
    if (first <= last) {
      surveyNumbers(grammar, survey, noun.numbers, first, last, joined);
      for (let n = first; n <= Math.min(last, first + someWholes); n++) forms(n);
      for (let n = 1_000_000; n <= last; n *= 10) if (n >= first) forms(n);
      forms(last);
    }
    first = next + 1;
  }
}

/** Numbers of one rule, more than can be walked one by one. */
function surveySegment(
  grammar: SayGrammar,
  survey: RangeSurvey,
  set: string,
  rule: NumberRule,
  first: number,
  last: number,
  joined: boolean,
): void {
  const rests = restsOf(rule, first, last);
  const below = rule.small?.below ?? 1;
  if (rests.some(([low]) => low === 0))
    surveyItems(grammar, survey, set, rule, rule.say, [first, last], joined, [0, 0]);
  for (const [low, high] of rests) {
    const from = Math.max(low, 1);
    if (rule.small !== null && from < below)
      surveyItems(grammar, survey, set, rule, rule.small.say, [first, last], joined, [from, Math.min(high, below - 1)]);
    const large = Math.max(from, below);
    if (large <= high)
      surveyItems(grammar, survey, set, rule, rule.rest, [first, last], joined, [large, high]);
  }
}

type Range = readonly [number, number];

/** The rests that numbers from `first` to `last` can have. */
function restsOf({ by }: NumberRule, first: number, last: number): readonly Range[] {
  const [low, high] = [first % by, last % by];
  const steps = Math.floor(last / by) - Math.floor(first / by);
  if (steps === 0) return [[low, high]];
  if (steps > 1 || high + 1 >= low) return [[0, by - 1]];
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
  [first, last]: Range,
  joined: boolean,
  [low, high]: Range = [first % by, last % by],
): void {
  const [least, most] = [Math.floor(first / by), Math.floor(last / by)];
  let and = joined;
  for (const item of items) {
    switch (item.type) {
      case 'and':
        and = true;
        continue;
      case 'word':
        for (const piece of and ? item.said.joined : [item.said.plain]) add(survey, piece);
        break;
      case 'counted':
        surveyCounted(grammar, survey, item.noun, least, most, and);
        break;
      case 'part': {
        const inner = item.set ?? set;
        if (item.part === 'count') surveyNumbers(grammar, survey, inner, least, most, and);
        else if (item.part === 'rest') surveyNumbers(grammar, survey, inner, low, high, and);
        else if (most - least < someWholes) {
          for (let count = least; count <= most; count++)
            surveyNumbers(grammar, survey, inner, count * by, count * by, and);
        } else surveyNumbers(grammar, survey, inner, least * by, most * by, and);
        break;
      }
    }
    and = false;
  }
}

function add(survey: RangeSurvey, piece: SpokenPiece): void {
  survey.pieces.set(piece.name, piece);
}

function gap(survey: RangeSurvey, set: string, n: number): void {
  if (!survey.gaps.has(set)) survey.gaps.set(set, n);
}
