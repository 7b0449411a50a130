import type { BridgeId, LegId } from '../../base/index.js';
import type { Ear, Hearing } from './sound.js';

/** Who talks with whom. An id is used once; a leg is in one bridge at most. */
export interface Bridges {
  /** `used`: it existed and was ended. */
  state(bridge: BridgeId): 'unused' | 'live' | 'used';
  open(bridge: BridgeId): void;
  /** Moves a leg into a live bridge; one that is in it stays. */
  enter(bridge: BridgeId, leg: LegId, ear: Ear): void;
  /** Takes a leg out: it ended, or it is to live without the others. A bridge that it leaves empty ends. */
  leave(leg: LegId): void;
  /** The leg holds the call, or takes it back: who is alone with it hears music meanwhile. */
  hold(leg: LegId, on: boolean): void;
  /** Its legs live on. */
  close(bridge: BridgeId): void;
  of(leg: LegId): BridgeId | null;
  list(): readonly { readonly bridge: BridgeId; readonly legs: readonly LegId[] }[];
  /** Forgets all, the used ids too: another life of the exchange. */
  clear(): void;
}

interface Member {
  readonly ear: Ear;
  readonly talk: Hearing;
  music: Hearing | null;
}

/** @param ended called with a bridge that is over. */
export function createBridges(ended: (bridge: BridgeId) => void): Bridges {
  const live = new Map<BridgeId, Map<LegId, Member>>();
  const used = new Set<BridgeId>();
  const bridgeOf = new Map<LegId, BridgeId>();
  const holding = new Set<LegId>();

  function part(leg: LegId): BridgeId | undefined {
    const bridge = bridgeOf.get(leg);
    if (bridge === undefined) return undefined;
    bridgeOf.delete(leg);
    const members = live.get(bridge);
    const member = members?.get(leg);
    member?.music?.end(true);
    member?.talk.end(true);
    members?.delete(leg);
    return bridge;
  }

  /** Music for whoever is alone with somebody who holds. */
  function fill(bridge: BridgeId): void {
    const members = live.get(bridge) ?? new Map<LegId, Member>();
    for (const [leg, member] of members) {
      const [other, ...more] = [...members.keys()].filter((one) => one !== leg);
      if (other !== undefined && more.length === 0 && holding.has(other))
        member.music ??= member.ear.begin({ type: 'music' });
      else {
        member.music?.end(true);
        member.music = null;
      }
    }
  }

  function end(bridge: BridgeId): void {
    if (live.delete(bridge)) ended(bridge);
  }

  function leave(leg: LegId): void {
    const bridge = part(leg);
    if (bridge === undefined) return;
    if (live.get(bridge)?.size === 0) end(bridge);
    else fill(bridge);
  }

  return {
    state: (bridge) => (live.has(bridge) ? 'live' : used.has(bridge) ? 'used' : 'unused'),
    open(bridge) {
      live.set(bridge, new Map());
      used.add(bridge);
    },
    enter(bridge, leg, ear) {
      const members = live.get(bridge);
      if (members === undefined || members.has(leg)) return;
      leave(leg);
      members.set(leg, { ear, talk: ear.begin({ type: 'talk', bridge }), music: null });
      bridgeOf.set(leg, bridge);
      fill(bridge);
    },
    leave,
    hold(leg, on) {
      if (on) holding.add(leg);
      else holding.delete(leg);
      const bridge = bridgeOf.get(leg);
      if (bridge !== undefined) fill(bridge);
    },
    close(bridge) {
      for (const leg of live.get(bridge)?.keys() ?? []) part(leg);
      end(bridge);
    },
    of: (leg) => bridgeOf.get(leg) ?? null,
    list: () => [...live].map(([bridge, members]) => ({ bridge, legs: [...members.keys()] })),
    clear() {
      live.clear();
      used.clear();
      bridgeOf.clear();
      holding.clear();
    },
  };
}
