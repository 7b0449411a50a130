export { exposition, expositionType, type Window } from './exposition.js';
export type { AgentCounts, QueueCounts } from './counts.js';
export {
  type AgentFigures,
  agentFigures,
  callsIn,
  workIn,
  type Figure,
  knownHalfHours,
  type QueueFigures,
  queueFigures,
  serviceParts,
  type Stretch,
  type Unit,
} from './figures.js';
export { halfHourMs } from './half-hour.js';
export { asMeasured, type MeasuredFact } from './measured.js';
export { createMeasures, measure, type Measures, type MeasuresOptions } from './measures.js';
export type { ServiceLevel } from './service-level.js';
