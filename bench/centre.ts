/**
 * A call centre on one machine: 277 agents with SIP phones, whose talks end ten a second, and callers who wait for
 * them. (a) 1,000 callers without music: how soon the next phone rings. (b) With music: how many callers can wait
 * until the machine's processors are 85 % busy, or the next phone rings 50 ms after a hang-up. `--quick`: fewer.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Hotline, startHotline } from './hotline.js';
import { createLoadGenerator, type LoadGenerator, type LoadResult } from './load.js';
import { type BenchPhone, openBenchPhone } from './phone.js';
import { cpuMs, machineCpuMs, median, percentile } from './processes.js';
import { centre, centreAgents, writeCentreSite } from './site.js';

const quick = process.argv.includes('--quick');
const agents = centreAgents(quick ? 60 : 277);
const host = '127.0.0.1';
const base = 30_000;
const ports = { http: base, sip: base + 1, load: base + 10, phones: base + 100, rtp: '24100-29999' };
const sip = { host, port: ports.sip };

const freedPerSecond = 10;
const arrivalsPerSecond = 50;
const quiet = { waiting: quick ? 200 : 1_000, seconds: quick ? 10 : 50 };
const music = { first: 100, step: 100, most: quick ? 200 : 1_500, seconds: quick ? 5 : 8, limitMs: 200_000 };
const mostMs = 50;
const mostBusy = 0.85;
/** A caller who was not answered by then is lost. */
const limitMs = 230_000;
const untilMs = 60_000;
/** Talks of those who still wait when all is measured. */
const lastTalkMs = 500;
/** Phones that register at once. */
const atOnce = 20;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
let failed = false;
const reach = (what: string, value: number, most: number, unit: string): void => {
  const met = value <= most;
  if (!met) failed = true;
  say(`  ${met ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(2)} ${unit} (at most ${most} ${unit})`);
};

/** Agents, callers and the hotline between them. */
interface Centre {
  readonly hotline: Hotline;
  readonly phones: readonly BenchPhone[];
  /** Callers by a program of their own each time. */
  call(number: string, calls: number): Promise<LoadResult>;
}

/** What was seen while agents hung up one after the other. */
interface Seen {
  readonly hungUp: number;
  readonly gapsMs: readonly number[];
  /** Shares of one processor. */
  readonly engine: number;
  readonly exchange: number;
  /** Share of all processors. */
  readonly busy: number;
}

for (const measure of [withoutMusic, withMusic]) await inCentre(measure);
if (failed) process.exitCode = 1;

async function withoutMusic(it: Centre): Promise<void> {
  const measured = quiet.seconds * freedPerSecond;
  const callers = agents.length + quiet.waiting + measured;
  const calling = it.call(centre.quiet, callers);
  const wait = quiet.waiting + measured;
  await allWait(it, wait);
  say(
    `\n(a) ${agents.length} agents talk, ${wait} callers wait without music, then one less after each of ${measured} talks, of which ${freedPerSecond} a second end`,
  );
  const seen = await freeAgents(it, measured);
  report(seen);
  reach('rings not measured', seen.hungUp - seen.gapsMs.length, 0, 'rings');
  reach('hang-up to next ring p99', percentile(seen.gapsMs, 0.99), mostMs, 'ms');
  serveAll(it);
  const { lost } = await calling;
  reach('callers not served', lost, 0, 'callers');
}

async function withMusic(it: Centre): Promise<void> {
  say(`\n(b) ${agents.length} agents talk, callers wait with music; ${freedPerSecond} talks a second end`);
  const began = performance.now();
  const calling: Promise<LoadResult>[] = [it.call(centre.music, agents.length + music.first)];
  let reached = 0;
  let gaveWay = 'nothing: no more were tried';
  for (let wait = music.first; wait <= music.most; wait += music.step) {
    await allWait(it, wait);
    const seen = await freeAgents(it, music.seconds * freedPerSecond);
    const p99 = percentile(seen.gapsMs, 0.99);
    say(`${String(wait).padStart(6)} wait`);
    report(seen);
    if (seen.gapsMs.length < seen.hungUp) gaveWay = `${seen.hungUp - seen.gapsMs.length} phones did not ring`;
    else if (p99 > mostMs) gaveWay = `the ring: p99 ${p99.toFixed(1)} ms`;
    else if (seen.busy > mostBusy) gaveWay = `the processors: ${(100 * seen.busy).toFixed(0)} % busy`;
    else {
      reached = wait;
      if (performance.now() - began > music.limitMs) gaveWay = 'time';
      // Those who were served are replaced, and more come.
      else if (wait + music.step <= music.most) {
        calling.push(it.call(centre.music, seen.hungUp + music.step));
        continue;
      }
    }
    break;
  }
  say(`  ${reached} callers can wait with music; what gave way beyond: ${gaveWay}`);
  serveAll(it);
  const results = await Promise.all(calling);
  reach(
    'callers not served',
    results.reduce((sum, { lost }) => sum + lost, 0),
    0,
    'callers',
  );
}

