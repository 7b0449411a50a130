/** Parts that wrong exchanges are made of. */
import { asLegId, type LegId } from '../../../../src/base/index.js';
import type {
  CommandOutcome,
  Exchange,
  Inventory,
  LinkEvent,
  MediaItem,
  Refusal,
  TelephonyCommand,
  TelephonyEvent,
} from '../../../../src/telephony/port.js';
import { type Knowledge, learn } from '../knowledge.js';
import type { Worsen, WorldTools } from '../simulated-world.js';

export type Command<Type extends TelephonyCommand['type']> = Extract<TelephonyCommand, { type: Type }>;
type CommandType = TelephonyCommand['type'];
type Event = TelephonyEvent | LinkEvent;
type EventType = Event['type'];

export interface WrongExchange {
  /** What it does wrong. */
  readonly name: string;
  readonly foundBy: readonly string[];
  readonly worsen: Worsen;
}

export interface WrongTools extends WorldTools {
  readonly known: Knowledge;
}

export const done: CommandOutcome = { result: 'done' };
export const refuse = (why: Refusal): CommandOutcome => ({ result: 'refused', why, detail: 'wrongly' });

/** An exchange with parts of it made anew, once for each connection. */
export function wrong(parts: (exchange: Exchange, tools: WrongTools) => Partial<Exchange>): Worsen {
  return (tools) => {
    const known = learn(tools.simulator);
    return (exchange) => ({ ...exchange, ...parts(exchange, { ...tools, known }) });
  };
}

/** Carries commands of these types out in its own way. */
export function carriesOut<Type extends CommandType>(
  types: readonly Type[],
  way: (
    command: Command<Type>,
    exchange: Exchange,
    tools: WrongTools,
  ) => Promise<CommandOutcome | undefined> | CommandOutcome | undefined,
): Worsen {
  return wrong((exchange, tools) => ({
    async execute(command) {
      if (!(types as readonly string[]).includes(command.type)) return exchange.execute(command);
      return (await way(command as Command<Type>, exchange, tools)) ?? exchange.execute(command);
    },
  }));
}

/** Takes the command for another one. */
export function takesFor<Type extends CommandType>(
  type: Type,
  change: (command: Command<Type>, tools: WrongTools) => TelephonyCommand,
): Worsen {
  return carriesOut([type], (command, exchange, tools) => exchange.execute(change(command, tools)));
}

/** Says done, and does nothing. */
export const forgets = (type: CommandType): Worsen => carriesOut([type], () => done);

/** Says done where it had to refuse for this reason. */
export const accepts = (type: CommandType, why: Refusal): Worsen =>
  carriesOut([type], async (command, exchange) => {
    const outcome = await exchange.execute(command);
    return outcome.result === 'refused' && outcome.why === why ? done : outcome;
  });

/** Refuses where the command has nothing to do any more. */
export const refusesWhen = <Type extends CommandType>(
  type: Type,
  why: Refusal,
  nothing: (command: Command<Type>, known: Knowledge) => boolean,
): Worsen =>
  carriesOut([type], (command, _, { known }) => (nothing(command, known) ? refuse(why) : undefined));

/** Tells events in its own way. `tell` may be called later, or not at all. */
export function tells(
  way: (
    event: Event,
    tell: (event: Event) => void,
    tools: WrongTools & { readonly exchange: Exchange },
  ) => void,
): Worsen {
  return wrong((exchange, tools) => ({
    start: (listener) => exchange.start((event) => way(event, listener, { ...tools, exchange })),
  }));
}

export const hides = (type: EventType): Worsen =>
  tells((event, tell) => {
    if (event.type !== type) tell(event);
  });

export const doubles = (type: EventType): Worsen =>
  tells((event, tell) => {
    tell(event);
    if (event.type === type) tell(event);
  });

/** Tells events of this type changed. */
export const changes = <Type extends EventType>(
  type: Type,
  change: (event: Extract<Event, { type: Type }>, tools: WrongTools) => Event,
): Worsen =>
  tells((event, tell, tools) => {
    tell(event.type === type ? change(event as Extract<Event, { type: Type }>, tools) : event);
  });

/** Lists what is there in its own way. */
export const lists = (change: (inventory: Inventory, tools: WrongTools) => Inventory): Worsen =>
  wrong((exchange, tools) => ({ inventory: async () => change(await exchange.inventory(), tools) }));

/** Does something before it closes the link. */
export const closesWith = (act: (tools: WrongTools) => readonly TelephonyCommand[]): Worsen =>
  wrong((exchange, tools) => ({
    async close() {
      await Promise.all(act(tools).map((command) => exchange.execute(command)));
      await exchange.close();
    },
  }));

/** Says done to commands of this type while one of the other is carried out, and does nothing. */
export const swallows = (type: CommandType, during: CommandType): Worsen =>
  wrong((exchange) => {
    let running = 0;
    return {
      async execute(command) {
        if (command.type === type && running > 0) return done;
        if (command.type !== during) return exchange.execute(command);
        running += 1;
        const outcome = await exchange.execute(command);
        running -= 1;
        return outcome;
      },
    };
  });

/** Tells events of this type when their leg is over. */
export const tellsAfterTheEnd = (type: EventType): Worsen =>
  wrong((exchange) => {
    const kept: Event[] = [];
    return {
      start: (listener) =>
        exchange.start((event) => {
          if (event.type === type) return void kept.push(event);
          listener(event);
          if (event.type === 'leg.ended') for (const late of kept) listener(late);
        }),
    };
  });

/** Waits until nothing is played to these legs any more. */
export async function untilQuiet({ known, time }: WrongTools, ...legs: readonly LegId[]): Promise<void> {
  while (legs.some((leg) => known.playing(leg).length > 0))
    await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
}

/** The same with one item for another, wherever it stands. */
export const replaced = (
  media: readonly MediaItem[],
  type: MediaItem['type'],
  by: MediaItem,
): readonly MediaItem[] => media.map((item) => (item.type === type ? by : item));

/** Another leg than this one, the newest. */
export function otherLeg(legs: ReadonlySet<LegId>, leg: LegId): LegId {
  return [...legs].reverse().find((other) => other !== leg) ?? asLegId('another-leg');
}
