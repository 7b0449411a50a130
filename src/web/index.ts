export { buildWeb, listenWeb, type WebParts } from './app.js';
export { isLoopback, type WebAddress } from './guard.js';
export type { EngineFacade, EngineStatus, StopRequest } from './port.js';
export type { WebApp } from './web-app.js';