/** @throws with where everybody is instead. */
async function allWait({ hotline }: Centre, wait: number): Promise<void> {
  try {
    await until(`${wait} callers wait`, async () => (await hotline.waiting()) === wait);
  } catch (error) {
    const [waiting, states] = await Promise.all([hotline.waiting(), hotline.agentStates()]);
    throw new Error(`${waiting} wait, agents: ${JSON.stringify(states)}`, { cause: error });
  }
}

/** So many talks end, one after the other, at phones in turn. */
async function freeAgents({ hotline, phones }: Centre, talks: number): Promise<Seen> {
  for (const phone of phones) phone.begin([]);
  const clock = { at: performance.now(), machine: machineCpuMs() };
  const cpu = { engine: cpuMs(hotline.enginePid), exchange: cpuMs(hotline.exchangePid) };
  let hungUp = 0;
  for (let n = 0; n < talks; n++) {
    await pause(Math.max(0, clock.at + (n * 1_000) / freedPerSecond - performance.now()));
    if (phones[n % phones.length]?.hangUp() === true) hungUp += 1;
  }
  const ms = performance.now() - clock.at;
  const machine = machineCpuMs();
  const engine = (cpuMs(hotline.enginePid) - cpu.engine) / ms;
  const exchange = (cpuMs(hotline.exchangePid) - cpu.exchange) / ms;
  const busy = (machine.busy - clock.machine.busy) / (machine.all - clock.machine.all);
  // The last ones ring a little later.
  await pause(1_000);
  return { hungUp, gapsMs: phones.flatMap((phone) => phone.gapsMs()), engine, exchange, busy };
}

/** Each talk ends at once from now on, so that nobody waits any longer. */
function serveAll({ phones }: Centre): void {
  for (const phone of phones) {
    phone.begin([lastTalkMs]);
    phone.hangUp();
  }
}

function report({ gapsMs, engine, exchange, busy }: Seen): void {
  const ms = [median(gapsMs), percentile(gapsMs, 0.99), percentile(gapsMs, 1)].map((value) =>
    value.toFixed(1),
  );
  say(
    `  ${gapsMs.length} rings after ${ms[0]} ms (p50), ${ms[1]} (p99), ${ms[2]} (most); engine ${engine.toFixed(2)}, exchange ${exchange.toFixed(2)} of a processor; all processors ${(100 * busy).toFixed(0)} % busy`,
  );
}

/** A hotline of its own, with all agents signed in and ready, that goes afterwards. */
async function inCentre(measure: (it: Centre) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-centre-'));
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const site = join(folder, 'site');
  writeCentreSite(project, site, agents.length);
  const generators: LoadGenerator[] = [];
  let phones: readonly BenchPhone[] = [];
  const hotline = await startHotline({
    project,
    site,
    state: join(folder, 'state'),
    http: `${host}:${ports.http}`,
    sip: `${host}:${ports.sip}`,
    rtp: ports.rtp,
    watched: false,
  });
  try {
    phones = await openPhones(hotline);
    await until('all phones are registered', async () => (await hotline.registered()) === agents.length);
    for (const { name } of agents) await hotline.agent(name, { do: 'sign-in' });
    await measure({
      hotline,
      phones,
      call(number, calls) {
        const own = join(folder, `callers-${generators.length}`);
        mkdirSync(own);
        const generator = createLoadGenerator(own, sip, ports.load + generators.length);
        generators.push(generator);
        return generator.run({ number, calls, rate: arrivalsPerSecond, limitMs });
      },
    });
  } finally {
    for (const generator of generators) generator.stop();
    for (const phone of phones) phone.close();
    await hotline.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openPhones(hotline: Hotline): Promise<readonly BenchPhone[]> {
  const phones: BenchPhone[] = [];
  for (let from = 0; from < agents.length; from += atOnce)
    phones.push(
      ...(await Promise.all(
        agents.slice(from, from + atOnce).map(({ phone }, i) =>
          openBenchPhone({
            name: phone,
            password: hotline.phonePassword(phone),
            exchange: sip,
            port: ports.phones + 2 * (from + i),
          }),
        ),
      )),
    );
  for (const phone of phones) phone.begin([]);
  return phones;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < untilMs; await pause(200))
    if (await holds()) return;
  throw new Error(`not within ${untilMs / 1_000} s: ${what}`);
}
