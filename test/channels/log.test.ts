import { Writable } from 'node:stream';
import pino from 'pino';
import t from 'tap';
import { openLogChannel } from '../../src/channels/index.js';

t.test('the log channel tells that there was a message, never to whom or which', async (t) => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, next) {
      lines.push(String(chunk));
      next();
    },
  });
  const channel = openLogChannel(pino({ level: 'info' }, stream));
  const outcome = await channel.send({
    id: 'call-m4',
    channel: 'sms',
    to: '+96891234567',
    language: 'en',
    text: 'Your request is approved.',
    timeoutMs: 1_000,
  });
  t.same(outcome, { result: 'sent', by: 'log' });
  t.match(JSON.parse(lines.join('')), { message: 'call-m4', channel: 'sms', language: 'en', characters: 25 });
  t.notMatch(lines.join(''), /91234567|approved/);
});
