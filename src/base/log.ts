import type { Logger } from 'pino';
import { lazily } from './lazily.js';

const load = lazily((require) => require('pino') as typeof import('pino'));

export type Log = Logger;

/**
 * The engine's log: JSON lines for operators. No personal data goes there: no digits, names, numbers or texts
 * of callers; ids only.
 *
 * @param level pino level, `info` by default.
 */
export function createLog(level = 'info'): Log {
  const { pino } = load();
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
