export { type AriAddress, type AriAnswer, type AriHttp, type AriMethod, openAriHttp } from './ari-http.js';
export type { AriEvent } from './ari-model.js';
export { type AriSocket, openAriSocket } from './ari-socket.js';
export {
  type AsteriskExchange,
  type AsteriskExchangeOptions,
  asteriskExchange,
} from './asterisk-exchange.js';
export {
  type EmbeddedEvent,
  type EmbeddedExchange,
  runEmbedded,
  stopEmbedded,
} from './embedded.js';
export { renderExchange } from './prepare.js';
export { type ExchangeProbe, probeExchange } from './probe.js';
export { findProgram, GOOD_ASTERISK, isAtLeast, LEAST_ASTERISK } from './program.js';
export { startRunningTime } from './running-time.js';
export type { ExchangeSecrets } from './secrets.js';
export type {
  AwayAnnouncements,
  ExchangeMode,
  ExchangePhone,
  ExchangeSettings,
  ExchangeTrunk,
  HostPort,
} from './settings.js';
