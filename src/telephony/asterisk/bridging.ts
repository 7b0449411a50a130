import type { LegId } from '../../base/index.js';
import type { CommandOutcome } from '../port.js';
import type { AriAnswer } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import { type Desk, overHttp, overSocket } from './desk.js';
import { endHoldMusic, refreshHolds } from './holds.js';
import { acrossLanes, inLane } from './lane.js';
import { type Bridge, type Leg, markOver, takeOut } from './legs.js';
import { channelPath, type Command, DONE, doneWhenGone, outcome, reason, refused } from './outcome.js';

/** Ends a bridge that nobody is in any more: its id is never used again. */
export function endEmpty(desk: Desk, { id }: Bridge): void {
  desk.legs.bridges.delete(id);
  markOver(desk.legs, id);
  void overSocket(desk, 'DELETE', `bridges/${encodeURIComponent(id)}`);
}

export async function bridge(desk: Desk, command: Command<'bridge'>): Promise<CommandOutcome> {
  const { bridge: id } = command;
  const legs: Leg[] = [];
  for (const legId of command.legs) {
    const leg = desk.legs.byId.get(legId);
    if (leg === undefined) return refused('no-such-leg', legId);
    if (!leg.answered) return refused('not-answered', legId);
    legs.push(leg);
  }
  if (desk.legs.over.has(id)) return refused('duplicate', id);
  if (legs.length === 0) return refused('invalid', 'a bridge of nobody');
  const emptied: Bridge[] = [];
  const before = desk.legs.bridges.get(id);
  const known = before ?? { id, legs: new Set<LegId>() };
  desk.legs.bridges.set(id, known);
  for (const leg of legs) {
    if (leg.bridge !== id) {
      const { bridge: left } = leg;
      emptied.push(...takeOut(desk.legs, leg));
      endHoldMusic(desk, leg);
      refreshHolds(desk, left);
    }
    leg.bridge = id;
    leg.dialling = false;
    known.legs.add(leg.id);
  }
  return acrossLanes(
    legs.map(({ lane }) => lane),
    async () => {
      const path = `bridges/${encodeURIComponent(id)}` as const;
      // Without `dtmf_events` Asterisk may relay the media by itself, and tells of no key.
      const made = await overSocket(desk, 'POST', `${path}?type=mixing,dtmf_events`);
      if (made.status !== 200 && made.status !== 409) return outcome(made);
      // What still plays would hold the leg back until it ends.
      await Promise.all(legs.flatMap((leg) => silence(desk, leg)));
      // Whoever is added once more leaves for a moment, which ends the recording of a bridge that all leave.
      const there = before === undefined ? [] : await membersOf(desk, id);
      const added = await Promise.all(
        legs
          .filter(({ channel }) => !there.includes(channel))
          .map((leg) =>
            overHttp(desk, 'POST', `${path}/addChannel?channel=${encodeURIComponent(leg.channel)}`),
          ),
      );
      for (const left of emptied) endEmpty(desk, left);
      refreshHolds(desk, id);
      return added.map(bridged).find(({ result }) => result !== 'done') ?? DONE;
    },
  );
}

/** Channels that are in the bridge by now. */
async function membersOf(desk: Desk, id: string): Promise<readonly string[]> {
  const got = await overHttp(desk, 'GET', 'bridges');
  if (got.status !== 200) return [];
  return (got.body as readonly AriModel['Bridge'][]).find((one) => one.id === id)?.channels ?? [];
}

function bridged(got: AriAnswer): CommandOutcome {
  // Asterisk: the channel is being recorded.
  if (got.status === 409) return refused('invalid', reason(got.body));
  if (got.status === 404 || got.status === 422) return refused('no-such-leg', reason(got.body));
  return outcome(got);
}

function silence(desk: Desk, leg: Leg): readonly Promise<AriAnswer>[] {
  const stops = [...leg.playbacks].map((id) =>
    overSocket(desk, 'DELETE', `playbacks/${encodeURIComponent(id)}`),
  );
  if (leg.music) stops.push(overSocket(desk, 'DELETE', channelPath(leg, '/moh')));
  leg.music = false;
  return stops;
}

/** A channel that is stuck leaves late or never; the others must not wait for it. */
const LEAVE_MS = 2000;

export async function unbridge(desk: Desk, { bridge: id }: Command<'unbridge'>): Promise<CommandOutcome> {
  if (desk.legs.over.has(id)) return DONE;
  const known = desk.legs.bridges.get(id);
  if (known === undefined) return refused('no-such-bridge', id);
  const legs = [...known.legs].flatMap((leg) => desk.legs.byId.get(leg) ?? []);
  desk.legs.bridges.delete(id);
  markOver(desk.legs, id);
  for (const leg of legs) {
    if (leg.bridge === id) leg.bridge = undefined;
    endHoldMusic(desk, leg);
  }
  const result = await acrossLanes(
    legs.map(({ lane }) => lane),
    async () => {
      const path = `bridges/${encodeURIComponent(id)}` as const;
      // Asterisk sends them out of a bridge that it deletes when it comes to it, and a prompt that is played meanwhile
      // is neither heard nor ended. Whoever is taken out has left when the answer comes.
      await Promise.all(
        legs.map((leg) =>
          overHttp(
            desk,
            'POST',
            `${path}/removeChannel?channel=${encodeURIComponent(leg.channel)}`,
            LEAVE_MS,
          ),
        ),
      );
      return outcome(await overHttp(desk, 'DELETE', path));
    },
  );
  return doneWhenGone(result);
}

export async function joinBridge(
  desk: Desk,
  { bridge: id, leg }: Command<'join-bridge'>,
): Promise<CommandOutcome> {
  if (!desk.legs.bridges.has(id)) return refused('no-such-bridge', id);
  return bridge(desk, { type: 'bridge', bridge: id, legs: [leg] });
}

export async function leaveBridge(desk: Desk, command: Command<'leave-bridge'>): Promise<CommandOutcome> {
  const { bridge: id } = command;
  if (desk.legs.over.has(id)) return DONE;
  if (!desk.legs.bridges.has(id)) return refused('no-such-bridge', id);
  const leg = desk.legs.byId.get(command.leg);
  if (leg === undefined || leg.bridge !== id) return DONE;
  const emptied = takeOut(desk.legs, leg);
  endHoldMusic(desk, leg);
  refreshHolds(desk, id);
  const channel = encodeURIComponent(leg.channel);
  const got = await inLane(leg.lane, 'http', () =>
    overHttp(desk, 'POST', `bridges/${encodeURIComponent(id)}/removeChannel?channel=${channel}`, LEAVE_MS),
  );
  for (const left of emptied) endEmpty(desk, left);
  // Asterisk: it is not in this bridge.
  return got.status === 422 ? DONE : doneWhenGone(outcome(got));
}
