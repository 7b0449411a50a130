export { runCli } from './run.js';
export { readSettings } from './settings.js';
export { openSimulation, type Simulation } from './simulation.js';
export { exitCodes, type World } from './world.js';
