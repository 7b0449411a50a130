/**
 * An agent's SIP phone, as small as can be: registers (RFC 3261, digest as in RFC 2617), answers at once, hangs up
 * after a while or when told to, and notes by its own clock when it hung up and when it was rung. It has no media.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostPort } from '../src/telephony/asterisk/index.js';

export interface BenchPhone {
  /** Forgets what was noted; a talk takes so long from now on, one value after the other; none: until `hangUp`. */
  begin(talkMs: readonly number[]): void;
  /** Ends the talk. False: it talks to nobody. */
  hangUp(): boolean;
  /** From each BYE of its own to the INVITE that came next, milliseconds. */
  gapsMs(): readonly number[];
  /** Calls that were answered here and that this side ended. */
  talks(): number;
  close(): void;
}

export interface BenchPhoneOptions {
  readonly name: string;
  readonly password: string;
  readonly exchange: HostPort;
  readonly port: number;
}

interface Message {
  /** First line: what is asked, or the answer. */
  readonly first: string;
  readonly one: (header: string) => string;
  readonly all: (header: string) => readonly string[];
}

const host = '127.0.0.1';
/** RFC 3261, 17.1.1.1: a request that nobody answers is sent again. */
const retransmitMs = 500;
const mostByes = 10;
const registerMs = 10_000;
const expiresSeconds = 600;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomUUID().slice(0, 13);

