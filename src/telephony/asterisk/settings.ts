import type { ExchangeId } from '../../base/index.js';

/** An address that a server listens at or is reached by. */
export interface HostPort {
  /** An IPv4 address; where it is connected to, a host name too. */
  readonly host: string;
  /** 1 to 65,535. */
  readonly port: number;
}

/**
 * Who runs the Asterisk: we, from the toolbox (`embedded`) or from the machine's own package (`system`), or somebody
 * else (`external`).
 */
export type ExchangeMode = 'embedded' | 'system' | 'external';

/** A phone that registers, as far as the exchange must know it. */
export interface ExchangePhone {
  /** Letters, digits, `-`; at most 40. Not `trunk-…`. */
  readonly name: string;
  /**
   * It may send REFER; false by default. Before Asterisk 22.11 a REFER with `Refer-Sub: false` (RFC 4488) ends the
   * exchange with all its calls (asterisk issue 2021): only for phones that are known not to send that.
   */
  readonly transfers?: boolean;
}

/** A line to the outside, as far as the exchange must know it; see `Trunk` in onedoor.yaml for the words. */
export interface ExchangeTrunk {
  /** Letters, digits, `-`; at most 40. Not `phones`. */
  readonly name: string;
  readonly kind: 'loopback' | 'ip' | 'registration';
  /** Host or host:port of the far side; null for loopback where no call goes out. */
  readonly host: string | null;
  readonly username: string | null;
  readonly codecs: readonly ('alaw' | 'ulaw')[];
  /** Our IPv4 address as the far side sees it; the same for every trunk that gives one. */
  readonly externalAddress: string | null;
  readonly calledNumber: 'request-uri' | 'to-header' | 'diversion';
  /** ISO 3166 country whose national numbers the far side sends; null: numbers are left as received. */
  readonly country: string | null;
}

/** What callers hear from the exchange itself while the engine is away: absolute paths without extension. */
export interface AwayAnnouncements {
  /** "One moment please…"; several (one a language) are played one after another. */
  readonly away: readonly string[];
  /** "Please leave a message after the tone." */
  readonly leaveMessage: readonly string[];
  readonly thanks: readonly string[];
  /** So long a caller waits for the engine to come back before a message can be left, seconds; 30 by default. */
  readonly waitSeconds?: number;
}

/** Everything that one exchange is made from. Pure data; all paths absolute. */
export interface ExchangeSettings {
  readonly id: ExchangeId;
  readonly mode: ExchangeMode;
  /** The exchange's own part of the state folder: configuration, run files, log. */
  readonly folder: string;
  /** A file with the exchange's secrets, made (mode 0600) when it is not there. */
  readonly secretsFile: string;
  readonly mediaFolder: string;
  readonly recordingsFolder: string;
  /** Where callers' messages go while the engine is away. */
  readonly voicemailFolder: string;
  /** Music for waiting callers (`.alaw` and `.ulaw` files); null: a made one. */
  readonly musicFolder: string | null;
  readonly sip: HostPort;
  readonly ari: HostPort;
  /** UDP ports of media, both included; two a leg, the first even. */
  readonly rtp: { readonly first: number; readonly last: number };
  /** Empty lists: sounds of Asterisk's own package. */
  readonly announcements: AwayAnnouncements;
  readonly phones: readonly ExchangePhone[];
  readonly trunks: readonly ExchangeTrunk[];
  /** Trunk name -> the secret of its registration. */
  readonly trunkSecrets: Readonly<Record<string, string>>;
  /** Path of the toolbox.json that describes the embedded Asterisk; null where none is needed. */
  readonly toolbox: string | null;
  /** For `external`: the ARI user; null: the rendered configuration's own. */
  readonly ariUser: { readonly name: string; readonly password: string } | null;
}

/** The Stasis application that the engine is. */
export const STASIS_APP = 'onedoor';

/**
 * A second one on the same socket, which hears of phones only: whoever subscribes to endpoints is told of their
 * channels too, and in the first application each of those events would come twice.
 */
export const PHONES_APP = 'onedoor-phones';

/** Set to `ari-only` on a phone's channel, its REFER comes to us, and Asterisk moves nothing by itself. */
export const TRANSFER_HANDLING = 'PJSIP_TRANSFER_HANDLING()';

/** So long after its last heartbeat the engine counts as away, seconds. */
export const HEARTBEAT_SECONDS = 4;
