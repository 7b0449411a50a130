/** One site version: what is published together, checked, under one hash. */
import type { CsvTable, NumberRules, SiteHash } from '../base/index.js';
import type { Routing, RoutingQueue } from '../acd/index.js';
import type { Calendar } from '../calendar/index.js';
import type { TalkTexts, Transfers } from '../calls/index.js';
import type { CompiledFlow } from '../flows/index.js';
import type { OutsideSource } from '../lookups/index.js';
import type { MediaIndex, TextCatalog } from '../speech/index.js';

/** A checked site version. What it says is in its files alone: the same files give the same version again. */
export interface CheckedSite {
  readonly hash: SiteHash;
  readonly name: string;
  /** BCP 47, the first is the default. */
  readonly languages: readonly string[];
  /** Service number as a trunk sends it -> name of its flow. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Numbers that answer with the version published for testing. */
  readonly testNumbers: ReadonlySet<string>;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly texts: TextCatalog;
  readonly phones: readonly Phone[];
  readonly trunks: readonly Trunk[];
  readonly queues: ReadonlyMap<string, Queue>;
  /** What the router goes by. */
  readonly routing: Routing;
  readonly desk: Desk;
  /** Where callers may be moved to by whoever talks to them; null: nowhere. */
  readonly transfers: Transfers | null;
  /** Names that people read, by agents' names. */
  readonly agentLabels: ReadonlyMap<string, string>;
  /** Numbers that callers may leave to be called back; null: none. */
  readonly callbacks: CallbackRules | null;
  /** Numbers to which the engine writes; null: none. */
  readonly messages: NumberRules | null;
  /** Tables of the lookups, by the name of their source. */
  readonly tables: ReadonlyMap<string, CsvTable>;
  /** By name. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Lookups that are asked outside, by the name of their source. */
  readonly sources: ReadonlyMap<string, OutsideSource>;
  /** Texts that the engine itself speaks. */
  readonly fallback: FallbackTexts;
  readonly limits: SiteLimits;
}

/** A checked site version whose texts have been made into sound. */
export interface Site extends CheckedSite {
  readonly media: MediaIndex;
  /** Length of a media file by its path, milliseconds; null where it is not known. */
  readonly mediaMs: (path: string) => number | null;
}

/** A SIP phone that registers at the exchange. */
export interface Phone {
  /** Name in flows and in the SIP user part: small letters, digits, `-`. */
  readonly name: string;
  readonly label: string;
  /** It may transfer calls by itself (REFER). */
  readonly transfers: boolean;
}

/** Numbers that callers may leave, and how the engine calls them. */
export interface CallbackRules extends NumberRules {
  /** By which callers who keep their place are called back; null: the engine calls nobody. */
  readonly trunk: string | null;
  /** The number that their phones show; null: the one that they had called. */
  readonly show: string | null;
}

/** Where callers wait for an agent. */
export interface Queue extends RoutingQueue {
  readonly label: string;
  /** Who answers it. */
  readonly agents: readonly Agent[];
  /** Name of the calendar that says when it is answered at all; null: always. */
  readonly calendar: string | null;
  /** Text that an agent hears who picks up; null: none. */
  readonly whisper: string | null;
  readonly callback: RoutingQueue['callback'] & {
    /** How long the phone of who is called back rings. */
    readonly ringMs: number;
    /** What becomes of callbacks whose turn comes while the queue is closed: they wait for its opening, or are given up. */
    readonly whenClosed: 'keep' | 'give-up';
  };
  /** Talks are recorded; `notice`: text that tells the caller so before; null: the flow does. null: they are not. */
  readonly record: { readonly notice: string | null } | null;
  readonly music: boolean;
}

export interface Agent {
  readonly name: string;
  readonly label: string;
  /** Name of a phone. */
  readonly phone: string;
  /** Skill to level, 1 to 5; one that is not there is not had. */
  readonly skills: Readonly<Record<string, number>>;
  /** In which the engine speaks to the agent. */
  readonly language: string;
}

/** What agents dial on their phones. */
export interface Desk {
  readonly codes: Readonly<
    Record<
      'sign-in' | 'sign-out' | 'ready' | 'pause' | 'end-wrap-up' | 'dispose' | 'record-off' | 'record-on',
      string
    >
  >;
  /** Name of a reason to pause, by the digit that is dialled after the code. */
  readonly pauses: Readonly<Record<string, string>>;
  /** What agents hear who press a code while they talk. */
  readonly talkTexts: TalkTexts;
  /** Agents' languages by their names. */
  readonly languages: ReadonlyMap<string, string>;
}

export interface Trunk {
  readonly name: string;
  /** How the far side is known: the loopback trunk, by its address, or by our registration there. */
  readonly kind: 'loopback' | 'ip' | 'registration';
  /** Host or host:port of the far side; null: the loopback trunk makes no calls. */
  readonly host: string | null;
  /** For `registration`: user name; the secret is in the state folder's secrets. */
  readonly username: string | null;
  /** In order of preference, at least one. */
  readonly codecs: readonly ('alaw' | 'ulaw')[];
  /** Our address as the far side sees it, where a NAT stands between. */
  readonly externalAddress: string | null;
  /** Where the called number is found. */
  readonly calledNumber: 'request-uri' | 'to-header' | 'diversion';
  /** ISO 3166 country whose national numbers the far side sends, for E.164; null: leave as received. */
  readonly country: string | null;
}

/** Names of texts in prompts/<lang>.yaml that the engine needs whatever the flow is. */
interface FallbackTexts {
  /** A flow has a fault: "Sorry, something went wrong...". */
  readonly apology: string;
  /** The number dialled is not ours. */
  readonly unknownNumber: string;
  /** The phone to ring when a flow has a fault; null: apologise and hang up. */
  readonly phone: string | null;
}

interface SiteLimits {
  /** Calls at once; more are rejected with congestion. */
  readonly calls: number;
  /** The same while the journal is degraded. */
  readonly callsWhenDegraded: number;
}
