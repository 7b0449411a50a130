import { OnedoorError, type Scheduler, type UtcMs } from '../../base/index.js';
import type { CommandOutcome, LinkEvent, TelephonyCommand, TelephonyEvent } from '../port.js';
import type { Chance } from './faults.js';

export type Listener = (event: TelephonyEvent | LinkEvent) => void;

/** One engine's end of the wire. What it awaits never settles after the engine died. */
export interface Session {
  /** Resolves with the first `link.ready`. */
  start(): Promise<void>;
  execute(command: TelephonyCommand): Promise<CommandOutcome>;
  /** Asks for something that is read at the exchange, some time after now. Throws ONEDOOR_TELEPHONY_UNAVAILABLE. */
  ask<Answer>(read: () => Answer): Promise<Answer>;
  close(): void;
}

/** The way between the exchange and the engine: it takes time, and it breaks. */
export interface Wire {
  open(listener: Listener): Session;
  /** An event on its way to the engine; forgotten when nobody can receive it. */
  emit(event: TelephonyEvent): void;
  /** An engine is connected, or its broken link was not noticed yet: callers are sent to it. */
  taken(): boolean;
  /** The engine dies. */
  detach(): void;
  lose(why: string, unnoticedMs: number): void;
  restore(): void;
}

export interface WireParts {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** The exchange carries a command out. Not asked of an exchange that is down. */
  readonly carryOut: (command: TelephonyCommand) => CommandOutcome;
  readonly incarnation: () => string;
  /** Outcomes are `unknown` after so many milliseconds. */
  readonly deadlineMs: number;
}

interface Engine {
  readonly listener: Listener;
  /** Settles what is under way as unknown. */
  readonly pending: Set<(why: string) => void>;
  life: 'live' | 'replaced' | 'closed' | 'dead';
  started: (() => void) | null;
}

