/** Seeded simulation: random callers, an engine killed at random moments; the history checker after each run. */
import t, { type Test } from 'tap';
import { type HotlineOptions, type HotlineRun, runHotline } from '../kit/simulated-hotline.js';
import type { Step } from '../../src/telephony/simulator/index.js';

const first = Number(process.env.ONEDOOR_SEED ?? 1);
const seeds = Number(process.env.ONEDOOR_SEEDS ?? 500);

// Half a minute of CPU; on a machine that is busy with other things it took three minutes.
t.setTimeout(300_000);

function told({ seed, trace }: HotlineRun): string[] {
  return [`ONEDOOR_SEED=${seed} ONEDOOR_SEEDS=1 repeats seed ${seed}:`, ...trace];
}

/** Runs seeds until one breaks a promise; the trace of that one is told. */
async function runSeeds(t: Test, count: number, options: Omit<HotlineOptions, 'seed'>): Promise<Totals> {
  const totals = {
    kills: 0,
    calls: 0,
    talks: 0,
    recordings: 0,
    recorded: 0,
    paused: 0,
    lookups: 0,
    messages: 0,
    answers: 0,
    waits: 0,
    transfers: 0,
    connected: 0,
    resumed: 0,
    marked: 0,
  };
  for (let seed = first; seed < first + count; seed++) {
    const run = await runHotline({ seed, ...options });
    for (const name of Object.keys(totals) as (keyof Totals)[]) totals[name] += run[name];
    if (run.broken.length === 0) continue;
    for (const line of told(run)) t.comment(line);
    t.fail(`seed ${seed}: ${run.broken.join(' ')}`);
    break;
  }
  return totals;
}

/** Happen too seldom to random callers. */
const rare = new Set(['marked', 'recorded', 'paused', 'connected']);

type Totals = Pick<
  HotlineRun,
  | 'kills'
  | 'calls'
  | 'talks'
  | 'recordings'
  | 'recorded'
  | 'paused'
  | 'lookups'
  | 'messages'
  | 'answers'
  | 'waits'
  | 'transfers'
  | 'connected'
  | 'resumed'
  | 'marked'
>;

t.test(
  `an engine that dies at any commit or command loses no call (${seeds} seeds from ${first})`,
  async (t) => {
    const totals = await runSeeds(t, seeds, {});
    t.ok(totals.kills > seeds / 2 && totals.calls >= seeds, JSON.stringify(totals));
    // A simulation that never reaches what it is about would pass as well.
    if (seeds >= 100)
      for (const [name, count] of Object.entries(totals))
        if (!rare.has(name)) t.ok(count > seeds / 20, `${name}: ${count}`);
    if (seeds >= 500) t.ok(totals.connected > 10, `${totals.connected} were connected`);
  },
);

t.test('what is recorded of a talk is kept, or told as lost, whatever dies meanwhile', async (t) => {
  const keys = (pressed: string): Step => ({ type: 'presses', keys: pressed });
  const pause: Step = { type: 'waits', ms: 300 };
  const wish = {
    called: '100',
    script: [{ type: 'awaits-answer' }, pause, keys('1'), pause, keys('5')] satisfies readonly Step[],
  };
  const some = Math.ceil(seeds / 10);
  const kinds: readonly Omit<HotlineOptions, 'seed'>[] = [
    {},
    { faults: { unknown: 0.05, slow: 0.05, jitterMs: 40, lostInFlight: 0.5, halfOpen: 0.3 } },
    { exchangeDies: true },
    { linkLosses: 3, killAt: [], faults: { lostInFlight: 0.5, halfOpen: 0.3, jitterMs: 30 } },
    { faults: { refused: 0.1 } },
  ];
  for (const options of kinds) {
    const { recorded, paused } = await runSeeds(t, some, {
      ...options,
      wish,
      isStaffed: true,
      killsUntil: 150,
    });
    t.ok(recorded >= some / 4 && paused > 0, `${recorded} recorded, ${paused} paused`);
  }
});

t.test('an engine that dies at each moment of one call, one after another', async (t) => {
  const { points } = await runHotline({ seed: first, callers: 1, killAt: [] });
  t.ok(points > 10, `${points} moments`);
  for (let moment = 0; moment < points; moment++) {
    const run = await runHotline({ seed: first, callers: 1, killAt: [moment] });
    if (run.broken.length === 0) continue;
    for (const line of told(run)) t.comment(line);
    t.fail(`killed at moment ${moment}: ${run.broken.join(' ')}`);
    return;
  }
});

t.test('commands of unknown fate, late answers and jitter lose no call', async (t) => {
  const faults = { unknown: 0.05, slow: 0.05, jitterMs: 40, lostInFlight: 0.5, halfOpen: 0.3 };
  const totals = await runSeeds(t, Math.ceil(seeds / 10), { faults });
  t.ok(totals.calls > 0, JSON.stringify(totals));
});

t.test('an exchange that dies closes its calls with a reason', async (t) => {
  const totals = await runSeeds(t, Math.ceil(seeds / 10), { exchangeDies: true });
  t.ok(totals.calls > 0, JSON.stringify(totals));
});

t.test('a link that is cut and comes back, again and again, loses no call', async (t) => {
  const faults = { lostInFlight: 0.5, halfOpen: 0.3, jitterMs: 30 };
  const totals = await runSeeds(t, Math.ceil(seeds / 8), { linkLosses: 4, killAt: [], faults });
  t.ok(totals.resumed > 0, JSON.stringify(totals));
  await runSeeds(t, Math.ceil(seeds / 10), { linkLosses: 3, faults: { ...faults, unknown: 0.05 } });
});

t.test('commands that are refused leave nobody in silence', async (t) => {
  const totals = await runSeeds(t, Math.ceil(seeds / 10), { faults: { refused: 0.15 } });
  t.ok(totals.calls > 0, JSON.stringify(totals));
});

t.test('a disk that stands still, however long, costs no caller the call', async (t) => {
  const totals = await runSeeds(t, Math.ceil(seeds / 10), { diskStalls: true });
  t.ok(totals.calls > 0, JSON.stringify(totals));
  if (seeds >= 100) t.ok(totals.marked > seeds / 40, `marked: ${totals.marked}`);
});

t.test('a store that fails for a while is not noticed by callers', async (t) => {
  const totals = await runSeeds(t, Math.ceil(seeds / 10), { storeFails: true });
  t.ok(totals.calls > 0, JSON.stringify(totals));
});
