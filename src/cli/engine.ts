/**
 * The composition of an engine: the one place where journal, exchange, switchboard and HTTP API are built and put
 * together. Nothing is decided here.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  asExchangeId,
  asSiteHash,
  findingLine,
  type JsonObject,
  type Log,
  OnedoorError,
  startClock,
  startScheduler,
} from '../base/index.js';
import { openJournal } from '../journal/index.js';
import { openLookups } from '../lookups/index.js';
import { openRecords } from '../records/index.js';
import { type CheckedSite, chooseSite, loadSite, type Site, siteFromFiles } from '../site/index.js';
import { createSwitchboard } from '../switchboard/index.js';
import { asteriskExchange, type EmbeddedExchange, runEmbedded } from '../telephony/asterisk/index.js';
import { buildWeb, type EngineFacade, type EngineStatus, listenWeb, type StopRequest } from '../web/index.js';
import { keepBackups } from './backups.js';
import { exchangeSettings } from './exchange-settings.js';
import { lookupSettings } from './lookup-settings.js';
import type { Settings } from './settings.js';
import { siteMedia } from './site-media.js';
import { httpToken, type StateFolder } from './state-folder.js';

export interface EngineParts {
  readonly settings: Settings;
  readonly state: StateFolder;
  readonly version: string;
  readonly log: Log;
  /** Told what the engine is busy with, for a person who waits. */
  readonly progress: (what: string) => void;
}

export interface Engine extends EngineFacade {
  readonly site: Site;
  readonly http: string;
  readonly adopted: boolean;
  /** Resolves when the engine has ended; `why` is null where it was asked to. */
  readonly ended: Promise<{ readonly why: string | null }>;
}

/** Calls that are ended by us have so long to be over. */
const endLimitMs = 3_000;
/** How often personal data whose retention is over is deleted. */
const expireEveryMs = 3_600_000;

/** Undoes one step of a start that does not get to its end. */
type Undo = () => Promise<void>;

/**
 * Starts an engine; resolves when it is in control. Whoever calls holds the state folder's lock. A start that fails
 * leaves nothing behind: an exchange that it started ends again, one that it adopted lives on.
 */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const undo: Undo[] = [];
  try {
    return await compose(parts, undo);
  } catch (cause) {
    for (const step of undo.reverse()) {
      await step().catch((error: unknown) =>
        parts.log.error({ err: error }, 'a failed start was not undone'),
      );
    }
    throw cause;
  }
}

