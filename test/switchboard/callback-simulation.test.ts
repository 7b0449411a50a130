/** Callers who keep their places, in seeded simulation: whatever dies, nobody is rung twice, and no place is lost. */
import t from 'tap';
import { type HotlineOptions, runHotline } from '../kit/simulated-hotline.js';
import type { Step } from '../../src/telephony/simulator/index.js';

const first = Number(process.env['ONEDOOR_SEED'] ?? 1);
const seeds = Number(process.env['ONEDOOR_SEEDS'] ?? 25);
t.setTimeout(200_000);

const press = (keys: string): Step => ({ type: 'presses', keys });
const wait = (ms: number): Step => ({ type: 'waits', ms });

/** Waits, asks to be called back, confirms the number and hangs up. */
const script: readonly Step[] = [
  { type: 'awaits-answer' },
  wait(300),
  press('1'),
  wait(900),
  press('5'),
  wait(1_200),
  press('1'),
  wait(1_200),
  press('1'),
  wait(2_500),
  { type: 'hangs-up' },
];
const options = {
  wish: { called: '100', script },
  numbers: ['+96891001234', '+96891234567', '+96891001234'],
  readyTimes: 12,
} as const;

async function runs(count: number, more: Partial<HotlineOptions>): Promise<Record<string, number>> {
  const totals = { kills: 0, parked: 0, callbacks: 0, reached: 0, talks: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const run = await runHotline({ seed, callers: 1 + (seed % 4), ...options, ...more });
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += run[name];
    if (run.broken.length === 0) continue;
    t.comment(`ONEDOOR_SEED=${seed} ONEDOOR_SEEDS=1 repeats seed ${seed}:`);
    for (const line of run.trace) t.comment(line);
    t.fail(`seed ${seed}: ${run.broken.join(' ')}`);
    break;
  }
  return totals;
}

t.test(`engines die at any commit or command (${seeds} seeds from ${first})`, async (t) => {
  const totals = await runs(seeds, {});
  t.comment(JSON.stringify(totals));
  // A simulation that never reaches what it is about would pass as well.
  if (seeds >= 100)
    for (const [name, count] of Object.entries(totals)) t.ok(count > seeds / 10, `${name}: ${count}`);
});

t.test('an engine dies at each moment of a callback, one after another', async (t) => {
  const seed = first + 7;
  // What the agent dials when the callback is over has moments too, which simulation.test.ts looks at.
  const one = { seed, ...options, readyTimes: 3, callers: 1 };
  const { points, reached } = await runHotline({ ...one, killAt: [] });
  t.ok(points > 20, `${points} moments`);
  t.equal(reached, 1, 'the caller is called back');
  for (let moment = 0; moment < points; moment++) {
    const run = await runHotline({ ...one, killAt: [moment] });
    if (run.broken.length === 0) continue;
    for (const line of run.trace) t.comment(line);
    t.fail(`killed at moment ${moment}: ${run.broken.join(' ')}`);
    return;
  }
});

t.test('commands of unknown fate, a link that is cut, an exchange that dies', async (t) => {
  const faults = { unknown: 0.05, slow: 0.05, jitterMs: 40, lostInFlight: 0.5, halfOpen: 0.3 };
  const count = Math.ceil(seeds / 4);
  await runs(count, { faults });
  await runs(count, { linkLosses: 4, faults });
  await runs(count, { exchangeDies: true });
  await runs(count, { faults: { refused: 0.15 } });
  await runs(count, { diskStalls: true });
  t.pass('lose no place');
});
