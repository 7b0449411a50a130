/**
 * How soon a key silences the prompt, measured on the wire: a phone's media side that sends RTP and the key as
 * RFC 4733 events itself, and notes when the last packet of the prompt arrives.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface KeySilence {
  readonly port: number;
  /**
   * From the key's last RFC 4733 packet, and from its first that says "end", to the end of the prompt's last packet,
   * ms; of the streams whose prompt played when the key began, the others would prove nothing.
   */
  readonly delaysMs: () => readonly { readonly fromLast: number; readonly fromEnd: number }[];
  close(): void;
}

interface Stream {
  readonly port: number;
  /** SSRC of what is heard (RFC 3550). */
  readonly source: number;
  readonly beganAt: number;
  readonly ssrc: number;
  readonly pressAt: number;
  seq: number;
  timestamp: number;
  lastAudioAt: number;
  /** Packets of the event that were sent. */
  sent: number;
  endedAt: number;
  pressedAt: number | null;
  /** Whether the prompt could be heard when the key began. */
  wasPlaying: boolean;
}

const packetMs = 20;
const perPacket = 160;
/** A key of 100 ms: five packets that grow, and the end thrice (RFC 4733 section 2.5.1.4). */
const grows = 5;
const ends = 3;
const eventPayload = 101;

export async function listenForSilence(port: number): Promise<KeySilence> {
  const socket = createSocket('udp4');
  const streams: Stream[] = [];
  /** By the exchange's port. Ports of calls that are over are used again, by a stream of another source. */
  const current = new Map<number, Stream>();
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (packet, { port: from }) => {
    const now = performance.now();
    if (((packet[1] ?? 0) & 0x7f) !== 0) return;
    const source = packet.readUInt32BE(8);
    const stream = current.get(from);
    if (stream?.source === source) {
      stream.lastAudioAt = now;
      return;
    }
    const n = streams.length;
    // Spread over the packets' rhythm, so that no phase of it is preferred.
    const pressAt = now + 1_000 + ((n * 37) % 100) * 11;
    const begun: Stream = {
      port: from,
      source,
      beganAt: now,
      ssrc: n + 1,
      pressAt,
      seq: 1,
      timestamp: 0,
      lastAudioAt: now,
      sent: 0,
      endedAt: 0,
      pressedAt: null,
      wasPlaying: false,
    };
    streams.push(begun);
    current.set(from, begun);
  });
  const clock = setInterval(() => {
    const now = performance.now();
    for (const stream of current.values()) {
      if (now - stream.beganAt > 10_000) continue;
      socket.send(
        now >= stream.pressAt && stream.sent < grows + ends ? keyPacket(stream) : audioPacket(stream),
        stream.port,
        '127.0.0.1',
      );
      if (stream.sent === grows + ends && stream.pressedAt === null) stream.pressedAt = performance.now();
    }
  }, packetMs);
  return {
    port,
    delaysMs: () =>
      streams
        .filter(({ pressedAt, wasPlaying }) => pressedAt !== null && wasPlaying)
        .map(({ pressedAt, endedAt, lastAudioAt }) => ({
          // A packet is heard for as long as it lasts.
          fromLast: Math.max(0, lastAudioAt + packetMs - (pressedAt ?? 0)),
          fromEnd: Math.max(0, lastAudioAt + packetMs - endedAt),
        })),
    close() {
      clearInterval(clock);
      socket.close();
    },
  };
}

function header(stream: Stream, payload: number, marker: boolean): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80;
  packet[1] = payload | (marker ? 0x80 : 0);
  packet.writeUInt16BE(stream.seq++ & 0xffff, 2);
  packet.writeUInt32BE(stream.timestamp, 4);
  packet.writeUInt32BE(stream.ssrc, 8);
  return packet;
}

function audioPacket(stream: Stream): Buffer {
  const packet = Buffer.concat([header(stream, 0, false), Buffer.alloc(perPacket, 0xff)]);
  stream.timestamp += perPacket;
  return packet;
}

function keyPacket(stream: Stream): Buffer {
  const isEnd = stream.sent >= grows;
  if (stream.sent === 0) stream.wasPlaying = performance.now() - stream.lastAudioAt < 3 * packetMs;
  if (stream.sent === grows) stream.endedAt = performance.now();
  const duration = Math.min(stream.sent + 1, grows) * perPacket;
  const event = Buffer.from([1, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff]);
  const packet = Buffer.concat([header(stream, eventPayload, stream.sent === 0), event]);
  stream.sent += 1;
  if (stream.sent === grows + ends) stream.timestamp += perPacket * (grows + ends);
  return packet;
}
