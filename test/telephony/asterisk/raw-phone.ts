/** A phone made of raw SIP text: it registers, calls, is asked after, and does with that what no phone would. */
import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { patientMs } from '../../kit/waiting.js';

export interface RawPhone {
  /** Resolves with the status line of the final answer. A phone that unregisters gives 0. */
  register(expiresSeconds: number): Promise<string>;
  /** Calls a number of the hotline; resolves when it is answered. */
  call(user: string): Promise<RawCall>;
  /** Whether it answers when the exchange asks whether it is there; it does at first. */
  answers: boolean;
  close(): void;
}

export interface RawCall {
  /** The status line of the answer to a request within the call. */
  ask(method: string, headers: readonly string[]): Promise<string>;
}

interface Answer {
  readonly status: string;
  readonly text: string;
}

/** What a request is about. */
interface Place {
  readonly uri: string;
  readonly to: string;
  readonly callId: string;
}

export async function rawPhone(
  exchange: { readonly host: string; readonly port: number },
  name: string,
  password: string,
): Promise<RawPhone> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const own = `127.0.0.1:${port}`;
  const far = `${exchange.host}:${exchange.port}`;
  const registrar: Place = { uri: `sip:${far}`, to: `<sip:${name}@${far}>`, callId: randomUUID() };
  let sequence = 0;
  const write = (lines: readonly string[], body = ''): void =>
    socket.send(
      [...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'),
      exchange.port,
      exchange.host,
    );
  const head = (method: string, number: number, { uri, to, callId }: Place): readonly string[] => [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own};branch=z9hG4bK-${randomUUID()};rport`,
    'Max-Forwards: 70',
    `From: <sip:${name}@${far}>;tag=raw${port}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${number} ${method}`,
    `Contact: <sip:${name}@${own}>`,
  ];

  async function ask(
    method: string,
    place: Place,
    headers: readonly string[] = [],
    body = '',
  ): Promise<Answer> {
    const number = ++sequence;
    const answered = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), patientMs);
      const look = (data: Buffer): void => {
        const text = data.toString('latin1');
        const status = /^SIP\/2\.0 ([2-6]\d\d .*)\r\n/.exec(text)?.[1];
        if (status === undefined || !text.includes(`CSeq: ${number} ${method}`)) return;
        clearTimeout(timer);
        socket.off('message', look);
        resolve({ status, text });
      };
      socket.on('message', look);
    });
    write([...head(method, number, place), ...headers], body);
    const answer = await answered;
    if (method === 'INVITE') write(head('ACK', number, { ...place, to: headerOf(answer, 'To') }));
    return answer;
  }

  /** Asks, and proves who it is when that is wanted. */
  async function askTwice(
    method: string,
    place: Place,
    headers: readonly string[] = [],
    body = '',
  ): Promise<Answer> {
    const answer = await ask(method, place, headers, body);
    if (!answer.status.startsWith('401')) return answer;
    return ask(method, place, [...headers, authorization(answer.text, method, place.uri)], body);
  }

  /** RFC 2617, with `qop=auth`. */
  function authorization(challenge: string, method: string, uri: string): string {
    const said = (word: string): string => new RegExp(`${word}="?([^",\\r]+)`).exec(challenge)?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const [realm, nonce, opaque] = [said('realm'), said('nonce'), said('opaque')];
    const secret = md5(`${name}:${realm}:${password}`);
    const proof = md5([secret, nonce, '00000001', 'c', 'auth', md5(`${method}:${uri}`)].join(':'));
    return `Authorization: Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", opaque="${opaque}"`;
  }

  const phone: RawPhone = {
    answers: true,
    register: async (expires) => (await askTwice('REGISTER', registrar, [`Expires: ${expires}`])).status,
    async call(user) {
      const uri = `sip:${user}@${far}`;
      const place: Place = { uri, to: `<${uri}>`, callId: randomUUID() };
      const sdp = [
        'v=0',
        'o=raw 1 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=audio ${port + 1} RTP/AVP 8`,
        'a=rtpmap:8 PCMA/8000',
        '',
      ].join('\r\n');
      const answer = await askTwice('INVITE', place, ['Content-Type: application/sdp'], sdp);
      if (!answer.status.startsWith('200')) throw new Error(`the call was answered with ${answer.status}`);
      const target = /<(.*)>/.exec(headerOf(answer, 'Contact'))?.[1] ?? uri;
      const within: Place = { uri: target, to: headerOf(answer, 'To'), callId: place.callId };
      return { ask: async (method, headers) => (await ask(method, within, headers)).status };
    },
    close: () => void socket.close(),
  };

  socket.on('message', (data) => {
    const text = data.toString('latin1');
    if (!text.startsWith('OPTIONS ') || !phone.answers) return;
    const kept = text.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
    write(['SIP/2.0 200 OK', ...kept]);
  });
  return phone;
}

const headerOf = ({ text }: Answer, name: string): string =>
  new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1] ?? '';
