export type { Flow, Step } from './ast.js';
export { checkFlow, hasErrors } from './check.js';
export { compileFlow } from './compile.js';
export type { FindingRow, FindingTable, FlowFinding } from './finding.js';
export { findingTable } from './finding-table.js';
export type * from './flow.js';
export { type ParsedFlow, parseFlow } from './parse.js';
export type { FlowTexts } from './prompt.js';
export type { SiteFacts } from './site-facts.js';
