/** A hotline of its own for the benchmark: engine and exchange as processes, in a folder that goes afterwards. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { z } from 'zod';
import { peers } from './site.js';

const run = promisify(execFile);

export interface Hotline {
  readonly enginePid: number;
  readonly exchangePid: number;
  /** The trunk's extensions for the peers are there from now on. */
  addPeers(sound: string): Promise<void>;
  startBareClient(sound: string): Promise<ChildProcess>;
  /** The exchange's own queue has these phones as members, paused, and an extension of the trunk. */
  addQueue(phones: readonly string[]): Promise<PeerQueue>;
  phonePassword(phone: string): string;
  /** How many agents' phones are registered. */
  registered(): Promise<number>;
  /** How many agents are in each state. */
  agentStates(): Promise<Readonly<Record<string, number>>>;
  agent(name: string, action: object): Promise<void>;
  /** Callers in the hotline's queues. */
  waiting(): Promise<number>;
  /** The longest that the engine's event loop was held since it was last asked, milliseconds. */
  longestHold(): Promise<number>;
  /** Puts the folder in force. */
  publish(why: string): Promise<void>;
  /** Puts the version before in force again. */
  rollBack(why: string): Promise<void>;
  /** How many contacts and cases were written. */
  records(): Promise<{ readonly contacts: number; readonly cases: number }>;
  stop(): Promise<void>;
}

export interface PeerQueue {
  waiting(): Promise<number>;
  /** Members are offered callers from now on, or are not. */
  open(isOpen: boolean): Promise<void>;
}

export interface HotlinePlaces {
  readonly project: string;
  readonly site: string;
  readonly state: string;
  readonly http: string;
  readonly sip: string;
  readonly rtp: string;
  /** `longestHold` is asked. */
  readonly watched: boolean;
}

const toolboxSchema = z.object({
  asterisk: z.object({
    command: z.array(z.string()).min(1),
    env: z.record(z.string(), z.string()),
    restApi: z.string(),
  }),
});

/** Whatever fails on the way, neither engine nor exchange is left running. */
export async function startHotline(places: HotlinePlaces): Promise<Hotline> {
  const main = join(places.project, 'dist/src/main.js');
  const env = {
    ...process.env,
    ONEDOOR_SITE: places.site,
    ONEDOOR_STATE: places.state,
    ONEDOOR_HTTP: places.http,
    ONEDOOR_SIP: places.sip,
    ONEDOOR_RTP: places.rtp,
    ONEDOOR_LOG: 'warn',
  };
  // It takes processor time of its own.
  const watch = places.watched ? ['--import', join(places.project, 'dist/bench/loop-watch.js')] : [];
  const engine = spawn(process.execPath, [...watch, main, 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<number | null>((resolve) => engine.once('close', resolve));
  try {
    if (engine.stdout === null) throw new Error('The engine says nothing.');
    await answers(engine.stdout, ended);
    return openHotline(places, engine, ended);
  } catch (error) {
    // By the word that operators use: it ends an exchange that outlived its engine too.
    await run(process.execPath, [main, 'stop', '--drain', '0'], { env }).catch(() => undefined);
    engine.kill('SIGKILL');
    await ended;
    throw error;
  }
}

/** Resolves when the engine says that it answers; fails when it ends before. */
function answers(output: Readable, ended: Promise<number | null>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('answers for')) resolve();
    });
    void ended.then((code) => reject(new Error(`The engine ended with ${code}: ${said}`)));
  });
}

