/**
 * What a call costs, measured: on one exchange, in one run, by the same load, (a) a plain dialplan, (b) a bare program
 * with `ari-client`, (c) Onedoor's whole path. Then: how soon a key silences a prompt, the engine's memory with
 * many silent calls up, and how soon the next caller rings at an agent's phone. Words choose parts:
 * `npm run bench -- calls keys memory queue`; `--quick` makes them short.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../src/base/index.js';
import { loadSite } from '../src/site/index.js';
import { buildPrompts } from '../src/speech/index.js';
import { startHotline } from './hotline.js';
import { listenForSilence } from './key-silence.js';
import { createLoadGenerator, type LoadResult } from './load.js';
import { cpuMs, median, percentile, rssMb, threadsCpuMs } from './processes.js';
import { measureQueue } from './queue.js';
import { numbers, peers, writeBenchSite } from './site.js';

const quick = process.argv.includes('--quick');
const parts = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wants = (part: 'calls' | 'keys' | 'memory' | 'queue'): boolean =>
  parts.length === 0 || parts.includes(part);
const project = fileURLToPath(new URL('../..', import.meta.url));
const rates = quick ? [100] : [50, 100, 200];
const rounds = quick ? 1 : 3;
const secondsPerRound = quick ? 8 : 12;
const base = 24_000;
const ports = {
  http: base,
  sip: base + 1,
  load: base + 2,
  silence: base + 10,
  phones: base + 20,
  rtp: `${base + 100}-${base + 5_999}`,
};
const settleMs = 2_000;
/** The bare program loses callers at the highest rate and never hangs up on them: they are given up, and counted. */
const patienceMs = 30_000;
/**
 * Compiled code is what runs all day, so the first calls are not measured: V8 still compiles after fifteen hundred of
 * them (half a millisecond a call, docs/decisions/0034). What is measured of a short run is a cold engine.
 */
const warmUp = quick ? { calls: 400, rate: 50 } : { calls: 3_000, rate: 100 };

type Records = Awaited<ReturnType<typeof hotline.records>>;

