export { buildWeb, listenWeb, type WebParts } from './app.js';
export { isLoopback } from './guard.js';
export type { EngineFacade, EngineStatus, StopRequest } from './port.js';
