/** Pure. What could become of a centre from a moment on: chance drawn anew, but for what is known already. */
import TinyQueue from 'tinyqueue';
import { restoreRouter, rowsOf } from '../acd/index.js';
import type { Random } from '../base/index.js';
import { type Draws, drawsOf } from './draws.js';
import { byTime, type Centre, type Entry, goOn, leaving, newMeasures, ringing } from './virtual-centre.js';

/**
 * Plays a copy of the centre on from `at`, until the caller talks or is gone: one draw of what is to come, given all that has
 * been. Whoever has talked for a minute talks for more than that; what the original has drawn already counts no more.
 *
 * @returns how long the caller waits from `at` on, ms; null: the caller is gone before.
 */
export function playOn(centre: Centre, ticket: string, at: number, random: Random): number | null {
  const copy = copyOf(centre, at, random);
  let now = at;
  while (copy.live.get(ticket) === false) now = goOn(copy, now);
  return copy.live.get(ticket) === true ? now - at : null;
}

function copyOf(centre: Centre, at: number, random: Random): Centre {
  const { scenario, router, ahead, live, wanted, due, calls, set } = centre;
  const draw = drawsOf(scenario, random);
  const entries = ahead.data.flatMap((entry) => anew(entry, at, draw, live) ?? []);
  return {
    scenario,
    router: restoreRouter(router.routing, rowsOf(router)),
    measures: newMeasures(),
    telling: null,
    ahead: new TinyQueue<Entry>(entries, byTime),
    draw,
    live: new Map(live),
    wanted: new Set(wanted),
    due,
    calls,
    set,
  };
}

/** null: nothing comes of it in the copy. */
function anew(
  { from, at: then, nth, what }: Entry,
  at: number,
  draw: Draws,
  live: ReadonlyMap<string, boolean>,
): Entry | null {
  switch (what.type) {
    case 'call': {
      const next = draw.nextCall(at);
      return next === null ? null : { from: at, at: next, nth, what };
    }
    case 'leave':
      return live.get(what.ticket) === false
        ? leaving(what, beyond(draw.patience, at - from), from, nth)
        : null;
    case 'pick-up':
    case 'miss':
      return ringing(what, beyond(draw.pickUp, at - from), from, nth);
    case 'hang-up':
      return { from, at: from + beyond(draw.talk, at - from), nth, what };
    case 'tell':
      return null;
    case 'shift':
    case 'back':
      return { from, at: then, nth, what };
    default:
      return what satisfies never;
  }
}

/** By throwing away what is less: no distribution has to tell its tail. What ran that long was drawn once, so it comes. */
function beyond(draw: () => number, ms: number): number {
  for (;;) {
    const drawn = draw();
    if (drawn >= ms) return drawn;
  }
}
