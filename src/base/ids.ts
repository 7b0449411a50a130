/** Branded identifiers: one cannot be passed where another is meant. All are printable ASCII without spaces. */
declare const brand: unique symbol;
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One call from ring to hang-up; also the id of the contact that it leaves (one call, one contact). */
export type CallId = Branded<'CallId'>;
/** One SIP dialogue at an exchange. Inbound: chosen by the exchange; outbound: chosen by us. */
export type LegId = Branded<'LegId'>;
/** A mixing of legs, chosen by us, never used twice. */
export type BridgeId = Branded<'BridgeId'>;
/** One `play` command, chosen by us. */
export type PlaybackId = Branded<'PlaybackId'>;
/** One recording; also its file's name without extension. */
export type RecordingId = Branded<'RecordingId'>;
/** One exchange (Asterisk, simulator) that the engine is connected to. */
export type ExchangeId = Branded<'ExchangeId'>;
/** One outward command, unique in the journal. */
export type CommandId = Branded<'CommandId'>;
/** Hash of a site version: flows, prompts, phones, lookups together (hex). */
export type SiteHash = Branded<'SiteHash'>;

/** Brands a text that is known to be such an id (from the journal, from the exchange). */
export const asCallId = (text: string): CallId => text as CallId;
export const asLegId = (text: string): LegId => text as LegId;
export const asBridgeId = (text: string): BridgeId => text as BridgeId;
export const asPlaybackId = (text: string): PlaybackId => text as PlaybackId;
export const asRecordingId = (text: string): RecordingId => text as RecordingId;
export const asExchangeId = (text: string): ExchangeId => text as ExchangeId;
export const asCommandId = (text: string): CommandId => text as CommandId;
export const asSiteHash = (text: string): SiteHash => text as SiteHash;
