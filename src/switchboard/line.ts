/** One exchange as the switchboard keeps it. */
import type { Exchange } from '../telephony/port.js';
import type { DeskLine } from './desk-line.js';

export interface Line {
  readonly exchange: Exchange;
  link: 'ready' | 'lost';
  /** Grows with each reconciliation, so that one that was overtaken ends. */
  round: number;
  /** Agents who dial the desk. */
  readonly desk: DeskLine;
}
