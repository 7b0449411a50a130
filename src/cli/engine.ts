/**
 * The composition of an engine: the one place where journal, exchange, switchboard and HTTP API are built and put
 * together. Nothing is decided here.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { asExchangeId, type JsonObject, type Log, startClock, startScheduler } from '../base/index.js';
import { openLogChannel } from '../channels/index.js';
import { openJournal } from '../journal/index.js';
import { type OpenLookups, openLookups } from '../lookups/index.js';
import { openRecords } from '../records/index.js';
import type { Site } from '../site/index.js';
import { createPublishing, createSwitchboard } from '../switchboard/index.js';
import { asteriskExchange, type EmbeddedExchange, runEmbedded } from '../telephony/asterisk/index.js';
import { buildWeb, type EngineFacade, type EngineStatus, listenWeb, type StopRequest } from '../web/index.js';
import { takeAwayMessages } from './away-messages.js';
import { agentDesk } from './agent-desk.js';
import { calendarDesk } from './calendar-desk.js';
import { measureDesk } from './measure-desk.js';
import { queueDesk } from './queue-desk.js';
import { keepBackups } from './backups.js';
import { checkDraftAside } from './draft-thread.js';
import { erasing } from './erasing.js';
import { exchangeSettings } from './exchange-settings.js';
import { createLiveLookups } from './live-lookups.js';
import { lookupSettings } from './lookup-settings.js';
import { recordedSound } from './recorded-sound.js';
import { keepRetention } from './retention.js';
import type { Settings } from './settings.js';
import { openSites } from './open-sites.js';
import { attemptHash, httpToken, type StateFolder } from './state-folder.js';

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
  const { shelf, load } = await openSites(
    { settings, state, log, progress, journal, now: () => clock.now() },
    hashesOf(journal.recovered.entities),
  );
  const first = shelf.current();
  const asterisk = await exchangeSettings(asExchangeId('asterisk'), settings, state, first);
  const exchange = asteriskExchange(asterisk, log, { proof: () => switchboard.beat() });

  const records = openRecords(state.journal);
  undo.push(() => records.close());
  const openSources = (site: Site): OpenLookups => {
    const { tables, sources } = site;
    const opened = openLookups({
      ...lookupSettings(settings),
      tables,
      sources,
      scheduler,
      log,
      findCase: async (reference) => (await records.page('case', { reference }, 1, null)).records[0] ?? null,
    });
    opened
      .examine()
      .then((ill) => {
        for (const one of ill) log.warn(one, 'a lookup cannot be asked');
      })
      .catch((cause: unknown) => log.error({ err: cause }, 'the lookups could not be examined'));
    return opened;
  };
  const lookups = createLiveLookups(openSources, first);
  undo.push(() => lookups.close());

  let end: (why: string | null) => void = () => undefined;
  const ended = new Promise<{ why: string | null }>((resolve) => {
    end = (why) => resolve({ why });
  });
  const switchboard = createSwitchboard({
    exchanges: [exchange],
    journal,
    lookups,
    channels: openLogChannel(log),
    sites: shelf,
    scheduler,
    log,
    hash: attemptHash(state),
    limits: () => shelf.current().limits,
    onHalt: (why, cause) => {
      log.fatal({ err: cause, why }, 'the engine stops acting');
      end(why);
    },
  });

  let embedded: EmbeddedExchange | null = null;
  let phase: EngineStatus['phase'] = 'starting';
  let stopping = false;
  let retention: { stop(): void } | undefined;
  let backups: { stop(): void } | undefined;
  let messages: { stop(): void } | undefined;
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
      site: {
        name: shelf.current().name,
        hash: shelf.current().hash,
        test: shelf.test().hash,
        numbers: [...shelf.current().numbers.keys()],
      },
    }),
    stop: (request) => void stop(request),
    publishing: createPublishing({
      journal,
      shelf,
      switchboard,
      now: () => clock.now(),
      checkDraft: () => checkDraftAside({ settings, state: { media: state.media } }),
      load,
      follow,
      log,
    }),
  };

  /** Lookups, phones and trunks follow the version in force at once; calls that are up go on. */
  async function follow(site: Site): Promise<readonly string[]> {
    lookups.follow(site);
    const next = await exchangeSettings(asExchangeId('asterisk'), settings, state, site);
    try {
      await embedded?.apply(next);
      exchange.reconfigure(next);
    } catch (cause) {
      log.error({ err: cause }, 'the exchange did not take phones and trunks of the new version over');
      return [`The exchange did not take phones and trunks over: ${String(cause)}. A restart does.`];
    }
    return embedded === null
      ? ['The exchange is not ours: where phones or trunks changed, render and load its configuration.']
      : [];
  }
  const sound = recordedSound(state.recordings, log);
  const calendars = calendarDesk(
    () => shelf.current(),
    switchboard,
    () => clock.now(),
  );
  const web = buildWeb({
    engine: facade,
    records,
    calendars,
    erasing: erasing({ records, sound, switchboard }),
    agents: agentDesk(() => shelf.current(), switchboard),
    queues: queueDesk(
      () => shelf.current(),
      switchboard,
      records,
      () => clock.now(),
    ),
    measures: measureDesk(
      () => shelf.current(),
      switchboard,
      records,
      () => clock.now(),
    ),
    token: httpToken(state),
    address: settings.http,
    log,
  });
  undo.push(() => web.close());
  // Before the exchange: a taken port must not leave one behind that nobody asked for.
  const address = await listenWeb(web, settings.http);

  progress('starting the exchange');
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
  retention = keepRetention(journal, sound, () => clock.now(), log);
  backups = keepBackups(journal, join(state.root, 'backups'), log);
  messages = takeAwayMessages({
    exchange: asterisk.id,
    from: state.voicemail,
    recordings: state.recordings,
    isKnown: async (contact) => (await records.one('contact', contact)) !== null,
    take: (message) => switchboard.takeMessage(message),
    log,
  });
  begun();

  async function stop({ drainMs, exchange: itself }: StopRequest): Promise<void> {
    if (drainMs === 0) hurry();
    if (stopping) return;
    stopping = true;
    // What is half built cannot be taken down; a start that fails takes itself down.
    await started;
    phase = 'draining';
    retention?.stop();
    backups?.stop();
    messages?.stop();
    const left = await Promise.race([switchboard.drain(drainMs), hurried]);
    if (left > 0) log.warn({ calls: left }, 'calls were up when the drain was over');
    try {
      if (itself === 'stop') await switchboard.endCalls(endLimitMs);
      await switchboard.close();
      await lookups.close();
      if (itself === 'stop') await embedded?.stop(0);
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
    site: first,
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
