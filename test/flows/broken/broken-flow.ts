/** Flows with one fault each, at the place of the mark §. */
import { flowOf } from '../../kit/flow-walk.js';

export type BrokenFlow = readonly [code: string, flow: string];

/** A flow with a PIN, and a lookup that gets it; the further steps follow. */
export function pinned(given: string, further = ''): string {
  const next = further === '' ? 'end' : 'c';
  return flowOf(
    '  a: { collect: { say: enter, into: n, secret: true, digits: { min: 4, max: 4 } }, go: b }\n' +
      `  b: { lookup: { source: requests, with: ${given}, account: "1", locked: end, found: ${next}, not-found: end, failed: end } }\n` +
      further,
  );
}

/** The place of the mark, counted from 1. */
export function placeOf(marked: string): string {
  const before = marked.slice(0, marked.indexOf('§')).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
