import { type Log, OnedoorError } from '../../base/index.js';
import { type AriAddress, type AriAnswer, type AriHttp, openAriHttp } from './ari-http.js';
import { type AriEvent, type AriModel, ariEventTypes } from './ari-model.js';
import { type AriSocket, HandshakeRefused, openAriSocket } from './ari-socket.js';
import { refuseOld } from './program.js';
import type { RunningTime } from './running-time.js';
import { STASIS_APP } from './settings.js';

/** A connection to ARI that is made again whenever it is lost. */
export interface AriConnection {
  /**
   * Resolves once the link was up for the first time. Rejects with ONEDOOR_TELEPHONY_UNAVAILABLE, _DENIED or
   * _OLD_ASTERISK when it does not come up.
   */
  readonly up: Promise<void>;
  readonly http: AriHttp;
  /** The socket while the link is ready. */
  socket(): AriSocket | undefined;
  close(): void;
}

export interface AriConnectionListener {
  /**
   * The link is up and proven; the events that have come since wait until this resolves.
   *
   * @param incarnation changes when the exchange itself was started again.
   */
  readonly onUp: (http: AriHttp, incarnation: string) => Promise<void>;
  /** Called after `onUp`, when requests can be sent and before the first event is told. */
  readonly onReady: () => void;
  readonly onEvent: (event: AriEvent) => void;
  readonly onLost: (why: string) => void;
  readonly onReplaced: () => void;
  /** Awaited between a canary and the heartbeat that it allows: the engine's proof that its own turns go through. */
  readonly proof: () => Promise<void>;
}

const USED: ReadonlySet<AriEvent['type']> = new Set<AriEvent['type']>([
  'StasisStart',
  'StasisEnd',
  'ChannelDtmfReceived',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelUserevent',
  'Dial',
  'PlaybackFinished',
  'RecordingFinished',
  'RecordingFailed',
  'ApplicationReplaced',
  'RESTResponse',
]);

/** A filter of allowed types would swallow the answers to requests, so it names what is not wanted. */
const FILTER = JSON.stringify({
  disallowed: ariEventTypes.filter((type) => !USED.has(type as AriEvent['type'])).map((type) => ({ type })),
});

const REQUEST_MS = 5000;
/** A half-open link is noticed within three seconds: a ping each second, and so long without a sign of life. */
const SILENT_MS = 2500;
const PING_MS = 1000;
/** A canary that is not back by then: the socket is up and the application is deaf. */
const CANARY_MS = 2500;
const FIRST_UP_MS = 15_000;
const BACK_OFF_MS = [20, 50, 100, 200, 500, 1000];

