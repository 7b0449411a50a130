/** Whether an exchange can be reached, and whether it plays and records where we look. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AriHttp, openAriHttp } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import { compand } from './g711.js';
import { exchangeSecrets } from './secrets.js';
import type { ExchangeSettings } from './settings.js';
import { writeWhole } from './whole-file.js';

export interface ExchangeProbe {
  /** The Asterisk's version; null when it cannot be reached. */
  readonly version: string | null;
  /**
   * One file was played and recorded: the folders are shared, both ways. `silent`: a recording came, without the tone
   * that should have been played.
   */
  readonly sound: 'heard' | 'silent' | 'not-recorded' | 'not-tried';
  /** Why it did not go well; empty when it did. */
  readonly why: string;
}

const RATE = 8000;
const HERTZ = 1000;
const SECONDS = 0.8;
const LIMIT_MS = 8000;

/** Asks an exchange for its version, then has one side of a call within it play a tone and the other record it. */
export async function probeExchange(settings: ExchangeSettings): Promise<ExchangeProbe> {
  const user = settings.ariUser ?? exchangeSecrets(settings.secretsFile, settings.phones).ari;
  const http = openAriHttp({ ...settings.ari, user });
  try {
    const { status, body } = await http.request('GET', 'asterisk/info', { limitMs: 3000 });
    if (status !== 200) {
      const why =
        status === 401
          ? 'it refuses our ARI user'
          : status === 0
            ? `nobody answers (${String(body)})`
            : `it answers with status ${status}`;
      return { version: null, sound: 'not-tried', why };
    }
    const version = (body as AriModel['AsteriskInfo']).system?.version ?? 'unknown';
    return { version, ...(await probeSound(http, settings)) };
  } finally {
    http.close();
  }
}

async function probeSound(
  http: AriHttp,
  settings: ExchangeSettings,
): Promise<Pick<ExchangeProbe, 'sound' | 'why'>> {
  const played = join(settings.mediaFolder, 'probe');
  const recorded = join(settings.recordingsFolder, 'probe.wav');
  const tone = Float32Array.from(
    { length: SECONDS * RATE },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * HERTZ * i) / RATE),
  );
  for (const law of ['alaw', 'ulaw'] as const) writeWhole(`${played}.${law}`, compand(tone, law));
  rmSync(recorded, { force: true });
  try {
    const call = 'endpoint=Local/record@onedoor-probe/n&context=onedoor-probe&extension=play&priority=1';
    const { status } = await http.request('POST', `channels?${call}`);
    if (status !== 200) {
      return {
        sound: 'not-recorded',
        why: `it refuses the probe's call with status ${status}; give it the configuration that \`onedoor exchange render\` writes`,
      };
    }
    const strength = await strengthOf(recorded);
    if (strength === null) {
      return {
        sound: 'not-recorded',
        why: `no recording appeared in ${settings.recordingsFolder}: is the folder shared?`,
      };
    }
    if (strength > 0.5) return { sound: 'heard', why: '' };
    return { sound: 'silent', why: `it did not play from ${settings.mediaFolder}: is the folder shared?` };
  } finally {
    for (const path of [`${played}.alaw`, `${played}.ulaw`, recorded]) rmSync(path, { force: true });
  }
}

/** The tone's share of the recording's power, 0 to 1; null when no recording of its length appears in time. */
async function strengthOf(recorded: string): Promise<number | null> {
  let samples = new Int16Array();
  for (const started = performance.now(); performance.now() - started < LIMIT_MS; ) {
    await pause(200);
    const next = samplesOf(recorded);
    // It is whole when it has stopped to grow.
    if (next.length > 0 && next.length === samples.length) return toneShare(next);
    samples = next;
  }
  return null;
}

function samplesOf(path: string): Int16Array<ArrayBuffer> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    // It has not begun yet.
    return new Int16Array();
  }
  // A WAV file of ours has a head of 44 bytes.
  const whole = Math.max(0, bytes.length - 44) & ~1;
  return new Int16Array(Uint8Array.from(bytes.subarray(44, 44 + whole)).buffer);
}

/** Goertzel's algorithm over blocks of 20 ms, for the loudest half of them. */
function toneShare(samples: Int16Array): number {
  const length = RATE / 50;
  const coefficient = 2 * Math.cos((2 * Math.PI * HERTZ) / RATE);
  const blocks: { readonly power: number; readonly share: number }[] = [];
  for (let from = 0; from + length <= samples.length; from += length) {
    let [s1, s2, power] = [0, 0, 0];
    for (const sample of samples.subarray(from, from + length)) {
      [s1, s2] = [sample + coefficient * s1 - s2, s1];
      power += sample * sample;
    }
    const tone = (2 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2)) / length;
    blocks.push({ power, share: power === 0 ? 0 : tone / power });
  }
  const loud = blocks.sort((a, b) => b.power - a.power).slice(0, Math.ceil((SECONDS * 50) / 2));
  return loud.length === 0 ? 0 : loud.reduce((sum, { share }) => sum + share, 0) / loud.length;
}