async function compose(
  { settings, state, version, log, progress }: EngineParts,
  undo: Undo[],
): Promise<Engine> {
  const since = Date.now();
  progress('opening the journal');
  mkdirSync(state.journal, { recursive: true, mode: 0o700 });
  const journal = await openJournal({ folder: state.journal, backups: join(state.root, 'backups'), log });
  undo.push(() => journal.close());
  const clock = startClock(journal.recovered.at);
  const scheduler = startScheduler(clock);

  progress('checking the site');
  const lastGood = await journal.latestSite();
  const choice = chooseSite(await loadSite(settings.siteFolder), lastGood?.files ?? null);
  if (choice.result !== 'folder') for (const finding of choice.findings) progress(findingLine(finding));
  if (choice.result === 'none') {
    throw new OnedoorError('ONEDOOR_CLI_SITE', {
      folder: settings.siteFolder,
      count: choice.findings.length,
    });
  }
  if (choice.result === 'last-good')
    progress(`the folder is broken: version ${choice.check.site.hash.slice(0, 12)} stays in force`);
  const current = await withMedia(choice.check.site);
  await journal.storeSite({ hash: current.hash, at: clock.now(), files: choice.check.files });

  async function withMedia(checked: CheckedSite): Promise<Site> {
    progress('preparing the prompts');
    return { ...checked, media: await siteMedia(checked, settings, state, log, progress) };
  }

  /** The versions that live calls began with, besides the current one. */
  const versions = new Map<string, Site>([[current.hash, current]]);
  for (const hash of hashesOf(journal.recovered.entities)) {
    if (versions.has(hash)) continue;
    const stored = await journal.site(asSiteHash(hash));
    const check = stored === null ? null : siteFromFiles(stored.files);
    if (check?.result === 'checked') versions.set(hash, await withMedia(check.site));
    else
      log.error(
        { site: hash },
        'a version that live calls began with cannot be read: they go on with the current one',
      );
  }

  const asterisk = await exchangeSettings(asExchangeId('asterisk'), settings, state, current);

  const lookups = openLookups({
    ...lookupSettings(settings),
    tables: current.tables,
    sources: current.sources,
    scheduler,
    log,
  });
  undo.push(() => lookups.close());
  lookups
    .examine()
    .then((ill) => {
      for (const one of ill) log.warn(one, 'a lookup cannot be asked');
    })
    .catch((cause: unknown) => log.error({ err: cause }, 'the lookups could not be examined'));

  let end: (why: string | null) => void = () => undefined;
  const ended = new Promise<{ why: string | null }>((resolve) => {
    end = (why) => resolve({ why });
  });
  const switchboard = createSwitchboard({
    exchanges: [asteriskExchange(asterisk, log, { proof: () => switchboard.beat() })],
    journal,
    lookups,
    sites: { current: () => current, version: (hash) => versions.get(hash) ?? current },
    scheduler,
    log,
    limits: current.limits,
    onHalt: (why, cause) => {
      log.fatal({ err: cause, why }, 'the engine stops acting');
      end(why);
    },
  });

  let phase: EngineStatus['phase'] = 'starting';
  let stopping = false;
  let upkeep: NodeJS.Timeout | undefined;
  let backups: { stop(): void } | undefined;
  let begun: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let hurry: () => void = () => undefined;
  const hurried = new Promise<number>((resolve) => {
    hurry = () => resolve(switchboard.status().calls);
  });
  const facade: EngineFacade = {
    status: () => ({
      phase,
      since,
      version,
      pid: process.pid,
      ...switchboard.status(),
      lookups: lookups.states(),
      site: { name: current.name, hash: current.hash, numbers: [...current.numbers.keys()] },
    }),
    stop: (request) => void stop(request),
  };
  const records = openRecords(state.journal);
  const web = buildWeb({ engine: facade, records, token: httpToken(state), address: settings.http, log });
  undo.push(async () => {
    await web.close();
    await records.close();
  });
  // Before the exchange: a taken port must not leave one behind that nobody asked for.
  const address = await listenWeb(web, settings.http);

  progress('starting the exchange');
  let embedded: EmbeddedExchange | null = null;
  if (settings.exchange !== 'external') {
    const own = await runEmbedded(asterisk, log, (event) => log.warn(event, 'exchange'));
    undo.push(() => (own.adopted ? Promise.resolve(own.release()) : own.stop(0)));
    embedded = own;
  }
  undo.push(() => switchboard.close());

  progress('taking control');
  await switchboard.start();
  phase = 'running';
  void journal
    .check()
    .catch((cause: unknown) => log.error({ err: cause }, 'the journal could not be checked'));
  upkeep = setInterval(() => {
    journal
      .expire(clock.now())
      .catch((cause: unknown) => log.error({ err: cause }, 'personal data was not expired'));
  }, expireEveryMs);
  upkeep.unref();
  backups = keepBackups(journal, join(state.root, 'backups'), log);
  begun();

  async function stop({ drainMs, exchange }: StopRequest): Promise<void> {
    if (drainMs === 0) hurry();
    if (stopping) return;
    stopping = true;
    // What is half built cannot be taken down; a start that fails takes itself down.
    await started;
    phase = 'draining';
    clearInterval(upkeep);
    backups?.stop();
    const left = await Promise.race([switchboard.drain(drainMs), hurried]);
    if (left > 0) log.warn({ calls: left }, 'calls were up when the drain was over');
    try {
      if (exchange === 'stop') await switchboard.endCalls(endLimitMs);
      await switchboard.close();
      await lookups.close();
      if (exchange === 'stop') await embedded?.stop(0);
      await web.close();
      await records.close();
      await journal.close();
      end(null);
    } catch (cause) {
      log.error({ err: cause }, 'the engine did not stop cleanly');
      end('the engine did not stop cleanly');
    }
  }

  return {
    ...facade,
    site: current,
    http: `${address.host}:${address.port}`,
    adopted: embedded?.adopted ?? true,
    ended,
  };
}

function hashesOf(
  entities: readonly { readonly kind: string; readonly body: JsonObject }[],
): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (const { kind, body } of entities) {
    const call = body['call'];
    if (kind !== 'call' || typeof call !== 'object' || call === null || !('site' in call)) continue;
    if (typeof call.site === 'string') hashes.add(call.site);
  }
  return hashes;
}
