/**
 * The outside world in the tests: a second Asterisk whose callers and agents' phones are driven by the npm package
 * `ari-client`, a client that shares nothing with ours.
 */
import { randomUUID } from 'node:crypto';
import { type AriEvent, type Channel, connect } from 'ari-client';
import { outsideApp } from '../../src/outside/configuration.js';
import {
  type CallEnd,
  type DialOptions,
  type OutsideCall,
  type OutsideExchange,
  type OutsidePhone,
  type SoundLine,
  startOutside,
} from '../../src/outside/index.js';
import { toolboxFile } from './toolbox.js';
import { eventually, patientMs, within } from './waiting.js';
import { type Party, type World, party, follow, openEar, queue } from './outside-party.js';

export { type Party, tells } from './outside-party.js';

export interface Caller extends Party, OutsideCall {}

/** A call that came in and is not answered yet. */
export interface Ringing {
  readonly from: { readonly number: string; readonly name: string };
  readonly ended: Promise<CallEnd>;
  /** Says that it rings (180). */
  ring(): Promise<void>;
  answer(): Promise<Party>;
  /** Refuses: busy (486), rejected (403), normal (603), no_answer (480) and so on, in ARI's words. */
  reject(reason: 'busy' | 'rejected' | 'congestion' | 'no_answer' | 'normal'): Promise<void>;
}

export interface AgentPhone {
  /** The next call that comes in; with `from`, the next that shows this number, and the others are left waiting. */
  rings(limitMs?: number, from?: string): Promise<Ringing>;
  isRegistered(): Promise<boolean>;
  register(): Promise<void>;
  unregister(): Promise<void>;
}

export interface OutsideWorld {
  readonly exchange: OutsideExchange;
  call(number: string, options?: TestDial): Promise<Caller>;
  phone(name: string): AgentPhone;
  /** The next call to a number of the outside. */
  incoming(limitMs?: number): Promise<Ringing>;
  readonly stop: () => Promise<void>;
}

export interface TestDial extends DialOptions {
  /** Another SIP address than the hotline's. */
  readonly to?: { readonly host: string; readonly port: number };
  /** Calls as a registered phone. */
  readonly phone?: string;
}

export interface OutsideWorldOptions {
  readonly hotline: { readonly host: string; readonly port: number };
  readonly phones?: readonly OutsidePhone[];
  readonly codec?: 'alaw' | 'ulaw';
  /** Port of its SIP address. */
  readonly sip?: number;
}

export async function outsideWorld(options: OutsideWorldOptions): Promise<OutsideWorld> {
  const exchange = await startOutside({ ...options, toolbox: toolboxFile() });
  const { host, port, user } = exchange.ari;
  const client = await connect(`http://${host}:${port}`, user.name, user.password);
  const listeners = new Map<string, (event: AriEvent) => void>();
  const queues = new Map<string, ReturnType<typeof queue<Ringing>>>();
  const queueOf = (name: string) => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const made = queue<Ringing>();
    queues.set(name, made);
    return made;
  };

  client.on('*', (event) => {
    const channel = event.type === 'Dial' ? event.peer : event.channel;
    if (channel === undefined) return;
    const [kind, name = ''] = event.args ?? [];
    if (event.type === 'StasisStart' && (kind === 'phone' || kind === 'incoming')) {
      queueOf(kind === 'phone' ? name : 'incoming').put(ringing(world, channel));
    }
    listeners.get(channel.id)?.(event);
  });
  const lines = new Set<SoundLine>();
  const world: World = {
    client,
    hotline: exchange.hotline,
    lines,
    listen: (channel, listener) => listeners.set(channel, listener),
  };
  await client.start(outsideApp);

  const registered = asOne(() => exchange.console('pjsip show registrations'));
  const registrations = async (name: string, word: 'register' | 'unregister'): Promise<void> => {
    await exchange.console(`pjsip send ${word} phone-${name}`);
  };
  return {
    exchange,
    call: (number, how = {}) => dial(world, exchange, number, how),
    phone: (name) => {
      const isRegistered = async (): Promise<boolean> =>
        new RegExp(`phone-${name}/.* Registered`).test(await registered());
      return {
        rings: (limitMs = patientMs, from) => {
          const wanted = ({ from: { number } }: Ringing): boolean => from === undefined || number === from;
          return within(queueOf(name).take(wanted), limitMs, `phone ${name} rings`);
        },
        isRegistered,
        register: async () => {
          await registrations(name, 'register');
          await eventually(isRegistered, patientMs, `phone ${name} is registered`, 250);
        },
        unregister: async () => {
          await registrations(name, 'unregister');
          await eventually(
            async () => !(await isRegistered()),
            patientMs,
            `phone ${name} is not registered`,
            250,
          );
        },
      };
    },
    incoming: (limitMs = patientMs) => within(queueOf('incoming').take(), limitMs, 'a call comes in'),
    stop: async () => {
      client.stop();
      for (const line of lines) line.close();
      // An end that is told late finds nothing to close any more.
      lines.clear();
      await exchange.stop();
    },
  };
}

/** Whoever asks while an answer is on its way has the same: each answer is a process, and seventy phones ask at once. */
function asOne<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
}

async function dial(
  world: World,
  { hotline }: OutsideExchange,
  number: string,
  {
    to = hotline,
    phone,
    callerNumber = '+96824000000',
    callerName = '',
    headers = {},
    timeout = 30,
  }: TestDial,
): Promise<Caller> {
  const { client } = world;
  const channelId = `caller-${randomUUID()}`;
  const fate = follow(world, channelId);
  const ear = await openEar(world);
  void fate.ended.then(ear.close);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) variables[`PJSIP_HEADER(add,${name})`] = value;
  if (callerNumber === null) variables['CONNECTEDLINE(pres)'] = 'prohib';
  else variables['CONNECTEDLINE(num)'] = callerNumber;
  if (callerName !== '') variables['CONNECTEDLINE(name)'] = callerName;
  const endpoint = `PJSIP/${phone === undefined ? 'hotline' : `phone-${phone}`}/sip:${encodeURIComponent(number)}@${to.host}:${to.port}`;
  await client.channels.create({ endpoint, app: outsideApp, channelId, variables });
  await within(fate.entered, patientMs, 'the caller is in the application');
  await ear.join(channelId);
  await client.channels.dial({ channelId, timeout });
  return { ...party(world, channelId, ear, fate), answered: fate.answered };
}

function ringing(world: World, channel: Channel): Ringing {
  const { client } = world;
  // Its first event is on its way to whoever follows it from here.
  const fate = follow(world, channel.id);
  return {
    from: { number: channel.caller.number, name: channel.caller.name },
    ended: fate.ended,
    ring: () => client.channels.ring({ channelId: channel.id }),
    answer: async () => {
      const ear = await openEar(world);
      void fate.ended.then(ear.close);
      await client.channels.answer({ channelId: channel.id });
      await ear.join(channel.id);
      return party(world, channel.id, ear, fate);
    },
    reject: async (reason) => {
      await client.channels.hangup({ channelId: channel.id, reason });
      await within(fate.ended, patientMs, 'the call is refused');
    },
  };
}
