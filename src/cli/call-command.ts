/** `onedoor call NUMBER`: a real call from an exchange of the outside world; what was heard is decided by ear alone. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { z } from 'zod';
import { createLog } from '../base/index.js';
import {
  type CallerStep,
  compareHeard,
  type ConversationTurn,
  converse,
  dial,
  type Difference,
  differsFrom,
  type Driver,
  type ExpectedText,
  type Heard,
  openDriver,
  openPromptBook,
  type OutsideCall,
  type OutsideExchange,
  type PromptBook,
  type PromptBookOptions,
  readCallerSteps,
  recognise,
  remakePromptBook,
  startOutside,
} from '../outside/index.js';
import { captionOf, type SpokenPiece } from '../speech/index.js';
import { engineClient, type EngineClient } from './engine-client.js';
import { expectCall } from './expected-call.js';
import { parseAddress, type Settings } from './settings.js';
import { voiceToolbox } from './site-media.js';
import { shownStep } from './shown-keys.js';
import { soundSite } from './sound-site.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Asked {
  readonly keys: string;
  readonly caller?: string;
  readonly codec: 'alaw' | 'ulaw';
  readonly showKeys?: true;
  readonly json?: true;
}

export function addCallCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('call <number>')
    .description(
      'place a real SIP call from an exchange of the outside world, and tell what is heard, by ear alone',
    )
    .option(
      '--keys <groups>',
      'keys by groups, each pressed after a prompt has ended: 2,1,123456# (w: wait, w3: wait 3 s, s4: speak 4 s)',
      '',
    )
    .option('--caller <number>', 'who calls; withheld: nobody says (by default a number of chance)')
    .option('--codec <law>', 'alaw or ulaw', 'alaw')
    .option('--show-keys', 'print long entries too; without it •••• stands for a PIN or a reference')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\n${codesHelp}`)
    .action(async (number: string, asked: Asked) => ends(await call(world, number, asked)));
}

const codesHelp = `Exit codes: ${exitCodes.done} heard as the site's folder has it, ${exitCodes.failed} something else was heard or the call failed, ${exitCodes.usage} a wrong word, ${exitCodes.findings} the site has findings, ${exitCodes.noEngine} no engine runs.`;

/** One thing heard, as it is told. */
interface Told {
  readonly fromMs: number;
  readonly toMs: number;
  readonly score: number;
  readonly cut: boolean;
  /** Null: none of the prompts. */
  readonly language: string | null;
  readonly piece: string | null;
  readonly words: string | null;
}

async function call(world: World, number: string, asked: Asked): Promise<ExitCode> {
  const settings = settingsOf(world);
  const steps = readCallerSteps(asked.keys);
  if (steps === null) {
    throw new CliFailure(
      exitCodes.usage,
      '--keys cannot be read; write groups of 0-9 * # separated by commas, such as 2,1,123456#.',
    );
  }
  if (asked.codec !== 'alaw' && asked.codec !== 'ulaw')
    throw new CliFailure(exitCodes.usage, '--codec is alaw or ulaw.');
  const engine = engineClient(settings.stateFolder);
  const hotline = reachable(engine);
  const site = await soundSite(world, settings.siteFolder);
  const bookOptions = bookOf(world, settings, site.texts);
  const book = await openPromptBook(bookOptions);
  const caller =
    asked.caller === 'withheld' ? null : (asked.caller ?? `+9689${randomInt(1_000_000, 9_999_999)}`);
  const expected = expectCall({ site, number, caller, steps, ...book, at: Date.now() });

  const outside = await startOutside({ toolbox: settings.toolbox, hotline, codec: asked.codec });
  let driver: Driver | null = null;
  const forget = world.onSignal(() => {
    world.err('The call is given up.');
    void outside.stop().then(() => process.exit(exitCodes.failed));
  });
  try {
    driver = await openDriver(outside.ari);
    const startedAt = Date.now();
    if (!asked.json)
      world.out(`Calling ${number} at ${hotline.host}:${hotline.port} as ${caller ?? 'nobody (withheld)'}.`);
    const placed = await place(world, outside, driver, number, { ...asked, caller }, steps, book);
    const { heard, trusted } = await believed(world, placed, book, expected, bookOptions);
    const differences = compareHeard(
      trusted === book ? expected : expectCall({ site, number, caller, steps, ...trusted, at: startedAt }),
      heard,
    );
    const record = await recordOf(engine, number, startedAt, caller);
    const told = heard.map((one) => tell(one, trusted));
    if (asked.json) {
      printJson(world, {
        number,
        caller,
        answered: placed.answered,
        steps: placed.turns.map((turn) => (asked.showKeys ? turn : { ...turn, step: shownStep(turn.step) })),
        heard: told,
        asExpected: differences.length === 0 && placed.answered,
        expected: expected.map(({ language, text, words, cut }) => ({ language, text, words, cut })),
        differences: differences.map((one) => differenceLine(one, trusted)),
        record,
      });
    } else {
      if (!placed.answered) world.out(`The call was not answered (cause ${placed.end?.q850 ?? 'unknown'}).`);
      for (const line of verdict(differences, site.hash, record, trusted)) world.out(line);
      for (const line of recordLines(record)) world.out(line);
    }
    return differences.length === 0 && placed.answered ? exitCodes.done : exitCodes.failed;
  } finally {
    forget();
    driver?.close();
    await outside.stop();
  }
}

