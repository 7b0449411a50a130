import type { BridgeId, LegId } from '../../base/index.js';
import type { Ear, Hearing } from './sound.js';

/** Who talks with whom. An id is used once; a leg is in one bridge at most. */
export interface Bridges {
  /** `used`: it existed and was ended. */
  state(bridge: BridgeId): 'unused' | 'live' | 'used';
  open(bridge: BridgeId): void;
  /** Moves a leg into a live bridge; one that is in it stays. */
  enter(bridge: BridgeId, leg: LegId, ear: Ear): void;
  /** Takes a leg out that ended. A bridge that it leaves empty ends. */
  leave(leg: LegId): void;
  /** Its legs live on. */
  close(bridge: BridgeId): void;
  of(leg: LegId): BridgeId | null;
  list(): readonly { readonly bridge: BridgeId; readonly legs: readonly LegId[] }[];
  /** Forgets all, the used ids too: another life of the exchange. */
  clear(): void;
}

export function createBridges(): Bridges {
  const live = new Map<BridgeId, Map<LegId, Hearing>>();
  const used = new Set<BridgeId>();
  const bridgeOf = new Map<LegId, BridgeId>();

  function part(leg: LegId): BridgeId | undefined {
    const bridge = bridgeOf.get(leg);
    if (bridge === undefined) return undefined;
    bridgeOf.delete(leg);
    const members = live.get(bridge);
    members?.get(leg)?.end(true);
    members?.delete(leg);
    return bridge;
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
      part(leg);
      members.set(leg, ear.begin({ type: 'talk', bridge }));
      bridgeOf.set(leg, bridge);
    },
    leave(leg) {
      const bridge = part(leg);
      if (bridge !== undefined && live.get(bridge)?.size === 0) live.delete(bridge);
    },
    close(bridge) {
      for (const leg of live.get(bridge)?.keys() ?? []) part(leg);
      live.delete(bridge);
    },
    of: (leg) => bridgeOf.get(leg) ?? null,
    list: () => [...live].map(([bridge, members]) => ({ bridge, legs: [...members.keys()] })),
    clear() {
      live.clear();
      used.clear();
      bridgeOf.clear();
    },
  };
}
