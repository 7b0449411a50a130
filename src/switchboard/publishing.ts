/**
 * Site versions are put in force: a draft is checked, stored under its hash and then answers new calls; an earlier
 * version comes back. Calls that are up keep the flow and the prompts that they began with.
 */
import type { Finding, Log, SiteHash } from '../base/index.js';
import type { Journal, Publication, SiteAlias, StoredSite } from '../journal/port.js';
import type { Site, SiteFiles } from '../site/index.js';
import type { SiteShelf } from './site-shelf.js';
import type { Switchboard } from './port.js';

/** Who puts a version in force, and why. */
export interface PublishRequest {
  readonly alias: SiteAlias;
  readonly who: string;
  readonly why: string;
}

export interface RollbackRequest extends Omit<PublishRequest, 'alias'> {
  /** The version's hash or the beginning of it; null: the one before the one in force. */
  readonly version: string | null;
}

/** A scripted caller who did not get through. */
export interface FailedCaller {
  readonly file: string;
  readonly line: number;
  readonly caller: string;
  readonly failures: readonly string[];
}

/** What became of a draft that was looked at before it is published. */
export type DraftCheck =
  | {
      readonly result: 'sound';
      readonly hash: SiteHash;
      readonly files: SiteFiles;
      readonly warnings: readonly Finding[];
      /** Scripted callers who got through: all. */
      readonly callers: number;
    }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] }
  | { readonly result: 'untested'; readonly failed: readonly FailedCaller[] };

export type PublishAnswer =
  | {
      readonly result: 'published';
      readonly publication: Publication;
      readonly warnings: readonly Finding[];
      /** Scripted callers who got through; null where none was asked for. */
      readonly callers: number | null;
      /** What did not follow the version, in a sentence each: e.g. an exchange that is not ours. */
      readonly notes: readonly string[];
    }
  /** The same content is in force already. */
  | { readonly result: 'unchanged'; readonly hash: SiteHash }
  | Exclude<DraftCheck, { result: 'sound' }>
  | { readonly result: 'no-version' }
  /** The beginning of a hash that several versions have. */
  | { readonly result: 'ambiguous'; readonly hashes: readonly SiteHash[] }
  /** Another publication is under way. */
  | { readonly result: 'busy' };

export interface Publishing {
  publish(request: PublishRequest): Promise<PublishAnswer>;
  rollback(request: RollbackRequest): Promise<PublishAnswer>;
  /** Newest first. */
  history(limit: number): Promise<readonly Publication[]>;
  /** null: no such version. */
  files(version: string): Promise<StoredSite | null>;
}

export interface PublishingParts {
  readonly journal: Journal;
  readonly shelf: SiteShelf;
  readonly switchboard: Pick<Switchboard, 'note' | 'sitePublished' | 'versionsInUse'>;
  readonly now: () => number;
  /** Checks and tests the draft, off the event loop. */
  readonly checkDraft: () => Promise<DraftCheck>;
  /** A version from its files, with its media; null with findings where this engine cannot read it. */
  readonly load: (
    files: SiteFiles,
  ) => Promise<{ readonly site: Site } | { readonly findings: readonly Finding[] }>;
  /** Has exchange and lookups follow a version that has come into force; gives what could not. */
  readonly follow: (site: Site) => Promise<readonly string[]>;
  readonly log: Log;
}

/** Publications that are looked through for a version. */
const remembered = 10_000;

export function createPublishing(parts: PublishingParts): Publishing {
  const { journal, shelf, switchboard, now, checkDraft, load, follow, log } = parts;
  let busy = false;

  async function alone(work: () => Promise<PublishAnswer>): Promise<PublishAnswer> {
    if (busy) return { result: 'busy' };
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  }

  async function inForce(
    files: SiteFiles,
    publication: Omit<Publication, 'number' | 'at'>,
    more: { readonly warnings: readonly Finding[]; readonly callers: number | null },
  ): Promise<PublishAnswer> {
    const { alias, action, hash } = publication;
    const known = shelf.find(hash);
    const loaded = known === undefined ? await load(files) : { site: known };
    if ('findings' in loaded) return { result: 'broken', findings: loaded.findings };
    const stored = await journal.publish(files, { ...publication, at: now() });
    shelf.putInForce(alias, loaded.site);
    shelf.keep(switchboard.versionsInUse());
    const notes = alias === 'live' ? await follow(loaded.site) : [];
    // After their phones: an agent must not be chosen whom nobody could ring.
    if (alias === 'live') switchboard.sitePublished();
    await switchboard.note({ type: 'site.published', body: { alias, action, hash, number: stored.number } });
    log.info({ alias, action, site: hash, number: stored.number }, 'a site version is in force');
    return { result: 'published', publication: stored, ...more, notes };
  }

  /** All versions that were ever in force whose hash begins so, newest first. */
  async function versionsLike(beginning: string): Promise<readonly SiteHash[]> {
    const all = await journal.publications({ limit: remembered });
    return [...new Set(all.map(({ hash }) => hash).filter((hash) => hash.startsWith(beginning)))];
  }

  async function previous(): Promise<readonly SiteHash[]> {
    const all = await journal.publications({ alias: 'live', limit: remembered });
    const before = all.find(({ hash }) => hash !== shelf.current().hash);
    return before === undefined ? [] : [before.hash];
  }

  return {
    publish: ({ alias, who, why }) =>
      alone(async () => {
        const draft = await checkDraft();
        if (draft.result !== 'sound') return draft;
        const { hash, files, warnings, callers } = draft;
        const there = alias === 'live' ? shelf.current() : shelf.test();
        if (there.hash === hash) return { result: 'unchanged', hash };
        return inForce(files, { alias, action: 'published', hash, who, why }, { warnings, callers });
      }),
    rollback: ({ version, who, why }) =>
      alone(async () => {
        const hashes = version === null ? await previous() : await versionsLike(version);
        const [hash, ...others] = hashes;
        if (hash === undefined) return { result: 'no-version' };
        if (others.length > 0) return { result: 'ambiguous', hashes };
        if (shelf.current().hash === hash) return { result: 'unchanged', hash };
        const stored = await journal.site(hash);
        if (stored === null) return { result: 'no-version' };
        const publication = { alias: 'live', action: 'rolled-back', hash, who, why } as const;
        return inForce(stored.files, publication, { warnings: [], callers: null });
      }),
    history: (limit) => journal.publications({ limit }),
    async files(version) {
      const [hash, ...others] = await versionsLike(version);
      return hash === undefined || others.length > 0 ? null : journal.site(hash);
    },
  };
}
