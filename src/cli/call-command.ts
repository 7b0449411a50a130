/** `onedoor call NUMBER`: a real call from an exchange of the outside world; what was heard is decided by ear alone. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createLog } from '../base/index.js';
import {
  type CallerStep,
  compareHeard,
  type ConversationTurn,
  converse,
  dial,
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
import { clock, differenceLine, heardLines, stepLine, tell, verdict } from './call-lines.js';
import { recordLines, recordOf } from './call-record.js';
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
