/** How each piece of a language is heard: what the person who records it must know. Pure. */
import { allCuts, type CutPart } from './parts.js';
import type { SayGrammar } from './say-grammar.js';
import type { PieceContext, SpokenPiece } from './speech.js';
import type { LanguageTexts } from './texts.js';
import { valueExamples } from './value-examples.js';

/** Name of a piece -> the first sentence, or the first value, in which it is spoken. */
export function pieceContexts(texts: LanguageTexts, grammar: SayGrammar): ReadonlyMap<string, PieceContext> {
  const contexts = new Map<string, PieceContext>();
  const values = new Map<string, ReadonlyMap<string, readonly SpokenPiece[]>>();
  for (const text of texts.texts.values()) {
    for (const parts of allCuts(text.name, text.message)) {
      parts.forEach((part, at) => {
        if (part.type === 'fixed') {
          if (!contexts.has(part.name))
            contexts.set(part.name, { sentence: sentenceOf(parts, at), ends: at === parts.length - 1 });
          return;
        }
        const way = `${part.way} ${part.style ?? ''}`;
        if (!values.has(way)) values.set(way, valueExamples(grammar, part.way, part.style));
      });
    }
  }
  for (const examples of values.values()) {
    for (const [name, pieces] of examples)
      if (!contexts.has(name)) contexts.set(name, { sentence: phraseOf(pieces, name), ends: false });
  }
  return contexts;
}

const marked = (words: string): string => `«${words}»`;

/** The sentence with one part marked, and slots by their names. */
function sentenceOf(parts: readonly CutPart[], marks: number): string {
  return parts
    .map((part, at) => {
      if (part.type === 'value') return `[${part.slot}]`;
      return at === marks ? marked(part.words) : part.words;
    })
    .join(' ');
}

function phraseOf(pieces: readonly SpokenPiece[], name: string): string {
  return pieces
    .filter((piece) => piece.pauseMs === undefined)
    .map((piece) => (piece.name === name ? marked(piece.words) : piece.words))
    .join(' ');
}
