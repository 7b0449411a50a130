/** A service that lookups ask, at a loopback port of its own, behaving well or badly; its connections are counted. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually, patientMs } from './waiting.js';

export interface Backend {
  readonly port: number;
  /** Requests that came, oldest first. */
  readonly requests: readonly Received[];
  /** Connections that are open now. */
  readonly open: number;
  /** The most requests that were being answered at one time. */
  readonly busiest: number;
  behave(handler: Handler): void;
  /** Waits until so many requests have come. */
  asked(count: number): Promise<void>;
  /** Waits until no connection is open any more. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (response: ServerResponse, request: Received, socket: Socket) => void;

export async function startBackend(handler: Handler): Promise<Backend> {
  const requests: Received[] = [];
  const sockets = new Set<Socket>();
  let behaviour = handler;
  let busy = 0;
  let busiest = 0;
  const server = createServer((request, response) => {
    busy += 1;
    busiest = Math.max(busiest, busy);
    response.on('close', () => {
      busy -= 1;
    });
    // Clients break off: that is what is tested.
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(received);
      behaviour(response, received, request.socket);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get open() {
      return sockets.size;
    },
    get busiest() {
      return busiest;
    },
    behave(next) {
      behaviour = next;
    },
    async asked(count) {
      await eventually(() => requests.length >= count, patientMs, `${count} requests`, 2);
    },
    async quiet() {
      await eventually(() => sockets.size === 0, patientMs, 'no connection is left', 2);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a JSON text. */
export const json =
  (value: unknown, status = 200): Handler =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(typeof value === 'string' ? value : JSON.stringify(value));

/** Begins to answer, then one byte at a time, for ever. */
export const trickle: Handler = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), 5);
  response.on('close', () => clearInterval(timer));
};
