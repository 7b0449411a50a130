import { type Log, OnedoorError } from '../../base/index.js';
import { type AriAddress, type AriHttp, openAriHttp } from './ari-http.js';
import { type AriLink, openAriLink } from './ari-link.js';
import { type AriEvent, type AriModel, ariEventTypes } from './ari-model.js';
import { type AriSocket, HandshakeRefused } from './ari-socket.js';
import { refuseOld } from './program.js';
import type { RunningTime } from './running-time.js';
import { PHONES_APP, STASIS_APP } from './settings.js';

/** A connection to ARI that is made again whenever it is lost. */
export interface AriConnection {
  /**
   * Resolves once the link was up for the first time and the dialplan trusts us, or does not for want of a proof.
   * Rejects with ONEDOOR_TELEPHONY_UNAVAILABLE, _DENIED or
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

const USED: readonly AriEvent['type'][] = [
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
  'ChannelTransfer',
  'ApplicationReplaced',
  'RESTResponse',
];
const USED_OF_PHONES: readonly AriEvent['type'][] = [
  'PeerStatusChange',
  'ApplicationReplaced',
  'RESTResponse',
];

/** A filter of allowed types would swallow the answers to requests, so it names what is not wanted. */
const filterOf = (used: readonly string[]): string =>
  JSON.stringify({
    disallowed: ariEventTypes.filter((type) => !used.includes(type)).map((type) => ({ type })),
  });
const SET_UP = [
  ['PUT', `applications/${STASIS_APP}/eventFilter`, filterOf(USED)],
  ['PUT', `applications/${PHONES_APP}/eventFilter`, filterOf(USED_OF_PHONES)],
] as const;

const REQUEST_MS = 5000;
/** A half-open link is noticed within three seconds: a ping each second, and so long without a sign of life. */
const SILENT_MS = 2500;
const BEAT_MS = 1000;
/** A canary that is not back by then: the socket is up and the application is deaf. */
const CANARY_MS = 2500;
const FIRST_UP_MS = 15_000;
/** So long the first heartbeat is waited for; an engine whose proof takes longer is up without it. */
const FIRST_BEAT_MS = 500;
const BACK_OFF_MS = [20, 50, 100, 200, 500, 1000];

/** Connects, and keeps connected until it is closed or replaced. */
export function keepConnected(
  address: AriAddress,
  time: RunningTime,
  listener: AriConnectionListener,
  log: Log,
): AriConnection {
  const http = openAriHttp(address);
  const deadlines = {
    requests: time.deadlines(REQUEST_MS),
    canaries: time.deadlines(CANARY_MS),
    firstBeats: time.deadlines(FIRST_BEAT_MS),
  };
  const exchange = `${address.host}:${address.port}`;
  let link: AriLink | undefined;
  let ready: AriLink | undefined;
  let closed = false;

  const close = (): void => {
    closed = true;
    ready = undefined;
    link?.socket.drop('closed by us');
    http.close();
  };

  const lost = (why: string): void => {
    // A link that was never ready is the business of whoever is making it.
    if (ready === undefined || ready !== link) return;
    ready = undefined;
    link = undefined;
    log.warn({ exchange, why }, 'the link to the exchange is lost');
    listener.onLost(why);
    void reconnect();
  };

  const replaced = (): void => {
    if (closed) return;
    log.error({ exchange }, 'another engine has taken over the exchange');
    close();
    listener.onReplaced();
  };

  const connect = async (): Promise<void> => {
    const fresh = await openAriLink(address, time, deadlines, {
      onEvent: listener.onEvent,
      onReplaced: replaced,
      onLost: lost,
    });
    link = fresh;
    const info = await http.request('GET', 'asterisk/info', { limitMs: 3000 });
    if (info.status !== 200) throw fresh.failure(`it does not say who it is (${info.status})`);
    const { system, status } = info.body as AriModel['AsteriskInfo'];
    refuseOld(system?.version ?? '0');
    for (const [method, uri, body] of SET_UP) {
      const { status: answer } = await fresh.socket.request(method, uri, body);
      if (answer !== 200) throw fresh.failure(`${uri} answers ${answer}`);
    }
    await fresh.canary();
    await listener.onUp(http, status?.startup_time ?? '');
    if (closed) throw fresh.failure('closed by us');
    const gone = fresh.lost();
    if (gone !== undefined) throw fresh.failure(gone);
    ready = fresh;
    listener.onReady();
    fresh.flow();
    beat(fresh);
  };

  /** @returns what went wrong; undefined: the link is ready. */
  const attempt = async (): Promise<unknown> => {
    try {
      await connect();
      return undefined;
    } catch (error) {
      link?.socket.drop('not usable');
      link = undefined;
      return error;
    }
  };

  const reconnect = async (): Promise<void> => {
    for (let tries = 0; !closed; tries++) {
      const error = await attempt();
      if (error === undefined) return;
      log.debug({ exchange, err: error }, 'the exchange cannot be reached yet');
      await backOff(tries);
    }
  };

  const comeUp = async (): Promise<void> => {
    const started = time.now();
    for (let tries = 0; ; tries++) {
      const error = await attempt();
      if (error === undefined) return firstBeat();
      const late = time.now() - started > FIRST_UP_MS;
      const cause = final(error, exchange);
      if (closed || late || cause.code !== 'ONEDOOR_TELEPHONY_UNAVAILABLE') {
        close();
        throw cause;
      }
      await backOff(tries);
    }
  };

  /** Until the first heartbeat is written the dialplan still takes callers for itself. */
  const firstBeat = (): Promise<void> =>
    new Promise((resolve) => {
      const limit = deadlines.firstBeats.set(resolve);
      void current.then(() => {
        limit.met = true;
        resolve();
      });
    });

  let current = Promise.resolve();
  let beating = false;
  let beatAt = 0;
  /** Ping, canary, proof, heartbeat: the dialplan trusts the engine no longer than that goes through. */
  const beat = (alive: AriLink): void => {
    beatAt = time.now();
    alive.socket.ping();
    if (beating) return;
    beating = true;
    current = heartbeat(alive)
      .catch((error: unknown) => alive.socket.drop(error instanceof Error ? error.message : 'no heartbeat'))
      .finally(() => {
        beating = false;
      });
  };
  const heartbeat = async (alive: AriLink): Promise<void> => {
    const timestamp = await alive.canary();
    try {
      await listener.proof();
    } catch (error) {
      // The link is sound and the engine is not: callers are to be looked after by the dialplan.
      log.error({ err: error }, 'no heartbeat: the engine gives no proof of life');
      return;
    }
    const seconds = Math.floor(Date.parse(timestamp) / 1000);
    await alive.socket.request('POST', `asterisk/variable?variable=ONEDOOR_HEARTBEAT&value=${seconds}`);
  };
  time.onTick(() => {
    if (link === undefined) return;
    if (time.now() - link.socket.heardAt() > SILENT_MS) link.socket.drop('nothing is heard from it');
    else if (ready !== undefined && time.now() - beatAt >= BEAT_MS) beat(ready);
  });

  return { up: comeUp(), http, socket: () => ready?.socket, close };
}

function final(error: unknown, address: string): OnedoorError {
  if (error instanceof OnedoorError) return error;
  if (error instanceof HandshakeRefused && (error.status === 401 || error.status === 403))
    return new OnedoorError('ONEDOOR_TELEPHONY_DENIED', { address }, error);
  const why = error instanceof Error ? error.message : 'it gave no reason';
  return new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address, why }, error);
}

async function backOff(tries: number): Promise<void> {
  const most = BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 1000;
  // With jitter, so that several engines do not knock in step.
  await new Promise((resolve) => {
    setTimeout(resolve, most * (0.5 + Math.random() / 2));
  });
}
