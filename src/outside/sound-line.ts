/**
 * What a caller hears and says, live: RTP to and from the outside exchange, at 8,000 samples a second. Time is the time
 * of the line: where nothing was sent to the caller there is silence of that length.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeUlaw, encodeUlaw } from '../speech/index.js';

export interface SoundLine {
  /** `host:port` at which it listens. */
  readonly address: string;
  /** Milliseconds since the line was opened. */
  readonly now: () => number;
  /**
   * What was heard up to now, silence included: all of it, or from a moment of the line's time on, milliseconds; a
   * negative one is counted back from the end.
   */
  readonly heard: (fromMs?: number) => Int16Array;
  /** Up to where it was heard, and where the next sound lies at the earliest: a busy exchange sends late, and then that is before now. */
  readonly heardTo: () => number;
  /** When something louder than silence was last heard, on the line's time; null before. */
  readonly lastSoundAt: () => number | null;
  /** Packets that were sent to the caller and never arrived: a reader who is held up for seconds loses them. */
  readonly lost: () => number;
  /** Where what is said goes; from now on the line is never quite still. */
  readonly speakTo: (host: string, port: number) => void;
  /** Says something, after what is being said; resolves at its end. Between sentences the line carries silence. */
  readonly say: (sound: Int16Array) => Promise<void>;
  /** What has been sent until now is still heard, then nothing more. */
  readonly close: () => void;
}

const perMs = 8;
const packetMs = 20;
const packet = packetMs * perMs;
/** Fainter is silence: companding leaves a little. */
const loud = 160;
/** PCMU, RFC 3551. */
const payloadType = 0;
const headerLength = 12;
const ulawSilence = 0xff;
/** So many packets are a gap that their own count measures; more may be another count. */
const believable = 50;
/** RFC 3550, A.1: what lies further ahead is a late one that was overtaken, or another count. */
const furthest = 3_000;
/** Bytes that wait for a reader who is held up, where the system allows it: 20 s, and a quarter of that otherwise. */
const waitingBytes = 1_048_576;
/** Time stamps jump by so much, either way, where nothing was sent for a while; by less they only tremble. */
const pause = 60 * perMs;

export async function openSoundLine(): Promise<SoundLine> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: waitingBytes }).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const ear = startEar(now);
  const mouth = startMouth(socket);
  let came = 0;
  let isClosed = false;
  socket.on('message', (message) => {
    came += 1;
    ear.receive(message);
  });
  // What cannot be sent is lost, as on any line.
  socket.on('error', () => undefined);
  return {
    address: `127.0.0.1:${socket.address().port}`,
    now,
    heard: (fromMs) => ear.heard(fromMs),
    heardTo: () => ear.heardTo(),
    lastSoundAt: () => ear.lastSoundAt(),
    lost: () => ear.lost(),
    speakTo: (host, port) => mouth.speakTo(host, port),
    say: (sound) => mouth.say(sound),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      mouth.close();
      closeWhenRead(socket, () => came);
    },
  };
}

/** The end of a call may be known before its last words are read: it is over when a turn of the event loop brings none. */
function closeWhenRead(socket: Socket, came: () => number): void {
  let before = -1;
  const look = (): void => {
    if (came() === before) {
      socket.close();
      return;
    }
    before = came();
    setImmediate(look);
  };
  setImmediate(look);
}

