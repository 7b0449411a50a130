import type { CommandOutcome, TransferResult } from '../port.js';
import type { AriModel } from './ari-model.js';
import { dialledByPhone } from './caller.js';
import { type Desk, overSocket } from './desk.js';
import { inLane } from './lane.js';
import { type Leg, phoneAt } from './legs.js';
import { channelPath, doneWhenGone, outcome } from './outcome.js';

/** A phone sent REFER. What names a call that is none of its own is declined here: nobody else could tell whose it is. */
export function transferRequested(desk: Desk, leg: Leg, to: AriModel['ReferTo']): void {
  const { requested_destination: wanted, destination_channel: found } = to;
  const other = found === undefined ? undefined : desk.legs.byChannel.get(found.id);
  const isAttended = (wanted.additional_protocol_params ?? []).length > 0;
  const phone = phoneAt(leg);
  if (phone === null || (isAttended && (other === undefined || phoneAt(other) !== phone))) {
    void answerTransfer(desk, leg, 'declined');
    return;
  }
  desk.emit({
    type: 'transfer.requested',
    leg: leg.id,
    to: dialledByPhone(wanted.destination ?? ''),
    replaces: other?.id ?? null,
  });
}

export async function answerTransfer(desk: Desk, leg: Leg, result: TransferResult): Promise<CommandOutcome> {
  const state = {
    trying: 'progress',
    answered: 'answered',
    unavailable: 'unavailable',
    declined: 'declined',
  }[result];
  const path = channelPath(leg, `/transfer_progress?states=channel_${state}`);
  return doneWhenGone(outcome(await inLane(leg.lane, 'socket', () => overSocket(desk, 'POST', path))));
}
