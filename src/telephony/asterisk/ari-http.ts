import { Agent, request } from 'node:http';
import type { HostPort } from './settings.js';

/** An answer, or 0 as status when there was none: then the fate of the request is not known. */
export interface AriAnswer {
  readonly status: number;
  /** The parsed body; undefined where there is none. Without an answer: the reason. */
  readonly body: unknown;
}

export interface AriAddress extends HostPort {
  readonly user: { readonly name: string; readonly password: string };
}

export type AriMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** ARI over HTTP: for what cannot go over the WebSocket (recordings) or must not (commands that wait for a channel). */
export interface AriHttp {
  /**
   * @param path without leading slash, with its query.
   * Never rejects.
   */
  request(
    method: AriMethod,
    path: string,
    options?: { readonly body?: unknown; readonly limitMs?: number },
  ): Promise<AriAnswer>;
  close(): void;
}

/** So many commands may wait for a channel at once. */
const CONNECTIONS = 16;
const LIMIT_MS = 8000;
/** Far below the exchange's own limit, so that a request never meets a connection that is being closed. */
const IDLE_MS = 60_000;

export function openAriHttp(address: AriAddress): AriHttp {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS });
  const authorization = `Basic ${Buffer.from(`${address.user.name}:${address.user.password}`).toString('base64')}`;
  return {
    request: (method, path, { body, limitMs = LIMIT_MS } = {}) =>
      new Promise((resolve) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers: Record<string, string | number> = { authorization };
        if (text !== undefined) {
          headers['content-type'] = 'application/json';
          headers['content-length'] = Buffer.byteLength(text);
        }
        const options = {
          agent,
          host: address.host,
          port: address.port,
          method,
          path: `/ari/${path}`,
          headers,
        };
        const lost = (why: string): void => resolve({ status: 0, body: why });
        const sent = request({ ...options, signal: AbortSignal.timeout(limitMs) }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', (error) => lost(error.message));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) }),
          );
        });
        sent.on('error', (error) => lost(error.message));
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}

function parsed(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // An error page of the HTTP server itself: the status says enough.
    return undefined;
  }
}