/** Puts packets where they belong on the line's time. */
function startEar(now: () => number) {
  let sound = new Int16Array(10_000 * perMs);
  let end = 0;
  let last: { source: number; number: number; stamp: number } | null = null;
  let soundEnd: number | null = null;
  let lost = 0;

  /** So long was nothing sent, by the clock. */
  function pauseByClock(): number {
    return Math.max(0, Math.round((now() - packetMs) * perMs) - end);
  }

  /** A reader that was held up reads late, so within a sound only the sender's own count is believed. */
  function gapAfter(before: { number: number; stamp: number }, { number, stamp }: Packet): number {
    const missed = (number - before.number - 1) & 0xffff;
    if (missed < furthest) lost += missed;
    if (missed > 0 && missed < believable) return missed * packet;
    const paused = (stamp - before.stamp) | 0;
    return Math.abs(paused) >= pause ? pauseByClock() : 0;
  }

  function place(samples: number): void {
    if (end + samples <= sound.length) return;
    const longer = new Int16Array(Math.max(sound.length * 2, end + samples));
    longer.set(sound.subarray(0, end));
    sound = longer;
  }

  return {
    receive(message: Buffer): void {
      const found = rtpPayload(message);
      if (found === null) return;
      const { source, number, stamp, isFirst, pcm } = found;
      const before = last?.source === source && !isFirst ? last : null;
      const gap = before === null ? pauseByClock() : gapAfter(before, found);
      place(gap + pcm.length);
      end += gap;
      sound.set(pcm, end);
      end += pcm.length;
      if (pcm.some((sample) => Math.abs(sample) > loud)) soundEnd = end;
      last = { source, number, stamp: (stamp + pcm.length) >>> 0 };
    },
    heard(fromMs = 0): Int16Array {
      const to = Math.max(end, Math.round((now() - 3 * packetMs) * perMs));
      const asked = Math.round(fromMs * perMs);
      const from = Math.min(to, Math.max(0, asked < 0 ? to + asked : asked));
      const part = new Int16Array(to - from);
      if (from < end) part.set(sound.subarray(from, end));
      return part;
    },
    heardTo: () => end / perMs,
    lastSoundAt: () => (soundEnd === null ? null : soundEnd / perMs),
    lost: () => lost,
  };
}

interface Packet {
  readonly source: number;
  /** Sequence number. */
  readonly number: number;
  readonly stamp: number;
  /** The first after silence, or of something new. */
  readonly isFirst: boolean;
  readonly pcm: Int16Array;
}

function rtpPayload(message: Buffer): Packet | null {
  if (message.length < headerLength || message[0] === undefined || message[0] >> 6 !== 2) return null;
  if (((message[1] ?? 0) & 0x7f) !== payloadType) return null;
  const contributors = message[0] & 0x0f;
  const hasExtension = (message[0] & 0x10) !== 0;
  let from = headerLength + 4 * contributors;
  if (hasExtension) from += 4 + 4 * (message.length >= from + 4 ? message.readUInt16BE(from + 2) : 0);
  if (from > message.length) return null;
  const pcm = decodeUlaw(message.subarray(from));
  const isFirst = ((message[1] ?? 0) & 0x80) !== 0;
  return {
    number: message.readUInt16BE(2),
    stamp: message.readUInt32BE(4),
    source: message.readUInt32BE(8),
    isFirst,
    pcm,
  };
}

interface Sentence {
  readonly bytes: Uint8Array;
  at: number;
  readonly said: () => void;
}

/** Sends a packet each 20 ms, of silence where nothing is said: a phone is never quite still. */
function startMouth(socket: Socket) {
  let to: { address: string; port: number } | null = null;
  let sent = 0;
  let began = 0;
  const sentences: Sentence[] = [];
  const source = Math.floor(Math.random() * 0xffff_ffff);

  function nextPacket(): Uint8Array {
    const bytes = new Uint8Array(packet).fill(ulawSilence);
    let filled = 0;
    for (let sentence = sentences[0]; sentence !== undefined && filled < packet; sentence = sentences[0]) {
      const part = sentence.bytes.subarray(sentence.at, sentence.at + packet - filled);
      bytes.set(part, filled);
      filled += part.length;
      sentence.at += part.length;
      if (sentence.at < sentence.bytes.length) break;
      sentences.shift();
      sentence.said();
    }
    return bytes;
  }

  function pump(): void {
    if (to === null) return;
    // A late timer catches up.
    for (let due = Math.floor((performance.now() - began) / packetMs); sent < due; sent++) {
      const header = Buffer.alloc(headerLength);
      header[0] = 0x80;
      header[1] = payloadType | (sent === 0 ? 0x80 : 0);
      header.writeUInt16BE(sent & 0xffff, 2);
      header.writeUInt32BE((sent * packet) >>> 0, 4);
      header.writeUInt32BE(source, 8);
      socket.send([header, nextPacket()], to.port, to.address);
    }
  }

  const timer = setInterval(pump, packetMs);
  return {
    speakTo(address: string, port: number): void {
      began = performance.now();
      to = { address, port };
    },
    say: (sound: Int16Array): Promise<void> =>
      new Promise((resolve) => {
        sentences.push({ bytes: encodeUlaw(sound), at: 0, said: resolve });
      }),
    close(): void {
      clearInterval(timer);
      for (const { said } of sentences.splice(0)) said();
    },
  };
}
