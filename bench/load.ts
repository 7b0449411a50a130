/** Load with SIPp: calls that are answered and then ended by the far side, with the time to the answer of each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostPort } from '../src/telephony/asterisk/index.js';

export interface LoadResult {
  readonly calls: number;
  readonly successful: number;
  readonly lost: number;
  /** INVITE to 200, milliseconds, a value a call. */
  readonly answerMs: readonly number[];
}

export interface Load {
  readonly number: string;
  readonly calls: number;
  /** A second. */
  readonly rate: number;
  /** Where the caller's media are; SIPp's own, silent, by default. */
  readonly mediaPort?: number;
  /** The caller hangs up after so long; otherwise waits for the other side to. */
  readonly hangUpAfterMs?: number;
  /** Calls that are up after so long are given up, and lost. */
  readonly limitMs?: number;
}

export interface LoadGenerator {
  run(load: Load): Promise<LoadResult>;
  /** Gives up what still runs; its calls are lost. */
  stop(): void;
}

const longestMs = 15 * 60_000;

export function createLoadGenerator(folder: string, to: HostPort, sipPort: number): LoadGenerator {
  const program = z
    .array(z.string())
    .min(1)
    .parse(JSON.parse(process.env['ONEDOOR_SIPP'] ?? '["sipp"]'));
  const running = new Set<ChildProcess>();
  return {
    stop() {
      for (const child of running) child.kill('SIGKILL');
    },
    async run({ number, calls, rate, mediaPort, hangUpAfterMs, limitMs = longestMs }) {
      const scenario = join(folder, 'scenario.xml');
      writeFileSync(scenario, scenarioOf(mediaPort, hangUpAfterMs));
      for (const name of readdirSync(folder)) if (name.endsWith('_rtt.csv')) rmSync(join(folder, name));
      const [command = 'sipp', ...before] = program;
      const local = ['-i', '127.0.0.1', '-mi', '127.0.0.1', '-p', String(sipPort)];
      const amount = ['-m', String(calls), '-r', String(rate), '-l', String(Math.max(calls, 1))];
      const trace = ['-trace_rtt', '-rtt_freq', '1', '-nostdin', '-timeout', `${limitMs / 1000}s`];
      const child = spawn(
        command,
        [...before, '-sf', scenario, '-s', number, `${to.host}:${to.port}`, ...local, ...amount, ...trace],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let screen = '';
      child.stdout.on('data', (chunk: Buffer) => (screen = (screen + chunk.toString()).slice(-20_000)));
      child.stderr.on('data', (chunk: Buffer) => (screen = (screen + chunk.toString()).slice(-20_000)));
      running.add(child);
      await new Promise((resolve) => child.once('close', resolve));
      running.delete(child);
      const count = (name: string): number => {
        const line = screen.split('\n').findLast((text) => text.includes(name));
        return Number(line?.split('|').at(-1)?.trim() ?? 0);
      };
      const successful = count('Successful call');
      return { calls, successful, lost: calls - successful, answerMs: readTimes(folder) };
    },
  };
}

function readTimes(folder: string): number[] {
  const file = readdirSync(folder).find((name) => name.endsWith('_rtt.csv'));
  if (file === undefined) return [];
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(';')[1]))
    .filter((ms) => ms > 0);
}

function scenarioOf(mediaPort: number | undefined, hangUpAfterMs: number | undefined): string {
  const head = (
    method: string,
    cseq: number,
    to: string,
  ): string => `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+96890000001@[local_ip]:[local_port]>;tag=[pid]tag[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>${to}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:load@[local_ip]:[local_port]>
Max-Forwards: 70`;
  const bye =
    hangUpAfterMs === undefined
      ? `<recv request="BYE"></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>`
      : `<pause milliseconds="${hangUpAfterMs}"/>
<send retrans="500"><![CDATA[
${head('BYE', 2, '[peer_tag_param]')}
Content-Length: 0

]]></send>
<recv response="200"></recv>`;
  return `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="load">
<send retrans="500" start_rtd="1"><![CDATA[
${head('INVITE', 1, '')}
Content-Type: application/sdp
Content-Length: [len]

v=0
o=load 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio ${mediaPort ?? '[auto_media_port]'} RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16

]]></send>
<recv response="100" optional="true"></recv>
<recv response="180" optional="true"></recv>
<recv response="183" optional="true"></recv>
<recv response="200" rtd="1" rrs="true"></recv>
<send><![CDATA[
${head('ACK', 1, '[peer_tag_param]')}
Content-Length: 0

]]></send>
${bye}
</scenario>
`;
}
