export type { Distribution } from './chance.js';
export type { Estimate } from './estimate.js';
export { type Replication, replicate } from './replication.js';
export { type Figures, type HalfHourReport, type Report, report } from './report.js';
export type { CallerKind, HalfHour, Scenario, Target, TargetSpan } from './scenario.js';
export { type Search, searchStaffing, type Staffing } from './search.js';
export { playOn } from './replay.js';
export { type Centre, type CentreRun, runCentre, type Telling, type Told } from './virtual-centre.js';
