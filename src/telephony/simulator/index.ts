export type { Caller, DialledCall } from './caller.js';
export type { Faults } from './faults.js';
export type { KeyPace, Party } from './party.js';
export type { Phone, PhoneBehaviour } from './phone.js';
export type { ScriptRun, Step } from './script.js';
export {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type Truth,
} from './simulator.js';
export type { Heard, Sound, SoundMatch } from './sound.js';
export {
  createLifetime,
  createVirtualTime,
  type Lifetime,
  virtualStart,
  type VirtualTime,
} from './virtual-time.js';
