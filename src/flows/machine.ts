/**
 * How flows use XState: one flat machine a flow, states `<step>/<word>` (XState reads a dot as a path). XState decides
 * which state is left and entered, and what is done in which order; what is done is a fold over data, without effects.
 */
import { createActor, setup } from 'xstate';
import { extended, type Key } from '../base/index.js';
import type { FlowContext, FlowEffect, FlowEvent, FlowTimer } from './flow.js';

/** A timer of the step that the machine is in, named by its word. */
type TimerEvent = { readonly type: `timer.${string}` };
export type MachineEvent =
  | Exclude<FlowEvent, { type: 'timer' }>
  | TimerEvent
  | { readonly type: 'flow.started' }
  | { readonly type: 'flow.left' };

export interface Args {
  readonly context: FlowContext;
  readonly event: MachineEvent;
}

/** A step is left by this way, or asks again; what is entered then tells of it. */
export interface Leave {
  readonly type: 'leave';
  readonly step: string;
  readonly exit: string;
}
export type MachineEffect = FlowEffect | Leave;

/** More steps than this without waiting for anything are a cycle that never ends. */
const maxIterations = 500;

/** What one event has done so far. Belongs to one move of the machine alone; a guard sees what the actions before it did. */
interface Passage {
  context: FlowContext;
  readonly effects: MachineEffect[];
  readonly timers: FlowTimer[];
}

/** As XState hands it to whatever it calls. */
interface PassageArgs {
  readonly context: Passage;
  readonly event: MachineEvent;
}

/** Changes the passage. Pure but for that: the same passage and event give the same change. */
export type Action = (args: PassageArgs) => void;

export type Guard = (args: Args) => boolean;

export interface Move {
  /** State without target: the actions alone. */
  readonly target?: string | undefined;
  /** Leaves and enters the state even where it is the same one: its timers begin anew. */
  readonly reenter?: boolean | undefined;
  readonly guard?: Guard | undefined;
  readonly actions?: readonly Action[] | undefined;
  /** The way that it stands for, where the step has several to the same place. */
  readonly exit?: string | undefined;
}

/** The moves, as those of one way; `exit` is its id in `way.ts`. */
export function leaving(exit: string, moves: readonly Move[]): Move[] {
  return moves.map(({ target, reenter, guard, actions }) => ({ target, reenter, guard, actions, exit }));
}

export interface State {
  readonly type?: 'final' | undefined;
  readonly entry?: readonly Action[] | undefined;
  readonly exit?: readonly Action[] | undefined;
  readonly always?: readonly Move[] | undefined;
  readonly on?: Readonly<Record<string, readonly Move[]>> | undefined;
}

export const startState = '@start';

/** XState asks for a context where none is ever read. */
const unused: Passage = {
  context: {
    vars: {},
    caller: { language: '', languageChosen: false, number: null },
    keys: '',
    entered: '',
    noInput: 0,
    noMatch: 0,
  },
  effects: [],
  timers: [],
};

/** Actions that follow one another are one to XState: each costs it more than it does. */
function asOne(actions: readonly Action[] | undefined): Action | undefined {
  if (actions === undefined || actions.length < 2) return actions?.[0];
  return (args) => {
    for (const action of actions) action(args);
  };
}

/** The key under which XState knows a state. */
type KeyOf = (state: string) => string;

/**
 * All that XState gives a move stands there from the start: V8 takes a hundred times as long to add to a copy as to
 * copy.
 */
function moveConfig({ target, reenter, guard, actions }: Move, keyOf: KeyOf) {
  return {
    target: target === undefined ? undefined : keyOf(target),
    reenter,
    guard:
      guard === undefined
        ? undefined
        : ({ context: { context }, event }: PassageArgs): boolean => guard({ context, event }),
    actions: asOne(actions),
    source: undefined,
    eventType: undefined,
    toJSON: undefined,
  };
}

function movesConfig(on: Readonly<Record<string, readonly Move[]>>, keyOf: KeyOf) {
  const moves: Record<string, ReturnType<typeof moveConfig>[]> = {};
  for (const [event, those] of Object.entries(on))
    moves[event] = those.map((move) => moveConfig(move, keyOf));
  return moves;
}

function stateConfig(id: string, { type, entry, exit, always, on }: State, keyOf: KeyOf) {
  return {
    id,
    type,
    entry: asOne(entry),
    exit: asOne(exit),
    always: always?.map((move) => moveConfig(move, keyOf)),
    on: on === undefined ? undefined : movesConfig(on, keyOf),
  };
}

type Nothing = Record<never, never>;
const language = setup<Passage, MachineEvent, Nothing, Nothing>({});
type MachineConfig = Parameters<typeof language.createMachine>[0];

/** A flow's machine in the making. */
export interface MachineBuilder {
  /** Takes the states over, and empties the map: what the machine does not keep is gone early. */
  take(states: Map<string, State>): void;
  /** Throws where a move's target does not exist. */
  build(anywhere: Readonly<Record<string, readonly Move[]>>): FlowMachine;
}

/**
 * Takes states step by step: whatever lives until the whole flow is done is copied by V8 again and again, which was
 * half of what compiling took. XState takes the name of a target apart letter by letter: it gets numbers.
 */
