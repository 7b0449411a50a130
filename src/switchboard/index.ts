export { type CommandType, type Recovery, recoveryOf } from './recovery.js';
export {
  createSwitchboard,
  type Switchboard,
  type SwitchboardLimits,
  type SwitchboardParts,
  type SwitchboardSites,
  type SwitchboardStatus,
} from './switchboard.js';
