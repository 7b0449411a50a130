import { rmSync } from 'node:fs';
import type { Log } from '../../base/index.js';
import { type AriHttp, openAriHttp } from './ari-http.js';
import { configurationFile, endAsterisk, startAsterisk, startupTimeWithin } from './asterisk-process.js';
import { type ExchangePaths, exchangePaths } from './paths.js';
import { prepare } from './prepare.js';
import { findProgram } from './program.js';
import { readRunFile, removeRunFile, type RunFile, runsAsterisk, writeRunFile } from './run-file.js';
import type { ExchangeSecrets } from './secrets.js';
import type { ExchangeSettings } from './settings.js';

/** Files that a running Asterisk reads again -> the module that reads them. All others need a restart. */
const RELOADABLE: Readonly<Record<string, string>> = {
  'pjsip.conf': 'res_pjsip.so',
  'extensions.conf': 'pbx_config.so',
  'musiconhold.conf': 'res_musiconhold.so',
};

const ADOPT_LIMIT_MS = 5000;
const WATCH_MS = 250;
const RETRY_MS = { first: 250, most: 10_000 };

export type EmbeddedEvent =
  /** The exchange ended without being asked to; it is being started again. */
  | { readonly type: 'exchange.died' }
  | { readonly type: 'exchange.restarted'; readonly pid: number }
  | { readonly type: 'exchange.restart-failed'; readonly why: string };

/** An Asterisk of ours that runs. */
export interface EmbeddedExchange {
  readonly pid: number;
  readonly version: string;
  /** It ran before this engine did. */
  readonly adopted: boolean;
  /** It runs with a configuration that only a restart would change; calls are up, so it was left alone. */
  readonly restartNeeded: boolean;
  readonly secrets: ExchangeSecrets;
  /** Renders settings that changed (phones, trunks, announcements) and has the exchange read them; calls go on. */
  apply(settings: ExchangeSettings): Promise<void>;
  /**
   * Ends the exchange. New calls are refused, calls that are up may end by themselves for `drainMs`.
   *
   * @param drainMs 0 and more; 0: at once.
   */
  stop(drainMs: number): Promise<void>;
  /** Lets go of the exchange, which lives on. */
  release(): void;
}

/**
 * Starts an Asterisk of our own, or adopts the one that runs already: it has a session of its own and outlives the
 * engine, so that calls outlive it too. An exchange that dies is started again.
 *
 * @throws ONEDOOR_TELEPHONY_* when it cannot be started.
 */
