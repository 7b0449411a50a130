import { type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * The engine's log: JSON lines for operators. No personal data goes there: no digits, names, numbers or texts
 * of callers; ids only.
 *
 * @param level pino level, `info` by default.
 */
export function createLog(level = 'info'): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
