import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Log, OnedoorError } from '../../base/index.js';
import { type AriHttp, openAriHttp } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import { type Configuration, renderConfiguration } from './configuration.js';
import { makeSounds } from './made-sounds.js';
import { type ExchangePaths, exchangePaths, ownFolder } from './paths.js';
import { type AsteriskProgram, findProgram } from './program.js';
import { readRunFile, removeRunFile, type RunFile, runsAsterisk, writeRunFile } from './run-file.js';
import { type ExchangeSecrets, exchangeSecrets } from './secrets.js';
import type { ExchangeSettings } from './settings.js';
import { writeWhole } from './whole-file.js';

/** Files that a running Asterisk reads again -> the module that reads them. All others need a restart. */
const RELOADABLE: Readonly<Record<string, string>> = {
  'pjsip.conf': 'res_pjsip.so',
  'extensions.conf': 'pbx_config.so',
  'musiconhold.conf': 'res_musiconhold.so',
};

const START_LIMIT_MS = 60_000;
const ADOPT_LIMIT_MS = 5000;
const WATCH_MS = 250;

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
  const configurationFile = join(paths.etc, 'asterisk.conf');
  let current = { settings, ...prepare(settings, program, paths) };
  const http = openAriHttp({ ...settings.ari, user: current.secrets.ari });
  const running = { pid: 0, ended: false };
  let watch: NodeJS.Timeout | undefined;

  const before = readRunFile(paths.runFile);
  const adopted =
    before !== undefined && (await adopt(before, configurationFile, http, log)) ? before : undefined;
  let restartNeeded = false;
  if (adopted !== undefined) {
    running.pid = adopted.pid;
    restartNeeded =
      adopted.fixedHash !== fixedHash(current.configuration) || adopted.version !== program.version;
    if (restartNeeded && (await isIdle(http))) {
      log.info(
        { pid: adopted.pid },
        'the exchange is idle and its configuration has changed: starting it anew',
      );
      await end(adopted.pid, configurationFile, program, 0);
      restartNeeded = false;
      running.pid = 0;
    } else {
      await reload(current.changed, http, log);
    }
  } else if (before !== undefined && runsAsterisk(before.pid, configurationFile)) {
    log.warn({ pid: before.pid }, 'an exchange runs but does not answer: ending it');
    await end(before.pid, configurationFile, program, 0);
  }
  if (running.pid === 0) running.pid = await launch(settings, program, paths, current.configuration, http);

  const restart = async (): Promise<void> => {
    for (let wait = 250; !running.ended; wait = Math.min(wait * 2, 10_000)) {
      try {
        running.pid = await launch(current.settings, program, paths, current.configuration, http);
        log.warn({ pid: running.pid }, 'the exchange was started again');
        if (running.ended) return await end(running.pid, configurationFile, program, 0);
        listener({ type: 'exchange.restarted', pid: running.pid });
        return arm();
      } catch (error) {
        log.error({ err: error }, 'the exchange could not be started again');
        listener({
          type: 'exchange.restart-failed',
          why: error instanceof Error ? error.message : String(error),
        });
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };
  const look = (): void => {
    if (runsAsterisk(running.pid, configurationFile)) return arm();
    log.error({ pid: running.pid }, 'the exchange died');
    listener({ type: 'exchange.died' });
    void restart();
  };
  const arm = (): void => {
    if (running.ended) return;
    watch = setTimeout(look, WATCH_MS);
    watch.unref();
  };
  const release = (): void => {
    running.ended = true;
    clearTimeout(watch);
    http.close();
  };
  arm();

  return {
    get pid() {
      return running.pid;
    },
    version: program.version,
    adopted: adopted !== undefined && running.pid === adopted.pid,
    restartNeeded,
    secrets: current.secrets,
    async apply(next) {
      current = { settings: next, ...prepare(next, program, paths) };
      await reload(current.changed, http, log);
    },
    async stop(drainMs) {
      release();
      await end(running.pid, configurationFile, program, drainMs);
      removeRunFile(paths.runFile);
    },
    release,
  };
}

/** Ends the exchange of a state folder that another process started; nothing when none runs. */
export async function stopEmbedded(settings: ExchangeSettings, drainMs: number): Promise<boolean> {
  const program = findProgram(settings);
  const paths = exchangePaths(settings.folder, program.modules);
  const configurationFile = join(paths.etc, 'asterisk.conf');
  const run = readRunFile(paths.runFile);
  const runs = run !== undefined && runsAsterisk(run.pid, configurationFile);
  if (runs) await end(run.pid, configurationFile, program, drainMs);
  removeRunFile(paths.runFile);
  return runs;
}

/**
 * Writes the whole configuration for an Asterisk that somebody else runs (`onedoor exchange render DIR`): put `etc/`
 * where that Asterisk reads its configuration, or start it with `-C DIR/etc/asterisk.conf`.
 *
 * @returns the files written, relative to `folder`.
 */
export function renderExchange(folder: string, settings: ExchangeSettings): readonly string[] {
  const at = { ...settings, folder };
  const program = {
    modules: '/usr/lib/asterisk/modules',
    documentation: '/usr/share/asterisk/documentation',
    sounds: '/usr/share/asterisk/sounds',
  };
  const paths = exchangePaths(folder, program.modules);
  const { configuration } = prepare(at, program, paths);
  return [...configuration.keys()].map((file) => join('etc', file));
}

/** Folders, secrets, sounds, configuration: everything on disk that a start needs. Names the files that changed. */
function prepare(
  settings: ExchangeSettings,
  program: Pick<AsteriskProgram, 'documentation' | 'sounds'>,
  paths: ExchangePaths,
): { secrets: ExchangeSecrets; configuration: Configuration; changed: readonly string[] } {
  const secrets = exchangeSecrets(settings.secretsFile, settings.phones);
  const configuration = renderConfiguration(settings, paths, secrets);
  for (const folder of [
    paths.etc,
    paths.var,
    join(paths.var, 'keys'),
    paths.data,
    paths.spool,
    paths.log,
    paths.socket,
  ])
    ownFolder(folder);
  for (const folder of [settings.mediaFolder, settings.recordingsFolder, settings.voicemailFolder])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Asterisk stores recordings below its spool folder.
  link(settings.recordingsFolder, join(paths.spool, 'recording'));
  link(program.documentation, join(paths.data, 'documentation'));
  link(program.sounds, join(paths.data, 'sounds'));
  makeSounds(paths.sounds, paths.music);
  const changed: string[] = [];
  for (const [file, text] of configuration) {
    const path = join(paths.etc, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    writeWhole(path, text);
    changed.push(file);
  }
  return { secrets, configuration, changed };
}

function link(target: string, path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined) rmSync(path, { recursive: !there.isSymbolicLink() });
  symlinkSync(target, path);
}

function fixedHash(configuration: Configuration): string {
  const hash = createHash('sha256');
  for (const [file, text] of configuration) if (!(file in RELOADABLE)) hash.update(`${file}\0${text}\0`);
  return hash.digest('hex');
}

async function adopt(run: RunFile, configurationFile: string, http: AriHttp, log: Log): Promise<boolean> {
  if (!runsAsterisk(run.pid, configurationFile)) return false;
  const info = await infoWithin(http, ADOPT_LIMIT_MS, () => runsAsterisk(run.pid, configurationFile));
  if (info?.status?.startup_time !== run.startupTime) return false;
  log.info({ pid: run.pid, version: run.version }, 'the exchange runs already: adopted');
  return true;
}

async function isIdle(http: AriHttp): Promise<boolean> {
  const { status, body } = await http.request('GET', 'channels');
  return status === 200 && Array.isArray(body) && body.length === 0;
}

async function reload(changed: readonly string[], http: AriHttp, log: Log): Promise<void> {
  const modules = new Set(changed.flatMap((file) => RELOADABLE[file] ?? []));
  for (const module of modules) {
    const { status } = await http.request('PUT', `asterisk/modules/${module}`);
    if (status !== 204) log.warn({ module, status }, 'the exchange did not read its configuration again');
  }
}

async function launch(
  settings: ExchangeSettings,
  program: AsteriskProgram,
  paths: ExchangePaths,
  configuration: Configuration,
  http: AriHttp,
): Promise<number> {
  await refuseTaken(settings);
  const configurationFile = join(paths.etc, 'asterisk.conf');
  const output = openSync(join(paths.log, 'output'), 'w', 0o600);
  const [command, ...args] = program.command;
  let child: ChildProcess;
  try {
    // A session of its own, and no pipes: it must outlive the engine, whichever way that ends.
    child = spawn(command, [...args, '-f', '-C', configurationFile], {
      cwd: paths.var,
      detached: true,
      stdio: ['ignore', output, output],
      // Where name look-ups lead nowhere, one at the start would hold it up for 40 s.
      env: { ...process.env, ...program.env, RES_OPTIONS: 'timeout:1 attempts:1', LOCALDOMAIN: '.' },
    });
  } finally {
    closeSync(output);
  }
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended at once (${signal ?? `exit code ${code}`})`));
  });
  child.unref();
  let why: string | undefined;
  void failed.then((reason) => {
    why = reason;
  });
  const info = await infoWithin(http, START_LIMIT_MS, () => why === undefined);
  const startupTime = info?.status?.startup_time;
  if (child.pid === undefined || startupTime === undefined) {
    if (child.pid !== undefined && why === undefined) process.kill(child.pid, 'SIGKILL');
    throw new OnedoorError('ONEDOOR_TELEPHONY_START_FAILED', {
      why: why ?? 'its ARI did not answer within a minute',
      log: join(paths.log, 'output'),
    });
  }
  writeRunFile(paths.runFile, {
    format: 1,
    pid: child.pid,
    version: program.version,
    startupTime,
    address: `${settings.ari.host}:${settings.ari.port}`,
    fixedHash: fixedHash(configuration),
  });
  return child.pid;
}

/** Asks until ARI answers, the time is over or nobody is there to answer. */
async function infoWithin(
  http: AriHttp,
  limitMs: number,
  mayAnswer: () => boolean,
): Promise<AriModel['AsteriskInfo'] | undefined> {
  for (const started = performance.now(); performance.now() - started < limitMs && mayAnswer(); ) {
    const answer = await http.request('GET', 'asterisk/info', { limitMs: 2000 });
    if (answer.status === 200) return answer.body as AriModel['AsteriskInfo'];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

/** A taken port would leave an exchange that runs and cannot be called. */
async function refuseTaken({ sip, ari }: ExchangeSettings): Promise<void> {
  const refuse = (
    protocol: string,
    { host, port }: { host: string; port: number },
    setting: string,
    cause: Error,
  ): OnedoorError =>
    new OnedoorError(
      'ONEDOOR_TELEPHONY_PORT_TAKEN',
      { protocol, address: `${host}:${port}`, setting, why: cause.message },
      cause,
    );
  await new Promise<void>((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (cause) => reject(refuse('SIP', sip, 'ONEDOOR_SIP', cause)));
    socket.bind({ port: sip.port, address: sip.host, exclusive: true }, () => socket.close(() => resolve()));
  });
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(refuse('ARI', ari, 'ONEDOOR_ARI', cause)));
    server.listen({ port: ari.port, host: ari.host, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Drains, then asks it to end, then ends it. */
async function end(
  pid: number,
  configurationFile: string,
  program: AsteriskProgram,
  drainMs: number,
): Promise<void> {
  if (drainMs > 0) {
    await console_(program, configurationFile, 'core stop gracefully');
    if (await goneWithin(pid, configurationFile, drainMs)) return;
  }
  for (const [signal, limitMs] of [
    ['SIGTERM', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (!runsAsterisk(pid, configurationFile)) return;
    process.kill(pid, signal);
    if (await goneWithin(pid, configurationFile, limitMs)) return;
  }
}

function console_(program: AsteriskProgram, configurationFile: string, words: string): Promise<void> {
  const [command, ...args] = program.command;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, '-C', configurationFile, '-rx', words], {
      stdio: 'ignore',
      env: { ...process.env, ...program.env },
      timeout: 5000,
    });
    // Whether it took the word shows in whether it ends.
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

async function goneWithin(pid: number, configurationFile: string, limitMs: number): Promise<boolean> {
  for (const started = performance.now(); performance.now() - started < limitMs; ) {
    if (!runsAsterisk(pid, configurationFile)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return !runsAsterisk(pid, configurationFile);
}
