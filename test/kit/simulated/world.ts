/** What stands around the engine: time, disk, exchange; and what is told of them. */
import { createSimulatedDisk, type SimulatedDisk } from '../../../src/journal/index.js';
import {
  createSimulator,
  createVirtualTime,
  type Simulator,
  type Truth,
  type VirtualTime,
} from '../../../src/telephony/simulator/index.js';
import { agentPhones } from './hotline.js';
import type { HotlineOptions } from './options.js';

/** A time in which a caller may hear nothing, for a reason that the engine cannot help. */
export interface Excuse {
  readonly from: number;
  to: number;
}

export interface World {
  readonly time: VirtualTime;
  readonly disk: SimulatedDisk;
  readonly simulator: Simulator;
  readonly trace: readonly string[];
  readonly excuses: readonly Excuse[];
  /** Until then the disk stands still: nothing is written. */
  stillUntil: number;
  readonly say: (line: string) => void;
  /** One that begins now; without an end as yet. */
  readonly excuse: () => Excuse;
}

export function createWorld({ seed, faults }: Pick<HotlineOptions, 'seed' | 'faults'>): World {
  const time = createVirtualTime();
  const simulator = createSimulator({
    scheduler: time,
    mediaMs: () => 700,
    phones: agentPhones,
    seed,
    ...(faults === undefined ? {} : { faults }),
  });
  const trace: string[] = [];
  const excuses: Excuse[] = [];
  const say = (line: string): void => void trace.push(`${time.now()} ${line}`);
  simulator.observe((truth) => say(truthLine(truth)));
  return {
    time,
    disk: createSimulatedDisk(),
    simulator,
    trace,
    excuses,
    stillUntil: 0,
    say,
    excuse() {
      const begun = { from: time.now(), to: Number.POSITIVE_INFINITY };
      excuses.push(begun);
      return begun;
    },
  };
}

function truthLine(truth: Truth): string {
  if (truth.type === 'command') return `command ${JSON.stringify(truth.command)}`;
  const { event } = truth;
  return `event ${event.type} ${'leg' in event ? event.leg : ''} ${JSON.stringify(event)}`;
}
