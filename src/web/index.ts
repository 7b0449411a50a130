export { buildWeb, describedApi, listenWeb, type WebParts } from './app.js';
export { isLoopback } from './guard.js';
export type {
  AgentAction,
  AgentDesk,
  AgentStatus,
  CalendarDesk,
  CallbackStatus,
  TalkStatus,
  CalendarStatus,
  EngineFacade,
  EngineStatus,
  Erasing,
  FiguresAsked,
  FigureSpan,
  MeasureDesk,
  QueueDesk,
  QueueStatus,
  StopRequest,
  WaitStatus,
} from './port.js';
export {
  agentList,
  agentStatus,
  callbackList,
  talkList,
  queueList,
  waitStatus,
} from './schemas.js';
