/** The engine as a process of its own, for tests that call it, kill it and start it again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Case, Contact } from '../../src/cases/index.js';
import { freeTcpPort, freeUdpPort } from '../../src/outside/free-port.js';
import type { History } from './history-checker.js';
import { historyOf } from './history-of.js';
import { toolboxFile } from './toolbox.js';
import { eventually, patientMs, within } from './waiting.js';

export interface EngineProcess {
  readonly sip: { readonly host: string; readonly port: number };
  readonly state: string;
  /** Process id of the engine that runs now. */
  pid(): number;
  /** Ends the engine's process group with SIGKILL. The exchange has a group of its own. */
  kill(): Promise<void>;
  /** Starts the engine again on the same state; resolves when it answers, with the milliseconds that took. */
  startAgain(): Promise<number>;
  /** SIP passwords of the site's phones. */
  phonePassword(name: string): string;
  get(path: string): Promise<unknown>;
  /** Runs `onedoor` with these words on the engine's state and site; gives what it printed, and its exit code. */
  run(...words: readonly string[]): Promise<{ readonly output: string; readonly code: number }>;
  /** The contact of the caller's number, once its call is over. */
  contact(callerNumber: string, limitMs?: number): Promise<Contact>;
  case(id: string): Promise<Case>;
  /** What the journal holds now, and what was logged. */
  history(): History;
  /** Ends engine and exchange and removes the state. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Folder of onedoor.yaml; by default the project's own. */
  readonly site?: string;
}

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export async function startEngineProcess({ site }: EngineOptions = {}): Promise<EngineProcess> {
  const state = mkdtempSync(join(tmpdir(), 'engine-'));
  const sip = { host: '127.0.0.1', port: await freeUdpPort() };
  const http = `127.0.0.1:${await freeTcpPort()}`;
  const rtp = 20_000 + 200 * Math.floor(Math.random() * 45);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ONEDOOR_STATE: state,
    ONEDOOR_HTTP: http,
    ONEDOOR_SIP: `${sip.host}:${sip.port}`,
    ONEDOOR_RTP: `${rtp}-${rtp + 199}`,
    ONEDOOR_TOOLBOX: toolboxFile(),
    ONEDOOR_LOG: 'info',
    ...(site === undefined ? {} : { ONEDOOR_SITE: site }),
  };
  const log: string[] = [];
  let engine: ChildProcess;

  const launch = async (): Promise<number> => {
    const began = performance.now();
    const child = spawn(process.execPath, [main, 'start'], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    engine = child;
    let answers = false;
    const hear = (text: string): void => {
      log.push(...text.split('\n').filter((line) => line !== ''));
      if (text.includes('Onedoor answers')) answers = true;
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    const ready = (): boolean => {
      if (child.exitCode !== null) throw new Error(`the engine ended:\n${log.slice(-20).join('\n')}`);
      return answers;
    };
    await eventually(ready, patientMs, 'the engine answers', 10);
    return performance.now() - began;
  };
  await launch();

  const token = readFileSync(join(state, 'secrets', 'http-token'), 'utf8').trim();
  const get = async (path: string): Promise<unknown> => {
    const ask = (): Promise<Response> =>
      fetch(`http://${http}${path}`, { headers: { authorization: `Bearer ${token}` } });
    let answer = await ask();
    // We were busy while we asked, and too slow for the server.
    if (answer.status === 408) answer = await ask();
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    return answer.json();
  };
  const kill = async (): Promise<void> => {
    const { pid } = engine;
    if (pid === undefined || engine.exitCode !== null || engine.signalCode !== null) return;
    const gone = once(engine, 'exit');
    process.kill(-pid, 'SIGKILL');
    await gone;
  };

  return {
    sip,
    state,
    pid: () => engine.pid ?? 0,
    kill,
    startAgain: launch,
    phonePassword: (name) => {
      const { phones } = JSON.parse(readFileSync(join(state, 'secrets', 'exchange.json'), 'utf8')) as {
        phones: Readonly<Record<string, string>>;
      };
      const password = phones[name];
      if (password === undefined) throw new Error(`no phone ${name}`);
      return password;
    },
    get,
    run: async (...words) => {
      const child = spawn(process.execPath, [main, ...words], {
        env,
        cwd: site ?? process.cwd(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      const hear = (text: string): void => {
        output += text;
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      const [code] = (await within(once(child, 'close'), patientMs, `onedoor ${words.join(' ')}`)) as [
        number,
      ];
      return { output, code };
    },
    contact: (callerNumber, limitMs = patientMs) =>
      eventually(
        async () => {
          const { contacts } = (await get('/contacts?limit=200&personal=true')) as {
            contacts: ShownContact[];
          };
          return contacts.find((contact) => contact.endedAt !== null && callerOf(contact) === callerNumber);
        },
        limitMs,
        `a contact of ${callerNumber}`,
        100,
      ),
    case: async (id) => (await get(`/cases/${id}`)) as Case,
    history: () => readHistory(join(state, 'journal', 'journal.db'), log),
    stop: async () => {
      // By the word that operators use: it ends an exchange that outlived its engine too.
      const stop = spawn(process.execPath, [main, 'stop', '--drain', '0'], { env, stdio: 'ignore' });
      await within(once(stop, 'exit'), patientMs, 'onedoor stop');
      await kill();
      rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

type ShownContact = Contact & { readonly personal?: Readonly<Record<string, unknown>> };

function callerOf({ caller, personal = {} }: ShownContact): unknown {
  return caller.number === null ? null : personal[caller.number];
}

function readHistory(file: string, log: readonly string[]): History {
  const database = new Database(file, { readonly: true });
  try {
    return historyOf({ database }, log);
  } finally {
    database.close();
  }
}
