/** `onedoor doctor`: whether everything is there that an engine needs, and what to do where it is not. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { asExchangeId, createLog, findingLine, startClock, startScheduler } from '../base/index.js';
import { openLookups } from '../lookups/index.js';
import { type CheckedSite, loadSite } from '../site/index.js';
import {
  findProgram,
  GOOD_ASTERISK,
  isAtLeast,
  LEAST_ASTERISK,
  probeExchange,
} from '../telephony/asterisk/index.js';
import { isLoopback } from '../web/index.js';
import { engineClient } from './engine-client.js';
import { exchangeSettings, noSite } from './exchange-settings.js';
import { type Address, type Settings, showAddress } from './settings.js';
import { lookupSettings } from './lookup-settings.js';
import { exchangeWasStarted, stateFolderAt } from './state-folder.js';
import { lockHolder } from './state-lock.js';
import { type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Examination {
  readonly name: string;
  readonly state: 'well' | 'noted' | 'ill';
  readonly what: string;
}

export function addDoctorCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('say what an engine needs and lacks here')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const examinations = await examine(world);
      const signs = { well: 'ok  ', noted: 'note', ill: 'ILL ' };
      if (json) printJson(world, examinations);
      else for (const { name, state, what } of examinations) world.out(`${signs[state]} ${name}: ${what}`);
      ends(examinations.some(({ state }) => state === 'ill') ? exitCodes.failed : exitCodes.done);
    });
}

async function examine(world: World): Promise<readonly Examination[]> {
  const settings = settingsOf(world);
  const runs = lockHolder(stateFolderAt(settings.stateFolder).lock);
  return [
    nodeVersion(),
    toolbox(settings),
    asterisk(settings),
    ...(await site(settings)),
    stateFolder(settings),
    httpAddress(settings),
    ...(runs === null ? await Promise.all(ports(settings)) : [await engine(settings)]),
    await exchange(settings, runs !== null),
  ];
}

function nodeVersion(): Examination {
  const good = isAtLeast(process.versions.node, '20.20.0');
  return {
    name: 'node',
    state: good ? 'well' : 'ill',
    what: good ? process.versions.node : `${process.versions.node} is too old: install 20.20 or newer.`,
  };
}

function toolbox({ toolbox: path, exchange: mode }: Settings): Examination {
  const name = 'toolbox';
  if (path !== null) return { name, state: 'well', what: path };
  const what = 'there is none: run npm start once, or set ONEDOOR_TOOLBOX.';
  return { name, state: mode === 'embedded' ? 'ill' : 'noted', what };
}

function asterisk(settings: Settings): Examination {
  const name = 'asterisk';
  if (settings.exchange === 'external') return { name, state: 'well', what: 'somebody else runs it' };
  try {
    const { version } = findProgram({ mode: settings.exchange, toolbox: settings.toolbox });
    if (isAtLeast(version, GOOD_ASTERISK))
      return { name, state: 'well', what: `${version} (${settings.exchange})` };
    const what = `${version} lets an ARI user who may only read also write; ${GOOD_ASTERISK} does not.`;
    return { name, state: 'noted', what };
  } catch (error) {
    return { name, state: 'ill', what: messageOf(error) };
  }
}

async function site(settings: Settings): Promise<readonly Examination[]> {
  const { siteFolder } = settings;
  const reading = await loadSite(siteFolder);
  if (reading.result === 'checked') {
    const what = `${reading.site.name} in ${siteFolder}`;
    return [{ name: 'site', state: 'well', what }, ...(await lookups(settings, reading.site))];
  }
  const [first] = reading.findings;
  const what = `${reading.findings.length} findings; the first: ${first === undefined ? '' : findingLine(first)}`;
  return [{ name: 'site', state: 'ill', what: `${what} (onedoor flow check)` }];
}

/** Secrets, names and queries of the sources outside; nobody is asked for a row. */
async function lookups(settings: Settings, site: CheckedSite): Promise<readonly Examination[]> {
  if (site.sources.size === 0) return [];
  const open = openLookups({
    ...lookupSettings(settings),
    ...site,
    scheduler: startScheduler(startClock()),
    log: createLog('silent'),
  });
  const ill = await open.examine();
  await open.close();
  const named = new Map(ill.map(({ source, why }) => [source, why]));
  return [...site.sources.keys()].map((source) => {
    const why = named.get(source);
    const name = `lookup ${source}`;
    if (why === undefined)
      return { name, state: 'well', what: 'can be asked, as far as can be seen from here' };
    return { name, state: 'ill', what: `${why} (docs/lookups.md)` };
  });
}

