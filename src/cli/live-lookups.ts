/** The lookups of a running engine: those of the site version in force, and older ones until they have answered. */
import type { LookupAnswer, LookupRequest } from '../lookups/port.js';
import type { OpenLookups } from '../lookups/index.js';
import type { Site } from '../site/index.js';

export interface LiveLookups extends Pick<OpenLookups, 'lookUp' | 'states'> {
  /** From now on the sources of this version are asked. */
  follow(site: Site): void;
  /** Ends all of them; what was asked and not answered fails. */
  close(): Promise<void>;
}

interface Generation {
  readonly lookups: OpenLookups;
  asked: number;
}

export function createLiveLookups(open: (site: Site) => OpenLookups, first: Site): LiveLookups {
  const begin = (site: Site): Generation => ({ lookups: open(site), asked: 0 });
  let current = begin(first);
  const generations = new Set([current]);

  const leave = (generation: Generation): void => {
    if (generation === current || generation.asked > 0) return;
    generations.delete(generation);
    void generation.lookups.close();
  };
  return {
    async lookUp(request: LookupRequest): Promise<LookupAnswer> {
      const generation = current;
      generation.asked += 1;
      try {
        return await generation.lookups.lookUp(request);
      } finally {
        generation.asked -= 1;
        leave(generation);
      }
    },
    states: () => current.lookups.states(),
    follow(site) {
      const before = current;
      current = begin(site);
      generations.add(current);
      leave(before);
    },
    async close() {
      await Promise.all([...generations].map(({ lookups }) => lookups.close()));
    },
  };
}
