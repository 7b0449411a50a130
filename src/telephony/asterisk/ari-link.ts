import { OnedoorError } from '../../base/index.js';
import type { AriAddress } from './ari-http.js';
import type { AriEvent } from './ari-model.js';
import { type AriSocket, openAriSocket } from './ari-socket.js';
import type { Deadlines, RunningTime } from './running-time.js';
import { PHONES_APP, STASIS_APP } from './settings.js';

/** One life of the link to ARI, from the handshake to its loss: a socket that holds its events back until they may flow. */
export interface AriLink {
  readonly socket: AriSocket;
  /** Why it is lost; undefined while it lives. */
  lost(): string | undefined;
  /**
   * Sends an event through the exchange to ourselves: a socket may be up and the application deaf.
   *
   * @returns the exchange's own time when it came through.
   * @throws ONEDOOR_TELEPHONY_UNAVAILABLE when it does not come.
   */
  canary(): Promise<string>;
  /** Lets the events through that were held back, and all that follow. */
  flow(): void;
  failure(why: string): OnedoorError;
}

export interface AriLinkListener {
  readonly onEvent: (event: AriEvent) => void;
  readonly onReplaced: () => void;
  readonly onLost: (why: string) => void;
}

export interface LinkDeadlines {
  readonly requests: Deadlines;
  readonly canaries: Deadlines;
}

let canaryCount = 0;

/** A channel's event from the application of phones: it comes in the engine's own as well. */
const isOfTheOther = ({ application, type }: AriEvent): boolean =>
  application === PHONES_APP && type !== 'PeerStatusChange' && type !== 'ApplicationReplaced';

/** @throws HandshakeRefused, or the error of the connection. */
export async function openAriLink(
  address: AriAddress,
  time: RunningTime,
  deadlines: LinkDeadlines,
  listener: AriLinkListener,
): Promise<AriLink> {
  const canaries = new Map<string, (timestamp: string | undefined) => void>();
  let held: AriEvent[] | undefined = [];
  let lost: string | undefined;
  const failure = (why: string): OnedoorError =>
    new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address: `${address.host}:${address.port}`, why });

  const socket = await openAriSocket(address, [STASIS_APP, PHONES_APP], time, deadlines.requests, {
    onEvent(event) {
      if (isOfTheOther(event)) return;
      if (event.type === 'ChannelUserevent') canaries.get(event.eventname)?.(event.timestamp);
      else if (event.type === 'ApplicationReplaced') listener.onReplaced();
      else if (held === undefined) listener.onEvent(event);
      else held.push(event);
    },
    onClosed(why) {
      lost = why;
      for (const back of Array.from(canaries.values())) back(undefined);
      listener.onLost(why);
    },
  });

  return {
    socket,
    lost: () => lost,
    failure,
    async canary() {
      const name = `canary-${++canaryCount}`;
      const timestamp = await new Promise<string | undefined>((resolve) => {
        const limit = deadlines.canaries.set(() => resolve(undefined));
        canaries.set(name, (at) => {
          limit.met = true;
          resolve(at);
        });
        void socket.request('POST', `events/user/${name}?application=${STASIS_APP}`);
      });
      canaries.delete(name);
      if (timestamp === undefined) throw failure(lost ?? 'its events do not reach us');
      return timestamp;
    },
    flow() {
      const events = held ?? [];
      held = undefined;
      for (const event of events) listener.onEvent(event);
    },
  };
}
