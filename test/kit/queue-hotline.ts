/**
 * A hotline with one queue in virtual time: the real switchboard and store, a simulated exchange with agents' phones.
 * The engine can be ended and started again over the same store and exchange.
 */
import type { Test } from 'tap';
import type { Routing } from '../../src/acd/index.js';
import { createLog } from '../../src/base/index.js';
import type { CallQueue, CallSite, Transfers } from '../../src/calls/index.js';
import type { Contact } from '../../src/cases/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import { createSimulatedDisk, openSimulatedJournal, type SimulatedDisk } from '../../src/journal/index.js';
import { createSwitchboard, type Switchboard } from '../../src/switchboard/index.js';
import {
  type Caller,
  createSimulator,
  createVirtualTime,
  type Simulator,
  type VirtualTime,
} from '../../src/telephony/simulator/index.js';
import { brokenPromises, type History } from './history-checker.js';
import { historyOf } from './history-of.js';
import { testAnswer, testHash, testSite } from './test-site.js';
import { oneSite, testRouting } from './test-routing.js';

const base = testSite();

const waits = (more: string): string => `
onedoor: 1
flow: waits
numbers: ["200"]
languages: [en]
start: wait
steps:
  wait:
    queue: { name: general, say: how-was-it, keep-place: { key: 2, go: keep }, ${more} keys: { 1: left }, no-answer-after: { seconds: 600, go: tired }, answered: bye, closed: closed, nobody: nobody, failed: failed }
  keep:
    callback:
      say: confirm-number
      enter: enter-number
      subject: '"called-back"'
      into: ref
      keep-place: { flow: called-back, with: { ref: ref } }
      kept: kept
      accepted: accepted
      refused: wait
      withheld: wait
  kept: { say: your-reference, outcome: callback-kept, go: hang-up }
  accepted: { say: your-reference, outcome: left-callback, go: hang-up }
  bye: { say: goodbye, go: hang-up }
  left: { say: goodbye, go: hang-up }
  tired: { say: unclear, go: hang-up }
  closed: { say: nobody, go: hang-up }
  nobody: { say: nobody, go: hang-up }
  failed: { say: sorry, go: hang-up }
`;

const calledBack = `
onedoor: 1
flow: called-back
languages: [en]
parameters: [ref]
start: greet
steps:
  greet:
    menu: { say: one-moment, keys: { 1: wait, 9: bye }, no-input: { tries: 2, go: hang-up }, no-match: { tries: 2, go: hang-up } }
  wait:
    queue: { name: general, say: please-wait, keys: { 1: bye }, no-answer-after: { seconds: 600, go: bye }, answered: thanks, failed: bye }
    outcome: handed-over
  thanks: { say: goodbye, go: hang-up }
  bye: { say: nobody, go: hang-up }
`;

/** A number that the site calls back, as callers show and leave it. */
export const calledNumber = '+96891001234';

export interface QueueHotline {
  readonly site: CallSite;
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly switchboard: () => Switchboard;
  /** Facts of the event log, oldest first. */
  readonly facts: () => readonly {
    readonly type: string;
    readonly subject: string;
    readonly body: unknown;
  }[];
  /** For the history checker. */
  readonly history: () => History;
  /** The database as it is. */
  readonly disk: SimulatedDisk;
  /** What the history breaks of what it promises. */
  brokenPromises(): readonly string[];
  /** The contacts' records as they are written, oldest first. */
  readonly contacts: () => readonly { readonly version: number; readonly contact: Contact }[];
  /** A caller with this number dials the queue's, or another. */
  dial(number?: string, called?: string): Caller;
  /** Lets an agent do something; gives why not. */
  agent(event: Parameters<Switchboard['agent']>[0]): Promise<string | null>;
  /** The engine dies and comes back after so long; what the disk had not written then is lost. */
  restart(ms: number): Promise<void>;
  /** The disk writes nothing more until it is let go. */
  holdDisk(): void;
  letDiskGo(): void;
  publish(routing: Routing): void;
}

export interface QueueHotlineOptions {
  readonly site?: Partial<CallSite>;
  readonly routing?: Routing;
  readonly queue?: Partial<CallQueue>;
  readonly phones?: readonly string[];
  /** Where agents may move callers to. */
  readonly transfers?: Transfers;
  /** More queues, beside `general`. */
  readonly queues?: readonly string[];
  /** Who waits is told the place, every 30 s. */
  readonly tellsPlace?: boolean;
  /** The agent whom callers wait for first, as the flow has it. */
  readonly prefers?: string;
}

