import type { BridgeId, LegId } from '../../base/index.js';
import type { Ear, Hearing } from './sound.js';

/** Who talks with whom. An id is used once; a leg is in one bridge at most. */
export interface Bridges {
  /** `used`: it existed and was ended. */
  state(bridge: BridgeId): 'unused' | 'live' | 'used';
  open(bridge: BridgeId): void;
  /** Moves a leg into a live bridge; one that is in it stays. */
  enter(bridge: BridgeId, leg: LegId, ear: Ear): void;
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

  function leave(leg: LegId): void {
    const bridge = bridgeOf.get(leg);
    if (bridge === undefined) return;
    bridgeOf.delete(leg);
    const members = live.get(bridge);
    members?.get(leg)?.end(true);
    members?.delete(leg);
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
      members.set(leg, ear.begin({ type: 'talk', bridge }));
      bridgeOf.set(leg, bridge);
    },
    leave,
    close(bridge) {
      for (const leg of [...(live.get(bridge)?.keys() ?? [])]) leave(leg);
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
