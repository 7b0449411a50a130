/** A phone made of raw SIP text: it registers, and is asked after, and does with that what no phone would. */
import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface RawPhone {
  /** Resolves with the status line of the final answer. A phone that unregisters gives 0. */
  register(expiresSeconds: number): Promise<string>;
  /** Whether it answers when the exchange asks whether it is there; it does at first. */
  answers: boolean;
  close(): void;
}

export async function rawPhone(
  exchange: { readonly host: string; readonly port: number },
  name: string,
  password: string,
): Promise<RawPhone> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const own = `127.0.0.1:${socket.address().port}`;
  const far = `${exchange.host}:${exchange.port}`;
  const callId = randomUUID();
  let sequence = 0;
  const send = (lines: readonly string[]): void =>
    socket.send([...lines, 'Content-Length: 0', '', ''].join('\r\n'), exchange.port, exchange.host);

  const phone: RawPhone = {
    answers: true,
    async register(expires) {
      const refused = await ask(expires, []);
      if (!refused.status.startsWith('401')) return refused.status;
      return (await ask(expires, [authorization(refused.text)])).status;
    },
    close: () => void socket.close(),
  };

  function ask(expires: number, more: readonly string[]): Promise<{ status: string; text: string }> {
    const number = ++sequence;
    const answered = new Promise<{ status: string; text: string }>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer to a registration')), 5_000);
      const look = (data: Buffer): void => {
        const text = data.toString('latin1');
        const status = /^SIP\/2\.0 ([2-6]\d\d .*)\r\n/.exec(text)?.[1];
        if (status === undefined || !text.includes(`CSeq: ${number} REGISTER`)) return;
        clearTimeout(timer);
        socket.off('message', look);
        resolve({ status, text });
      };
      socket.on('message', look);
    });
    send([
      `REGISTER sip:${far} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bK-${randomUUID()};rport`,
      'Max-Forwards: 70',
      `From: <sip:${name}@${far}>;tag=raw`,
      `To: <sip:${name}@${far}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${number} REGISTER`,
      `Contact: <sip:${name}@${own}>`,
      `Expires: ${expires}`,
      ...more,
    ]);
    return answered;
  }

  /** RFC 2617, with `qop=auth`. */
  function authorization(challenge: string): string {
    const said = (word: string): string => new RegExp(`${word}="?([^",\\r]+)`).exec(challenge)?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const [realm, nonce, opaque, uri] = [said('realm'), said('nonce'), said('opaque'), `sip:${far}`];
    const proof = [
      md5(`${name}:${realm}:${password}`),
      nonce,
      '00000001',
      'c',
      'auth',
      md5(`REGISTER:${uri}`),
    ].join(':');
    return `Authorization: Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${md5(proof)}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", opaque="${opaque}"`;
  }

  socket.on('message', (data) => {
    const text = data.toString('latin1');
    if (!text.startsWith('OPTIONS ') || !phone.answers) return;
    const kept = text.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
    send(['SIP/2.0 200 OK', ...kept]);
  });
  return phone;
}
