import { createSocket } from 'node:dgram';
import t, { type Test } from 'tap';
import { openSoundLine } from '../../src/outside/index.js';
import { eventually, patientMs } from '../kit/waiting.js';

const packetMs = 20;
/** µ-law of something loud. */
const loud = 0x20;

interface Sent {
  readonly number: number;
  readonly stamp: number;
  readonly source?: number;
}

async function hotlineTo(t: Test) {
  const line = await openSoundLine();
  const socket = createSocket('udp4');
  t.teardown(() => {
    line.close();
    socket.close();
  });
  const [host = '', port] = line.address.split(':');
  const post = ({ number, stamp, source = 7 }: Sent): void => {
    const packet = Buffer.alloc(12 + 8 * packetMs, loud);
    packet.writeUInt16BE(0x8000, 0);
    packet.writeUInt16BE(number, 2);
    packet.writeUInt32BE(stamp, 4);
    packet.writeUInt32BE(source, 8);
    socket.send(packet, Number(port), host);
  };
  return {
    line,
    post,
    /** Resolves when it was heard. */
    send: async (sent: Sent): Promise<void> => {
      const before = line.heardTo();
      post(sent);
      await eventually(() => line.heardTo() > before, patientMs, 'the packet is heard', 1);
    },
  };
}

t.test('packets that never came are counted, and leave a gap of their length', async (t) => {
  const { line, send } = await hotlineTo(t);
  await send({ number: 65_534, stamp: 0 });
  const began = line.heardTo();
  await send({ number: 65_535, stamp: 160 });
  t.equal(line.lost(), 0);
  await send({ number: 3, stamp: 800 });
  t.equal(line.lost(), 3, 'the count goes on past its end');
  t.equal(line.heardTo() - began, 5 * packetMs);
  await send({ number: 2, stamp: 640 });
  t.equal(line.lost(), 3, 'who comes late was not lost');
  await send({ number: 900, stamp: 0, source: 8 });
  t.equal(line.lost(), 3, 'another sender has another count');
});

t.test('where the stamps jump, either way, nothing was sent until now', async (t) => {
  const { line, send } = await hotlineTo(t);
  await send({ number: 1, stamp: 800_000 });
  for (const [number, stamp] of [
    [2, 160],
    [3, 900_000],
  ] as const) {
    const until = line.now() + 300;
    await eventually(() => line.now() >= until, patientMs, 'a while', 5);
    await send({ number, stamp });
    t.ok(line.heardTo() >= until, 'the sound lies where it came');
  }
});

t.test('within a sound only the sender’s count is believed, however late it is read', async (t) => {
  const { line, send } = await hotlineTo(t);
  await send({ number: 1, stamp: 0 });
  const began = line.heardTo();
  const until = line.now() + 300;
  await eventually(() => line.now() >= until, patientMs, 'a while', 5);
  await send({ number: 2, stamp: 160 });
  t.equal(line.heardTo() - began, packetMs);
  t.ok(line.heardTo() < line.now(), 'who listens goes by what was heard, not by the clock');
});

t.test('a part of what was heard is that part of the whole, from either end', async (t) => {
  const { line, send } = await hotlineTo(t);
  await send({ number: 1, stamp: 0 });
  await send({ number: 4, stamp: 480 });
  const to = line.heardTo();
  const whole = line.heard().subarray((to - 50) * 8, to * 8);
  t.equal(whole.length, 400);
  t.ok(whole.some((sample) => sample !== 0));
  t.same(line.heard(to - 50).subarray(0, 400), whole);
  t.equal(line.heard(-30).length, 240);
  t.ok(line.heard(-60_000).length >= to * 8, 'no more than there is');
  t.equal(line.heard(to + 60_000).length, 0, 'nothing that is to come');
});

t.test('what was sent before a line is closed is heard, however late it is read', async (t) => {
  const { line, send, post } = await hotlineTo(t);
  await send({ number: 0, stamp: 0 });
  const began = line.heardTo();
  for (let number = 1; number <= 100; number++) post({ number, stamp: 160 * number });
  line.close();
  await eventually(() => line.heardTo() - began === 100 * packetMs, patientMs, 'all of it is heard', 1);
  t.equal(line.lost(), 0);
});
