/** Who may ask: the right host, the token, not too often. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** Where an HTTP server listens. */
export interface WebAddress {
  readonly host: string;
  /** 0 to 65,535; 0: any free one. */
  readonly port: number;
}

/**
 * Pure. The `Host` headers under which a server at an address is asked. Anything else is a page of somebody else's
 * that had its name pointed at us (DNS rebinding).
 */
export function hostsOf({ host, port }: WebAddress): ReadonlySet<string> {
  const shown = host.includes(':') ? `[${host}]` : host;
  const hosts = [shown, 'localhost', '127.0.0.1', '[::1]'].map((name) => `${name.toLowerCase()}:${port}`);
  // RFC 9110, section 7.2: the port is left out where it is the scheme's own.
  return new Set(port === 80 ? [...hosts, ...hosts.map((name) => name.replace(/:80$/, ''))] : hosts);
}

/** Pure. Whether only programs of this machine reach a server there. A name is not believed. */
export function isLoopback(host: string): boolean {
  return host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Whether an `Authorization` header carries the token; takes the same time whatever it carries.
 *
 * @param header as received
 */
export function carriesToken(header: string | undefined, token: string): boolean {
  // RFC 9110, section 11.1: the scheme's name is case-insensitive.
  const given = /^bearer +(?<token>[A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.groups?.['token'] ?? '';
  // Digests have one length, as the comparison needs, whatever was given.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token)) && given !== '';
}

export interface RateLimit {
  /** 0: go ahead; else how many seconds to wait. */
  take(): number;
}

/**
 * A bucket of requests that refills steadily. One for all: there is one token.
 *
 * @param now milliseconds, monotonic
 */
export function createRateLimit(
  limit: { readonly perSecond: number; readonly burst: number },
  now: () => number,
): RateLimit {
  let left = limit.burst;
  let filledAt = now();
  return {
    take() {
      const at = now();
      left = Math.min(limit.burst, left + ((at - filledAt) / 1000) * limit.perSecond);
      filledAt = at;
      if (left < 1) return Math.ceil((1 - left) / limit.perSecond);
      left -= 1;
      return 0;
    },
  };
}
