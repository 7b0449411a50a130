/** `onedoor rehearse FLOW|NUMBER`: a call in the terminal, without an exchange. */
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Key } from '../base/index.js';
import { type CallerStep, readCallerSteps } from '../outside/index.js';
import {
  type HeardText,
  type PhoneBehaviour,
  type QueueBehaviour,
  type Rehearsal,
  rehearse,
} from '../rehearsal/index.js';
import type { CheckedSite } from '../site/index.js';
import { captionOf } from '../speech/index.js';
import { playSteps, tableLookUp } from './expected-call.js';
import { soundSite } from './sound-site.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Asked {
  readonly keys?: string;
  readonly at?: string;
  readonly caller?: string;
  readonly phone: string;
  readonly queue: string;
  readonly json?: true;
}

const phones: Readonly<Record<string, PhoneBehaviour>> = {
  answers: { type: 'answers', afterMs: 3_000, talksMs: 10_000 },
  busy: { type: 'busy' },
  rejects: { type: 'rejects' },
  'rings-out': { type: 'rings-out' },
  unreachable: { type: 'unreachable' },
};

const queues: Readonly<Record<string, QueueBehaviour | null>> = {
  nobody: null,
  full: { type: 'refuses', result: 'full' },
  holds: { type: 'holds' },
  answers: {
    type: 'offers',
    afterMs: 30_000,
    phone: { type: 'answers', afterMs: 3_000, talksMs: 10_000 },
  },
};

const rehearsalNumber = '00000000';

export function addRehearseCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('rehearse <flow-or-number>')
    .description(
      'play a call in the terminal, without an exchange; lookups are answered from the site’s tables',
    )
    .option(
      '--keys <groups>',
      'do not ask: keys by groups, each pressed after a prompt, e.g. 2,1,123456# (w: wait)',
    )
    .option('--at <time>', 'when the call is made, e.g. 2026-03-04T10:00+04:00 (by default now)')
    .option('--caller <number>', 'who calls (by default nobody says)')
    .option('--phone <what>', `what an agent's phone does: ${Object.keys(phones).join(', ')}`, 'answers')
    .option(
      '--queue <what>',
      `what becomes of a caller who queues: ${Object.keys(queues).join(', ')}`,
      'nobody',
    )
    .option('--json', 'print one JSON object; needs --keys')
    .action(async (which: string, asked: Asked) => ends(await play(world, which, asked)));
}

async function play(world: World, which: string, asked: Asked): Promise<ExitCode> {
  const { siteFolder } = settingsOf(world);
  const site = await soundSite(world, siteFolder);
  const steps = asked.keys === undefined ? null : stepsOf(asked.keys);
  if (asked.json && steps === null) throw new CliFailure(exitCodes.usage, '--json needs --keys.');
  const call = start(site, which, asked);
  if (steps !== null) {
    const told = teller(asked.json ? () => undefined : world.out);
    playSteps(call, steps, (step) => {
      told.news(call, true);
      if (step !== null) told.line(stepWords(step));
    });
    if (!call.over) {
      told.line('hangs up');
      call.hangUp();
    }
    told.news(call, true);
  } else await converse(world, call);
  if (asked.json) printJson(world, { heard: call.heard, contact: call.contact, cases: call.cases });
  else for (const line of records(call)) world.out(line);
  return exitCodes.done;
}

function stepsOf(text: string): readonly CallerStep[] {
  const steps = readCallerSteps(text);
  if (steps !== null) return steps;
  const sentence = `--keys is "${text}"; write groups of 0-9 * # separated by commas, such as 2,1,123456#.`;
  throw new CliFailure(exitCodes.usage, sentence);
}

function start(site: CheckedSite, which: string, { at, caller, phone, queue }: Asked): Rehearsal {
  const behaviour = phones[phone];
  if (behaviour === undefined) {
    throw new CliFailure(
      exitCodes.usage,
      `--phone is "${phone}"; it can be ${Object.keys(phones).join(', ')}.`,
    );
  }
  const queueing = queues[queue];
  if (queueing === undefined) {
    throw new CliFailure(
      exitCodes.usage,
      `--queue is "${queue}"; it can be ${Object.keys(queues).join(', ')}.`,
    );
  }
  const time = at === undefined ? Date.now() : Date.parse(at);
  if (Number.isNaN(time)) {
    throw new CliFailure(exitCodes.usage, `--at is "${at}"; write a time such as 2026-03-04T10:00+04:00.`);
  }
  const numbers = new Map(site.numbers);
  let number = which;
  if (!numbers.has(which)) {
    if (!site.flows.has(which)) {
      const known = [...site.flows.keys(), ...site.numbers.keys()].join(', ');
      throw new CliFailure(
        exitCodes.usage,
        `There is no flow and no number "${which}". There are: ${known}.`,
      );
    }
    // A flow that no number leads to is rehearsed as if one did.
    number = [...numbers].find(([, flow]) => flow === which)?.[0] ?? rehearsalNumber;
    numbers.set(number, which);
  }
  return rehearse({
    site: { ...site, numbers, media: () => null },
    number,
    at: time,
    caller: { number: caller ?? null, name: null },
    lookUp: tableLookUp(site),
    phone: () => behaviour,
    queue: () => queueing,
  });
}

