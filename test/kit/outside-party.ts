/** Whoever is on a line outside: heard, pressing keys, hanging up. */
import { randomUUID } from 'node:crypto';
import type { AriEvent, Client } from 'ari-client';
import { outsideApp } from '../../src/outside/configuration.js';
import {
  type CallEnd,
  makeDictionary,
  openSoundLine,
  type OutsideExchange,
  recognise,
  type Sample,
  type SoundLine,
} from '../../src/outside/index.js';
import { eventually, patientMs, within } from './waiting.js';

/**
 * The other side's hang-up goes another way than its sound, and overtakes the last words where a busy machine carries
 * them: so much of the last prompt of a call must be heard.
 */
const overtaken = 0.75;

/** Someone on the line: a caller, or an agent whose phone was answered. */
export interface Party {
  readonly line: SoundLine;
  readonly ended: Promise<CallEnd>;
  readonly isOver: () => boolean;
  readonly press: (keys: string) => Promise<void>;
  /** Keys that the other side pressed, so far. */
  readonly pressed: () => string;
  readonly hold: () => Promise<void>;
  readonly unhold: () => Promise<void>;
  /**
   * Asks the other side by REFER to be connected elsewhere: to an address, or to whoever another call of the same phone
   * reaches. Resolves with the SIP status that it is told in the end.
   */
  readonly transfer: (to: string | Party) => Promise<number>;
  /** Of its call, as a Replaces header names it. */
  readonly dialog: () => Promise<string>;
  readonly hangUp: () => Promise<void>;
  /**
   * Resolves when the sample was heard, whole, after `sinceMs` of the line's time: what `heardTo` said, or the start.
   *
   * @returns the line's time at its end, milliseconds.
   */
  hears(sample: Sample, limitMs: number, sinceMs?: number): Promise<number>;
}

export interface World {
  readonly client: Client;
  readonly hotline: OutsideExchange['hotline'];
  /** All that are open. */
  readonly lines: Set<SoundLine>;
  readonly listen: (channel: string, listener: (event: AriEvent) => void) => unknown;
}

export function party({ client, hotline }: World, channelId: string, ear: Ear, fate: Fate): Party {
  const { line } = ear;
  const read = async (what: string): Promise<string> =>
    (await client.channels.getChannelVar({ channelId, variable: `CHANNEL(pjsip,${what})` })).value;
  return {
    line,
    ended: fate.ended,
    isOver: fate.isOver,
    press: async (keys) => {
      await client.channels.sendDTMF({ channelId, dtmf: keys, between: 100, duration: 100 });
      const over = line.now() + 200 * keys.length;
      await eventually(() => line.now() >= over, patientMs, 'the keys are pressed', 20);
    },
    pressed: fate.pressed,
    hold: () => client.channels.hold({ channelId }),
    unhold: () => client.channels.unhold({ channelId }),
    transfer: async (to) => {
      const far = `${hotline.host}:${hotline.port}`;
      const user = encodeURIComponent(typeof to === 'string' ? to : 'elsewhere');
      const replaces = typeof to === 'string' ? '' : `?Replaces=${encodeURIComponent(await to.dialog())}`;
      const value = `sip:${user}@${far}${replaces}`;
      const told = fate.leave();
      // Where it goes now it would not be heard of otherwise.
      await client.applications.subscribe({
        applicationName: outsideApp,
        eventSource: `channel:${channelId}`,
      });
      await client.channels.setChannelVar({ channelId, variable: 'TRANSFER_TO', value });
      await client.channels.continueInDialplan({
        channelId,
        context: 'transfer',
        extension: 's',
        priority: 1,
      });
      const status = await told;
      // Whoever is let go as soon as it is done is gone before it can be heard again.
      const stays = !fate.isOver() && (await ear.bridge(channelId).then(...bothWays));
      if (!stays) await within(fate.ended, patientMs, 'it ends, or is heard again');
      return status;
    },
    dialog: async () => {
      const [id, own, other] = await Promise.all([read('call-id'), read('local_tag'), read('remote_tag')]);
      return `${id};to-tag=${other};from-tag=${own}`;
    },
    hangUp: async () => {
      if (fate.isOver()) return;
      await client.channels.hangup({ channelId });
      await within(fate.ended, patientMs, 'the call ends');
    },
    hears: (sample, limitMs, sinceMs = 0) => {
      const dictionary = makeDictionary([sample]);
      const lengthMs = sample.pcm.length / 8;
      // The exchange's clock and ours may differ by a few packets.
      let from = Math.max(0, sinceMs - 200);
      let next = 0;
      let most = 0;
      const look = (isLast: boolean): number | null => {
        const began = line.now();
        if (began < next && !isLast) return null;
        const to = line.heardTo();
        const found = recognise(line.heard(from), dictionary).find(({ name, cut, fromMs, toMs }) => {
          if (name === null) return false;
          most = Math.max(most, toMs - fromMs);
          return !cut || (fate.isOver() && toMs - fromMs >= lengthMs * overtaken);
        });
        if (found !== undefined) return from + found.toMs;
        // What was not heard whole by now began later than that: others talk meanwhile, and looking is work.
        from = Math.max(from, to - lengthMs - 1_000);
        next = line.now() + 4 * (line.now() - began);
        return null;
      };
      // Who listens is held up by whatever else this process does, and that is no fault of the hotline.
      const what = (): string =>
        `"${sample.name}" is heard (${most} of ${lengthMs} ms were, ${line.lost()} packets were lost, the call is ${fate.isOver() ? 'over' : 'up'})`;
      return eventually(look, limitMs, what, 200);
    },
  };
}

