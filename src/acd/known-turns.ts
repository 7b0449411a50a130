/** Pure. Who of those before a caller is served by whom and when, so far as it is known: by agents who wrap up. */
import type { UtcMs } from '../base/index.js';
import { type Bits, hasBit, overlap } from './bits.js';
import type { Group } from './indexes.js';
import { byStanding, type Standing, standingOf } from './line.js';
import { inOrder } from './ordered.js';
import type { RouterView } from './router.js';
import type { Ticket } from './ticket.js';

export interface KnownTurns {
  /** Agents who serve somebody else when their wrap-up is over. */
  readonly taken: ReadonlySet<string>;
  /** When those of a group are served at the latest, ms from now on. */
  readonly served: ReadonlyMap<Group, readonly number[]>;
}

/** Of more it is enough to know their share in what each agent does. */
const mostBefore = 10;

const none: KnownTurns = { taken: new Set(), served: new Map() };

/** @param bits agents who could serve the ticket, now or later. */
export function knownTurns(
  { agents, index, matches, routing }: RouterView,
  ticket: Ticket,
  bits: Bits,
  at: UtcMs,
): KnownTurns {
  const standing = standingOf(routing, ticket);
  const before: { readonly standing: Standing; readonly group: Group }[] = [];
  for (const group of index.groups.values()) {
    if (group.match.channel !== ticket.channel || group.waiting.size === 0 || !overlap(group.bits, bits))
      continue;
    for (const one of inOrder(group.waiting)) {
      if (byStanding(one, standing) >= 0) break;
      if (before.push({ standing: one, group }) > mostBefore) return none;
    }
  }
  if (before.length === 0) return none;
  before.sort((a, b) => byStanding(a.standing, b.standing));
  const ends: { readonly name: string; readonly number: number; readonly ms: number }[] = [];
  for (const { name, state, until, reachable, wish } of agents.values()) {
    const number = matches.numbers.get(name);
    if (state !== 'wrap-up' || until === null || wish !== null) continue;
    if (number === undefined || !reachable) continue;
    ends.push({ name, number, ms: Math.max(0, until - at) });
  }
  ends.sort((a, b) => a.ms - b.ms);
  const taken = new Set<string>();
  const served = new Map<Group, number[]>();
  // Whoever is free has the one who stands first.
  for (const { name, number, ms } of ends) {
    const first = before.findIndex(({ group }) => hasBit(group.bits, number));
    const [turn] = first < 0 ? [] : before.splice(first, 1);
    if (turn === undefined) continue;
    taken.add(name);
    const times = served.get(turn.group);
    if (times === undefined) served.set(turn.group, [ms]);
    else times.push(ms);
  }
  return { taken, served };
}