/** Where the engine answers SIP, from here. */
function reachable({ holder }: EngineClient): { host: string; port: number } {
  const address = parseAddress(holder.sip);
  if (address === null)
    throw new CliFailure(exitCodes.failed, `The engine's SIP address ${holder.sip} cannot be read.`);
  return address.host === '0.0.0.0' ? { ...address, host: '127.0.0.1' } : address;
}

function bookOf(world: World, settings: Settings, catalog: PromptBookOptions['catalog']): PromptBookOptions {
  const voice = voiceToolbox(settings.toolbox);
  if (voice === null) {
    throw new CliFailure(
      exitCodes.failed,
      'There is no toolbox with espeak-ng and sox, so nothing heard could be recognised. Run npm start once.',
    );
  }
  return {
    catalog,
    prompts: join(settings.siteFolder, 'prompts'),
    cache: settings.cacheFolder,
    voice,
    log: createLog('silent'),
    progress: (made, toMake) => {
      if (made % 50 === 0 || made === toMake) world.err(`sounds to compare with: ${made} of ${toMake} made`);
    },
  };
}

interface Placed {
  readonly answered: boolean;
  readonly turns: readonly ConversationTurn[];
  readonly heard: readonly Heard[];
  readonly audio: Int16Array;
  readonly end: { readonly q850: number } | null;
}

async function place(
  world: World,
  outside: OutsideExchange,
  driver: Driver,
  number: string,
  {
    caller,
    showKeys,
    json,
  }: { readonly caller: string | null; readonly showKeys?: true; readonly json?: true },
  steps: readonly CallerStep[],
  book: PromptBook,
): Promise<Placed> {
  const ringing: OutsideCall = await dial(outside, driver, number, { callerNumber: caller });
  if (!(await ringing.answered)) {
    return { answered: false, turns: [], heard: [], audio: new Int16Array(), end: await ringing.ended };
  }
  const onTurn = (turn: ConversationTurn): void => {
    if (json) return;
    const heard = recognise(part(ringing.line.heard(), turn), book.dictionary);
    for (const line of heardLines(heard.map((one) => later(one, turn.fromMs)).map((one) => tell(one, book))))
      world.out(line);
    const step = showKeys ? turn.step : shownStep(turn.step);
    if (step !== null) world.out(stepLine(turn.toMs, step));
  };
  const turns = await converse(ringing, steps, { onTurn });
  const audio = ringing.line.heard();
  if (!json)
    world.out(`${clock(ringing.line.now())}  ${ringing.isOver() ? 'the hotline hangs up' : 'hangs up'}`);
  await ringing.hangUp();
  const heard = turns.flatMap((turn) =>
    recognise(part(audio, turn), book.dictionary).map((one) => later(one, turn.fromMs)),
  );
  return { answered: true, turns, heard, audio, end: null };
}

