/** `onedoor stop`: ends the engine of a state folder, and its exchange. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { asExchangeId } from '../base/index.js';
import { engineClient } from './engine-client.js';
import { exchangeSettings, noSite } from './exchange-settings.js';
import { exchangeWasStarted, stateFolderAt } from './state-folder.js';
import { lockHolder } from './state-lock.js';
import { CliFailure, exitCodes, settingsOf, type World } from './world.js';

const stopAnswer = z.object({ calls: z.int() });
/** So long an engine may take after its drain. */
const graceMs = 15_000;

interface Asked {
  readonly drain: number;
  readonly keepExchange?: true;
}

export function addStopCommand(program: Command, world: World): void {
  program
    .command('stop')
    .description('stop the engine and its exchange, after the calls that are up')
    .addOption(
      new Option('--drain <seconds>', 'so long calls may go on').default(30).argParser((text) => {
        const seconds = Number(text);
        if (/^\d{1,5}$/.test(text) && seconds <= 86_400) return seconds;
        throw new CliFailure(exitCodes.usage, `--drain is "${text}"; write seconds from 0 to 86400.`);
      }),
    )
    .option('--keep-exchange', 'leave the exchange and its calls up, for a next engine to take over')
    .action((asked: Asked) => stop(world, asked));
}

async function stop(world: World, { drain, keepExchange }: Asked): Promise<void> {
  const { stateFolder, exchange } = settingsOf(world);
  const state = stateFolderAt(stateFolder);
  if (lockHolder(state.lock) === null) {
    // An engine that died leaves its exchange up, on purpose.
    if (!keepExchange && (await stopLeftExchange(world)))
      world.out('No engine ran; the exchange that it left is stopped.');
    else world.out(`Nothing runs on ${stateFolder}.`);
    return;
  }
  const engine = engineClient(stateFolder);
  const body = { drainSeconds: drain, exchange: keepExchange ? 'keep' : 'stop' };
  const { calls } = await engine.post('/stop', body, stopAnswer);
  if (calls > 0 && drain > 0)
    world.err(`${calls} ${calls === 1 ? 'call is' : 'calls are'} up; waiting for them up to ${drain} s.`);

  const deadline = Date.now() + drain * 1000 + graceMs;
  while (lockHolder(state.lock)?.pid === engine.holder.pid) {
    if (Date.now() > deadline) {
      throw new CliFailure(
        exitCodes.failed,
        `The engine (process ${engine.holder.pid}) has not ended ${drain + graceMs / 1000} s after it was asked to. See its log, or end the process.`,
      );
    }
    await pause(100);
  }
  const up = keepExchange || exchange === 'external';
  world.out(up ? 'The engine is stopped; the exchange is up.' : 'Engine and exchange are stopped.');
}

async function stopLeftExchange(world: World): Promise<boolean> {
  const settings = settingsOf(world);
  const state = stateFolderAt(settings.stateFolder);
  if (settings.exchange === 'external' || !exchangeWasStarted(state)) return false;
  // An engine stops its exchange itself, and mostly there is one.
  const { stopEmbedded } = await import('../telephony/asterisk/index.js');
  return stopEmbedded(await exchangeSettings(asExchangeId('asterisk'), settings, state, noSite), 0);
}
