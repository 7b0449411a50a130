/** A caller of the outside world: dials the hotline over SIP, presses keys, hears, speaks, hangs up. */
import { randomUUID } from 'node:crypto';
import { OnedoorError } from '../base/index.js';
import type { AriEvent, AriMethod } from '../telephony/asterisk/index.js';
import { hotlineEndpoint, outsideApp } from './configuration.js';
import type { Driver } from './driver.js';
import type { OutsideExchange } from './exchange.js';
import { openSoundLine, type SoundLine } from './sound-line.js';

export interface DialOptions {
  /** Null: withheld. */
  readonly callerNumber?: string | null;
  readonly callerName?: string;
  /** SIP headers of the INVITE. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Rings so long, seconds. */
  readonly timeout?: number;
}

/** How a call ended: Q.850 cause, and the SIP status where the far side refused it. */
export interface CallEnd {
  readonly q850: number;
  readonly sip: number | null;
}

export interface OutsideCall {
  readonly line: SoundLine;
  /** True once the hotline answered; false when it did not. */
  readonly answered: Promise<boolean>;
  readonly ended: Promise<CallEnd>;
  readonly isOver: () => boolean;
  /** Presses keys as RFC 4733 events, 100 ms each with 100 ms between; resolves when the last was let go. */
  readonly press: (keys: string) => Promise<void>;
  readonly hangUp: () => Promise<void>;
}

const keyMs = 100;
const gapMs = 100;

/**
 * Calls a number of the hotline. Resolves once it is dialled.
 *
 * @throws ONEDOOR_TELEPHONY_UNAVAILABLE when the outside exchange refuses.
 */
export async function dial(
  outside: OutsideExchange,
  { http, onChannel }: Driver,
  number: string,
  options: DialOptions = {},
): Promise<OutsideCall> {
  const channel = `caller-${randomUUID()}`;
  const media = `ear-${randomUUID()}`;
  const bridge = `line-${randomUUID()}`;
  const line = await openSoundLine();
  const events = followCall();
  const forget = onChannel(channel, events.take);
  void events.ended.then(forget);

  const ask = async (method: AriMethod, path: string, body?: unknown): Promise<unknown> => {
    const answer = await http.request(method, path, body === undefined ? {} : { body });
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    const address = `${outside.ari.host}:${outside.ari.port}`;
    const why = `${method} ${path} answers ${answer.status} ${JSON.stringify(answer.body ?? '')}`;
    throw new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address, why });
  };
  const entered = (id: string): Promise<void> =>
    new Promise((resolve) => {
      const listening = onChannel(id, (event) => {
        if (event.type !== 'StasisStart') return;
        listening();
        resolve();
      });
    });
  const clear = async (): Promise<void> => {
    line.close();
    await http.request('DELETE', `channels/${media}`);
    await http.request('DELETE', `bridges/${bridge}`);
  };
  void events.ended.then(clear);

  try {
    const mediaEntered = entered(media);
    const created = await ask(
      'POST',
      `channels/externalMedia?${query({ app: outsideApp, channelId: media, external_host: line.address, format: 'ulaw' })}`,
    );
    const { host, port } = localAddress(created);
    const { host: far, port: farPort } = outside.hotline;
    const endpoint = `PJSIP/${hotlineEndpoint}/sip:${encodeURIComponent(number)}@${far}:${farPort}`;
    await ask('POST', `channels/create?${query({ endpoint, app: outsideApp, channelId: channel })}`, {
      variables: variablesOf(options),
    });
    await ask('POST', `bridges/${bridge}?type=mixing`);
    await Promise.all([mediaEntered, events.entered]);
    // Both are there before it rings: nothing of what the hotline says is lost.
    // Who the ear is must not become who calls.
    const members = query({ channel: `${channel},${media}`, inhibitConnectedLineUpdates: 'true' });
    await ask('POST', `bridges/${bridge}/addChannel?${members}`);
    line.speakTo(host, port);
    await ask('POST', `channels/${channel}/dial?timeout=${options.timeout ?? 30}`);
  } catch (error) {
    events.giveUp();
    throw error;
  }

  return {
    line,
    answered: events.answered,
    ended: events.ended,
    isOver: events.isOver,
    press: async (keys) => {
      const how = query({ dtmf: keys, between: String(gapMs), duration: String(keyMs) });
      await ask('POST', `channels/${channel}/dtmf?${how}`);
      await new Promise((resolve) => setTimeout(resolve, keys.length * (keyMs + gapMs)));
    },
    hangUp: async () => {
      await http.request('DELETE', `channels/${channel}`);
      await events.ended;
    },
  };
}

/** What becomes of a call, from its events. */
function followCall() {
  const entered = promise<undefined>();
  const answered = promise<boolean>();
  const ended = promise<CallEnd>();
  let isOver = false;
  const end = (cause: CallEnd): void => {
    if (isOver) return;
    isOver = true;
    answered.settle(false);
    ended.settle(cause);
  };
  return {
    entered: entered.promise,
    answered: answered.promise,
    ended: ended.promise,
    isOver: () => isOver,
    giveUp: () => end({ q850: 0, sip: null }),
    take: (event: AriEvent): void => {
      if (event.type === 'StasisStart') entered.settle(undefined);
      else if (event.type === 'Dial' && event.dialstatus === 'ANSWER') answered.settle(true);
      else if (event.type === 'ChannelDestroyed') end({ q850: event.cause, sip: event.tech_cause ?? null });
    },
  };
}

function promise<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  return { promise: new Promise((resolve) => (settle = resolve)), settle: (value) => settle(value) };
}

/** The connected line of a channel that is created becomes who calls. */
function variablesOf({ callerNumber = '+96824000000', callerName = '', headers = {} }: DialOptions) {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) variables[`PJSIP_HEADER(add,${name})`] = value;
  if (callerNumber === null) variables['CONNECTEDLINE(pres)'] = 'prohib';
  else variables['CONNECTEDLINE(num)'] = callerNumber;
  if (callerName !== '') variables['CONNECTEDLINE(name)'] = callerName;
  return variables;
}

function localAddress(created: unknown): { host: string; port: number } {
  const vars = (created as { channelvars?: Readonly<Record<string, string>> }).channelvars ?? {};
  return {
    host: vars['UNICASTRTP_LOCAL_ADDRESS'] ?? '127.0.0.1',
    port: Number(vars['UNICASTRTP_LOCAL_PORT']),
  };
}

function query(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString();
}
