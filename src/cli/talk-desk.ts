/** Talks of a running engine, and callers who are moved on. */
import type { Router } from '../acd/index.js';
import { type Dial, targetName, type Transfer } from '../calls/index.js';
import type { LiveCall, Switchboard } from '../switchboard/index.js';
import type { TalkStatus } from '../web/index.js';

/** Who talks with whom, the longest first; those with whom nobody talks, since they are moved on, at the end. */
export function talksNow({ talks, router }: Pick<Switchboard, 'talks' | 'router'>): readonly TalkStatus[] {
  const late = Number.POSITIVE_INFINITY;
  return talks()
    .map((live) => talkStatus(live, router()))
    .sort((a, b) => (a.since ?? late) - (b.since ?? late) || (a.contact < b.contact ? -1 : 1));
}

function talkStatus({ call, contact }: LiveCall, router: Router): TalkStatus {
  const { phones, transfer, talkRecording: recording } = call;
  const talkers = (contact?.segments ?? []).flatMap(({ leg, kind, who, from, to }) => {
    const dial = phones.find((phone) => phone.leg === leg);
    return to !== null || dial === undefined
      ? []
      : [{ kind, who, since: from, state: stateOf(dial, transfer, router) }];
  });
  const began = contact?.transfers.find(({ endedAt }) => endedAt === null)?.at ?? null;
  return {
    contact: call.id,
    queue: call.talkQueue,
    since: talkers.length === 0 ? null : Math.min(...talkers.map(({ since }) => since)),
    talkers,
    transfer: transfer === null || began === null ? null : { ...moving(transfer, phones), since: began },
    recording: recording === null ? null : recording.on && recording.id !== null ? 'on' : 'off',
  };
}

function stateOf(
  { leg, state, offer }: Dial,
  transfer: Transfer | null,
  router: Router,
): TalkStatus['talkers'][number]['state'] {
  const asks = transfer?.state === 'consulting' || state === 'aside' || transfer?.second != null;
  if (asks && transfer?.by.leg === leg) return 'asking';
  if (transfer?.state === 'consulting' && transfer.leg === leg) return 'asked';
  return router.agents.get(offer?.agent ?? '')?.state === 'hold' ? 'hold' : 'talking';
}

function moving(
  { by, how, to, state, ticket }: Transfer,
  phones: readonly Dial[],
): Omit<NonNullable<TalkStatus['transfer']>, 'since'> {
  const rings = phones.some((phone) => phone.state === 'ringing' || phone.state === 'briefing');
  const reaching = ticket === null || rings ? 'ringing' : 'waiting';
  const now = { reaching, consulting: 'asking', together: 'conference', returning: 'returning' } as const;
  return { by: by.agent ?? by.phone, how, to: to.type, name: targetName(to), state: now[state] };
}
