/** An ARI that does what no Asterisk does on request: it is deaf, silent, slow or rude. And a time that stands still. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AriAddress } from '../../../src/telephony/asterisk/ari-http.js';
import type { Deadline, RunningTime } from '../../../src/telephony/asterisk/running-time.js';

export interface FakeRequest {
  readonly request_id: string;
  readonly method: string;
  readonly uri: string;
  readonly message_body?: string;
}

export interface FakeAri {
  readonly address: AriAddress;
  /** Requests over the socket, in order. */
  readonly requests: FakeRequest[];
  /** Links opened so far. */
  readonly links: WebSocket[];
  /** What it does with a request; by default it answers 200, and brings canaries back. */
  behaviour: (request: FakeRequest, socket: WebSocket) => void;
  readonly usual: FakeAri['behaviour'];
  version: string;
  handshake: number;
  event(event: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export const answer = (
  socket: WebSocket,
  { request_id }: FakeRequest,
  status_code: number,
  message_body = '',
): void => socket.send(JSON.stringify({ type: 'RESTResponse', request_id, status_code, message_body }));

export async function fakeAri(): Promise<FakeAri> {
  const connections = new Set<Socket>();
  const server = createServer((request, response) => {
    const bodies: Readonly<Record<string, unknown>> = {
      '/ari/asterisk/info': { system: { version: fake.version }, status: { startup_time: 'then' } },
      '/ari/channels': [],
      '/ari/bridges': [],
      '/ari/endpoints/PJSIP': [],
    };
    const body = bodies[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = (server.address() as { port: number }).port;
  const verify = (_: { req: IncomingMessage }, done: (fine: boolean, status?: number) => void): void =>
    done(fake.handshake === 101, fake.handshake);
  const sockets = new WebSocketServer({ server, verifyClient: verify });
  const usual: FakeAri['behaviour'] = (request, socket) => {
    answer(socket, request, 200);
    const canary = /^events\/user\/([^?]+)/.exec(request.uri)?.[1];
    if (canary !== undefined)
      socket.send(
        JSON.stringify({
          type: 'ChannelUserevent',
          eventname: canary,
          timestamp: '2026-03-04T10:00:00.500+0000',
        }),
      );
  };
  const fake: FakeAri = {
    address: { host: '127.0.0.1', port, user: { name: 'onedoor', password: 'secret' } },
    requests: [],
    links: [],
    behaviour: usual,
    usual,
    version: '22.10.1',
    handshake: 101,
    event: (event) => fake.links.at(-1)?.send(JSON.stringify(event)),
    async close() {
      for (const connection of connections) connection.destroy();
      sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
  sockets.on('connection', (socket) => {
    fake.links.push(socket);
    socket.on('message', (data: Buffer) => {
      const request = JSON.parse(data.toString('utf8')) as FakeRequest;
      fake.requests.push(request);
      fake.behaviour(request, socket);
    });
  });
  return fake;
}

/** Time that passes when it is told to. */
export interface FakeTime extends RunningTime {
  pass(ms: number): void;
  pause: boolean;
}

export function fakeTime(): FakeTime {
  let now = 0;
  const entries: (Deadline & { readonly at: number; readonly expired: () => void })[] = [];
  const listeners: (() => void)[] = [];
  const time: FakeTime = {
    pause: false,
    now: () => now,
    paused: () => time.pause,
    deadlines: (ms) => ({
      set(expired) {
        const entry = { at: now + ms, expired, met: false };
        entries.push(entry);
        return entry;
      },
    }),
    onTick: (listener) => listeners.push(listener),
    stop: () => {},
    pass(ms) {
      for (const end = now + ms; now < end; ) {
        now += 100;
        for (const entry of entries.splice(0)) {
          if (entry.met) continue;
          if (entry.at <= now) entry.expired();
          else entries.push(entry);
        }
        for (const listener of listeners) listener();
      }
    },
  };
  return time;
}
