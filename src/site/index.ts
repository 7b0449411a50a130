export type { SiteCheck } from './check.js';
export { type DeskText, deskTexts } from './desk.js';
export { hashSite, type SiteFiles } from './files.js';
export { chooseSite, loadSite, readSite, siteFromFiles } from './load.js';
export { readScenario, type ScenarioCheck } from './scenario.js';
export { scenarioSchema } from './scenario-schema.js';
export { siteSchema } from './settings.js';
export type { CheckedSite, Desk, Site } from './site.js';
