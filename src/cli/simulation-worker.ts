/** Replications of a scenario on a thread of their own: they take whole seconds of a processor. */
import { parentPort, workerData } from 'node:worker_threads';
import { replicate, type Scenario } from '../staffing/index.js';

/** What is to be simulated: replications by their numbers, with so many agents by half hour. */
export interface SimulationWork {
  readonly agents: readonly number[];
  readonly replications: readonly number[];
}

const scenario = workerData as Scenario;
parentPort?.on('message', ({ agents, replications }: SimulationWork) => {
  parentPort?.postMessage(replications.map((nth) => replicate(scenario, agents, nth)));
});