interface Figures {
  readonly exchangeMs: number;
  readonly programMs: number | null;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'));
const site = join(folder, 'site');
const state = join(folder, 'state');
writeBenchSite(project, site);
const hotline = await startHotline({
  project,
  site,
  state,
  http: `127.0.0.1:${ports.http}`,
  sip: `127.0.0.1:${ports.sip}`,
  rtp: ports.rtp,
  watched: false,
}).catch((error: unknown) => {
  rmSync(folder, { recursive: true, force: true });
  throw error;
});
const load = createLoadGenerator(folder, { host: '127.0.0.1', port: ports.sip }, ports.load);
let failed = false;
const reach = (what: string, value: number, most: number, unit: string): void => {
  const met = value <= most;
  if (!met) failed = true;
  say(`  ${met ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(2)} ${unit} (at most ${most} ${unit})`);
};

try {
  if (wants('calls')) await measureCalls();
  if (wants('keys')) await measureKeys();
  if (wants('memory')) await measureMemory();
  if (wants('queue'))
    await measureQueue({
      hotline,
      load,
      sip: { host: '127.0.0.1', port: ports.sip },
      firstPort: ports.phones,
      callers: quick ? 24 : 60,
      say,
      reach,
    });
} finally {
  await hotline.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;

async function measureCalls(): Promise<void> {
  const sound = await soundOfHello();
  await hotline.addPeers(sound);
  const bare = await hotline.startBareClient(sound);

  say('A call that is answered, hears a sentence and is hung up on; medians over the rounds.');
  const contenders = [
    { name: '(a) plain dialplan', number: peers.dialplan, pid: null },
    { name: '(b) bare ari-client', number: peers.bare, pid: bare.pid ?? null },
    { name: '(c) Onedoor', number: numbers.answer, pid: hotline.enginePid },
  ];
  for (const { number } of contenders) await load.run({ number, ...warmUp });
  await pause(settleMs);
  let counted = await hotline.records();
  for (const rate of rates) {
    const figures = contenders.map((): Figures[] => []);
    const engineThreads: ReadonlyMap<number, number>[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const [i, { number, pid }] of contenders.entries()) {
        const calls = rate * secondsPerRound;
        await pause(settleMs);
        const threads = number === numbers.answer ? threadsCpuMs(hotline.enginePid) : null;
        const before = { exchange: cpuMs(hotline.exchangePid), program: pid === null ? 0 : cpuMs(pid) };
        const result = await load.run({
          number,
          calls,
          rate,
          limitMs: secondsPerRound * 1_000 + patienceMs,
        });
        // What a call leaves to be done belongs to its cost.
        await pause(settleMs);
        figures[i]?.push(figuresOf(result, before, pid));
        if (threads === null) continue;
        engineThreads.push(threadsSince(threads, calls));
      }
    }
    say(
      `\n${rate} calls/s, ${rounds} x ${rate * secondsPerRound} calls      exchange ms   program ms   answer p50   p99 ms   lost`,
    );
    for (const [i, { name }] of contenders.entries()) say(row(name, figures[i] ?? []));
    say(threadsRow(engineThreads));
    const [a, , c] = figures.map((of) => summary(of));
    if (rate === 100 && a !== undefined && c !== undefined) {
      reach('engine CPU a call', c.programMs ?? 0, 1.5, 'ms');
      reach('exchange CPU against (a)', c.exchangeMs / a.exchangeMs, 1.35, 'times');
      reach('calls lost', c.lost, 0, 'calls');
      reach('answer p99', c.p99, 50, 'ms');
    }
    counted = await countRecords(counted, rounds * rate * secondsPerRound);
  }
  bare.kill('SIGTERM');
}

/** As many records as calls since the ones that were counted before, or the figures of this rate are void. */
async function countRecords(before: Records, calls: number): Promise<Records> {
  const records = await hotline.records();
  const contacts = records.contacts - before.contacts;
  const cases = records.cases - before.cases;
  const isWhole = contacts === calls && cases === calls;
  say(
    `  records: ${contacts} contacts and ${cases} cases of ${calls} calls${isWhole ? '' : ': these figures are VOID'}`,
  );
  if (!isWhole) failed = true;
  return records;
}

async function measureKeys(): Promise<void> {
  const silence = await listenForSilence(ports.silence);
  const calls = quick ? 40 : 200;
  await load.run({ number: numbers.long, calls, rate: 5, mediaPort: ports.silence, hangUpAfterMs: 5_000 });
  const delays = silence.delaysMs();
  silence.close();
  // A key after the prompt's end would prove nothing.
  reach(
    'calls whose prompt did not play when the key came',
    calls - delays.length,
    Math.ceil(calls / 20),
    'calls',
  );
  say(
    `\nA key silences the prompt (${delays.length} of ${calls} calls), medians: ${median(delays.map(({ fromLast }) => fromLast)).toFixed(1)} ms after its last RFC 4733 packet, ${median(delays.map(({ fromEnd }) => fromEnd)).toFixed(1)} ms after the first of its three end packets`,
  );
  reach(
    'p99 after the last packet',
    percentile(
      delays.map(({ fromLast }) => fromLast),
      0.99,
    ),
    150,
    'ms',
  );
  reach(
    'p99 after the first end packet',
    percentile(
      delays.map(({ fromEnd }) => fromEnd),
      0.99,
    ),
    150,
    'ms',
  );
}

async function measureMemory(): Promise<void> {
  const up = quick ? 200 : 1_000;
  const minutes = quick ? 0.5 : 5;
  const loading = load.run({
    number: numbers.silent,
    calls: up,
    rate: 25,
    hangUpAfterMs: (minutes + 1.5) * 60_000,
  });
  await pause((up / 25 + minutes * 60) * 1_000);
  say(`\n${up} silent calls up for ${minutes} minutes`);
  reach('engine RSS', rssMb(hotline.enginePid), 200, 'MB');
  const { lost } = await loading;
  reach('calls lost', lost, 0, 'calls');
}

function figuresOf(
  result: LoadResult,
  before: { exchange: number; program: number },
  pid: number | null,
): Figures {
  const { calls, answerMs, lost } = result;
  return {
    exchangeMs: (cpuMs(hotline.exchangePid) - before.exchange) / calls,
    programMs: pid === null ? null : (cpuMs(pid) - before.program) / calls,
    p50: median(answerMs),
    p99: percentile(answerMs, 0.99),
    lost,
  };
}

function summary(of: readonly Figures[]): Figures {
  const programs = of.flatMap(({ programMs }) => programMs ?? []);
  return {
    exchangeMs: median(of.map(({ exchangeMs }) => exchangeMs)),
    programMs: programs.length === 0 ? null : median(programs),
    p50: median(of.map(({ p50 }) => p50)),
    p99: median(of.map(({ p99 }) => p99)),
    lost: of.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function row(name: string, of: readonly Figures[]): string {
  const { exchangeMs, programMs, p50, p99, lost } = summary(of);
  const cells = [
    exchangeMs.toFixed(2),
    programMs?.toFixed(2) ?? '-',
    p50.toFixed(1),
    p99.toFixed(1),
    String(lost),
  ];
  return `  ${name.padEnd(34)}${cells.map((cell) => cell.padStart(11)).join('')}`;
}

/** What each of the engine's threads has taken a call since then, milliseconds. */
function threadsSince(before: ReadonlyMap<number, number>, calls: number): ReadonlyMap<number, number> {
  const since = [...threadsCpuMs(hotline.enginePid)].map(
    ([thread, ms]) => [thread, (ms - (before.get(thread) ?? 0)) / calls] as const,
  );
  return new Map(since);
}

/** Beside the first thread the journal's takes most, and the others are V8's and Node's. */
function threadsRow(rounds: readonly ReadonlyMap<number, number>[]): string {
  const of = (thread: number): number => median(rounds.map((round) => round.get(thread) ?? 0));
  const ids = new Set(rounds.flatMap((round) => [...round.keys()]));
  ids.delete(hotline.enginePid);
  const [journal = 0, ...others] = [...ids].map(of).sort((a, b) => b - a);
  const rest = others.reduce((sum, ms) => sum + ms, 0);
  return `  of (c): main thread ${of(hotline.enginePid).toFixed(2)}, the journal's ${journal.toFixed(2)}, others ${rest.toFixed(2)} ms`;
}

/** The file of the sentence that Onedoor plays: the peers play the same. */
async function soundOfHello(): Promise<string> {
  const check = await loadSite(site);
  if (check.result !== 'checked') throw new Error(JSON.stringify(check.findings));
  const { texts } = check.site;
  const media = join(state, 'media');
  const cache = process.env['ONEDOOR_CACHE'] ?? join(homedir(), '.cache/onedoor');
  const log = createLog('silent');
  const { index } = await buildPrompts({
    catalog: texts,
    prompts: join(site, 'prompts'),
    media,
    cache,
    voice: null,
    log,
  });
  const [piece] = texts.render('en', 'hello', {}).pieces;
  const path = piece === undefined ? null : index(piece);
  if (path === null) throw new Error('The sentence has no sound.');
  return join(media, path);
}
