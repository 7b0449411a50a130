import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { missingCompilers, withCompilers } from './compilers.mjs';
import { diskFull, lastWords, saysDiskFull, SetUpFailure } from './failure.mjs';
import { npm } from './npm.mjs';

/** @typedef {(line: string) => void} Log */

/** The only dependency with a part that is compiled when no prebuilt one can be had. */
const NATIVE = 'better-sqlite3';
const BINARY = join('node_modules', NATIVE, 'build/Release/better_sqlite3.node');

/**
 * @param {string} folder
 * @returns {Promise<string>} what is wrong; empty: the native part is there and fits this Node
 */
export async function nativeFault(folder) {
  const trial = `new (require('${NATIVE}'))(':memory:').exec('select 1')`;
  const { code, output } = await run(process.execPath, ['-e', trial], { cwd: folder });
  return code === 0 ? '' : output;
}

/**
 * Gets the native part of a fresh installation: from the cache, where another clone has left it; else its maker's
 * prebuilt one; else compiled here, with borrowed compilers if the machine has none.
 * @param {string} folder
 * @param {{ cache: string, log: Log }} options
 * @throws {SetUpFailure}
 */
export async function makeNative(folder, { cache, log }) {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', NATIVE, 'package.json'), 'utf8'));
  const kept = join(
    cache,
    `${NATIVE}-${version}-${process.platform}-${process.arch}-${process.versions.modules}.node`,
  );
  if (existsSync(kept)) {
    mkdirSync(dirname(join(folder, BINARY)), { recursive: true });
    copyFileSync(kept, join(folder, BINARY));
    if ((await nativeFault(folder)) === '') return;
  }
  log(`dependencies: fetching or compiling ${NATIVE} (one to three minutes when it must be compiled)`);
  const started = performance.now();
  const alive = setInterval(
    () => log(`dependencies: still at it after ${((performance.now() - started) / 1000).toFixed(0)} s`),
    30_000,
  );
  const wrong = await fetchOrCompile(folder, log).finally(() => clearInterval(alive));
  if (wrong !== '') throw cannotCompile(wrong);
  mkdirSync(cache, { recursive: true });
  copyFileSync(join(folder, BINARY), `${kept}.${process.pid}`);
  renameSync(`${kept}.${process.pid}`, kept);
}

/**
 * @param {string} folder
 * @param {Log} log
 * @returns {Promise<string>} what is wrong; empty: the native part is there
 */
async function fetchOrCompile(folder, log) {
  const missing = await missingCompilers();
  let rebuild = await npm(['rebuild', NATIVE], { cwd: folder, env: forCompiling(process.env) });
  if (rebuild.code !== 0 && missing.length > 0) {
    log(`dependencies: no prebuilt ${NATIVE} can be had, and ${missing.join(', ')} are not installed`);
    rebuild = await withCompilers(join(folder, 'compilers'), log, (env) =>
      npm(['rebuild', NATIVE], { cwd: folder, env: forCompiling(env) }),
    );
  }
  return rebuild.code === 0 ? nativeFault(folder) : rebuild.output;
}

/** @param {string} output */
function cannotCompile(output) {
  if (saysDiskFull(output)) return diskFull();
  if (
    /nodejs\.org|headers/.test(output) &&
    /gyp ERR!.*(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|fetch|network)/.test(output)
  )
    return new SetUpFailure(
      `${NATIVE} must be compiled, and this Node came without its headers, which cannot be downloaded now. ` +
        'Connect to the network, or install Node from nodejs.org (which has them), and run the same command again.',
    );
  return new SetUpFailure(
    `${NATIVE} could be neither downloaded nor compiled (${lastWords(output)}). ` +
      'Install python3, make and g++ (as root: apt-get install python3 make g++) and run the same command again.',
  );
}

/**
 * node-gyp downloads Node's headers unless it is told where they are; most installations have them. And it compiles
 * one file after the other unless it is told to use all processors.
 * @param {NodeJS.ProcessEnv} env
 */
function forCompiling(env) {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include/node/node_version.h'))
    ? { npm_config_nodedir: prefix }
    : {};
  return { JOBS: 'max', ...env, ...headers };
}
