/**
 * How long everybody waits because a version of the site comes into force: a real engine with the example site (both
 * hotlines), which is edited, published and rolled back. The longest hold of its event loop is what a caller's key
 * would wait; beside it the same while nothing happens. Needs an exchange, and no SIPp: `npm run bench -- publish`.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { loadSite } from '../src/site/index.js';
import { type Hotline, startHotline } from './hotline.js';
import { median } from './processes.js';

const quick = process.argv.includes('--quick');
const rounds = quick ? 3 : 9;
const most = 100;
const idleMs = 3_000;
const port = 23_700;
const project = fileURLToPath(new URL('../..', import.meta.url));

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const reach = (what: string, value: number): void => {
  const met = value <= most;
  if (!met) process.exitCode = 1;
  say(`  ${met ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(0)} ms (at most ${most} ms)`);
};

say(`What holds the engine's event loop, the longest each (load ${loadavg()[0]?.toFixed(1) ?? '?'}).`);
reach('reading the example site for the first time, in this process', await longestOfFirstRead());

const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'));
const site = join(folder, 'site');
for (const part of ['onedoor.yaml', 'flows', 'prompts', 'calendars', 'data'])
  cpSync(join(project, part), join(site, part), { recursive: true });
mkdirSync(join(folder, 'state'));
const hotline = await startHotline({
  project,
  site,
  state: join(folder, 'state'),
  http: `127.0.0.1:${port}`,
  sip: `127.0.0.1:${port + 1}`,
  rtp: `${port + 10}-${port + 99}`,
  watched: true,
});
try {
  await measure(hotline);
} finally {
  await hotline.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(of: Hotline): Promise<void> {
  const idle: number[] = [];
  const published: number[] = [];
  const rolledBack: number[] = [];
  for (let round = 0; round < rounds; round++) {
    idle.push(await longestDuring(of, () => pause(idleMs)));
    appendFileSync(join(site, 'flows/municipality.yaml'), `# round ${round}\n`);
    published.push(await longestDuring(of, () => of.publish(`round ${round}`)));
    rolledBack.push(await longestDuring(of, () => of.rollBack(`round ${round}`)));
  }
  say(`Medians of ${rounds} rounds; nothing happening: ${median(idle).toFixed(0)} ms.`);
  reach('publishing', median(published));
  reach('rolling back', median(rolledBack));
}

/** What held the engine's event loop the longest while something went on, milliseconds. */
async function longestDuring(of: Hotline, work: () => Promise<void>): Promise<number> {
  await of.longestHold();
  await work();
  return of.longestHold();
}

/** Nothing is compiled by V8 yet, as when an engine starts. Milliseconds. */
async function longestOfFirstRead(): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const check = await loadSite(project);
  delay.disable();
  if (check.result === 'broken') throw new Error('The example site is broken.');
  return delay.max / 1e6;
}
