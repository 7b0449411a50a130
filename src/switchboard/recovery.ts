/** How each outward command is recovered when its fate is unknown. `docs/recovery.md` has a row for each. */
import type { Call, OutwardCommand } from '../calls/index.js';
import type { JournalState } from '../journal/port.js';

export type CommandType = OutwardCommand['body']['type'];

/**
 * - `same-id`: repeating is refused by the exchange as a duplicate, so it is harmless;
 * - `ask-then-redo`: the exchange is asked whether it happened; repeated if not;
 * - `redo`: repeating does no harm;
 * - `never-redo`: reported as unknown.
 */
export type Recovery = 'same-id' | 'ask-then-redo' | 'redo' | 'never-redo';

/** A command type without a recovery does not compile. */
export const recoveryOf = {
  answer: 'redo',
  play: 'ask-then-redo',
  'stop-playback': 'redo',
  record: 'ask-then-redo',
  'record-bridge': 'ask-then-redo',
  'pause-recording': 'redo',
  'stop-recording': 'redo',
  'discard-recording': 'redo',
  originate: 'same-id',
  bridge: 'redo',
  'join-bridge': 'redo',
  'leave-bridge': 'redo',
  unbridge: 'redo',
  'start-music': 'redo',
  'stop-music': 'redo',
  'answer-transfer': 'redo',
  'hang-up': 'redo',
  'look-up': 'redo',
  'send-message': 'never-redo',
} as const satisfies Readonly<Record<CommandType, Recovery>>;

/**
 * The same for a command of a call. A person who is called back must not be rung twice: where nobody knows whether the
 * phone rang, it counts as rung. (An exchange that has forgotten a leg would not refuse its id.)
 */
export function recoveryFor(call: Pick<Call, 'leg'>, body: OutwardCommand['body']): Recovery {
  return body.type === 'originate' && body.leg === call.leg ? 'never-redo' : recoveryOf[body.type];
}

/**
 * Whether a command may leave before its turn is durable, because forgetting it harms nobody. A phone of ours that
 * rings for a turn that was never written stops ringing when the next engine takes stock, and is rung anew. Not while
 * the journal is degraded: whoever picks up waits for what follows, and that waits for the disk.
 */
export function mayLeaveEarly(body: OutwardCommand['body'], journal: JournalState): boolean {
  if (body.type === 'originate') return body.to.type === 'phone' && journal === 'normal';
  return body.type === 'stop-playback' || body.type === 'stop-music';
}
