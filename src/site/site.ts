/** One site version: what is published together, checked, under one hash. */
import type { SiteHash } from '../base/index.js';
import type { CompiledFlow } from '../flows/index.js';
import type { MediaIndex, TextCatalog } from '../speech/index.js';

export interface Site {
  readonly hash: SiteHash;
  readonly name: string;
  /** BCP 47, the first is the default. */
  readonly languages: readonly string[];
  /** Service number as dialled -> name of its flow. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly texts: TextCatalog;
  readonly media: MediaIndex;
  readonly phones: readonly Phone[];
  readonly trunks: readonly Trunk[];
  readonly lookups: readonly LookupDeclaration[];
  /** Texts that the engine itself speaks. */
  readonly fallback: FallbackTexts;
}

/** A SIP phone that registers at the exchange. */
export interface Phone {
  /** Name in flows and in the SIP user part: letters, digits, `-`. */
  readonly name: string;
  readonly label: string;
}

export interface Trunk {
  readonly name: string;
  /** How the far side is known: the loopback trunk, by its address, or by our registration there. */
  readonly kind: 'loopback' | 'ip' | 'registration';
  /** Host or host:port of the far side; null for loopback. */
  readonly host: string | null;
  /** For `registration`: user name; the secret is in the state folder's secrets or the environment. */
  readonly username: string | null;
  readonly codecs: readonly ('alaw' | 'ulaw')[];
  /** Our address as the far side sees it, where a NAT stands between. */
  readonly externalAddress: string | null;
  /** Where the called number is found. */
  readonly calledNumber: 'request-uri' | 'to-header' | 'diversion';
  /** ISO 3166 country whose national numbers the far side sends, for E.164; null: leave as received. */
  readonly country: string | null;
}

export interface LookupDeclaration {
  readonly name: string;
  readonly kind: 'csv';
  /** Relative to the site's folder. */
  readonly file: string;
}

/** Names of texts in prompts/<lang>.yaml that the engine needs whatever the flow is. */
export interface FallbackTexts {
  /** A flow has a fault: "Sorry, something went wrong...". */
  readonly apology: string;
  /** The number dialled is not ours. */
  readonly unknownNumber: string;
  /** The phone to ring when a flow has a fault; null: apologise and hang up. */
  readonly phone: string | null;
}