export function createWire(parts: WireParts): Wire {
  const { scheduler, chance, carryOut } = parts;
  let engine: Engine | null = null;
  /** `broken`: nothing goes through, but nobody has noticed. */
  let link: 'up' | 'broken' | 'down' = 'up';
  /** Grows when what is under way is lost. */
  let epoch = 0;
  let lastDelivery: UtcMs = 0;
  /** Arrival of the last command for each thing, so that commands for it stay in order. */
  const lanes = new Map<string, UtcMs>();

  function deliver(to: Engine, event: TelephonyEvent | LinkEvent): void {
    const sent = epoch;
    lastDelivery = Math.max(lastDelivery, scheduler.now() + chance.journeyMs());
    scheduler.at(lastDelivery, () => {
      if (to.life !== 'live' || (sent !== epoch && event.type !== 'link.lost')) return;
      to.listener(event);
    });
  }

  function ready(to: Engine): void {
    const sent = epoch;
    lastDelivery = Math.max(lastDelivery, scheduler.now() + chance.journeyMs());
    scheduler.at(lastDelivery, () => {
      if (to.life !== 'live' || sent !== epoch) return;
      to.listener({ type: 'link.ready', incarnation: parts.incarnation() });
      to.started?.();
      to.started = null;
    });
  }

  function dropPending(of: Engine, why: string): void {
    for (const settle of of.pending) settle(why);
  }

  function arrival(command: TelephonyCommand, travelMs: number): UtcMs {
    const names = lanesOf(command);
    let at = scheduler.now() + travelMs;
    for (const name of names) at = Math.max(at, lanes.get(name) ?? 0);
    for (const name of names) lanes.set(name, at);
    // The past needs no remembering; long simulations would drown in it.
    if (lanes.size > 10_000) for (const [name, time] of lanes) if (time < scheduler.now()) lanes.delete(name);
    return at;
  }

  function execute(from: Engine, command: TelephonyCommand): Promise<CommandOutcome> {
    if (from.life === 'dead') return new Promise(() => undefined);
    if (from.life !== 'live' || link === 'down') {
      return Promise.resolve({ result: 'unknown', detail: 'The link is down.' });
    }
    const fate = chance.command(command);
    const sent = epoch;
    const incarnation = parts.incarnation();
    return new Promise((resolve) => {
      const settle = (outcome: CommandOutcome): void => {
        if (!from.pending.delete(unknown)) return;
        deadline.cancel();
        if (from.life !== 'dead') resolve(outcome);
      };
      const unknown = (detail: string): void => settle({ result: 'unknown', detail });
      from.pending.add(unknown);
      const deadline = scheduler.at(scheduler.now() + parts.deadlineMs, () => unknown('No answer in time.'));
      if (link === 'broken' || fate.outcome === 'lost') return;
      scheduler.at(arrival(command, fate.travelMs), () => {
        if (incarnation !== parts.incarnation()) return;
        if (sent !== epoch && chance.losesInFlight()) return;
        const outcome: CommandOutcome =
          fate.refusal === null
            ? carryOut(command)
            : { result: 'refused', why: fate.refusal, detail: 'refused by chance' };
        if (fate.outcome === 'silent') return;
        scheduler.at(scheduler.now() + fate.answerMs, () => {
          if (sent === epoch) settle(outcome);
        });
      });
    });
  }

  function ask<Answer>(from: Engine, read: () => Answer): Promise<Answer> {
    if (from.life === 'dead') return new Promise(() => undefined);
    if (from.life !== 'live' || link === 'down') return Promise.reject(unavailable('the link is down'));
    return new Promise((resolve, reject) => {
      const sent = epoch;
      const lost = (why: string): void => {
        if (!from.pending.delete(lost)) return;
        deadline.cancel();
        if (from.life !== 'dead') reject(unavailable(why));
      };
      from.pending.add(lost);
      const deadline = scheduler.at(scheduler.now() + parts.deadlineMs, () => lost('no answer in time'));
      if (link === 'broken') return;
      scheduler.at(scheduler.now() + chance.journeyMs(), () => {
        if (sent !== epoch) return;
        const answer = read();
        scheduler.at(scheduler.now() + chance.journeyMs(), () => {
          if (sent !== epoch || !from.pending.delete(lost)) return;
          deadline.cancel();
          resolve(answer);
        });
      });
    });
  }

  function end(of: Engine, life: 'replaced' | 'closed' | 'dead', why: string): void {
    if (of.life !== 'live') return;
    of.life = life;
    epoch++;
    dropPending(of, why);
    if (engine === of) engine = null;
  }

  return {
    open(listener) {
      const own: Engine = { listener, pending: new Set(), life: 'live', started: null };
      return {
        start() {
          const before = engine;
          engine = own;
          if (before !== null && before !== own) {
            end(before, 'replaced', 'Another engine took over.');
            // The last thing that it hears, whatever else was under way to it.
            scheduler.at(scheduler.now() + chance.journeyMs(), () =>
              before.listener({ type: 'link.replaced' }),
            );
          }
          return new Promise((resolve) => {
            own.started = resolve;
            // A connection of its own: what broke was the old one.
            if (link === 'broken') link = 'up';
            if (link === 'up') ready(own);
          });
        },
        execute: (command) => execute(own, command),
        ask: (read) => ask(own, read),
        close: () => end(own, 'closed', 'The link was closed.'),
      };
    },
    emit(event) {
      if (engine !== null && link === 'up') deliver(engine, event);
    },
    taken: () => engine !== null && link !== 'down',
    detach() {
      if (engine !== null) end(engine, 'dead', 'The engine died.');
    },
    lose(why, unnoticedMs) {
      if (link === 'down') return;
      epoch++;
      const noticed = (): void => {
        link = 'down';
        if (engine === null) return;
        dropPending(engine, why);
        deliver(engine, { type: 'link.lost', why });
      };
      if (unnoticedMs <= 0) return noticed();
      link = 'broken';
      const broken = epoch;
      scheduler.at(scheduler.now() + unnoticedMs, () => {
        if (broken === epoch && link === 'broken') noticed();
      });
    },
    restore() {
      if (link === 'up') return;
      if (link === 'broken' && engine !== null) {
        dropPending(engine, 'The link was broken.');
        deliver(engine, { type: 'link.lost', why: 'The link was broken.' });
      }
      link = 'up';
      if (engine !== null) ready(engine);
    },
  };
}

/** What a command acts upon: commands that share one of these take effect in the order in which they were given. */
function lanesOf(command: TelephonyCommand): readonly string[] {
  const names: string[] = [];
  if ('leg' in command && command.leg !== null) names.push(`leg ${command.leg}`);
  if ('legs' in command) names.push(...command.legs.map((leg) => `leg ${leg}`));
  if ('bridge' in command) names.push(`bridge ${command.bridge}`);
  if ('recording' in command) names.push(`recording ${command.recording}`);
  return names;
}

function unavailable(why: string): OnedoorError {
  return new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address: 'the simulator', why });
}
