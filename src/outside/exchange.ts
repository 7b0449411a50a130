/** The outside world's Asterisk as a process: it lives in a temporary folder and ends with whoever started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, closeSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OnedoorError } from '../base/index.js';
import { type AriAddress, findProgram, openAriHttp } from '../telephony/asterisk/index.js';
import {
  outsideConfiguration,
  type OutsidePhone,
  type OutsideSettings,
  outsideUser,
} from './configuration.js';
import { freeTcpPort, freeUdpPort } from './free-port.js';

export interface OutsideOptions {
  /** Path of the toolbox.json; null: the Asterisk on PATH. */
  readonly toolbox: string | null;
  /** Where the hotline answers SIP. */
  readonly hotline: { readonly host: string; readonly port: number };
  readonly phones?: readonly OutsidePhone[];
  /** Port of its SIP address; by default one that is free. */
  readonly sip?: number;
  /** The only codec that callers and phones speak; A-law by default. */
  readonly codec?: 'alaw' | 'ulaw';
  /** UDP ports of media; by default some that are free of the hotline's. */
  readonly rtp?: { readonly first: number; readonly last: number };
}

/** The outside world's exchange, running. */
export interface OutsideExchange {
  readonly ari: AriAddress;
  readonly hotline: { readonly host: string; readonly port: number };
  /** Its own SIP address, at which it can be called. */
  readonly sip: { readonly host: string; readonly port: number };
  /** Runs a word of its console and gives what it says. */
  readonly console: (words: string) => Promise<string>;
  /** Ends it, and removes all that it wrote. */
  readonly stop: () => Promise<void>;
}

const startLimitMs = 30_000;
/** Ports of media: below those that the system gives away, beside those of the hotline. */
const mediaPorts = { from: 10_000, to: 19_000, count: 400 };

/**
 * Ends the exchange when standard input ends: with us, whichever way that happens; then removes its folder, `$1`.
 * What follows is the exchange's command.
 */
const guardian =
  'folder=$1; shift; exec 3<&0; "$@" </dev/null 3<&- & child=$!; ' +
  '{ read -r _ <&3; kill "$child"; sleep 2; kill -9 "$child"; } 2>/dev/null & guard=$!; exec 3<&-; ' +
  'wait "$child"; kill "$guard"; rm -rf "$folder"';

/** @throws ONEDOOR_TELEPHONY_NO_ASTERISK, ONEDOOR_TELEPHONY_START_FAILED */
export async function startOutside(options: OutsideOptions): Promise<OutsideExchange> {
  const program = findProgram({
    mode: options.toolbox === null ? 'system' : 'embedded',
    toolbox: options.toolbox,
  });
  const folder = mkdtempSync(join(tmpdir(), 'outside-'));
  const settings: OutsideSettings = {
    folder,
    modules: program.modules,
    sip: options.sip ?? (await freeUdpPort()),
    ari: await freeTcpPort(),
    ariPassword: randomBytes(18).toString('base64url'),
    rtp: options.rtp ?? someMediaPorts(),
    hotline: options.hotline,
    codec: options.codec ?? 'alaw',
    phones: options.phones ?? [],
  };
  for (const name of ['etc', 'var/keys', 'spool', 'run', 'log'])
    mkdirSync(join(folder, name), { recursive: true });
  // Asterisk's own data: its documentation, without which it does not start, and the description of ARI.
  symlinkSync(dirname(program.documentation), join(folder, 'data'));
  for (const [file, text] of outsideConfiguration(settings)) {
    writeFileSync(join(folder, 'etc', file), text, { mode: 0o600 });
  }
  const command = [...program.command, '-C', join(folder, 'etc', 'asterisk.conf')];
  const env = { ...process.env, ...program.env, RES_OPTIONS: 'timeout:1 attempts:1', LOCALDOMAIN: '.' };
  const output = openSync(join(folder, 'log', 'output'), 'w');
  const child = spawn('/bin/sh', ['-c', guardian, 'sh', folder, ...command, '-f'], {
    // A group of its own: Ctrl-C is for us, and we end it in good order.
    detached: true,
    stdio: ['pipe', output, output],
    env,
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ari = {
    host: '127.0.0.1',
    port: settings.ari,
    user: { name: outsideUser, password: settings.ariPassword },
  };
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  if (!(await answers(ari, child))) {
    const log = join(folder, 'log', 'output');
    child.stdin?.end();
    throw new OnedoorError('ONEDOOR_TELEPHONY_START_FAILED', {
      why: 'the outside exchange gave no answer',
      log,
    });
  }
  return {
    ari,
    hotline: settings.hotline,
    sip: { host: '127.0.0.1', port: settings.sip },
    console: (words) => say(command, env, words),
    stop,
  };
}

async function answers(ari: AriAddress, child: ChildProcess): Promise<boolean> {
  const http = openAriHttp(ari);
  try {
    for (
      const began = performance.now();
      performance.now() - began < startLimitMs && child.exitCode === null;
    ) {
      const { status } = await http.request('GET', 'asterisk/info', { limitMs: 2_000 });
      if (status === 200) return true;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return false;
  } finally {
    http.close();
  }
}

function say(command: readonly string[], env: NodeJS.ProcessEnv, words: string): Promise<string> {
  const [file = '', ...args] = command;
  const child = spawn(file, [...args, '-rx', words], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 5_000,
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(said));
    child.once('close', () => resolve(said));
  });
}

/** Chance keeps several outsides apart; a port that is taken after all is passed over by the exchange. */
function someMediaPorts(): { first: number; last: number } {
  const { from, to, count } = mediaPorts;
  const first = from + 2 * Math.floor((Math.random() * (to - from - count)) / 2);
  return { first, last: first + count - 1 };
}