function openHotline(places: HotlinePlaces, engine: ChildProcess, ended: Promise<unknown>): Hotline {
  const configuration = join(places.state, 'exchange/etc/asterisk.conf');
  const toolboxFile = process.env['ONEDOOR_TOOLBOX'] ?? '';
  const { asterisk } = toolboxSchema.parse(JSON.parse(readFileSync(toolboxFile, 'utf8')));
  const [asteriskProgram = '', ...before] = asterisk.command;
  const tellExchange = async (line: string): Promise<string> => {
    const { stdout } = await run(asteriskProgram, [...before, '-C', configuration, '-rx', line], {
      env: { ...process.env, ...asterisk.env },
    });
    return stdout;
  };
  const { pid: exchangePid } = z
    .object({ pid: z.int() })
    .parse(JSON.parse(readFileSync(join(places.state, 'exchange/exchange.json'), 'utf8')));

  const secrets = z
    .object({
      ari: z.object({ name: z.string(), password: z.string() }),
      phones: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(readFileSync(join(places.state, 'secrets/exchange.json'), 'utf8')));
  const token = readFileSync(join(places.state, 'secrets/http-token'), 'utf8').trim();
  const ask = async (path: string, action?: object): Promise<unknown> => {
    const answer = await fetch(`http://${places.http}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(action === undefined ? {} : { method: 'POST', body: JSON.stringify(action) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const agents = async () =>
    z
      .object({ agents: z.array(z.object({ registered: z.boolean(), state: z.string() })) })
      .parse(await ask('/agents')).agents;
  const comesIntoForce = async (path: string, asked: object): Promise<void> => {
    const answer = z.object({ result: z.string() }).parse(await ask(path, { who: 'bench', ...asked }));
    if (answer.result !== 'published') throw new Error(JSON.stringify(answer));
  };
  let isOurs = false;
  /** The catch-all matches before any number does, so it is made to match ours alone. */
  const makeRoom = async (): Promise<void> => {
    if (isOurs) return;
    isOurs = true;
    const dialplan = join(places.state, 'exchange/etc/extensions.conf');
    const text = readFileSync(dialplan, 'utf8');
    const narrowed = text.replace('exten => _[!-~]!,', 'exten => _1XX,');
    if (narrowed === text) throw new Error('the dialplan has no catch-all');
    writeFileSync(dialplan, narrowed);
    await tellExchange('dialplan reload');
  };
  const extend = (extension: string, priority: number, what: string): Promise<string> =>
    tellExchange(`dialplan add extension ${extension},${priority},${what} into trunk-loopback`);

  return {
    enginePid: engine.pid ?? 0,
    exchangePid,
    async addPeers(sound) {
      await makeRoom();
      await extend(peers.dialplan, 1, 'Answer');
      await extend(peers.dialplan, 2, `Playback(${sound})`);
      await extend(peers.dialplan, 3, 'Hangup');
      await extend(peers.bare, 1, 'Stasis(bare)');
      await extend(peers.bare, 2, 'Hangup');
    },
    async addQueue(phones) {
      await makeRoom();
      writeFileSync(join(places.state, 'exchange/etc/queues.conf'), queuesConf(phones));
      for (const module of queueModules) {
        const said = await tellExchange(`module load ${module}.so`);
        if (!said.includes('Loaded')) throw new Error(`${module}: ${said}`);
      }
      await extend(peers.queue, 1, 'Answer');
      await extend(peers.queue, 2, 'Queue(bench)');
      await extend(peers.queue, 3, 'Hangup');
      const open = async (isOpen: boolean): Promise<void> => {
        const word = isOpen ? 'unpause' : 'pause';
        for (const phone of phones) await tellExchange(`queue ${word} member PJSIP/${phone} queue bench`);
      };
      await open(false);
      return {
        open,
        async waiting() {
          const said = await tellExchange('queue show bench');
          return Number(/has (\d+) calls/.exec(said)?.[1] ?? Number.NaN);
        },
      };
    },
    phonePassword: (phone) => secrets.phones[phone] ?? '',
    async registered() {
      return (await agents()).filter(({ registered }) => registered).length;
    },
    async agentStates() {
      const counts: Record<string, number> = {};
      for (const { state } of await agents()) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    },
    async agent(name, action) {
      await ask(`/agents/${name}`, action);
    },
    async waiting() {
      const { queues } = z
        .object({ queues: z.array(z.object({ waiting: z.int() })) })
        .parse(await ask('/queues'));
      return queues.reduce((sum, { waiting }) => sum + waiting, 0);
    },
    longestHold: () =>
      new Promise((resolve) => {
        engine.once('message', (told) => resolve(z.object({ longestMs: z.number() }).parse(told).longestMs));
        engine.send('longest?');
      }),
    publish: (why) => comesIntoForce('/site/publish', { why }),
    rollBack: (why) => comesIntoForce('/site/rollback', { why }),
    async startBareClient(sound) {
      // `ari-client` reads the API's own description from the exchange; ours does not serve it.
      const description = join(places.state, 'exchange/data/rest-api');
      if (!existsSync(description)) symlinkSync(asterisk.restApi, description);
      const port = readFileSync(join(places.state, 'exchange/ari-port'), 'utf8').trim();
      const { name, password } = secrets.ari;
      const client = spawn(
        process.execPath,
        [
          join(places.project, 'dist/bench/bare-client.js'),
          `http://127.0.0.1:${port}`,
          name,
          password,
          sound,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await new Promise<void>((resolve) => client.stdout.once('data', () => resolve()));
      return client;
    },
    async records() {
      const count = async (kind: 'contacts' | 'cases'): Promise<number> => {
        let total = 0;
        for (let after: string | null = ''; after !== null; ) {
          const query = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
          const page = z
            .object({ next: z.string().nullable() })
            .catchall(z.array(z.unknown()))
            .parse(await ask(`/${kind}?limit=1000${query}`));
          total += z.array(z.unknown()).parse(page[kind]).length;
          after = page.next;
        }
        return total;
      };
      return { contacts: await count('contacts'), cases: await count('cases') };
    },
    async stop() {
      engine.kill('SIGINT');
      await ended;
    },
  };
}

/** What the exchange's queue needs besides what the hotline's exchange has loaded, in the order in which it does. */
const queueModules = ['app_stack', 'app_queue'];

/** As quick as it can be set: no wrap-up, the shortest pause between tries, as many callers offered as agents are free. */
function queuesConf(phones: readonly string[]): string {
  return `[general]
autofill = yes
persistentmembers = no
[bench]
musicclass = default
strategy = rrmemory
timeout = 15
retry = 1
wrapuptime = 0
autofill = yes
ringinuse = no
joinempty = yes
leavewhenempty = no
announce-frequency = 0
${phones.map((phone) => `member => PJSIP/${phone}\n`).join('')}`;
}
