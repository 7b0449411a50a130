/** A source that is asked over HTTP: one request, one JSON answer, nothing followed, nothing kept. */
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { JsonObject, Scheduler } from '../base/index.js';
import { checkedResolver, forbiddenAddress, isAddress, isAllowedAddress, type Resolve } from './addresses.js';
import { type Attempt, failed, neverAsked, type Question, type Source, sourceFailed } from './attempt.js';
import { judgeHead, readAnswer } from './http-answer.js';
import type { HttpSource } from './source.js';

export interface HttpTools {
  /** Value of a secret; null where it is not there. */
  readonly secret: (name: string) => string | null;
  readonly resolve: Resolve;
  readonly scheduler: Scheduler;
}

const answerLimits = {
  /** Bytes of a body. What has a whole list to tell is asked for one row of it. */
  body: 262_144,
  /** Bytes of all header lines. */
  head: 16_384,
  /** Characters of a value that is asked by. */
  value: 200,
} as const;

const agentName = 'onedoor';
const forbidden = 'its address is not one that lookups may go to (allow-private permits private ones)';

export function openHttpSource(source: HttpSource, { secret, resolve, scheduler }: HttpTools): Source {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': agentName,
    ...source.headers,
  };
  let ill: string | null = null;
  for (const [header, name] of Object.entries(source.secretHeaders)) {
    const value = secret(name);
    if (value === null) ill ??= `its secret "${name}" is not there`;
    else if (!/^[\x20-\x7e]+$/.test(value))
      ill ??= `its secret "${name}" is not one line of plain characters`;
    else headers[header] = value;
  }
  if (isAddress(source.host) && !isAllowedAddress(source.host, source.allowPrivate)) ill ??= forbidden;
  const lookup = checkedResolver(resolve, source.allowPrivate);

  function ask({ command, with: given, signal }: Question): Promise<Attempt> {
    if (ill !== null) return Promise.resolve(sourceFailed(ill));
    const path = fillPath(source.path, given);
    if (path.result === 'refused') return Promise.resolve(path.attempt);
    const body = bodyOf(source, given);
    const sent = {
      ...headers,
      ...(source.idempotencyHeader === null ? {} : { [source.idempotencyHeader]: command }),
      ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
    };
    return new Promise((resolve) => {
      const request = (source.secure ? secureRequest : plainRequest)({
        host: source.host,
        port: source.port,
        method: source.method,
        path: path.path,
        headers: sent,
        // A connection for each question: none is left behind, and each address is checked when it is used.
        agent: false,
        lookup,
        signal,
        maxHeaderSize: answerLimits.head,
      });
      const connectAlarm = scheduler.at(scheduler.now() + source.limits.connectMs, () =>
        settle(sourceFailed(`no connection stood after ${source.limits.connectMs} ms`, true)),
      );
      const settle = (attempt: Attempt): void => {
        connectAlarm.cancel();
        resolve(attempt);
        request.destroy();
      };
      request.on('socket', (socket) =>
        socket.once(source.secure ? 'secureConnect' : 'connect', () => connectAlarm.cancel()),
      );
      request.on('error', (error) => settle(connectionFailed(error, signal)));
      request.on('upgrade', () => settle(sourceFailed('it wants another protocol')));
      request.on('response', (response) => receive(source, response, settle));
      send(request, body);
    });
  }

  return {
    ask,
    examine: () =>
      new Promise((resolve) => {
        if (ill !== null || isAddress(source.host)) return resolve(ill);
        lookup(source.host, { all: true }, (error) =>
          resolve(error === null ? null : whyNotConnected(error)),
        );
      }),
    close: () => Promise.resolve(),
  };
}

function receive(source: HttpSource, response: IncomingMessage, settle: (attempt: Attempt) => void): void {
  response.on('error', () => settle(sourceFailed('its answer broke off', true)));
  const head = judgeHead(source, {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    encoding: response.headers['content-encoding'] ?? '',
  });
  if (head !== null) return settle(head);
  const tooBig = (): void => settle(sourceFailed(`its answer has more than ${answerLimits.body / 1024} KB`));
  if (Number(response.headers['content-length'] ?? 0) > answerLimits.body) return tooBig();
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > answerLimits.body) return tooBig();
    chunks.push(chunk);
  });
  response.on('end', () => settle(readAnswer(source, Buffer.concat(chunks))));
}

function send(request: ClientRequest, body: Buffer | null): void {
  if (body === null) request.end();
  else request.end(body);
}

type FilledPath =
  | { readonly result: 'filled'; readonly path: string }
  | { readonly result: 'refused'; readonly attempt: Attempt };

/** The path with its slots filled; what a value cannot say in a URL finds nothing. */
function fillPath(parts: HttpSource['path'], given: JsonObject): FilledPath {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      path += part;
      continue;
    }
    const value = given[part.slot] ?? null;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return refused(neverAsked(failed(`the value of "${part.slot}" is neither a text nor a number`)));
    const text = String(value).trim();
    // As in tables: an empty entry is nobody's key. A lone half of a character has no form in UTF-8.
    if (text === '' || text.length > answerLimits.value || /\p{Surrogate}/u.test(text))
      return refused(neverAsked({ result: 'not-found' }));
    path += encodeURIComponent(text);
  }
  // Servers take these for a step up, out of the path that was declared.
  const segments = (path.split('?', 1)[0] ?? '').split('/');
  if (segments.includes('.') || segments.includes('..')) return refused(neverAsked({ result: 'not-found' }));
  return { result: 'filled', path };
}

function refused(attempt: Attempt): FilledPath {
  return { result: 'refused', attempt };
}

function bodyOf({ method, body }: HttpSource, given: JsonObject): Buffer | null {
  if (method === 'GET') return null;
  const values = Object.entries(body).map(([key, name]) => [key, given[name] ?? null]);
  return Buffer.from(JSON.stringify(Object.fromEntries(values)));
}

function connectionFailed(error: NodeJS.ErrnoException, signal: AbortSignal): Attempt {
  if (signal.aborted) return sourceFailed('its time was up');
  return sourceFailed(whyNotConnected(error), error.code !== forbiddenAddress);
}

/** By the error's code: its message may hold what was asked. */
function whyNotConnected({ code = 'no reason given' }: NodeJS.ErrnoException): string {
  return code === forbiddenAddress ? forbidden : `the connection failed (${code})`;
}