/** Says it again and again until the other has heard it: nobody knows when a call is through. */
export async function tells(from: Party, to: Party, sample: Sample, limitMs: number): Promise<void> {
  let isOver = false;
  const hearing = to.hears(sample, limitMs, to.line.heardTo()).finally(() => {
    isOver = true;
  });
  while (!isOver) await from.line.say(sample.pcm);
  await hearing;
}

/** Whether something was done. */
const bothWays = [() => true, () => false] as const;

interface Fate {
  readonly entered: Promise<void>;
  readonly answered: Promise<boolean>;
  readonly ended: Promise<CallEnd>;
  readonly isOver: () => boolean;
  readonly pressed: () => string;
  /** It goes into the dialplan; resolves with what it comes back with, or 0 at its end. */
  readonly leave: () => Promise<number>;
}

/** What becomes of a channel. */
export function follow({ listen }: World, channel: string): Fate {
  let enter: () => void = () => undefined;
  let answer: (answered: boolean) => void = () => undefined;
  let end: (how: CallEnd) => void = () => undefined;
  let isOver = false;
  let isInbound = false;
  let asked = 0;
  let pressed = '';
  let back: ((status: number) => void) | null = null;
  const over = (how: CallEnd): void => {
    isOver = true;
    back?.(0);
    answer(false);
    end(how);
  };
  listen(channel, (event) => {
    if (event.type === 'StasisStart' && event.args?.[0] === 'transferred') {
      // Where it was done Asterisk gives no status.
      back?.(event.args[2] === 'SUCCESS' ? 200 : Number(event.args[1] ?? 0));
      back = null;
    } else if (event.type === 'StasisStart') {
      isInbound = event.channel?.state === 'Ring' || event.channel?.state === 'Ringing';
      enter();
    } else if (event.type === 'Dial' && event.dialstatus === 'ANSWER') answer(true);
    else if (event.type === 'ChannelDtmfReceived') pressed += event.digit ?? '';
    else if (event.type === 'ChannelHangupRequest') asked = event.cause ?? 0;
    // An inbound channel is not always said to be destroyed.
    else if (event.type === 'StasisEnd' && isInbound && back === null) over({ q850: asked, sip: null });
    else if (event.type === 'ChannelDestroyed')
      over({ q850: event.cause ?? 0, sip: event.tech_cause ?? null });
  });
  return {
    entered: new Promise((resolve) => {
      enter = resolve;
    }),
    answered: new Promise((resolve) => {
      answer = resolve;
    }),
    ended: new Promise((resolve) => {
      end = resolve;
    }),
    isOver: () => isOver,
    pressed: () => pressed,
    leave: () =>
      new Promise((resolve) => {
        back = resolve;
      }),
  };
}

type Ear = Awaited<ReturnType<typeof openEar>>;

/** Somewhere for a channel's sound to go to, and to come from. */
export async function openEar(world: World) {
  const { client } = world;
  const line = await openSoundLine();
  world.lines.add(line);
  const id = randomUUID();
  const [channelId, bridgeId] = [`ear-${id}`, `line-${id}`];
  const { entered } = follow(world, channelId);
  const { channelvars = {} } = await client.channels.externalMedia({
    app: outsideApp,
    channelId,
    external_host: line.address,
    format: 'ulaw',
  });
  await client.bridges.createWithId({ bridgeId, type: 'mixing' });
  await within(entered, patientMs, 'the ear is in the application');
  const bridge = (channel: string): Promise<void> =>
    client.bridges.addChannel({ bridgeId, channel, inhibitConnectedLineUpdates: true });
  return {
    line,
    bridge,
    join: async (channel: string): Promise<void> => {
      await bridge(`${channel},${channelId}`);
      line.speakTo(
        channelvars['UNICASTRTP_LOCAL_ADDRESS'] ?? '',
        Number(channelvars['UNICASTRTP_LOCAL_PORT']),
      );
    },
    close: async (): Promise<void> => {
      if (!world.lines.delete(line)) return;
      line.close();
      // Either may be gone with the exchange.
      await client.channels.hangup({ channelId }).catch(() => undefined);
      await client.bridges.destroy({ bridgeId }).catch(() => undefined);
    },
  };
}

/** What came, in order, for whoever takes it. */
export function queue<T>() {
  interface Taker {
    readonly wants: (item: T) => boolean;
    readonly take: (item: T) => void;
  }
  const items: T[] = [];
  const takers: Taker[] = [];
  return {
    put: (item: T): void => {
      const nth = takers.findIndex(({ wants }) => wants(item));
      const [taker] = nth === -1 ? [] : takers.splice(nth, 1);
      if (taker === undefined) items.push(item);
      else taker.take(item);
    },
    take: (wants: (item: T) => boolean = () => true): Promise<T> => {
      const nth = items.findIndex(wants);
      const [item] = nth === -1 ? [] : items.splice(nth, 1);
      return item === undefined
        ? new Promise((resolve) => takers.push({ wants, take: resolve }))
        : Promise.resolve(item);
    },
  };
}
