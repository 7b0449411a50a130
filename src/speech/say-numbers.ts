/** Numbers and counted nouns as spoken pieces. Pure. */
import { itemsOf, type Noun, noNumbers, type Said, type SayGrammar } from './say-grammar.js';
import type { SpokenPiece } from './speech.js';

/**
 * Speaks a whole number in a set; the reader makes sure that each has words.
 *
 * @param joined whether `and` stands before it.
 */
export function speakWhole(
  grammar: SayGrammar,
  set: string,
  n: number,
  joined = false,
): readonly SpokenPiece[] {
  const pieces: SpokenPiece[] = [];
  addNumber(grammar, set, n, joined, pieces);
  return pieces;
}

/** Speaks a count with its noun: "five minutes", خَمْسُ دَقَائِق, دَقِيقَتَان. */
export function speakCounted(
  grammar: SayGrammar,
  noun: string,
  n: number,
  joined = false,
): readonly SpokenPiece[] {
  const pieces: SpokenPiece[] = [];
  addCounted(grammar, noun, n, joined, pieces);
  return pieces;
}

/** The form of a noun after a count. */
export function formOf(grammar: SayGrammar, noun: Noun, n: number): Said {
  return noun.forms.get(grammar.plural(n)) ?? noun.other;
}

function addNumber(
  grammar: SayGrammar,
  set: string,
  n: number,
  joined: boolean,
  pieces: SpokenPiece[],
): void {
  const { words, rules } = grammar.numbers.sets.get(set) ?? noNumbers;
  const own = words.get(n);
  if (own !== undefined) return addSaid(own, joined, pieces);
  const rule = rules.find((candidate) => candidate.from <= n);
  if (rule === undefined) return;
  const rest = n % rule.by;
  let and = joined;
  for (const item of itemsOf(rule, rest)) {
    switch (item.type) {
      case 'and':
        and = true;
        continue;
      case 'word':
        addSaid(item.said, and, pieces);
        break;
      case 'counted':
        addCounted(grammar, item.noun, Math.floor(n / rule.by), and, pieces);
        break;
      case 'part': {
        const part = item.part === 'rest' ? rest : item.part === 'whole' ? n - rest : Math.floor(n / rule.by);
        addNumber(grammar, item.set ?? set, part, and, pieces);
        break;
      }
    }
    and = false;
  }
}

function addCounted(
  grammar: SayGrammar,
  name: string,
  n: number,
  joined: boolean,
  pieces: SpokenPiece[],
): void {
  const noun = grammar.nouns.get(name);
  if (noun === undefined) return;
  const own = noun.exactly.get(n);
  if (own !== undefined) return addSaid(own, joined, pieces);
  addNumber(grammar, noun.numbers, n, joined, pieces);
  pieces.push(formOf(grammar, noun, n).plain);
}

function addSaid(said: Said, joined: boolean, pieces: SpokenPiece[]): void {
  if (joined) pieces.push(...said.joined);
  else pieces.push(said.plain);
}
