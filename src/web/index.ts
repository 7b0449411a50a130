export { buildWeb, describedApi, listenWeb, type WebParts } from './app.js';
export { isLoopback } from './guard.js';
export type {
  CalendarDesk,
  CalendarStatus,
  EngineFacade,
  EngineStatus,
  Erasing,
  StopRequest,
} from './port.js';
export { calendarList, calendarStatus } from './schemas.js';
