/** Pure. An exploration as lines: an indented tree, or each place by itself. */
import { wordOf } from '../base/index.js';
import type { Choice, Place } from './explored-choices.js';
import type { Exploration } from './explorer.js';
import type { Met } from './moment.js';
import { ownRecording } from './rehearsal.js';

export interface TreeLimits {
  /** Levels of choices below the call's beginning; null: all. */
  readonly depth: number | null;
  /** Choices of a place; null: all. */
  readonly width: number | null;
}

/** Each place is shown once; further ways to it say `-> main, above`. */
export function explorationLines({ begins, places, whole }: Exploration, limits: TreeLimits): string[] {
  const lines: string[] = [];
  const shown = new Set<number>();
  const root = rootFlow(begins);
  const nameOf = (id: number): string => (places[id]?.name ?? '').replace(`${root}/`, '');

  const below = ({ met, to, again }: Choice, level: number): void => {
    const indent = '  '.repeat(level);
    for (const said of met.flatMap((one) => lineOf(one, true))) lines.push(`${indent}${said}`);
    if (again) return void lines.push(`${indent}(the same again)`);
    if (to === null) return void (isOver(met) ? null : lines.push(`${indent}(not explored)`));
    const place = places[to];
    if (place === undefined) return;
    if (shown.has(to)) return void lines.push(`${indent}-> ${nameOf(to)}, above`);
    if (limits.depth !== null && level > limits.depth) return void lines.push(`${indent}-> ${nameOf(to)} …`);
    shown.add(to);
    const choices = limits.width === null ? place.choices : place.choices.slice(0, limits.width);
    lines.push(`${indent}at ${nameOf(to)}:`);
    for (const choice of choices) {
      lines.push(`${indent}- ${labelOf(choice, place)}`);
      below(choice, level + 1);
    }
    const rest = place.choices.length - choices.length;
    if (rest > 0) lines.push(`${indent}- ${rest} more …`);
  };
  below(begins, 0);
  if (!whole) lines.push('(There are more places than are looked at.)');
  return lines;
}

/**
 * Each place by itself, in the order in which a caller can come to them: its choices, and where they lead. A place
 * keeps its lines when others come or go and when a text gets other words, so two explorations can be compared by
 * them.
 */
export function placeLines({ begins, places }: Exploration): ReadonlyMap<string, readonly string[]> {
  const root = rootFlow(begins);
  const names = new Map<number, string>();
  const count = new Map<string, number>();
  for (const { id, name } of Object.values(places)) {
    const short = name.replace(`${root}/`, '');
    const nth = (count.get(short) ?? 0) + 1;
    count.set(short, nth);
    names.set(id, nth === 1 ? short : `${short} (${nth})`);
  }
  const linesOf = ({ met, to, again }: Choice): string[] => [
    ...met.flatMap((one) => lineOf(one, false)).map((line) => `  ${line}`),
    ...(again ? ['  (the same again)'] : to === null ? [] : [`  -> ${names.get(to) ?? ''}`]),
  ];
  const lines = new Map<string, readonly string[]>([['the call begins', linesOf(begins)]]);
  for (const place of Object.values(places)) {
    const choices = place.choices.flatMap((choice) => [`- ${labelOf(choice, place)}`, ...linesOf(choice)]);
    lines.set(names.get(place.id) ?? place.name, choices);
  }
  return lines;
}

function labelOf({ what, which }: Choice, { choices }: Place): string {
  if (what === 'key') return `key ${rangesOf(which)}`;
  if (what === 'a number') return `a number, such as ${which[0] ?? ''}`;
  if (!what.endsWith(': found')) return [what, which.join(', ')].join(' ').trimEnd();
  // An example is needed only where rows lead to different things.
  const several = choices.filter((other) => other.what === what).length > 1;
  return several ? `${what}, such as ${which[0] ?? ''}` : what;
}

/** `2, 3, 4, 5, #` as `2-5, #`. */
function rangesOf(keys: readonly string[]): string {
  const parts: string[][] = [];
  for (const key of keys) {
    const last = parts.at(-1);
    const before = last?.at(-1) ?? '';
    if (last !== undefined && /^\d$/.test(key) && /^\d$/.test(before) && Number(key) === Number(before) + 1)
      last.push(key);
    else parts.push([key]);
  }
  return parts
    .flatMap((part) => (part.length > 2 ? [`${part[0] ?? ''}-${part.at(-1) ?? ''}`] : part))
    .join(', ');
}

function rootFlow({ met }: Choice): string {
  for (const one of met) {
    if (one.type === 'event' && one.event.type === 'call.arrived') return wordOf(one.event.body['flow']);
  }
  return '';
}

function isOver(met: readonly Met[]): boolean {
  return met.some((one) => one.type === 'event' && one.event.type === 'call.ended');
}

/** What a caller, or whoever reads the records, notices of it; nothing for the rest. */
function lineOf(met: Met, withWords: boolean): string[] {
  if (met.type === 'hears' && met.text === ownRecording) return ['hears the recording'];
  if (met.type === 'hears') {
    const heard = `hears ${met.text} (${met.language})`;
    return [withWords ? `${heard}: ${met.words}` : heard];
  }
  const { type, body } = met.event;
  const field = (name: string): string => wordOf(body[name]);
  switch (type) {
    case 'case.opened':
      return [`case: ${field('kind')}`];
    case 'outcome.reached':
      return [`outcome: ${field('outcome')}`];
    case 'language.chosen':
      return [`language: ${field('language')}`];
    case 'recording.kept':
      return [`keeps the recording ${field('name')}`];
    case 'dial.started':
      return [`rings ${field('phone')}`];
    case 'hours.told':
      return [`calendar ${field('calendar')}: ${field('state')}`];
    case 'message.ended':
      return field('result') === 'no-number' ? ['no message: there is no number for it'] : [];
    case 'flow.failed':
      return [`the flow fails: ${field('why')}`];
    case 'call.ended': {
      const { termination } = body as { termination?: { reason?: string; by?: string } };
      return [`the call ends (${termination?.reason ?? ''}, by ${termination?.by ?? ''})`];
    }
    default:
      return [];
  }
}
