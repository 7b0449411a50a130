export type { Flow, Step } from './ast.js';
export { checkFlow, hasErrors, type SiteFacts } from './check.js';
export { compileFlow } from './compile.js';
export { type FindingRow, findingTable, type FlowFinding } from './finding.js';
export type * from './flow.js';
export { type ParsedFlow, parseFlow } from './parse.js';
export type { FlowTexts } from './prompt.js';
