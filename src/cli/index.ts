export { runCli } from './run.js';
export { readSettings } from './settings.js';
export { exitCodes, type World } from './world.js';
