export type { LiveCall } from './live-call.js';
export {
  createSwitchboard,
  type Switchboard,
  type SwitchboardLimits,
  type SwitchboardParts,
  type SwitchboardSites,
  type SwitchboardStatus,
} from './switchboard.js';
export { answerUnattended } from './unattended.js';
export { runTurn, type TurnResult, type TurnStart, type TurnWorld } from './turn.js';
