export { exposition, expositionType, type Window } from './exposition.js';
export type { AgentCounts, QueueCounts } from './counts.js';
export {
  type AgentFigures,
  agentFigures,
  callsIn,
  contactFigures,
  workIn,
  knownHalfHours,
  type QueueFigures,
  queueFigures,
  serviceParts,
  type Stretch,
} from './figures.js';
export type { ContactFigures } from './contact-figures.js';
export type { Figure, Unit } from './figure.js';
export { halfHourMs } from './half-hour.js';
export { asMeasured, type MeasuredFact } from './measured.js';
export { createMeasures, measure, type Measures, type MeasuresOptions } from './measures.js';
export type { ServiceLevel } from './service-level.js';