export function machineBuilder(): MachineBuilder {
  const keys = new Map<string, string>();
  const keyOf: KeyOf = (state) => {
    const known = keys.get(state);
    if (known !== undefined) return known;
    const key = String(keys.size);
    keys.set(state, key);
    return key;
  };
  const configs: Record<string, ReturnType<typeof stateConfig>> = {};
  return {
    take(states) {
      for (const [name, state] of states) configs[keyOf(name)] = stateConfig(name, state, keyOf);
      states.clear();
    },
    build(anywhere) {
      const initial = keyOf(startState);
      const on = movesConfig(anywhere, keyOf);
      for (const [state, key] of keys)
        if (configs[key] === undefined) throw new Error(`there is no state ${state}`);
      return { keys, machine: createMachine(configs, initial, on) };
    },
  };
}

/** To XState what is undefined is not there; its types know no such thing. */
function createMachine(states: object, initial: string, on: object) {
  return language.createMachine({
    id: 'flow',
    initial,
    options: { maxIterations },
    // A flow starts from a resolved state.
    context: unused,
    states: states as NonNullable<MachineConfig['states']>,
    on,
  });
}

export interface FlowMachine {
  readonly machine: ReturnType<typeof createMachine>;
  /** XState's key of each state, in the order of the keys. */
  readonly keys: ReadonlyMap<string, string>;
}

/** What of XState's answer counts here: the flat machine's state by name, and what was done on the way. */
export interface Moved extends Readonly<Passage> {
  readonly state: string;
  readonly done: boolean;
}

/** Pure. Where one event takes the machine from a state; null: it has no such state. Throws what the flow's own conditions throw. */
export type Mover = (state: string, context: FlowContext, event: MachineEvent) => Moved | null;

/**
 * What XState's pure `transition` does, over the same function of the machine. But that one builds a whole actor, which
 * starts the machine, for every event, and resolves the state anew: two thirds of what a step costs. Here one actor,
 * never started and never told anything, stands in for all of them, and a resolved state is kept for the next time.
 * Nor does XState copy its snapshot for every change of the flow's memory: the memory lies in the passage.
 */
export function moverOf({ machine, keys }: FlowMachine): Mover {
  type Machine = FlowMachine['machine'];
  const names = [...keys.keys()];
  const self = createActor(machine);
  const nothing = (): void => undefined;
  const scope: Parameters<Machine['transition']>[2] = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: ({ exec, info, params }) => exec?.(info, params),
  };
  const resolved = new Map<string, ReturnType<Machine['resolveState']>>();
  return (state, context, event) => {
    const key = keys.get(state);
    if (key === undefined) return null;
    const known = resolved.get(state) ?? machine.resolveState({ value: key, context: unused });
    resolved.set(state, known);
    const passage: Passage = { context, effects: [], timers: [] };
    const after = machine.transition({ ...known, context: passage }, event, scope);
    const { context: left, effects: told, timers } = passage;
    // The value of a flat machine is the state's key.
    return {
      state: names[Number(after.value)] ?? '',
      done: after.status === 'done',
      context: left,
      effects: told,
      timers,
    };
  };
}

/** Changes the flow's memory. */
export function update(change: (args: Args) => Partial<FlowContext>): Action {
  return ({ context: passage, event }) => {
    const { context } = passage;
    passage.context = extended(context, change({ context, event }));
  };
}

export function effects(tell: (args: Args) => readonly FlowEffect[]): Action {
  return ({ context: { context, effects: told }, event }) => void told.push(...tell({ context, event }));
}

export function effect(...fixed: readonly MachineEffect[]): Action {
  return ({ context: { effects: told } }) => void told.push(...fixed);
}

/** A timer that runs while the machine is in a state. What it says names the step: a late one means nothing elsewhere. */
export function timer(word: string, step: string, seconds: number) {
  const event = `timer.${word}` as const;
  const arm: FlowTimer = {
    type: 'arm',
    id: word,
    delayMs: Math.round(seconds * 1000),
    event: `${event}.${step}`,
  };
  const disarm: FlowTimer = { type: 'disarm', id: word };
  return {
    event,
    start: (({ context: { timers } }) => void timers.push(arm)) satisfies Action,
    stop: (({ context: { timers } }) => void timers.push(disarm)) satisfies Action,
  };
}

export const hush = effect({ type: 'hush' });

export function keyOf(event: MachineEvent): Key | '' {
  return event.type === 'key' ? event.key : '';
}

/** Keys kept for later are cut here: nobody types more ahead. */
const mostKeys = 64;

/** The key joins those that wait. */
export const keepKey = update(({ context, event }) => ({
  keys: (context.keys + keyOf(event)).slice(0, mostKeys),
  lateEnd: '',
}));

export const dropKeys = update(() => ({ keys: '', lateEnd: '' }));

/** The end key of an entry that was complete without it. */
const isLateEnd = ({ context, event }: Args): boolean =>
  event.type === 'key' && context.lateEnd === event.key;

export const ignoreLateEnd: Move = { guard: isLateEnd, actions: [update(() => ({ lateEnd: '' }))] };
