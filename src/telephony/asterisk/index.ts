export {
  type AsteriskExchange,
  type AsteriskExchangeOptions,
  asteriskExchange,
} from './asterisk-exchange.js';
export {
  type EmbeddedEvent,
  type EmbeddedExchange,
  renderExchange,
  runEmbedded,
  stopEmbedded,
} from './embedded.js';
export { GOOD_ASTERISK, LEAST_ASTERISK } from './program.js';
export { type ExchangeSecrets, exchangeSecrets } from './secrets.js';
export type {
  AwayAnnouncements,
  ExchangeMode,
  ExchangePhone,
  ExchangeSettings,
  ExchangeTrunk,
  HostPort,
} from './settings.js';
