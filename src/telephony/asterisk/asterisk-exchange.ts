import { type Log, OnedoorError } from '../../base/index.js';
import type { CommandOutcome, Exchange, LinkEvent, TelephonyEvent } from '../port.js';
import { type AriConnection, keepConnected } from './ari-connection.js';
import type { AriModel } from './ari-model.js';
import { carryOut } from './commands.js';
import { type Desk, overHttp, overSocket } from './desk.js';
import { recordedMs, translate } from './events.js';
import { listInventory, takeStock } from './inventory.js';
import { noLegs } from './legs.js';
import { exchangePaths } from './paths.js';
import { phonesReplaced } from './phones.js';
import { startRunningTime } from './running-time.js';
import { exchangeSecrets } from './secrets.js';
import type { ExchangeSettings } from './settings.js';

/** Every command is settled by then. */
const COMMAND_MS = 9500;
const ENTER_MS = 3000;
const PATIENCE_MS = 2000;

export interface AsteriskExchangeOptions {
  /**
   * The engine's own proof of life: awaited before each heartbeat. While it does not resolve, the dialplan takes the
   * engine for away and looks after new callers itself.
   */
  readonly proof?: () => Promise<void>;
}

/** An Asterisk as an exchange; what goes beyond the port is for the composition root. */
export interface AsteriskExchange extends Exchange {
  /** Takes over phones and trunks that changed; the embedded exchange must have been given them first. */
  reconfigure(settings: ExchangeSettings): void;
}

export function asteriskExchange(
  settings: ExchangeSettings,
  log: Log,
  options: AsteriskExchangeOptions = {},
): AsteriskExchange {
  const time = startRunningTime();
  const commandDeadlines = time.deadlines(COMMAND_MS);
  const address = `${settings.ari.host}:${settings.ari.port}`;
  let connection: AriConnection | undefined;
  let listener: (event: TelephonyEvent | LinkEvent) => void = () => {};
  let incarnation = '';

  const emit = (event: TelephonyEvent | LinkEvent): void => {
    try {
      listener(event);
    } catch (error) {
      // The receiver's bug must not cost the next caller's event.
      log.error({ err: error, event: event.type }, 'an event was not taken');
    }
  };
  const live = (): AriConnection => {
    if (connection?.socket() === undefined)
      throw new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address, why: 'the link is down' });
    return connection;
  };
  const desk: Desk = {
    settings,
    soundsFolder: exchangePaths(settings.folder, '').sounds,
    legs: noLegs(),
    reachable: new Map(),
    bridgeRecordings: new Map(),
    entering: new Map(),
    log,
    emit,
    http: () => live().http,
    socket: () => connection?.socket(),
    enterDeadlines: time.deadlines(ENTER_MS),
    patience: time.deadlines(PATIENCE_MS),
  };

  return {
    id: settings.id,
    async start(to) {
      listener = to;
      const user = settings.ariUser ?? exchangeSecrets(settings.secretsFile, settings.phones).ari;
      connection = keepConnected(
        { ...settings.ari, user },
        time,
        {
          onUp: async (http, startedAt) => {
            incarnation = startedAt;
            await takeStock(desk, http, address);
          },
          onReady: () => emit({ type: 'link.ready', incarnation }),
          onEvent: (event) => {
            try {
              translate(desk, event);
            } catch (error) {
              // One event that we misread must not cost all that came with it.
              log.error({ err: error, event: event.type }, 'an event could not be translated');
            }
          },
          onLost: (why) => emit({ type: 'link.lost', why }),
          onReplaced: () => emit({ type: 'link.replaced' }),
          proof: options.proof ?? (() => Promise.resolve()),
        },
        log,
      );
      await connection.up;
    },
    execute(command) {
      return new Promise<CommandOutcome>((resolve) => {
        if (connection?.socket() === undefined)
          return resolve({ result: 'unknown', detail: 'the link is down' });
        const deadline = commandDeadlines.set(() =>
          resolve({ result: 'unknown', detail: `no answer within ${COMMAND_MS} ms` }),
        );
        Promise.resolve(carryOut(desk, command)).then(
          (outcome) => {
            deadline.met = true;
            resolve(outcome);
          },
          (error: unknown) => {
            deadline.met = true;
            log.error({ err: error, command: command.type }, 'a command failed by a bug');
            resolve({ result: 'unknown', detail: String(error) });
          },
        );
      });
    },
    inventory: async () => listInventory(desk, live().http, address, incarnation),
    async playbackState(playback) {
      live();
      const { status } = await overSocket(desk, 'GET', `playbacks/${encodeURIComponent(playback)}`);
      if (status === 0) live();
      return status === 200 ? 'live' : 'gone';
    },
    async recordingState(recording) {
      live();
      const name = encodeURIComponent(recording);
      const running = await overHttp(desk, 'GET', `recordings/live/${name}`);
      if (running.status === 200)
        return {
          state: 'live',
          durationMs: ((running.body as AriModel['LiveRecording']).duration ?? 0) * 1000,
        };
      const stored = await overHttp(desk, 'GET', `recordings/stored/${name}`);
      if (stored.status !== 200) return { state: 'gone', durationMs: 0 };
      return { state: 'stored', durationMs: recordedMs(desk, recording) ?? 0 };
    },
    reconfigure(next) {
      desk.settings = next;
      // Without a link the phones are asked after when it comes up.
      if (connection?.socket() === undefined) return;
      phonesReplaced(desk, connection.http, address).catch((error: unknown) =>
        log.warn({ err: error }, 'the exchange was not asked after phones that are new'),
      );
    },
    close() {
      connection?.close();
      time.stop();
      return Promise.resolve();
    },
  };
}
