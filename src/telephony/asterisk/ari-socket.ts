import type { Socket } from 'node:net';
import WebSocket from 'ws';
import type { AriAddress, AriAnswer, AriMethod } from './ari-http.js';
import type { AriEvent } from './ari-model.js';
import type { Deadline, Deadlines, RunningTime } from './running-time.js';

/** One WebSocket to ARI: events come, and requests go (REST over WebSocket, one after another). */
export interface AriSocket {
  /**
   * @param uri without leading slash, with its query, encoded.
   * @returns the answer; of a success only a GET has its body. Never rejects; status 0: no answer, fate unknown.
   */
  request(method: AriMethod, uri: string, body?: string): Promise<AriAnswer>;
  ping(): void;
  /**
   * Running time of the last answer or pong. Events do not count: they come from other threads of Asterisk's, also
   * while the one that serves this socket is stuck in a request.
   */
  heardAt(): number;
  /** Drops the connection at once. */
  drop(why: string): void;
}

export interface AriSocketListener {
  /** Events in the order in which they came, never from within a request. */
  readonly onEvent: (event: AriEvent) => void;
  /** Once. All requests without an answer have been settled as unknown. */
  readonly onClosed: (why: string) => void;
}

/** The handshake was refused with an HTTP status. */
export class HandshakeRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the handshake was refused with status ${status}`);
    this.name = 'HandshakeRefused';
    this.status = status;
  }
}

const HANDSHAKE_MS = 3000;
const GOODBYE_MS = 200;

/**
 * Opens a socket.
 *
 * @param applications whose events come, at least one.
 * @throws HandshakeRefused, or the error of the connection.
 */
export function openAriSocket(
  address: AriAddress,
  applications: readonly string[],
  time: RunningTime,
  deadlines: Deadlines,
  listener: AriSocketListener,
): Promise<AriSocket> {
  const authorization = `Basic ${Buffer.from(`${address.user.name}:${address.user.password}`).toString('base64')}`;
  const socket = new WebSocket(
    `ws://${address.host}:${address.port}/ari/events?app=${applications.join(',')}&subscribeAll=false`,
    {
      headers: { authorization },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      // Names of callers may be no UTF-8; they must not close the socket.
      skipUTF8Validation: true,
    },
  );
  return new Promise((resolve, reject) => {
    let wire: Socket | undefined;
    socket.once('upgrade', (response) => {
      wire = response.socket;
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_, response) => {
      reject(new HandshakeRefused(response.statusCode ?? 0));
      socket.terminate();
    });
    socket.once('open', () => {
      socket.off('error', reject);
      resolve(serve(socket, wire, time, deadlines, listener));
    });
  });
}

interface Pending {
  /** Whether the answer's body is wanted when all went well. */
  readonly whole: boolean;
  readonly resolve: (answer: AriAnswer) => void;
  readonly deadline: Deadline;
}

function serve(
  socket: WebSocket,
  wire: Socket | undefined,
  time: RunningTime,
  deadlines: Deadlines,
  { onEvent, onClosed }: AriSocketListener,
): AriSocket {
  const pending = new Map<string, Pending>();
  let queue: AriEvent[] = [];
  let requests = 0;
  let heardAt = time.now();
  let dropped: string | undefined;

  const settle = (id: string, answer: AriAnswer): void => {
    const waiting = pending.get(id);
    if (waiting === undefined) return;
    pending.delete(id);
    waiting.deadline.met = true;
    waiting.resolve(answer);
  };
  const drain = (): void => {
    const events = queue;
    queue = [];
    for (const event of events) if (dropped === undefined) onEvent(event);
  };
  /** Most answers say no more than that it was done: their bodies, whole channels, are not worth parsing. */
  const doneInShort = (text: string): boolean => {
    const found = DONE.exec(text);
    const id = found?.[1];
    if (id === undefined || pending.get(id)?.whole === true) return false;
    heardAt = time.now();
    settle(id, { status: Number(found?.[2]), body: undefined });
    return true;
  };
  // The reader parses and enqueues, nothing else: a slow reader backs up into Asterisk, which then turns callers away.
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    if (doneInShort(text)) return;
    const event = parsed(text);
    if (event === undefined) return drop('an event that is no JSON');
    if (event.type === 'RESTResponse') {
      heardAt = time.now();
      settle(event.request_id, { status: event.status_code, body: event.message_body });
      return;
    }
    if (queue.push(event) === 1) setImmediate(drain);
  });
  socket.on('pong', () => {
    heardAt = time.now();
  });
  const closed = (why: string): void => {
    if (dropped !== undefined) return;
    dropped = why;
    for (const id of Array.from(pending.keys())) settle(id, { status: 0, body: why });
    onClosed(why);
  };
  socket.on('error', (error) => closed(error.message));
  socket.on('close', (code) => closed(`closed with code ${code}`));

  // Requests of one moment (answer, play) leave in one write: a system call costs more than all else here.
  let corked = false;
  const together = (): void => {
    if (corked || wire === undefined) return;
    corked = true;
    wire.cork();
    process.nextTick(() => {
      corked = false;
      wire.uncork();
    });
  };

  const send = (method: AriMethod, uri: string, body: string | undefined): Promise<AriAnswer> =>
    new Promise((resolve) => {
      if (dropped !== undefined) return resolve({ status: 0, body: dropped });
      const id = String(++requests);
      pending.set(id, {
        resolve,
        whole: method === 'GET',
        deadline: deadlines.set(() => settle(id, { status: 0, body: 'no answer in time' })),
      });
      together();
      // Written by hand, since it is sent for every command: neither method, id nor an encoded URI needs escaping.
      const head = `{"type":"RESTRequest","request_id":"${id}","method":"${method}","uri":"${uri}"`;
      socket.send(
        body === undefined
          ? `${head}}`
          : `${head},"content_type":"application/json","message_body":${JSON.stringify(body)}}`,
      );
    });

  const drop = (why: string): void => {
    closed(why);
    // Politely where the other side still listens, and soon in any case.
    socket.close(1000);
    setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
  };

  return {
    request(method, uri, body) {
      if (!time.paused()) return send(method, uri, body);
      // First what has come in meanwhile, perhaps the word that another engine took over.
      return new Promise((resolve) =>
        setImmediate(() => setImmediate(() => resolve(send(method, uri, body)))),
      );
    },
    ping: () => socket.ping(),
    heardAt: () => heardAt,
    drop,
  };
}

/** The beginning of an answer that is good news; whatever does not begin so is parsed. */
const DONE =
  /^\{"type":"RESTResponse","transaction_id":"[^"\\]*","request_id":"(\d+)","status_code":(2\d\d),/;

function parsed(text: string): AriEvent | undefined {
  try {
    return JSON.parse(text) as AriEvent;
  } catch {
    return undefined;
  }
}
