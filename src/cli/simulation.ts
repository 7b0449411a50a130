/** Replications of a scenario, shared out between the machine's processors. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { OnedoorError } from '../base/index.js';
import type { Replication, Scenario } from '../staffing/index.js';
import type { SimulationWork } from './simulation-worker.js';

export interface Simulation {
  /** All replications of the scenario with so many agents by half hour, in their order. */
  run(agents: readonly number[]): Promise<readonly Replication[]>;
  close(): Promise<void>;
}

/** More young garbage fits before it is looked through: a tenth of the time is saved. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

/** Calls for which it does not pay to start a thread: it takes as long as to simulate them. */
const fewCalls = 5_000;

export function openSimulation(scenario: Scenario): Simulation {
  const nths = Array.from({ length: scenario.replications }, (_, nth) => nth);
  const calls = scenario.halfHours.reduce((sum, one) => sum + one.calls, 0) * scenario.replications;
  if (calls <= fewCalls)
    return {
      async run(agents) {
        // Every command loads this file.
        const { replicate } = await import('../staffing/index.js');
        return nths.map((nth) => replicate(scenario, agents, nth));
      },
      close: async () => undefined,
    };
  const count = Math.min(availableParallelism(), scenario.replications);
  const workers = Array.from(
    { length: count },
    () =>
      new Worker(new URL('./simulation-worker.js', import.meta.url), {
        workerData: scenario,
        resourceLimits,
      }),
  );
  return {
    async run(agents) {
      const shares = await Promise.all(
        workers.map(async (worker, index) => {
          const replications = nths.filter((nth) => nth % count === index);
          return { replications, found: await ask(worker, { agents, replications }) };
        }),
      );
      const byNth = new Map(
        shares.flatMap(({ replications, found }) =>
          replications.map((nth, index): [number, Replication | undefined] => [nth, found[index]]),
        ),
      );
      return nths.flatMap((nth) => byNth.get(nth) ?? []);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, work: SimulationWork): Promise<readonly Replication[]> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new OnedoorError('ONEDOOR_BASE_BUG', { what: `a simulation failed: ${String(cause)}` }, cause));
    const ended = (): void => fail('its thread ended early');
    worker.once('error', fail);
    worker.once('exit', ended);
    worker.once('message', (found: readonly Replication[]) => {
      worker.off('error', fail);
      worker.off('exit', ended);
      resolve(found);
    });
    worker.postMessage(work);
  });
}
