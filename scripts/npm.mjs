import { connect } from 'node:net';
import { run } from './command.mjs';
import { SetUpFailure } from './failure.mjs';

/**
 * The npm that runs us, else the one on the search path.
 * @returns {readonly string[]} program and first arguments
 */
function npmProgram() {
  const cli = process.env.npm_execpath;
  return cli !== undefined && /npm-cli\.js$/.test(cli) ? [process.execPath, cli] : ['npm'];
}

/**
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, show?: boolean }} options
 * @returns {Promise<import('./command.mjs').Outcome>}
 */
export async function npm(args, options) {
  const [program = '', ...before] = npmProgram();
  const outcome = await run(program, [...before, ...args], options);
  if (outcome.code === 127)
    throw new SetUpFailure(
      'npm is not on the search path. Install it (it comes with Node; on Debian it is the package npm) and run the same command again.',
    );
  return outcome;
}

/** A registry that does not take a connection for so long counts as out of reach. */
const REACH_MS = 10_000;

/**
 * Looks whether npm's registry can be reached, because npm itself tries for minutes before it says so.
 * @param {string} cwd
 * @returns {Promise<string>} what is wrong; empty: it answers, or a proxy stands between and only npm can tell
 */
export async function registryFault(cwd) {
  const { stdout } = await npm(['config', 'get', 'registry', 'proxy', 'https-proxy'], { cwd });
  const settings = Object.fromEntries(
    stdout
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  const proxies = [settings.proxy, settings['https-proxy'], HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy];
  if (proxies.some((proxy) => proxy && proxy !== 'null')) return '';
  if (!URL.canParse(settings.registry ?? '')) return '';
  const { protocol, hostname, port } = new URL(settings.registry ?? '');
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) });
    const end = (/** @type {string} */ fault) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(REACH_MS, () => end(`${hostname} does not answer`));
    socket.once('connect', () => end(''));
    socket.once('error', (error) => end(error.message || `${hostname} refuses the connection`));
  });
}
