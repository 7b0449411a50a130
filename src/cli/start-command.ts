/** `onedoor start`: exchange and engine in the foreground. */
import type { Command } from 'commander';
import { createLog, OnedoorError } from '../base/index.js';
import { isLoopback } from '../web/index.js';
import { type Engine, startEngine } from './engine.js';
import { type Settings, showAddress } from './settings.js';
import { openStateFolder, tokenFile, type StateFolder } from './state-folder.js';
import { type LockHolder, lockState } from './state-lock.js';
import { type ExitCode, exitCodes, settingsOf, type World } from './world.js';

/** Calls may go on so long after Ctrl-C, milliseconds. */
const drainMs = 30_000;

export function addStartCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('start')
    .description('start exchange and engine in the foreground; Ctrl-C ends both')
    .action(async () => ends(await start(world)));
}

async function start(world: World): Promise<ExitCode> {
  const settings = settingsOf(world);
  // Before anything is touched: an address that will be refused in the end is refused now.
  if (!isLoopback(settings.http.host))
    throw new OnedoorError('ONEDOOR_WEB_OFF_LOOPBACK', { host: settings.http.host });
  const state = openStateFolder(settings.stateFolder);
  const locking = lockState(state.lock, { http: showAddress(settings.http), sip: showAddress(settings.sip) });
  if (locking.result === 'held') {
    for (const line of whoRuns(locking.holder, settings)) world.out(line);
    return exitCodes.done;
  }
  try {
    return await run(world, settings, state);
  } finally {
    locking.lock.release();
  }
}

async function run(world: World, settings: Settings, state: StateFolder): Promise<ExitCode> {
  const log = createLog(settings.logLevel ?? (world.watched ? 'warn' : 'info'));
  const began = performance.now();
  let engine: Engine | null = null;
  let asked = 0;
  const forget = world.onSignal((signal) => {
    asked += 1;
    if (engine === null) {
      if (asked > 1) process.exit(exitCodes.failed);
      world.err(`${signal}: stopping as soon as the start is over. Once more ends it now.`);
      return;
    }
    const { calls } = engine.status();
    const waits = asked === 1 && calls > 0;
    world.err(
      waits
        ? `Stopping: ${calls} ${calls === 1 ? 'call is' : 'calls are'} up and may go on for ${drainMs / 1000} s. Once more ends them now.`
        : 'Stopping.',
    );
    engine.stop({ drainMs: waits ? drainMs : 0, exchange: 'stop' });
  });
  try {
    const progress = (what: string): void => world.err(`onedoor: ${what}`);
    engine = await startEngine({ settings, state, version: world.version, log, progress });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (asked > 0) engine.stop({ drainMs: 0, exchange: 'stop' });
    else for (const line of howToCall(engine, settings, state, seconds)) world.out(line);
    const { why } = await engine.ended;
    if (why === null) world.err('onedoor: stopped');
    else world.err(`onedoor: the engine stopped acting: ${why}`);
    return why === null ? exitCodes.done : exitCodes.failed;
  } finally {
    forget();
  }
}

function howToCall(engine: Engine, settings: Settings, state: StateFolder, seconds: string): string[] {
  const { site } = engine;
  const sip = showAddress(settings.sip);
  const numbers = [...site.flows.values()].flatMap((flow) =>
    flow.numbers.map((number) => `  call    sip:${number}@${sip}   (flow ${flow.name})`),
  );
  const phones = site.phones.map(
    ({ name, label }) =>
      `  phone   sip:${name}@${sip}   (${label}; its password is in ${state.secrets}/exchange.json)`,
  );
  return [
    `Onedoor answers for "${site.name}" after ${seconds} s${engine.adopted ? '; the exchange was up already' : ''}.`,
    ...numbers,
    ...phones,
    `  HTTP    http://${engine.http}   (token: ${tokenFile(state)})`,
    '  cases   onedoor case list',
    '  stop    Ctrl-C, or: onedoor stop',
  ];
}

function whoRuns(holder: LockHolder, settings: Settings): string[] {
  return [
    `Onedoor runs already on ${settings.stateFolder}: process ${holder.pid}, since ${holder.since}.`,
    `  SIP     ${holder.sip}`,
    `  HTTP    http://${holder.http}`,
    '  stop    onedoor stop',
  ];
}
