export type { Agent, AgentState, AgentWish, Phone, Spoke } from './agent.js';
export { decide } from './decide.js';
export { announce, type Estimate, estimate } from './estimate.js';
export type {
  AcdChange,
  AcdDecision,
  AcdEvent,
  AcdFact,
  AcdMessage,
  AcdRefusal,
  AcdRow,
  DeskFact,
  Disposition,
  QueueHistory,
  RouterFact,
} from './event.js';
export { explain } from './explain.js';
export type { LastAgent, Preference } from './preference.js';
export { type AgentCause, agentMoves, type TicketCause, ticketMoves } from './moves.js';
export { type AgentOverview, type Overview, overview, type QueueOverview } from './overview.js';
export { apply, createRouter, type Router, type RouterView, restoreRouter, rowsOf } from './router.js';
export type {
  Channel,
  Levels,
  MissCause,
  RelaxStep,
  Routing,
  RoutingAgent,
  RoutingQueue,
  Strategy,
} from './routing.js';
export type {
  Announced,
  Explanation,
  Offer,
  Place,
  Ticket,
  TicketRefusal,
  TicketState,
  WaitExplanation,
} from './ticket.js';