/** Connects, and keeps connected until it is closed or replaced. */
export function keepConnected(
  address: AriAddress,
  time: RunningTime,
  listener: AriConnectionListener,
  log: Log,
): AriConnection {
  const http = openAriHttp(address);
  const requestDeadlines = time.deadlines(REQUEST_MS);
  const canaryDeadlines = time.deadlines(CANARY_MS);
  const where = `${address.host}:${address.port}`;
  let link: Link | undefined;
  let ready = false;
  let closed = false;

  const close = (): void => {
    closed = true;
    ready = false;
    link?.drop('closed by us');
    http.close();
  };

  /** One life of the link, from the handshake to its loss. */
  const connect = async (): Promise<void> => {
    const fresh = await openLink();
    link = fresh;
    const info = await http.request('GET', 'asterisk/info', { limitMs: 3000 });
    if (info.status !== 200) throw fresh.failure('it does not say who it is');
    const { system, status } = info.body as AriModel['AsteriskInfo'];
    refuseOld(system?.version ?? '0');
    const filtered = await fresh.socket.request('PUT', `applications/${STASIS_APP}/eventFilter`, FILTER);
    if (filtered.status !== 200) throw fresh.failure(`its event filter answers ${filtered.status}`);
    await fresh.canary();
    await listener.onUp(http, `${status?.startup_time}`);
    if (fresh.lost !== undefined) throw fresh.failure(fresh.lost);
    ready = true;
    sinceBeat = PING_MS;
    listener.onReady();
    fresh.flow();
  };

  interface Link {
    readonly socket: AriSocket;
    lost: string | undefined;
    /** Sends an event to ourselves; resolves with the exchange's own time when it has come through. */
    canary(): Promise<string>;
    /** Lets the events through that were held back. */
    flow(): void;
    drop(why: string): void;
    failure(why: string): OnedoorError;
  }

  const openLink = async (): Promise<Link> => {
    let held: AriEvent[] | undefined = [];
    const canaries = new Map<string, (timestamp: string) => void>();
    const onEvent = (event: AriEvent): void => {
      if (event.type === 'ChannelUserevent') return canaries.get(event.eventname)?.(event.timestamp);
      if (event.type === 'ApplicationReplaced') return replaced();
      if (held === undefined) listener.onEvent(event);
      else held.push(event);
    };
    const opened: Link = {
      lost: undefined,
      socket: await openAriSocket(address, time, requestDeadlines, {
        onEvent,
        onClosed(why) {
          opened.lost = why;
          for (const back of [...canaries.values()]) back('');
          if (ready && link === opened) lost(why);
        },
      }),
      async canary() {
        const name = `canary-${++canaryCount}`;
        const timestamp = await new Promise<string>((resolve) => {
          const deadline = canaryDeadlines.set(() => resolve(''));
          canaries.set(name, (at) => {
            deadline.met = true;
            resolve(at);
          });
          void opened.socket.request('POST', `events/user/${name}?application=${STASIS_APP}`);
        });
        canaries.delete(name);
        if (timestamp === '') throw opened.failure(opened.lost ?? 'its events do not reach us');
        return timestamp;
      },
      flow() {
        const events = held ?? [];
        held = undefined;
        for (const event of events) listener.onEvent(event);
      },
      drop: (why) => opened.socket.drop(why),
      failure: (why) => new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address: where, why }),
    };
    return opened;
  };
  let canaryCount = 0;

  const replaced = (): void => {
    log.error({ exchange: where }, 'another engine has taken over the exchange');
    close();
    listener.onReplaced();
  };

  const lost = (why: string): void => {
    ready = false;
    link = undefined;
    if (closed) return;
    log.warn({ exchange: where, why }, 'the link to the exchange is lost');
    listener.onLost(why);
    void reconnect();
  };

  const attempt = async (): Promise<unknown> => {
    try {
      await connect();
      return undefined;
    } catch (error) {
      link?.drop('not usable');
      link = undefined;
      return error;
    }
  };

  const reconnect = async (): Promise<void> => {
    for (let tries = 0; !closed; tries++) {
      if ((await attempt()) === undefined) return;
      await backOff(tries);
    }
  };

  // Pings, and the canary whose return allows the heartbeat that the dialplan looks for.
  let sinceBeat = 0;
  let beating = false;
  const beat = async (alive: Link): Promise<void> => {
    try {
      const timestamp = await alive.canary();
      await listener.proof();
      const seconds = Math.floor(Date.parse(timestamp) / 1000);
      await alive.socket.request('POST', `asterisk/variable?variable=ONEDOOR_HEARTBEAT&value=${seconds}`);
    } catch (error) {
      alive.drop(error instanceof Error ? error.message : String(error));
    } finally {
      beating = false;
    }
  };
  time.onTick(() => {
    sinceBeat += 100;
    if (link === undefined) return;
    if (time.now() - link.socket.heardAt() > SILENT_MS) return link.drop('nothing is heard from it');
    if (!ready || sinceBeat < PING_MS) return;
    sinceBeat = 0;
    link.socket.ping();
    if (beating) return;
    beating = true;
    void beat(link);
  });

  const firstUp = async (): Promise<void> => {
    for (let tries = 0, started = time.now(); ; tries++) {
      const error = await attempt();
      if (error === undefined) return;
      const denied = error instanceof HandshakeRefused && (error.status === 401 || error.status === 403);
      const final = denied ? new OnedoorError('ONEDOOR_TELEPHONY_DENIED', { address: where }, error) : error;
      const hopeless =
        denied || (error instanceof OnedoorError && error.code === 'ONEDOOR_TELEPHONY_OLD_ASTERISK');
      if (hopeless || closed || time.now() - started > FIRST_UP_MS) {
        close();
        throw final instanceof OnedoorError
          ? final
          : new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address: where, why: String(final) }, final);
      }
      await backOff(tries);
    }
  };
  return { up: firstUp(), http, socket: () => (ready ? link?.socket : undefined), close };
}

async function backOff(tries: number): Promise<void> {
  const most = BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 1000;
  // With jitter, so that several engines do not knock in step.
  await new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)));
}

export type { AriAnswer };
