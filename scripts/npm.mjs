import { run } from './command.mjs';
import { SetUpFailure } from './failure.mjs';

/**
 * The npm that runs us, else the one on the search path.
 * @returns {readonly string[]} program and first arguments
 */
export function npmProgram() {
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