/** @throws when the exchange does not take its registration within ten seconds. */
export async function openBenchPhone({
  name,
  password,
  exchange,
  port,
}: BenchPhoneOptions): Promise<BenchPhone> {
  const socket = createSocket('udp4').bind(port, host);
  await once(socket, 'listening');
  // A bench that failed ends, whatever phones it leaves.
  socket.unref();
  const contact = `<sip:${name}@${host}:${port}>`;
  const sdp = `v=0\r\no=${name} 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio ${port + 1} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n`;
  const timers = new Set<NodeJS.Timeout>();
  /** Branch of a request of ours -> who waits for its final answer. */
  const asked = new Map<string, (answer: Message) => void>();
  /** Call-ID -> what we answered; an INVITE that comes again is answered again. */
  const answered = new Map<string, string>();
  let talkMs: readonly number[] = [1_000];
  let gaps: number[] = [];
  let hungUpAt: number | null = null;
  let talks = 0;
  let talking: Message | null = null;
  let closed = false;

  const send = (lines: readonly string[], body = ''): string => {
    const text = `${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    socket.send(text, exchange.port, exchange.host);
    return text;
  };
  const ask = (method: string, uri: string, lines: readonly string[]): Promise<Message> => {
    const branch = `z9hG4bK${token()}`;
    const via = `Via: SIP/2.0/UDP ${host}:${port};branch=${branch};rport`;
    const text = send([`${method} ${uri} SIP/2.0`, via, 'Max-Forwards: 70', ...lines]);
    const again = setInterval(() => socket.send(text, exchange.port, exchange.host), retransmitMs).unref();
    timers.add(again);
    return new Promise((resolve) => {
      asked.set(branch, (answer) => {
        clearInterval(again);
        timers.delete(again);
        asked.delete(branch);
        resolve(answer);
      });
    });
  };
  const answer = (request: Message, status: string, more: readonly string[] = [], body = ''): string =>
    send(
      [
        `SIP/2.0 ${status}`,
        ...request.all('Via').map((via) => `Via: ${via}`),
        `From: ${request.one('From')}`,
        `To: ${withTag(request.one('To'), tagOf(request))}`,
        `Call-ID: ${request.one('Call-ID')}`,
        `CSeq: ${request.one('CSeq')}`,
        ...more,
      ],
      body,
    );
  const hangUp = async (invite: Message): Promise<void> => {
    const call = invite.one('Call-ID');
    // The other side was quicker.
    if (!answered.delete(call)) return;
    talking = null;
    const [, target = ''] = /<([^>]+)>/.exec(invite.one('Contact')) ?? [];
    hungUpAt = performance.now();
    talks += 1;
    // An exchange that has not seen our answer yet knows no such call: 481. It is told again when it has.
    for (let cseq = 1; cseq <= mostByes && !closed; cseq++) {
      const told = await ask('BYE', target, [
        `From: ${withTag(invite.one('To'), tagOf(invite))}`,
        `To: ${invite.one('From')}`,
        `Call-ID: ${call}`,
        `CSeq: ${cseq} BYE`,
      ]);
      if (told.first.startsWith('SIP/2.0 2')) return;
      await pause(retransmitMs);
    }
  };
  const rung = (invite: Message, at: number): void => {
    const call = invite.one('Call-ID');
    const before = answered.get(call);
    if (before !== undefined) {
      socket.send(before, exchange.port, exchange.host);
      return;
    }
    if (hungUpAt !== null) gaps.push(at - hungUpAt);
    hungUpAt = null;
    const more = [`Contact: ${contact}`, 'Content-Type: application/sdp'];
    answered.set(call, answer(invite, '200 OK', more, sdp));
    talking = invite;
    const ms = talkMs[talks % talkMs.length];
    if (ms === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void hangUp(invite);
    }, ms);
    timers.add(timer);
  };

  socket.on('message', (data) => {
    const at = performance.now();
    const message = parse(data.toString());
    const [method = ''] = message.first.split(' ');
    if (method === 'SIP/2.0') {
      const [, branch = ''] = /branch=([^;\s]+)/.exec(message.one('Via')) ?? [];
      if (!message.first.startsWith('SIP/2.0 1')) asked.get(branch)?.(message);
    } else if (method === 'INVITE') {
      rung(message, at);
    } else if (method !== 'ACK') {
      if (method === 'BYE') {
        answered.delete(message.one('Call-ID'));
        if (talking?.one('Call-ID') === message.one('Call-ID')) talking = null;
      }
      answer(message, '200 OK');
    }
  });

  const registered = register();
  const close = (): void => {
    closed = true;
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  };
  const late = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), registerMs).unref();
    timers.add(timer);
  });
  const taken = await Promise.race([registered, late]);
  if (taken === null || !taken.first.includes(' 200 ')) {
    close();
    throw new Error(`phone ${name} is not registered: ${taken?.first ?? 'the exchange gave no answer'}`);
  }

  async function register(): Promise<Message> {
    const uri = `sip:${exchange.host}:${exchange.port}`;
    const call = token();
    const lines = (cseq: number): string[] => [
      `From: <sip:${name}@${exchange.host}>;tag=${call}`,
      `To: <sip:${name}@${exchange.host}>`,
      `Call-ID: ${call}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: ${contact}`,
      `Expires: ${expiresSeconds}`,
    ];
    const challenge = (await ask('REGISTER', uri, lines(1))).one('WWW-Authenticate');
    const field = (key: string): string => new RegExp(`\\b${key}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const [realm, nonce, opaque, cnonce] = [field('realm'), field('nonce'), field('opaque'), token()];
    const secret = md5(`${name}:${realm}:${password}`);
    const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
    const credentials = `Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}", opaque="${opaque}"`;
    return ask('REGISTER', uri, [...lines(2), `Authorization: ${credentials}`]);
  }

  return {
    begin: (next) => {
      talkMs = next;
      gaps = [];
      hungUpAt = null;
      talks = 0;
    },
    hangUp: () => {
      if (talking === null) return false;
      void hangUp(talking);
      return true;
    },
    gapsMs: () => gaps,
    talks: () => talks,
    close,
  };
}

function parse(text: string): Message {
  const [head = ''] = text.split('\r\n\r\n', 1);
  const [first = '', ...lines] = head.split('\r\n');
  const all = (header: string): string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${header.toLowerCase()}:`))
      .map((line) => line.slice(header.length + 1).trim());
  return { first, all, one: (header) => all(header)[0] ?? '' };
}

/** Our side's tag of a dialogue: the same in each answer to the same call. */
const tagOf = (request: Message): string => md5(request.one('Call-ID')).slice(0, 12);
const withTag = (to: string, tag: string): string => (to.includes(';tag=') ? to : `${to};tag=${tag}`);
