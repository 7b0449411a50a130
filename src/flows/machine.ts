/**
 * How flows use XState: one flat machine a flow, states `<step>/<word>` (XState reads a dot as a path), stepped by the pure `transition` alone.
 * Effects are actions that nobody executes: their parameters are the data.
 */
import { type ActionExecutor, createActor, setup } from 'xstate';
import type { Key } from '../base/index.js';
import type { FlowContext, FlowEffect, FlowEvent } from './flow.js';

/** A timer of the machine; named by its word and its step, so that a late one means nothing elsewhere. */
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

export interface EffectParams {
  readonly effects: readonly FlowEffect[];
}

/** More steps than this without waiting for anything are a cycle that never ends. */
const maxIterations = 500;

type Nothing = Record<never, never>;
const language = setup<FlowContext, MachineEvent, Nothing, Nothing, { effect: EffectParams }>({
  actions: { effect: () => undefined },
});

interface EffectAction {
  readonly type: 'effect';
  readonly params: (args: Args) => EffectParams;
}
export type Action = EffectAction | ReturnType<typeof language.assign>;

export type Guard = (args: Args) => boolean;

export interface Move {
  /** State without target: the actions alone. */
  readonly target?: string;
  /** Leaves and enters the state even where it is the same one: its timers begin anew. */
  readonly reenter?: boolean;
  readonly guard?: Guard;
  readonly actions?: readonly Action[];
}

export interface State {
  readonly type?: 'final';
  readonly entry?: readonly Action[];
  readonly exit?: readonly Action[];
  readonly always?: readonly Move[];
  readonly on?: Readonly<Record<string, readonly Move[]>>;
}

export const startState = '@start';

/** XState asks for a context where none is ever read. */
const unused: FlowContext = {
  vars: {},
  caller: { language: '', languageChosen: false, number: null },
  keys: '',
  entered: '',
  noInput: 0,
  noMatch: 0,
};

/** Builds the machine. Throws where a move's target does not exist. */
export function buildMachine(
  states: ReadonlyMap<string, State>,
  anywhere: Readonly<Record<string, readonly Move[]>>,
) {
  return language.createMachine({
    id: 'flow',
    initial: startState,
    options: { maxIterations },
    // A flow starts from a resolved state.
    context: unused,
    states: Object.fromEntries(states),
    on: anywhere,
  });
}

export type FlowMachine = ReturnType<typeof buildMachine>;

/** What of XState's answer counts here: the flat machine's state by name, and the actions as data. */
export interface Moved {
  readonly state: string;
  readonly done: boolean;
  readonly context: FlowContext;
  readonly actions: readonly { readonly type: string; readonly params: unknown }[];
}

/** Pure. Where one event takes the machine from a state; null: it has no such state. Throws what the flow's own conditions throw. */
export type Mover = (state: string, context: FlowContext, event: MachineEvent) => Moved | null;

/**
 * What XState's pure `transition` does, over the same function of the machine. But that one builds a whole actor, which
 * starts the machine, for every event, and resolves the state anew: two thirds of what a step costs. Here one actor,
 * never started and never told anything, stands in for all of them, and a resolved state is kept for the next time.
 */
export function moverOf(machine: FlowMachine): Mover {
  const self = createActor(machine);
  const { system } = self;
  const nothing = (): void => undefined;
  const resolved = new Map<string, ReturnType<FlowMachine['resolveState']>>();
  return (state, context, event) => {
    if (!Object.hasOwn(machine.states, state)) return null;
    const known = resolved.get(state) ?? machine.resolveState({ value: state, context: unused });
    resolved.set(state, known);
    const actions: Parameters<ActionExecutor>[0][] = [];
    const {
      value,
      status,
      context: after,
    } = machine.transition({ ...known, context }, event, {
      self,
      system,
      id: '',
      sessionId: '',
      logger: nothing,
      defer: nothing,
      emit: nothing,
      stopChild: nothing,
      actionExecutor: (action) => void actions.push(action),
    });
    return { state: String(value), done: status === 'done', context: after, actions };
  };
}

/** Changes the context. */
export function update(change: (args: Args) => Partial<FlowContext>): Action {
  return language.assign(change);
}

export function effects(tell: (args: Args) => readonly FlowEffect[]): Action {
  return { type: 'effect', params: (args) => ({ effects: tell(args) }) };
}

export function effect(...fixed: readonly FlowEffect[]): Action {
  const params: EffectParams = { effects: fixed };
  return { type: 'effect', params: () => params };
}

/** A timer that runs while the machine is in a state. */
export function timer(word: string, step: string, seconds: number) {
  const event = `timer.${word}.${step}` as const;
  return {
    event,
    start: language.raise({ type: event }, { id: word, delay: Math.round(seconds * 1000) }) as Action,
    stop: language.cancel(word) as Action,
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