/** Below this, recordings would soon fill the disk. */
const leastFreeBytes = 500_000_000;

function stateFolder({ stateFolder: path }: Settings): Examination {
  const name = 'state';
  let nearest = path;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
  } catch {
    return {
      name,
      state: 'ill',
      what: `${nearest} cannot be written to: mend its permissions, or set ONEDOOR_STATE.`,
    };
  }
  const { bavail, bsize } = statfsSync(nearest);
  const free = bavail * bsize;
  const gigabytes = (free / 1e9).toFixed(1);
  if (free < leastFreeBytes)
    return { name, state: 'ill', what: `${path} has only ${gigabytes} GB left: free some space.` };
  return { name, state: 'well', what: `${path}, ${gigabytes} GB free` };
}

function httpAddress({ http }: Settings): Examination {
  const good = isLoopback(http.host);
  return {
    name: 'http',
    state: good ? 'well' : 'ill',
    what: good
      ? showAddress(http)
      : `${showAddress(http)} is not a loopback address: set ONEDOOR_HTTP to one such as 127.0.0.1:8080.`,
  };
}

/** Where nothing runs yet, its ports must be free. */
function ports({ http, sip, rtp, exchange: mode, stateFolder: root }: Settings): Promise<Examination>[] {
  // An exchange that outlived its engine has its ports rightly.
  const own =
    mode === 'external' || exchangeWasStarted(stateFolderAt(root))
      ? []
      : [portFree('udp', sip, 'ONEDOOR_SIP'), portFree('udp', { ...sip, port: rtp.first }, 'ONEDOOR_RTP')];
  return [portFree('tcp', http, 'ONEDOOR_HTTP'), ...own];
}

function portFree(protocol: 'tcp' | 'udp', address: Address, setting: string): Promise<Examination> {
  const name = `port ${showAddress(address)}/${protocol}`;
  return new Promise((resolve) => {
    const taken = (error: Error): void =>
      resolve({
        name,
        state: 'ill',
        what: `${error.message}. End the program that has it, or set ${setting}.`,
      });
    const free = (): void => resolve({ name, state: 'well', what: 'free' });
    if (protocol === 'udp') {
      const socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', taken).bind(address.port, address.host, () => socket.close(free));
    } else {
      const server = createServer().once('error', taken);
      server.listen(address.port, address.host, () => server.close(free));
    }
  });
}

const statusAnswer = z.object({
  phase: z.string(),
  calls: z.int(),
  journal: z.string(),
  exchanges: z.array(z.object({ id: z.string(), link: z.string() })),
  lookups: z.array(z.object({ source: z.string(), breaker: z.string() })),
});

async function engine({ stateFolder: root }: Settings): Promise<Examination> {
  const name = 'engine';
  try {
    const client = engineClient(root);
    const {
      phase,
      calls,
      journal,
      exchanges,
      lookups: sources,
    } = await client.get('/status', {}, statusAnswer);
    const links = exchanges.map(({ id, link }) => `${id} ${link}`).join(', ');
    const down = sources.filter(({ breaker }) => breaker !== 'closed').map(({ source }) => source);
    const well = journal === 'normal' && exchanges.every(({ link }) => link === 'ready') && down.length === 0;
    const resting = down.length === 0 ? '' : `, lookups that fail and are left alone: ${down.join(', ')}`;
    const what = `process ${client.holder.pid} ${phase}, ${calls} calls, journal ${journal}, exchange ${links}${resting}`;
    return { name, state: well ? 'well' : 'ill', what };
  } catch (error) {
    return { name, state: 'ill', what: messageOf(error) };
  }
}

async function exchange(settings: Settings, engineRuns: boolean): Promise<Examination> {
  const name = 'exchange';
  const state = stateFolderAt(settings.stateFolder);
  if (settings.exchange !== 'external' && !engineRuns && !exchangeWasStarted(state)) {
    return { name, state: 'well', what: 'none runs; onedoor start starts it' };
  }
  try {
    const probe = await probeExchange(
      await exchangeSettings(asExchangeId('asterisk'), settings, state, noSite),
    );
    const { version, sound, why } = probe;
    if (version === null) return { name, state: 'ill', what: why };
    if (!isAtLeast(version, LEAST_ASTERISK))
      return { name, state: 'ill', what: `Asterisk ${version} is older than ${LEAST_ASTERISK}.` };
    if (sound !== 'heard') return { name, state: 'ill', what: `Asterisk ${version} answers, but ${why}` };
    return { name, state: 'well', what: `Asterisk ${version} answers, plays and records` };
  } catch (error) {
    return { name, state: 'ill', what: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
