export { type Clock, type ClockSources, startClock, type UtcMs } from './clock.js';
export {
  type ErrorCode,
  type ErrorFields,
  type ErrorRow,
  errorTable,
  type Finding,
  findingLine,
  OnedoorError,
} from './errors.js';
export * from './ids.js';
export type { Json, JsonObject } from './json.js';
export type { Key } from './key.js';
export { createLog, type Log } from './log.js';
