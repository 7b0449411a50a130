/** What could become of a caller from a moment on, played on many times. */
import t from 'tap';
import { createRandom } from '../../src/base/index.js';
import { agentFigures } from '../../src/measures/index.js';
import { playOn, runCentre, type Scenario, type Telling, type Told } from '../../src/staffing/index.js';
import type { Centre } from '../../src/staffing/virtual-centre.js';
import { oneQueue } from '../kit/scenarios.js';

/** One agent's day, in which each announcement is heard. */
function heard(scenario: Scenario, hear: (told: Told, centre: Centre) => void) {
  const telling: Telling = { everyMs: 45_000, other: () => 0, heard: hear };
  return runCentre(
    scenario,
    scenario.halfHours.map(() => 1),
    createRandom(scenario.seed),
    telling,
  );
}

const agentOf = ({ router }: Centre) => [...router.agents.values()][0];

t.test('where all takes its fixed time, each play comes to what must come', async (t) => {
  const talk = { type: 'fixed', meanMs: 100_000 } as const;
  const scenario = oneQueue(30, 1, 3, { talk, pickUp: { type: 'fixed', meanMs: 3_000 } });
  let looked = 0;
  heard(scenario, ({ ticket, at }, centre) => {
    const agent = agentOf(centre);
    if (agent?.state !== 'talking') return;
    looked++;
    const waiting = [...centre.router.tickets.values()].filter(({ state }) => state === 'waiting');
    const before = waiting.filter(({ seq }) => seq < (centre.router.tickets.get(ticket)?.seq ?? 0)).length;
    const { wrapUpMs = 0 } = [...scenario.routing.queues.values()][0] ?? {};
    const expected = (agent.busySince ?? 0) + 103_000 + wrapUpMs - at + before * (103_000 + wrapUpMs);
    for (const seed of [1, 2, 3])
      if (playOn(centre, ticket, at, createRandom(seed)) !== expected) throw new Error(`not ${expected}`);
  });
  t.ok(looked > 20, `${looked} announcements`);
});

t.test('playing on leaves the day as it was', async (t) => {
  const scenario = oneQueue(30, 1, 3, { patience: { type: 'exponential', meanMs: 200_000 } });
  const day = (hear: (told: Told, centre: Centre) => void): string => {
    const { measures, calls, endedAt } = heard(scenario, hear);
    const all = { name: null, from: 0, to: Number.MAX_SAFE_INTEGER };
    return JSON.stringify([agentFigures(measures, all, endedAt), calls, endedAt]);
  };
  const random = createRandom(9);
  let played = 0;
  const looked = day(({ ticket, at }, centre) => {
    playOn(centre, ticket, at, random.fork());
    played++;
  });
  t.ok(played > 20, `${played} plays`);
  t.equal(
    looked,
    day(() => {}),
  );
});

t.test('chance has no memory where it has none, and callers give up in plays too', async (t) => {
  const patience = { type: 'exponential', meanMs: 60_000 } as const;
  const talk = { type: 'exponential', meanMs: 120_000 } as const;
  const scenario = oneQueue(20, 1, 3, { patience, talk, pickUp: { type: 'fixed', meanMs: 0 } });
  const random = createRandom(4);
  let [plays, gone, sumMs] = [0, 0, 0];
  heard(scenario, ({ ticket, at }, centre) => {
    const agent = agentOf(centre);
    const waiting = [...centre.router.tickets.values()].filter(({ state }) => state === 'waiting');
    if (agent?.state !== 'talking' || waiting.length > 1) return;
    for (let n = 0; n < 400; n++) {
      const ms = playOn(centre, ticket, at, random.fork());
      plays++;
      if (ms === null) gone++;
      else sumMs += ms;
    }
  });
  // The sooner of two exponential times: after 40 s on average, and in two cases of three it is the caller's.
  t.ok(plays > 4_000, `${plays} plays`);
  t.ok(Math.abs(gone / plays - 2 / 3) < 0.03, `${gone} of ${plays} gone`);
  t.ok(Math.abs(sumMs / (plays - gone) / 40_000 - 1) < 0.05, `${sumMs / (plays - gone)} ms`);
});