export async function queueHotline(t: Test, options: QueueHotlineOptions = {}): Promise<QueueHotline> {
  const { flow, findings } = parseFlow(
    waits(
      (options.tellsPlace === true ? 'into: place, again: { say: tell-place, every: 30 },' : '') +
        (options.prefers === undefined ? '' : `prefer: ${options.prefers},`),
    ),
    'waits.yaml',
  );
  const { flow: back, findings: backFindings } = parseFlow(calledBack, 'called-back.yaml');
  if (flow === null || back === null) throw new Error(JSON.stringify([...findings, ...backFindings]));
  let routing = options.routing ?? testRouting();
  const phones = options.phones ?? ['agent-1', 'agent-2'];
  const queue: CallQueue = {
    calendar: null,
    maxWaitMs: 900_000,
    ringMs: 15_000,
    whisper: null,
    callback: { ringMs: 25_000, whenClosed: 'keep' },
    record: null,
    music: true,
    agents: [...routing.agents.values()].map(({ name, phone }) => ({ name, phone, language: 'en' })),
    ...options.queue,
  };
  const site: CallSite = {
    ...base,
    numbers: new Map([...base.numbers, ['200', 'waits']]),
    flows: new Map([
      ...base.flows,
      ...[flow, back].map((one) => [one.flow, compileFlow(one, base.texts)] as const),
    ]),
    transfers: options.transfers ?? null,
    ...options.site,
    queues: new Map(['general', ...(options.queues ?? [])].map((name) => [name, queue])),
  };
  const time = createVirtualTime();
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  const simulator = createSimulator({ scheduler: time, mediaMs: () => 700, phones });
  const log = createLog('silent');
  /** What a disk that is held was to do; null: it is not. */
  let held: (() => void)[] | null = null;
  const letDiskGo = (): void => {
    const steps = held ?? [];
    held = null;
    for (const step of steps) step();
  };

  async function start(): Promise<Switchboard> {
    const journal = await openSimulatedJournal({
      disk,
      log,
      schedule: (_step, run) =>
        void time.at(time.now() + 1, () => {
          if (held === null) run();
          else held.push(run);
        }),
    });
    const switchboard = createSwitchboard({
      hash: testHash,
      exchanges: [simulator.connect()],
      journal,
      channels: { send: async () => ({ result: 'sent', by: 'test' }) },
      lookups: { lookUp: async (request) => testAnswer(request) },
      sites: oneSite(site, () => routing),
      scheduler: time,
      log,
      onHalt: (why, cause) => t.fail(`the engine halted: ${why} ${String(cause)}`),
    });
    const started = switchboard.start();
    await time.runFor(50);
    await started;
    return switchboard;
  }

  let switchboard = await start();
  return {
    site,
    time,
    simulator,
    disk,
    brokenPromises: () => brokenPromises(historyOf(disk)),
    switchboard: () => switchboard,
    facts: () =>
      disk.database
        .prepare('SELECT type, subject, body FROM event ORDER BY id')
        .all()
        .map((row) => {
          const { type, subject, body } = row as { type: string; subject: string; body: string };
          return { type, subject, body: JSON.parse(body) };
        }),
    history: () => historyOf(disk),
    contacts: () =>
      disk.database
        .prepare("SELECT version, body FROM record WHERE kind = 'contact' ORDER BY at")
        .all()
        .map((row) => {
          const { version, body } = row as { version: number; body: string };
          return { version, contact: JSON.parse(body) as Contact };
        }),
    dial: (number = calledNumber, called = '200') =>
      simulator.dial({ called, caller: { number, name: null, withheld: false } }),
    async agent(event) {
      const done = switchboard.agent(event);
      await time.runFor(5);
      return done;
    },
    holdDisk() {
      held = [];
    },
    letDiskGo,
    async restart(ms) {
      simulator.detach();
      await switchboard.close();
      held = null;
      await time.runFor(ms);
      switchboard = await start();
    },
    publish(next) {
      routing = next;
      switchboard.sitePublished();
    },
  };
}