/** What was heard, by sounds that were made once more: a spoilt cache would deceive the ear. */
async function believed(
  world: World,
  { heard, turns, audio }: Placed,
  book: PromptBook,
  expected: readonly ExpectedText[],
  options: PromptBookOptions,
): Promise<{ readonly heard: readonly Heard[]; readonly trusted: PromptBook }> {
  const sounds = [...heard.map(({ name }) => name), ...expected.flatMap((text) => text.sounds)];
  const names = [...new Set(sounds.filter((name) => name !== null))];
  const spoilt = await differsFrom(book, names, options);
  if (spoilt.length === 0) return { heard, trusted: book };
  world.err(
    `${spoilt.length} sounds of the cache are not what they should be: all are made anew to compare with.`,
  );
  const trusted = await remakePromptBook(options);
  const again = turns.flatMap((turn) =>
    recognise(part(audio, turn), trusted.dictionary).map((one) => later(one, turn.fromMs)),
  );
  return { heard: again, trusted };
}

function part(audio: Int16Array, { fromMs, toMs }: ConversationTurn): Int16Array {
  return audio.subarray(Math.round(fromMs * 8), Math.round(toMs * 8));
}

function later(heard: Heard, byMs: number): Heard {
  return { ...heard, fromMs: Math.round(heard.fromMs + byMs), toMs: Math.round(heard.toMs + byMs) };
}

function tell({ name, fromMs, toMs, score, cut }: Heard, book: PromptBook): Told {
  const [piece] = name === null ? [] : book.piecesOf(name);
  const words = piece === undefined ? null : captionOf([piece]);
  return { fromMs, toMs, score, cut, language: piece?.language ?? null, piece: piece?.name ?? null, words };
}

/** A line for each text; the digits and dates within it stand in the same line. */
function heardLines(told: readonly Told[]): string[] {
  const runs: Told[][] = [];
  for (const one of told) {
    const run = runs.at(-1);
    if (run !== undefined && goesOn(run, one)) run.push(one);
    else runs.push([one]);
  }
  return runs.map((run) => {
    const [first] = run;
    const score = Math.min(...run.map((one) => one.score));
    const at = clock(first?.fromMs ?? 0);
    if (first?.piece === null || first === undefined)
      return `${at}      ${dim(`a sound of ${(((first?.toMs ?? 0) - (first?.fromMs ?? 0)) / 1000).toFixed(1)} s that is none of the prompts`)}`;
    const words = run.map((one) => one.words).join(' ');
    const cut = run.some((one) => one.cut) ? ' (cut short)' : '';
    return `${at}  ${first.language ?? ''}  ${bold(textOf(run))}  ${words}${cut}  ${dim(score.toFixed(2))}`;
  });
}

function goesOn(run: readonly Told[], { piece, language }: Told): boolean {
  const last = run.at(-1);
  if (last?.piece === null || last === undefined || piece === null || last.language !== language)
    return false;
  return isValue(piece) || isValue(run[0]?.piece ?? '') || nameOf(piece) === textOf(run);
}

/** The text that a run of pieces belongs to: that of its first fixed part. */
function textOf(run: readonly Told[]): string {
  const fixed = run.find(({ piece }) => piece !== null && !isValue(piece));
  return nameOf((fixed ?? run[0])?.piece ?? '');
}

const isValue = (piece: string): boolean => piece.includes('/');
const nameOf = (piece: string): string => piece.replace(/\..*$/, '');

function stepLine(atMs: number, step: CallerStep): string {
  const what =
    step.type === 'press'
      ? `presses ${step.keys}`
      : step.type === 'speak'
        ? `speaks for ${step.seconds} s`
        : step.seconds === null
          ? 'waits'
          : `waits ${step.seconds} s`;
  return `${clock(atMs)}  ${what}`;
}

