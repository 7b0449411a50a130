/** A PostgreSQL server of its own for one test file, on loopback. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from '../../src/outside/free-port.js';
import { within } from './waiting.js';

export interface PostgresServer {
  readonly port: number;
  /** The role that owns everything, and the name of the database. */
  readonly owner: string;
  readonly password: string;
  run(sql: string): void;
  /** Ends at once, as in a power cut. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface PostgresPrograms {
  /** Folder of initdb, postgres and psql. */
  readonly bin: string;
  /** Top of what was unpacked; null: they belong to the machine. */
  readonly root: string | null;
  readonly libraries: readonly string[];
}

/** As `npm run test:calls` found or fetched them. */
function postgresPrograms(): PostgresPrograms {
  const text = process.env['ONEDOOR_POSTGRES'];
  if (text === undefined)
    throw new Error(
      'No PostgreSQL: npm run test:calls finds or fetches one and names it in ONEDOOR_POSTGRES.',
    );
  return JSON.parse(text) as PostgresPrograms;
}

/** Nobody: PostgreSQL refuses to run as root. */
const nobody = 65_534;

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const isRoot = process.getuid?.() === 0;
  let { bin, libraries } = postgresPrograms();
  const { root } = postgresPrograms();
  if (isRoot) {
    execFileSync('chmod', ['755', folder]);
    // Another user cannot reach into the home of root.
    if (root !== null) {
      const copy = join(folder, 'root');
      cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
      bin = bin.replace(root, copy);
      libraries = libraries.map((library) => library.replace(root, copy));
    }
  }
  const who = isRoot ? { uid: nobody, gid: nobody } : {};
  const env = {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') }),
  };
  const data = join(folder, 'data');
  mkdirSync(data);
  if (isRoot) chownSync(data, nobody, nobody);
  const password = 'a word for tests';
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  const options = { ...who, env, cwd: folder, stdio: 'pipe', timeout: 60_000 } as const;
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--no-sync'],
    options,
  );
  const port = await freeTcpPort();
  const server: ChildProcess = spawn(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-k',
      '',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=20',
    ],
    { ...who, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = once(server, 'exit');
  const ready = new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    server.on('exit', () => reject(new Error(said)));
  });
  await within(ready, 30_000, 'PostgreSQL is ready');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) server.kill(signal);
    await gone;
  };
  return {
    port,
    owner: 'owner',
    password,
    run: (sql) => {
      execFileSync(
        join(bin, 'psql'),
        [
          '-h',
          '127.0.0.1',
          '-p',
          String(port),
          '-U',
          'owner',
          '-d',
          'postgres',
          '-v',
          'ON_ERROR_STOP=1',
          '-q',
          '-c',
          sql,
        ],
        { ...options, env: { ...env, PGPASSWORD: password } },
      );
    },
    kill: () => end('SIGQUIT'),
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
