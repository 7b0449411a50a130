import './node-version.mjs';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildReady, ensureBuild } from './build.mjs';
import { dependenciesReady, ensureDependencies } from './dependencies.mjs';
import { endWith, SetUpFailure } from './failure.mjs';
import { cacheFolder, PROJECT } from './folders.mjs';
import { withLock } from './lock.mjs';
import { ensureToolbox } from './toolbox.mjs';

/** @typedef {import('./toolbox.mjs').Exchange} Exchange */

const EXCHANGES = ['embedded', 'system', 'external'];

/** @param {string} line */
const show = (line) => process.stderr.write(`${line}\n`);

/**
 * Everything between a fresh clone and a program that runs: npm packages, toolbox, build. Each step looks first
 * whether it has been done; all of them together take a quarter of a second then. The prompts belong to a state
 * folder: the engine speaks what is missing when it starts.
 * @param {{ project?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<{ toolbox: string }>} toolbox: path of the toolbox.json for ONEDOOR_TOOLBOX
 * @throws {SetUpFailure}
 */
export async function setUp({ project = PROJECT, log = show } = {}) {
  const exchange = chosenExchange();
  const own = join(project, '.set-up');
  const lock = join(own, 'lock');
  const waiting = (/** @type {{ pid: number }} */ { pid }) =>
    log(`set-up: process ${pid} is at work in this folder; waiting`);
  const steps = async () => {
    // The one waits for the network and the other for the processor.
    const [toolbox] = await Promise.all([
      ensureToolbox({ exchange, log }),
      ensureDependencies(project, { scratch: join(own, 'packages'), cache: cacheFolder(), log }),
    ]);
    await ensureBuild(project, { log });
    return { toolbox: toolbox.file };
  };
  // When everything stands, nothing is written here, so nobody needs to wait for anybody.
  if (dependenciesReady(project) && buildReady(project))
    return { toolbox: (await ensureToolbox({ exchange, log })).file };
  checkWritable(project);
  return withLock(lock, steps, { waiting });
}

/** @returns {Exchange} */
function chosenExchange() {
  const exchange = process.env.ONEDOOR_EXCHANGE || 'embedded';
  if (EXCHANGES.includes(exchange)) return /** @type {Exchange} */ (exchange);
  throw new SetUpFailure(
    `ONEDOOR_EXCHANGE is ${JSON.stringify(exchange)}; it can be ${EXCHANGES.join(', ')}.`,
  );
}

/** @param {string} project */
function checkWritable(project) {
  if (!existsSync(join(project, 'package-lock.json')))
    throw new SetUpFailure(
      `${project} holds no package-lock.json. Get a complete clone and run the command in it.`,
    );
  try {
    accessSync(project, constants.W_OK);
  } catch (cause) {
    throw new SetUpFailure(
      `The folder ${project} cannot be written to by this user. Run the command as its owner, or in a clone of your own.`,
      { cause },
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await setUp().then(() => undefined, endWith);
