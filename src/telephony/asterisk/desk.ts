import type { BridgeId, Log, RecordingId } from '../../base/index.js';
import type { TelephonyEvent } from '../port.js';
import type { AriAnswer, AriHttp, AriMethod } from './ari-http.js';
import type { AriUri } from './ari-uri.js';
import type { AriSocket } from './ari-socket.js';
import type { Legs } from './legs.js';
import type { ExchangeSettings } from './settings.js';
import type { Deadlines } from './running-time.js';

/** What the parts of one exchange share. */
export interface Desk {
  /** Replaced as a whole when the site changes. */
  settings: ExchangeSettings;
  readonly soundsFolder: string;
  readonly legs: Legs;
  /** Endpoint -> whether it can be rung. Of all endpoints: one may be heard of before the site's change reaches us. */
  readonly reachable: Map<string, boolean>;
  /** Recordings of bridges that were begun and not told as over. */
  readonly bridgeRecordings: Map<RecordingId, BridgeId>;
  /** Channel -> who waits for it to enter our application. */
  readonly entering: Map<string, () => void>;
  readonly log: Log;
  readonly emit: (event: TelephonyEvent) => void;
  readonly http: () => AriHttp;
  readonly socket: () => AriSocket | undefined;
  /** How long a created channel may take to enter our application. */
  readonly enterDeadlines: Deadlines;
  /** How long a hang-up waits for what was commanded before it. */
  readonly patience: Deadlines;
}

/** A request over the socket; without one its fate is that it was never sent. */
export function overSocket<Method extends AriMethod>(
  desk: Desk,
  method: Method,
  uri: AriUri<Method>,
  body?: string,
): Promise<AriAnswer> {
  return (
    desk.socket()?.request(method, uri, body) ?? Promise.resolve({ status: 0, body: 'the link is down' })
  );
}

/** A request over HTTP: for recordings, and for what waits for a channel. */
export function overHttp<Method extends AriMethod>(
  desk: Desk,
  method: Method,
  path: AriUri<Method>,
  limitMs?: number,
): Promise<AriAnswer> {
  if (desk.socket() === undefined) return Promise.resolve({ status: 0, body: 'the link is down' });
  return desk.http().request(method, path, limitMs === undefined ? {} : { limitMs });
}
