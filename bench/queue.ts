/**
 * From an agent's hang-up to the next ring, by the clock of the agent's phone: on one exchange, with the same two phones
 * and the same callers, (a) the exchange's own `app_queue`, (b) Onedoor's whole path, its journal synced.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { HostPort } from '../src/telephony/asterisk/index.js';
import type { Hotline } from './hotline.js';
import type { LoadGenerator } from './load.js';
import { type BenchPhone, openBenchPhone } from './phone.js';
import { median, percentile } from './processes.js';
import { agents, numbers, peers } from './site.js';

export interface QueueBench {
  readonly hotline: Hotline;
  readonly load: LoadGenerator;
  readonly sip: HostPort;
  /** The phones', two for each. */
  readonly firstPort: number;
  /** Who wait at first. */
  readonly callers: number;
  readonly say: (line: string) => void;
  readonly reach: (what: string, value: number, most: number, unit: string) => void;
}

interface Contender {
  readonly name: string;
  readonly number: string;
  /** Callers before those that are measured: compiled code is what runs all day, and the exchange's is compiled. */
  readonly warmUp: number;
  /** How often that many callers are served, so that a 99th percentile is not one ring. */
  readonly rounds: number;
  waiting(): Promise<number>;
  /** From now on agents are offered callers, or are not. */
  open(isOpen: boolean): Promise<unknown>;
}

interface Served {
  readonly gapsMs: readonly number[];
  readonly callers: number;
  readonly talks: number;
  readonly lost: number;
}

const warmUpTalkMs = [150, 210];
/** Of many lengths: the exchange's queue looks once a second, so that equal talks would meet its looks by chance. */
const talkMs = [1_000, 1_130, 1_370, 1_240, 1_510, 1_060, 1_440];
const arrivalsPerSecond = 30;
const limitMs = 100_000;
const waitLimitMs = 20_000;

/** The two agents are signed in and paused until all callers wait; then both are ready at once. */
export async function measureQueue({
  hotline,
  load,
  sip,
  firstPort,
  callers,
  say,
  reach,
}: QueueBench): Promise<void> {
  const phones = await Promise.all(
    agents.map(({ phone }, i) =>
      openBenchPhone({
        name: phone,
        password: hotline.phonePassword(phone),
        exchange: sip,
        port: firstPort + 2 * i,
      }),
    ),
  );
  try {
    await until('both phones are registered', async () => (await hotline.registered()) === agents.length);
    for (const { name } of agents) {
      await hotline.agent(name, { do: 'sign-in' });
      await hotline.agent(name, { do: 'pause', reason: 'break' });
    }
    const peer = await hotline.addQueue(agents.map(({ phone }) => phone));
    const contenders: readonly Contender[] = [
      { name: '(a) app_queue', number: peers.queue, warmUp: 4, rounds: 1, ...peer },
      {
        name: '(b) Onedoor',
        number: numbers.queue,
        warmUp: 100,
        rounds: 3,
        waiting: () => hotline.waiting(),
        open: (isOpen) =>
          Promise.all(
            agents.map(({ name }) =>
              hotline.agent(name, isOpen ? { do: 'ready' } : { do: 'pause', reason: 'break' }),
            ),
          ),
      },
    ];
    say(
      `\n${agents.length} agents, ${callers} callers wait, wrap-up 0: from an agent's hang-up to the next ring at the same phone`,
    );
    say(`${''.padEnd(36)}   p50 ms     p99 ms     most ms    rings`);
    for (const contender of contenders) {
      await serve(contender, load, phones, { callers: contender.warmUp, talkMs: warmUpTalkMs });
      const rounds: Served[] = [];
      for (let round = 0; round < contender.rounds; round++)
        rounds.push(await serve(contender, load, phones, { callers, talkMs }));
      const served = allOf(rounds);
      const { gapsMs } = served;
      const cells = [median(gapsMs), percentile(gapsMs, 0.99), percentile(gapsMs, 1)];
      say(
        `  ${contender.name.padEnd(30)}${cells.map((ms) => ms.toFixed(1).padStart(11)).join('')}${String(gapsMs.length).padStart(9)}`,
      );
      judge(contender, served, reach);
    }
  } finally {
    for (const phone of phones) phone.close();
  }
}

function judge(
  { name, number, rounds }: Contender,
  { gapsMs, callers: called, talks, lost }: Served,
  reach: QueueBench['reach'],
): void {
  reach(`${name}: callers not served`, Math.max(lost, called - talks), 0, 'callers');
  // In each round a phone's last talk has no ring after it; with fewer rings something else was measured.
  reach(`${name}: rings not measured`, called - rounds * agents.length - gapsMs.length, 0, 'rings');
  if (number === numbers.queue) reach('hang-up to next ring p99', percentile(gapsMs, 0.99), 20, 'ms');
}

function allOf(rounds: readonly Served[]): Served {
  const sum = (of: (round: Served) => number): number => rounds.reduce((all, round) => all + of(round), 0);
  return {
    gapsMs: rounds.flatMap(({ gapsMs }) => gapsMs),
    callers: sum(({ callers }) => callers),
    talks: sum(({ talks }) => talks),
    lost: sum(({ lost }) => lost),
  };
}

async function serve(
  contender: Contender,
  load: LoadGenerator,
  phones: readonly BenchPhone[],
  amount: { readonly callers: number; readonly talkMs: readonly number[] },
): Promise<Served> {
  const { number } = contender;
  for (const [i, phone] of phones.entries())
    phone.begin([...amount.talkMs.slice(i), ...amount.talkMs.slice(0, i)]);
  const calling = load.run({ number, calls: amount.callers, rate: arrivalsPerSecond, limitMs });
  await until(
    `${amount.callers} callers wait for ${contender.name}`,
    async () => (await contender.waiting()) === amount.callers,
  );
  await contender.open(true);
  const { lost } = await calling;
  await contender.open(false);
  return {
    gapsMs: phones.flatMap((phone) => phone.gapsMs()),
    callers: amount.callers,
    talks: phones.reduce((talks, phone) => talks + phone.talks(), 0),
    lost,
  };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < waitLimitMs; await pause(100))
    if (await holds()) return;
  throw new Error(`not within ${waitLimitMs / 1_000} s: ${what}`);
}