export async function runEmbedded(
  settings: ExchangeSettings,
  log: Log,
  listener: (event: EmbeddedEvent) => void = () => {},
): Promise<EmbeddedExchange> {
  const program = findProgram(settings);
  const paths = exchangePaths(settings.folder, program.modules);
  const file = configurationFile(paths);
  let wanted = { settings, ...prepare(settings, program, paths) };
  const http = openAriHttp({ ...settings.ari, user: wanted.secrets.ari });
  let care: 'watched' | 'released' | 'stopped' = 'watched';
  let watch: NodeJS.Timeout | undefined;

  const start = async (): Promise<RunFile> => {
    const { settings: used, files } = wanted;
    let run: RunFile = { format: 1, pid: 0, version: program.version, startupTime: '', files };
    const startupTime = await startAsterisk(used, program, paths, http, (pid) => {
      run = { ...run, pid };
      writeRunFile(paths.runFile, run);
    });
    run = { ...run, startupTime };
    writeRunFile(paths.runFile, run);
    return run;
  };

  /** Has the exchange read what changed since it last did. @returns whether more changed than it can read. */
  const reload = async (): Promise<boolean> => {
    const changed = Object.keys(wanted.files).filter((name) => wanted.files[name] !== running.files[name]);
    const files: Record<string, string> = { ...running.files };
    for (const name of changed) {
      const module = RELOADABLE[name];
      if (module === undefined) continue;
      const { status } = await http.request('PUT', `asterisk/modules/${module}`);
      if (status === 204) files[name] = wanted.files[name] ?? '';
      else log.warn({ module, status }, 'the exchange did not read its configuration again');
    }
    running = { ...running, files };
    if (changed.length > 0) writeRunFile(paths.runFile, running);
    return changed.some((name) => RELOADABLE[name] === undefined);
  };

  const before = readRunFile(paths.runFile);
  let running = before ?? { format: 1, pid: 0, version: '', startupTime: '', files: {} };
  let adopted = before !== undefined && (await answers(before, file, http));
  let restartNeeded = false;
  if (adopted) {
    restartNeeded = (await reload()) || running.version !== program.version;
    if (restartNeeded && (await isIdle(http))) {
      log.info({ pid: running.pid }, 'the exchange is idle and its configuration changed: started anew');
      adopted = false;
      restartNeeded = false;
    } else {
      log.info({ pid: running.pid, version: running.version, restartNeeded }, 'the exchange is adopted');
    }
  } else if (runsAsterisk(running.pid, file)) {
    log.warn({ pid: running.pid }, 'an exchange runs but does not answer: ended');
  }
  if (!adopted) {
    await endAsterisk(running.pid, program, paths, 0);
    running = await start();
  }

  const look = (): void => {
    if (care !== 'watched') return;
    if (runsAsterisk(running.pid, file)) {
      watch = setTimeout(look, WATCH_MS).unref();
      return;
    }
    log.error({ pid: running.pid }, 'the exchange died');
    listener({ type: 'exchange.died' });
    void restart(RETRY_MS.first);
  };
  const restart = async (retryMs: number): Promise<void> => {
    if (care !== 'watched') return;
    try {
      running = await start();
    } catch (error) {
      log.error({ err: error }, 'the exchange could not be started again');
      const why = error instanceof Error ? error.message : 'it gave no reason';
      listener({ type: 'exchange.restart-failed', why });
      watch = setTimeout(() => void restart(Math.min(retryMs * 2, RETRY_MS.most)), retryMs);
      return;
    }
    // Asked to stop while it started.
    if (isStopped()) return end(0);
    log.warn({ pid: running.pid }, 'the exchange was started again');
    listener({ type: 'exchange.restarted', pid: running.pid });
    look();
  };
  const isStopped = (): boolean => care === 'stopped';
  const end = async (drainMs: number): Promise<void> => {
    await endAsterisk(running.pid, program, paths, drainMs);
    leaveNothing(paths);
  };
  const letGo = (next: 'released' | 'stopped'): void => {
    care = next;
    clearTimeout(watch);
    http.close();
  };
  look();

  return {
    get pid() {
      return running.pid;
    },
    get secrets() {
      return wanted.secrets;
    },
    version: running.version,
    adopted,
    restartNeeded,
    async apply(next) {
      wanted = { settings: next, ...prepare(next, program, paths) };
      await reload();
    },
    async stop(drainMs) {
      letGo('stopped');
      await end(drainMs);
    },
    release: () => letGo('released'),
  };
}

/**
 * Ends the exchange of a state folder that another process started.
 *
 * @returns whether one ran.
 */
export async function stopEmbedded(settings: ExchangeSettings, drainMs: number): Promise<boolean> {
  const program = findProgram(settings);
  const paths = exchangePaths(settings.folder, program.modules);
  const run = readRunFile(paths.runFile);
  const runs = run !== undefined && runsAsterisk(run.pid, configurationFile(paths));
  if (runs) await endAsterisk(run.pid, program, paths, drainMs);
  leaveNothing(paths);
  return runs;
}

/** What only a running exchange has; the folder of its socket may lie outside the state folder. */
function leaveNothing(paths: ExchangePaths): void {
  removeRunFile(paths.runFile);
  rmSync(paths.socket, { recursive: true, force: true });
}

/** Whether the exchange of a run file still runs, and is the one that was started then. */
async function answers(run: RunFile, file: string, http: AriHttp): Promise<boolean> {
  const lives = (): boolean => runsAsterisk(run.pid, file);
  if (!lives()) return false;
  const startupTime = await startupTimeWithin(http, ADOPT_LIMIT_MS, lives);
  // An engine that died while it started the exchange did not hear the time.
  return startupTime !== undefined && (run.startupTime === '' || run.startupTime === startupTime);
}

async function isIdle(http: AriHttp): Promise<boolean> {
  const { status, body } = await http.request('GET', 'channels');
  return status === 200 && Array.isArray(body) && body.length === 0;
}
