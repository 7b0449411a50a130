/** The site versions that an engine holds: what is in force, what is being tested, what live calls began with. */
import type { SiteHash } from '../base/index.js';
import { serviceNumber } from '../calls/index.js';
import type { SiteAlias } from '../journal/port.js';
import type { Site } from '../site/index.js';
import type { SwitchboardSites } from './port.js';

export interface SiteShelf extends SwitchboardSites {
  current(): Site;
  /** The version in force for test numbers: the live one until another was published for testing. */
  test(): Site;
  forNumber(called: string): Site;
  /** A version that is not here any more is stood in for by the one in force. */
  version(hash: SiteHash): Site;
  find(hash: string): Site | undefined;
  /** Adds a version that a live call began with. */
  add(site: Site): void;
  putInForce(alias: SiteAlias, site: Site): void;
  /** Forgets what is neither in force nor in use. */
  keep(inUse: ReadonlySet<SiteHash>): void;
}

export function createSiteShelf(first: Site): SiteShelf {
  const versions = new Map<string, Site>([[first.hash, first]]);
  let live = first;
  /** null: what is live. */
  let tested: Site | null = null;
  const test = (): Site => tested ?? live;
  return {
    current: () => live,
    test,
    forNumber: (called) => (test().testNumbers.has(serviceNumber(called)) ? test() : live),
    inForce: (hash) => (tested?.hash === hash ? tested : live),
    version: (hash) => versions.get(hash) ?? live,
    routing: () => live.routing,
    desk: () => live.desk,
    find: (hash) => versions.get(hash),
    add: (site) => void versions.set(site.hash, site),
    putInForce(alias, site) {
      versions.set(site.hash, site);
      // What is live ends a test: the next one begins with the next draft.
      tested = alias === 'test' ? site : null;
      if (alias === 'live') live = site;
    },
    keep(inUse) {
      for (const [hash, site] of versions) {
        if (site !== live && site !== tested && !inUse.has(site.hash)) versions.delete(hash);
      }
    },
  };
}
