/** The site versions that an engine starts with. */
import { asSiteHash, type Finding, findingLine, type Log, OnedoorError } from '../base/index.js';
import type { Journal, SiteAlias } from '../journal/port.js';
import {
  type CheckedSite,
  chooseSite,
  hashSite,
  loadSite,
  readSite,
  type Site,
  type SiteFiles,
  siteFromFiles,
} from '../site/index.js';
import { createSiteShelf, type SiteShelf } from '../switchboard/index.js';
import { makeMediaAside } from './draft-thread.js';
import type { Settings } from './settings.js';
import { keptMedia, siteMedia } from './site-media.js';
import type { StateFolder } from './state-folder.js';

export interface SitesParts {
  readonly settings: Settings;
  readonly state: StateFolder;
  readonly log: Log;
  readonly progress: (what: string) => void;
  readonly journal: Journal;
  readonly now: () => number;
}

export interface OpenedSites {
  readonly shelf: SiteShelf;
  /** Checks the files of a version and finds its media. */
  readonly load: (
    files: SiteFiles,
  ) => Promise<{ readonly site: Site } | { readonly findings: readonly Finding[] }>;
}

/**
 * The published version is in force; the very first start publishes the folder. Versions that live calls began with
 * are there too.
 *
 * @param inUse hashes that live calls began with
 * @throws ONEDOOR_CLI_SITE
 */
export async function openSites(parts: SitesParts, inUse: ReadonlySet<string>): Promise<OpenedSites> {
  const { settings, state, log, progress, journal } = parts;
  const load: OpenedSites['load'] = async (files) => {
    const check = await siteFromFiles(files);
    if (check.result === 'broken') return check;
    const { site } = check;
    const whole = await keptMedia(site.hash, state, 'whole');
    if (whole !== null) return { site: { ...site, ...whole } };
    // This engine has made no sounds for it yet, or some are missing.
    await makeMediaAside({ settings, state: { media: state.media }, files });
    const made = await keptMedia(site.hash, state, 'any');
    return { site: made === null ? await withMedia(parts, site) : { ...site, ...made } };
  };
  const shelf = createSiteShelf(await firstSite(parts));
  const tested = await newestOf(journal, 'test');
  const live = await newestOf(journal, 'live');
  const wanted = new Set(inUse);
  if (tested !== null && tested.number > (live?.number ?? 0)) wanted.add(tested.hash);
  for (const hash of wanted) {
    if (shelf.find(hash) !== undefined) continue;
    const stored = await journal.site(asSiteHash(hash));
    const loaded = stored === null ? null : await load(stored.files);
    if (loaded !== null && 'site' in loaded) shelf.add(loaded.site);
    else
      log.error({ site: hash }, 'a version that is in use cannot be read: the one in force stands in for it');
  }
  const test = tested === null ? undefined : shelf.find(tested.hash);
  if (test !== undefined && wanted.has(test.hash) && test !== shelf.current()) shelf.putInForce('test', test);
  const folder = hashSite((await readSite(settings.siteFolder)).files);
  if (folder !== shelf.current().hash && folder !== shelf.test().hash)
    progress(
      'the folder differs from what is published: `onedoor diff` shows it, `onedoor publish` puts it in force',
    );
  return { shelf, load };
}

async function firstSite(parts: SitesParts): Promise<Site> {
  const { settings, progress, journal, now } = parts;
  const live = await newestOf(journal, 'live');
  const stored = live === null ? null : await journal.site(live.hash);
  const choice = await chooseSite(stored?.files ?? null, () => loadSite(settings.siteFolder, now()));
  if (choice.result === 'none') {
    for (const finding of choice.findings) progress(findingLine(finding));
    const { length: count } = choice.findings;
    throw new OnedoorError('ONEDOOR_CLI_SITE', { folder: settings.siteFolder, count });
  }
  const site = await withMedia(parts, choice.check.site);
  if (choice.result === 'folder') {
    const { hash } = site;
    const why = stored === null ? 'the first start' : 'this engine cannot read the version published before';
    if (stored !== null) {
      for (const finding of choice.findings) progress(findingLine(finding));
      progress(`version ${stored.hash.slice(0, 12)} cannot be read by this engine: the folder is published`);
    }
    const publication = { alias: 'live', action: 'published', hash, at: now(), who: 'onedoor', why } as const;
    await journal.publish(choice.check.files, publication);
  }
  return site;
}

async function newestOf(journal: Journal, alias: SiteAlias) {
  const [newest] = await journal.publications({ alias, limit: 1 });
  return newest ?? null;
}

async function withMedia({ settings, state, log, progress }: SitesParts, site: CheckedSite): Promise<Site> {
  progress('preparing the prompts');
  return { ...site, ...(await siteMedia(site, settings, state, log, progress)) };
}