/** Lets the call live at the pace of a real one; a key interrupts, Enter lets time fly. */
async function converse(world: World, call: Rehearsal): Promise<void> {
  const told = teller(world.out);
  const { stdin } = process;
  world.err(
    stdin.isTTY
      ? 'Keys 0-9 * #: press.  s: speak.  Enter: say nothing, and let time pass.  Ctrl-D: hang up.'
      : 'Each line: keys, s (speak) or nothing (wait). The end of the input hangs up.',
  );
  const take = (letter: string): void => {
    if (/^[0-9*#]$/.test(letter)) {
      told.line(`presses ${call.asksSecret ? '•' : letter}`);
      call.press(letter as Key);
      call.waitUntil(call.now + 200);
    } else if (letter === 's') {
      told.line(call.state === 'recording' ? 'speaks for 4 s' : 'speaks, and nothing records');
      call.say(4_000);
      call.waitUntil(call.now + 4_000);
    }
    told.news(call, false);
  };
  if (stdin.isTTY) await live(call, told, take);
  else {
    for await (const line of createInterface({ input: stdin })) {
      for (const letter of line.trim()) take(letter);
      // A pipe has no patience: the hotline speaks to its end, and where nothing was typed, until it speaks again.
      if (line.trim() === '') letPass(call);
      settle(call);
      told.news(call, true);
      if (call.over) break;
    }
  }
  if (!call.over) {
    told.line('hangs up');
    call.hangUp();
  }
  told.news(call, true);
}

const tickMs = 200;

function live(call: Rehearsal, told: Teller, take: (letter: string) => void): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const leave = (): void => {
      clearInterval(timer);
      stdin.setRawMode(false);
      stdin.off('data', hear);
      stdin.pause();
      resolve();
    };
    const timer = setInterval(() => {
      call.waitUntil(call.now + tickMs);
      told.news(call, false);
      if (call.over) leave();
    }, tickMs);
    const hear = (data: Buffer): void => {
      for (const letter of data.toString('utf8')) {
        // Ctrl-C and Ctrl-D.
        if (letter === '\u0003' || letter === '\u0004') return leave();
        if (letter === '\r' || letter === '\n') letPass(call);
        take(letter);
      }
      if (call.over) leave();
    };
    stdin.setRawMode(true);
    stdin.on('data', hear);
    stdin.resume();
    told.news(call, false);
  });
}

/** Until the hotline says something new, or listens again. */
function letPass(call: Rehearsal): void {
  const heard = call.heard.length;
  const { state } = call;
  while (call.heard.length === heard && call.state === state && call.advance());
}

/** Until the hotline has had its say. */
function settle(call: Rehearsal): void {
  const rests = (): boolean =>
    call.over || call.state === 'listening' || call.state === 'recording' || call.state === 'queued';
  while (!rests() && call.advance());
}

interface Teller {
  line(what: string): void;
  /** Tells what was said since; `whole`: what is planned too. */
  news(call: Rehearsal, whole: boolean): void;
}

function teller(out: (line: string) => void): Teller {
  let told = 0;
  let state: Rehearsal['state'] = 'listening';
  return {
    line: (what) => out(style('cyan', `> ${what}`)),
    news: (call, whole) => {
      for (
        let text = call.heard[told];
        text !== undefined && (whole || text.at <= call.now);
        text = call.heard[told]
      ) {
        out(heardLine(text));
        told += 1;
      }
      if (
        call.state !== state &&
        (call.state === 'recording' ||
          call.state === 'dialling' ||
          call.state === 'talking' ||
          call.state === 'queued')
      ) {
        out(style('dim', `  (${stateWords[call.state]})`));
      }
      state = call.state;
    },
  };
}

const stateWords = {
  queued: 'waits for an agent',
  recording: 'records',
  dialling: 'a phone rings',
  talking: 'the agent talks',
} as const;

function heardLine({ language, text, words }: HeardText): string {
  const caption = captionOf([{ language, name: text, words }]);
  return `  ${style('dim', language)}  ${style('bold', text)}  ${caption}`;
}

function stepWords(step: CallerStep): string {
  switch (step.type) {
    case 'press':
      return `presses ${step.keys}`;
    case 'speak':
      return `speaks for ${step.seconds} s`;
    default:
      return step.seconds === null ? 'waits' : `waits ${step.seconds} s`;
  }
}

function records({ contact, cases, messages }: Rehearsal): string[] {
  const end = contact?.termination;
  const lines = ['', style('bold', 'What would be on record:')];
  for (const { reference, kind, subject, status, outcome } of cases) {
    lines.push(`  case     ${reference}  ${kind}  ${subject}  ${status}  ${outcome ?? ''}`.trimEnd());
  }
  for (const { texts, to, words } of messages) lines.push(`  message  ${to}  ${texts.join(', ')}  ${words}`);
  if (contact !== null) {
    const path = contact.path.map(({ step }) => step).join(' > ');
    lines.push(`  contact  ${contact.language ?? ''}  ${contact.outcome ?? ''}  ${path}`);
    const reasons =
      end === null || end === undefined ? 'still up' : `${end.result}, ${end.reason}, by ${end.by}`;
    lines.push(`  ended    ${reasons}`);
  }
  return lines;
}

function style(how: 'bold' | 'dim' | 'cyan', text: string): string {
  return process.stdout.isTTY ? styleText(how, text) : text;
}
