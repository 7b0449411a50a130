/** Exchanges, lines and callers for the tests of this room. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asExchangeId, createLog } from '../../../src/base/index.js';
import { freeTcpPort, freeUdpPort } from '../../../src/outside/free-port.js';
import type { ExchangeSettings, ExchangeTrunk } from '../../../src/telephony/asterisk/index.js';
import type { LinkEvent, TelephonyEvent } from '../../../src/telephony/port.js';
import { toolboxFile } from '../../kit/toolbox.js';
import { eventually, patientMs } from '../../kit/waiting.js';

export const silent = createLog('silent');

export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), 'onedoor-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

export const loopbackTrunk: ExchangeTrunk = {
  name: 'loopback',
  kind: 'loopback',
  host: null,
  username: null,
  codecs: ['alaw', 'ulaw'],
  externalAddress: null,
  calledNumber: 'request-uri',
  country: null,
};

/** Settings of an embedded exchange on free ports, with all its files below `folder`. */
export async function exchangeIn(
  folder: string,
  more: Partial<ExchangeSettings> = {},
): Promise<ExchangeSettings> {
  return {
    ...plainSettings(folder),
    sip: { host: '127.0.0.1', port: await freeUdpPort() },
    ari: { host: '127.0.0.1', port: await freeTcpPort() },
    toolbox: toolboxFile(),
    ...more,
  };
}

export function plainSettings(folder: string): ExchangeSettings {
  return {
    id: asExchangeId('test'),
    mode: 'embedded',
    folder: join(folder, 'exchange'),
    secretsFile: join(folder, 'secrets', 'exchange.json'),
    mediaFolder: join(folder, 'media'),
    recordingsFolder: join(folder, 'recordings'),
    voicemailFolder: join(folder, 'voicemail'),
    musicFolder: null,
    sip: { host: '127.0.0.1', port: 5060 },
    ari: { host: '127.0.0.1', port: 8088 },
    rtp: { first: 22_000, last: 22_399 },
    announcements: { away: [], leaveMessage: [], thanks: [] },
    phones: [],
    trunks: [loopbackTrunk],
    trunkSecrets: {},
    toolbox: null,
    ariUser: null,
  };
}

type LineEvent = TelephonyEvent | LinkEvent;

/** What an exchange told, in order. */
export interface Line {
  readonly events: LineEvent[];
  readonly listener: (event: LineEvent) => void;
  /** The first event of the type, told already or still to come, for which `fits` holds; fails after `limitMs`. */
  next<Type extends LineEvent['type']>(
    type: Type,
    fits?: (event: Extract<LineEvent, { type: Type }>) => boolean,
    limitMs?: number,
  ): Promise<Extract<LineEvent, { type: Type }>>;
}

export function newLine(): Line {
  const events: LineEvent[] = [];
  const waiting = new Set<(event: LineEvent) => void>();
  return {
    events,
    listener(event) {
      events.push(event);
      for (const look of Array.from(waiting)) look(event);
    },
    next(type, fits = () => true, limitMs = patientMs) {
      type Wanted = Extract<LineEvent, { type: typeof type }>;
      const isIt = (event: LineEvent): event is Wanted => event.type === type && fits(event as Wanted);
      const told = events.find(isIt);
      if (told !== undefined) return Promise.resolve(told);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const seen = events.map((event) => event.type).join(' ');
          reject(new Error(`no ${type} within ${limitMs} ms; seen: ${seen}`));
        }, limitMs);
        const look = (event: LineEvent): void => {
          if (!isIt(event)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
      });
    },
  };
}

/** Waits until a condition holds; fails after `limitMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = patientMs,
): Promise<void> {
  await eventually(holds, limitMs, what, 10);
}

/** A caller made of raw SIP text, who can say what no phone would. */
export interface RawCaller {
  /** Sends an INVITE; resolves with the status line of its first final answer. Acknowledges it. */
  invite(request: RawInvite): Promise<string>;
  bye(): Promise<void>;
  close(): void;
}

export interface RawInvite {
  /** What stands between `sip:` and `@`. */
  readonly user: string;
  /** The From header's display name and URI, tag excluded. */
  readonly from: string;
  readonly to?: string;
  readonly headers?: readonly string[];
}

export async function rawCaller(
  exchange: { readonly host: string; readonly port: number },
  host = '127.0.0.1',
): Promise<RawCaller> {
  const socket: Socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const own = `${host}:${socket.address().port}`;
  const callId = `${process.pid}-${socket.address().port}@raw`;
  let sequence = 0;
  let last: { request: RawInvite; to: string } | undefined;

  const send = (text: string): void => socket.send(Buffer.from(text, 'latin1'), exchange.port, exchange.host);
  const message = (
    method: string,
    number: number,
    { user, from, headers = [] }: RawInvite,
    to: string,
    body = '',
  ): string =>
    [
      `${method} sip:${user}@${exchange.host}:${exchange.port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK-${socket.address().port}-${method === 'ACK' ? sequence : number};rport`,
      'Max-Forwards: 70',
      `From: ${from};tag=raw`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${number} ${method}`,
      `Contact: <sip:raw@${own}>`,
      ...headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  const answer = (number: number): Promise<{ status: string; to: string }> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no final answer to a raw request')), patientMs);
      const look = (data: Buffer): void => {
        const text = data.toString('latin1');
        const status = /^SIP\/2\.0 ([2-6]\d\d .*)\r\n/.exec(text)?.[1];
        if (status === undefined || !text.includes(`CSeq: ${number} `)) return;
        clearTimeout(timer);
        socket.off('message', look);
        resolve({ status, to: /^To: (.*)\r$/m.exec(text)?.[1] ?? '' });
      };
      socket.on('message', look);
    });

  return {
    async invite(request) {
      const number = ++sequence;
      const to = request.to ?? `<sip:${request.user}@${exchange.host}>`;
      const sdp = [
        'v=0',
        'o=raw 1 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=audio ${socket.address().port + 1} RTP/AVP 8 101`,
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:101 telephone-event/8000',
        '',
      ].join('\r\n');
      const answered = answer(number);
      send(message('INVITE', number, request, to, sdp));
      const final = await answered;
      send(message('ACK', number, request, final.to));
      last = { request, to: final.to };
      return final.status;
    },
    async bye() {
      if (last === undefined) return;
      const number = ++sequence;
      const answered = answer(number);
      send(message('BYE', number, last.request, last.to));
      await answered;
    },
    close: () => socket.close(),
  };
}