function verdict(
  differences: readonly Difference[],
  hash: string,
  record: CallRecord | null,
  book: PromptBook,
): string[] {
  const version =
    record !== null && record.contact.site !== hash
      ? ['Note: the engine runs another version of the site than lies in its folder now.']
      : [];
  if (differences.length === 0)
    return [...version, 'Heard as expected: a rehearsal of the same keys says the same.'];
  return [
    ...version,
    `Otherwise than expected (${differences.length}):`,
    ...differences.map((one) => `  ${differenceLine(one, book)}`),
  ];
}

function differenceLine(difference: Difference, book: PromptBook): string {
  const named = (heard: readonly Heard[]): string =>
    heard
      .map((one) => tell(one, book))
      .map(
        ({ fromMs, language, piece, words }) => `${language} ${piece} "${words}" at ${clock(fromMs).trim()}`,
      )
      .join(', ');
  if (difference.type === 'unexpected') return `heard besides: ${named(difference.heard)}`;
  const { expected, instead } = difference;
  const what = `expected ${expected.language} ${expected.text} "${withoutSigns(expected)}"`;
  return instead.length === 0 ? `${what}, not heard` : `${what}, heard instead: ${named(instead)}`;
}

function withoutSigns({ language, text, words }: ExpectedText): string {
  const piece: SpokenPiece = { language, name: text, words };
  return captionOf([piece]);
}

const contactSchema = z.looseObject({
  id: z.string(),
  number: z.string(),
  site: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  case: z.string().nullable(),
  caller: z.looseObject({ number: z.string().nullable() }).optional(),
  personal: z.record(z.string(), z.unknown()).optional(),
});
const caseSchema = z.looseObject({ id: z.string(), reference: z.string() });

interface CallRecord {
  readonly contact: z.output<typeof contactSchema>;
  readonly case: z.output<typeof caseSchema> | null;
}

/** The record is written with the call's last turn, which may still be on its way to the disk. */
const recordLimitMs = 8_000;
const askEveryMs = 200;

async function recordOf(
  engine: EngineClient,
  number: string,
  startedAt: number,
  caller: string | null,
): Promise<CallRecord | null> {
  const page = z.object({ contacts: z.array(contactSchema) });
  for (const until = Date.now() + recordLimitMs; Date.now() < until; ) {
    const { contacts } = await engine.get('/contacts', { limit: '50' }, page);
    const recent = contacts.filter((one) => one.number === number && one.startedAt >= startedAt - 2_000);
    const contact = recent.length > 1 ? await whoseNumberIs(engine, recent, caller) : recent[0];
    if (contact !== undefined && contact.endedAt !== null) {
      const found =
        contact.case === null
          ? null
          : await engine.get(`/cases/${encodeURIComponent(contact.case)}`, {}, caseSchema);
      return { contact, case: found };
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  return null;
}

/** Several calls at once: ours is the one with our number. */
async function whoseNumberIs(
  engine: EngineClient,
  contacts: readonly CallRecord['contact'][],
  caller: string | null,
): Promise<CallRecord['contact'] | undefined> {
  for (const { id } of contacts) {
    const contact = await engine.get(
      `/contacts/${encodeURIComponent(id)}`,
      { personal: 'true' },
      contactSchema,
    );
    const { personal: shown = {}, ...record } = contact;
    const key = contact.caller?.number ?? null;
    if ((key === null ? null : shown[key]) === caller) return record;
  }
  return undefined;
}

function recordLines(record: CallRecord | null): string[] {
  if (record === null) return ['The engine has no record of it.'];
  const { contact, case: found } = record;
  return [
    'Record:',
    `  contact  ${JSON.stringify(contact)}`,
    `  case     ${found === null ? 'none' : JSON.stringify(found)}`,
  ];
}

function clock(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}

const bold = (text: string): string => (process.stdout.isTTY ? styleText('bold', text) : text);
const dim = (text: string): string => (process.stdout.isTTY ? styleText('dim', text) : text);
