/** Cuts a message into the fixed parts that are recorded once and the values between them. Pure. */
import { type ChoicePart, type Message, type MessageCase, otherCase, type ValuePart } from './message.js';

/** A fixed part of a text: a sentence or a piece of one. */
interface FixedPart {
  readonly type: 'fixed';
  /** e.g. `main-menu`; of a text with slots `request-status.2.approved`: second part, with the choices in it. */
  readonly name: string;
  readonly words: string;
}

export type CutPart = FixedPart | ValuePart;

/** Chooses one case of a choice: the last (`other`) where none fits. */
export type Pick = (choice: ChoicePart) => MessageCase;

/** More ways to speak one text than this are refused: nobody could record them. */
export const mostCuts = 500;

/** Signs at a part's edges that belong to the sentence, not to its words: `, ` before the next value. */
const edges = /^[\s.,;:!?،؛؟)\]]+|\s+$/gu;
const word = /[\p{L}\p{N}]/u;

/** The message with its choices made. Pure. */
export function cut(text: string, message: Message, pick: Pick): readonly CutPart[] {
  const whole = message.every((part) => part.type === 'words');
  const parts: CutPart[] = [];
  let words = '';
  let tags: string[] = [];
  let values = 0;
  // A part is named by where its words begin.
  let begins = 1;

  const close = (): void => {
    const said = words.replace(/\s+/gu, ' ').replace(edges, '');
    if (word.test(said))
      parts.push({ type: 'fixed', name: whole ? text : [text, begins, ...tags].join('.'), words: said });
    words = '';
    tags = [];
  };
  const walk = (list: Message): void => {
    for (const part of list) {
      switch (part.type) {
        case 'words':
          if (words.trim() === '') begins = values + 1;
          words += part.text;
          break;
        case 'value':
          close();
          parts.push(part);
          values += 1;
          break;
        case 'choice': {
          const chosen = pick(part);
          const tag = chosen.key.replace('=', '');
          const opened = values;
          tags.push(tag);
          walk(chosen.parts);
          // What follows the choice continues its last words: that part differs by the choice too.
          if (values !== opened) tags.push(tag);
          // Parts further on have one name, however many values the case had.
          values = opened + mostValues(part);
          break;
        }
      }
    }
  };
  walk(message);
  close();
  return parts;
}

/** The most values that a case of a choice has. */
function mostValues({ cases }: ChoicePart): number {
  const valuesOf = (list: Message): number =>
    list.reduce((sum, part) => {
      if (part.type === 'words') return sum;
      return sum + (part.type === 'value' ? 1 : mostValues(part));
    }, 0);
  return Math.max(...cases.map(({ parts }) => valuesOf(parts)));
}

/**
 * Remembers how a message was cut for the choices made: callers hear the same few sentences. At most {@link mostCuts}
 * ways are remembered. Pure to its caller.
 */
export function cutter(text: string, message: Message): (pick: Pick) => readonly CutPart[] {
  const known = new Map<string, readonly CutPart[]>();
  const keyOf = (list: Message, pick: Pick): string =>
    list.reduce((key, part) => {
      if (part.type !== 'choice') return key;
      const chosen = pick(part);
      return `${key} ${chosen.key}${keyOf(chosen.parts, pick)}`;
    }, '');
  return (pick) => {
    const key = keyOf(message, pick);
    const parts = known.get(key) ?? cut(text, message, pick);
    if (known.size < mostCuts) known.set(key, parts);
    return parts;
  };
}

/** Every way in which a message can be cut, at most {@link mostCuts} + 1 of them. Pure. */
export function allCuts(text: string, message: Message): readonly (readonly CutPart[])[] {
  const cuts: (readonly CutPart[])[] = [];
  // Counts through all combinations like an odometer whose number of wheels depends on the choices made.
  let wheels: number[] = [];
  while (cuts.length <= mostCuts) {
    const sizes: number[] = [];
    const set = wheels;
    cuts.push(
      cut(text, message, (choice) => {
        const at = set[sizes.length] ?? 0;
        sizes.push(choice.cases.length);
        return choice.cases[at] ?? otherCase(choice);
      }),
    );
    wheels = sizes.map((_, wheel) => set[wheel] ?? 0);
    const turns = wheels.findLastIndex((at, wheel) => at + 1 < (sizes[wheel] ?? 0));
    if (turns === -1) break;
    wheels = [...wheels.slice(0, turns), (wheels[turns] ?? 0) + 1];
  }
  return cuts;
}
