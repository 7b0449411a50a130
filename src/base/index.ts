export { addressKind } from './address-kind.js';
export { type Clock, type ClockSources, startClock, type UtcMs } from './clock.js';
export { type CsvTable, readCsv } from './csv-source.js';
export {
  byPlace,
  type ErrorCode,
  type ErrorFields,
  type ErrorRow,
  errorTable,
  type Finding,
  findingLine,
  OnedoorError,
} from './errors.js';
export { extended } from './extended.js';
export * from './ids.js';
export { asJson, type Json, type JsonObject, wordOf } from './json.js';
export type { Key } from './key.js';
export { createLog, type Log } from './log.js';
export {
  checkNumber,
  exampleNumbers,
  isCountry,
  type NumberCheck,
  type NumberRules,
} from './phone-number.js';
export { type Pieces, pieceByPiece } from './pieces.js';
export { createRandom, type Random } from './random.js';
export { remembered } from './remembered.js';
export { type Alarm, type Scheduler, type SetTimer, startScheduler } from './scheduler.js';
export { checkYaml } from './yaml-check.js';
export { type Position, readYaml, type YamlPath, type YamlSource } from './yaml-source.js';
export { makeObjectsYoung } from './young-objects.js';
