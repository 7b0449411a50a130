import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { OnedoorError } from '../../base/index.js';
import type { AriHttp } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import type { ExchangePaths } from './paths.js';
import type { AsteriskProgram } from './program.js';
import { runsAsterisk } from './run-file.js';
import type { ExchangeSettings, HostPort } from './settings.js';

const START_LIMIT_MS = 60_000;
const LOOK_MS = 20;

/** The file that names an Asterisk: on its command line, and the beginning of its configuration. */
export const configurationFile = (paths: ExchangePaths): string => join(paths.etc, 'asterisk.conf');

/**
 * Starts an Asterisk in a session of its own; it must outlive the engine, whichever way that ends.
 *
 * @param born called with its process id before it can do anything: whoever comes next must find it.
 * @returns when it says that it started.
 * @throws ONEDOOR_TELEPHONY_PORT_TAKEN, ONEDOOR_TELEPHONY_START_FAILED
 */
export async function startAsterisk(
  settings: ExchangeSettings,
  program: AsteriskProgram,
  paths: ExchangePaths,
  http: AriHttp,
  born: (pid: number) => void,
): Promise<string> {
  await refuseTaken(settings);
  const log = join(paths.log, 'output');
  const output = openSync(log, 'w', 0o600);
  const [command, ...args] = program.command;
  let why: string | undefined;
  let pid: number | undefined;
  try {
    const child = spawn(command, [...args, '-f', '-C', configurationFile(paths)], {
      cwd: paths.var,
      detached: true,
      // No pipes: a broken one would end it.
      stdio: ['ignore', output, output],
      // Where name look-ups lead nowhere, one at the start would hold it up for 40 s.
      env: { ...process.env, ...program.env, RES_OPTIONS: 'timeout:1 attempts:1', LOCALDOMAIN: '.' },
    });
    child.once('error', (error) => {
      why = error.message;
    });
    child.once('exit', (code, signal) => {
      why ??= `it ended at once (${signal ?? `exit code ${code}`})`;
    });
    child.unref();
    ({ pid } = child);
  } finally {
    closeSync(output);
  }
  if (pid !== undefined) born(pid);
  const startupTime = await startupTimeWithin(http, START_LIMIT_MS, () => why === undefined);
  if (startupTime !== undefined) return startupTime;
  if (pid !== undefined && why === undefined) process.kill(pid, 'SIGKILL');
  throw new OnedoorError('ONEDOOR_TELEPHONY_START_FAILED', {
    why: why ?? `its ARI did not answer within ${START_LIMIT_MS / 1000} s`,
    log,
  });
}

/** Asks when Asterisk started, until it answers, the time is over or nobody is there to answer. */
export async function startupTimeWithin(
  http: AriHttp,
  limitMs: number,
  mayAnswer: () => boolean,
): Promise<string | undefined> {
  for (const started = performance.now(); performance.now() - started < limitMs && mayAnswer(); ) {
    const { status, body } = await http.request('GET', 'asterisk/info', { limitMs: 2000 });
    if (status === 200) return (body as AriModel['AsteriskInfo']).status?.startup_time ?? '';
    await moment();
  }
  return undefined;
}

/** Drains for so long, then asks it to end, then ends it. */
export async function endAsterisk(
  pid: number,
  program: AsteriskProgram,
  paths: ExchangePaths,
  drainMs: number,
): Promise<void> {
  const file = configurationFile(paths);
  if (drainMs > 0 && runsAsterisk(pid, file)) {
    await tell(program, file, 'core stop gracefully');
    if (await goneWithin(pid, file, drainMs)) return;
  }
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!runsAsterisk(pid, file)) return;
    process.kill(pid, signal);
    if (await goneWithin(pid, file, 5000)) return;
  }
}

/** Says a word on Asterisk's console. Whether it was taken shows in what Asterisk does. */
function tell(program: AsteriskProgram, file: string, words: string): Promise<void> {
  const [command, ...args] = program.command;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, '-C', file, '-rx', words], {
      stdio: 'ignore',
      env: { ...process.env, ...program.env },
      timeout: 5000,
    });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

async function goneWithin(pid: number, file: string, limitMs: number): Promise<boolean> {
  for (const started = performance.now(); performance.now() - started < limitMs; await moment())
    if (!runsAsterisk(pid, file)) return true;
  return !runsAsterisk(pid, file);
}

function moment(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_MS);
  });
}

/** A taken port would leave an exchange that runs and cannot be called. */
async function refuseTaken({ sip, ari }: ExchangeSettings): Promise<void> {
  const taken = (protocol: string, { host, port }: HostPort, setting: string, cause: Error): OnedoorError => {
    const fields = { protocol, address: `${host}:${port}`, setting, why: cause.message };
    return new OnedoorError('ONEDOOR_TELEPHONY_PORT_TAKEN', fields, cause);
  };
  await new Promise<void>((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (cause) => reject(taken('SIP', sip, 'ONEDOOR_SIP', cause)));
    socket.bind({ port: sip.port, address: sip.host, exclusive: true }, () => socket.close(() => resolve()));
  });
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(taken('ARI', ari, 'ONEDOOR_ARI', cause)));
    server.listen({ port: ari.port, host: ari.host, exclusive: true }, () => server.close(() => resolve()));
  });
}
