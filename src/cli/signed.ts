import { userInfo } from 'node:os';
import type { Command } from 'commander';

/**
 * A command that says who gave it, and why.
 *
 * @param where both can be read later
 */
export function signed(command: Command, where: 'history' | 'event log'): Command {
  return command
    .requiredOption('--why <text>', `why, for the ${where}`)
    .option('--who <name>', `who, for the ${where}`, userInfo().username);
}
