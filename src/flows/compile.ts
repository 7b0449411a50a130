/** Pure. A checked flow becomes a machine, and the machine a `CompiledFlow`: events in, effects and timers out. */
import { type AnyActorLogic, type AnyEventObject, type Snapshot, transition } from 'xstate';
import { OnedoorError } from '../base/index.js';
import type { Flow, Step } from './ast.js';
import { compileInput } from './compile-input.js';
import { compileRecord } from './compile-record.js';
import {
  compileCall,
  compileCase,
  compileDecide,
  compileDial,
  compileHangUp,
  compileLookup,
  compileReturn,
  compileSay,
  compileSet,
} from './compile-steps.js';
import { expressionsOf } from './expressions.js';
import type {
  CompiledFlow,
  FlowContext,
  FlowEffect,
  FlowEvent,
  FlowSnapshot,
  FlowStep,
  FlowTimer,
} from './flow.js';
import {
  buildMachine,
  dropKeys,
  effect,
  type EffectParams,
  type FlowMachine,
  ignoreLateEnd,
  keepKey,
  type MachineEvent,
  type Move,
  type State,
  startState,
} from './machine.js';
import { type FlowTexts, promptsOf } from './prompt.js';
import { tellExits } from './tell-exits.js';
import { valueNames } from './values.js';
import { backState, endState, targetOf, type Workshop } from './workshop.js';

/**
 * Compiles a flow that the checker found no error in.
 *
 * @throws OnedoorError ONEDOOR_BASE_BUG for a flow with errors.
 */
export function compileFlow(flow: Flow, texts: FlowTexts): CompiledFlow {
  const workshop: Workshop = {
    flow,
    prompts: promptsOf(flow, texts),
    expressions: expressionsOf(valueNames(flow)),
    states: new Map<string, State>(),
  };
  let machine: FlowMachine;
  try {
    for (const step of flow.steps.values()) compileStep(workshop, step);
    addOwnStates(workshop);
    tellExits(workshop);
    machine = buildMachine(workshop.states, {
      // Anywhere else: keys are kept for the next step that waits for some.
      key: [ignoreLateEnd, { actions: [keepKey] }],
      resumed: [{ actions: [dropKeys] }],
    });
  } catch (error) {
    throw new OnedoorError('ONEDOOR_BASE_BUG', { what: `flow ${flow.flow} was compiled unchecked` }, error);
  }
  const run = runnerOf(machine);
  return {
    name: flow.flow,
    languages: flow.languages,
    numbers: flow.numbers,
    start({ vars, caller, keys }) {
      const context: FlowContext = { vars, caller, keys, entered: '', noInput: 0, noMatch: 0 };
      return run(startState, context, { type: 'flow.started' });
    },
    step(snapshot, event) {
      if (snapshot.done) return { result: 'stepped', snapshot, effects: [], timers: [] };
      return run(snapshot.state.replace('.', '/'), snapshot.context, machineEvent(event));
    },
  };
}

function compileStep(workshop: Workshop, step: Step): void {
  switch (step.kind) {
    case 'menu':
    case 'collect':
      return compileInput(workshop, step);
    case 'say':
      return compileSay(workshop, step);
    case 'lookup':
      return compileLookup(workshop, step);
    case 'record':
      return compileRecord(workshop, step);
    case 'decide':
      return compileDecide(workshop, step);
    case 'set':
      return compileSet(workshop, step);
    case 'dial':
      return compileDial(workshop, step);
    case 'case':
      return compileCase(workshop, step);
    case 'call':
      return compileCall(workshop, step);
    case 'return':
      return compileReturn(workshop, step);
    case 'hang-up':
      return compileHangUp(workshop, step);
    default:
      return step satisfies never;
  }
}

/** States that belong to no step: the beginning, the way back to an earlier menu, and the end by `go: hang-up`. */
function addOwnStates({ flow, states }: Workshop): void {
  states.set(startState, { on: { 'flow.started': [{ target: targetOf(flow, flow.start) }] } });
  states.set(endState, {
    type: 'final',
    entry: [effect({ type: 'enter', step: 'hang-up', kind: 'hang-up' }, { type: 'hang-up' })],
  });
  const menus = [...flow.steps.values()].filter(({ kind }) => kind === 'menu');
  const routes: Move[] = menus.map(({ name }) => ({
    guard: ({ context }) => context.trail?.at(-1) === name,
    target: targetOf(flow, name),
  }));
  states.set(backState, { always: [...routes, { target: targetOf(flow, flow.start) }] });
}

function machineEvent(event: FlowEvent): MachineEvent {
  return event.type === 'timer' ? { type: event.event as `timer.${string}` } : event;
}

/** What of XState's answer counts here: the flat machine's state by name, and the actions as data. */
interface Stepped {
  readonly value: string;
  readonly status: string;
  readonly context: FlowContext;
}
interface ActionData {
  readonly type: string;
  readonly params: unknown;
}

type Resting = ReturnType<FlowMachine['resolveState']>;

/** One event on one machine: a state's name and its context in, the step out. */
type Runner = (state: string, context: FlowContext, event: MachineEvent) => FlowStep;

/**
 * XState's pure `transition` makes an actor that does nothing and resolves the state by its name, each time anew;
 * both are the same for every step, and cost as much as the step itself.
 */
function runnerOf(machine: FlowMachine): Runner {
  const scope = inertScope();
  const restings = new Map<string, Resting>();
  const restingIn = (state: string, context: FlowContext): Resting => {
    const known = restings.get(state) ?? machine.resolveState({ value: state, context });
    restings.set(state, known);
    return { ...known, context };
  };

  return (state, context, event) => {
    if (!Object.hasOwn(machine.states, state))
      return { result: 'failed', why: `there is no state ${state.replace('/', '.')}` };
    try {
      const actions: ActionData[] = [];
      const actionExecutor = (action: ActionData): void => {
        actions.push(action);
      };
      const from = restingIn(state, context);
      return stepOf(machine.transition(from, event, { ...scope, actionExecutor }), actions);
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error);
      return { result: 'failed', why: `in ${state.replace('/', '.')}, on ${event.type}: ${why}` };
    }
  };
}

type ActorScope = Parameters<FlowMachine['transition']>[2];

/** The surroundings in which `transition` runs a machine: an actor that nothing reaches. */
function inertScope(): ActorScope {
  let found: ActorScope | null = null;
  const listener = {
    transition: (snapshot: Snapshot<undefined>, _event: AnyEventObject, scope: ActorScope) => {
      found = scope;
      return snapshot;
    },
    getInitialSnapshot: () => idle,
    getPersistedSnapshot: () => idle,
  };
  transition(listener as unknown as AnyActorLogic, idle, { type: 'asked' });
  if (found === null)
    throw new OnedoorError('ONEDOOR_BASE_BUG', { what: 'XState runs a step without surroundings' });
  return found;
}

const idle = { status: 'active', output: undefined, error: undefined } as const;

function stepOf({ value, status, context }: Stepped, actions: readonly ActionData[]): FlowStep {
  const effects: FlowEffect[] = [];
  const timers = new Map<string, FlowTimer>();
  for (const { type, params } of actions) {
    if (type === 'effect') effects.push(...(params as EffectParams).effects);
    else addTimer(timers, type, params);
  }
  const snapshot: FlowSnapshot = { state: value.replace('/', '.'), context, done: status === 'done' };
  return { result: 'stepped', snapshot, effects, timers: [...timers.values()] };
}

/** XState gives delayed events and their cancelling back as data; only the last word on a timer counts. */
function addTimer(timers: Map<string, FlowTimer>, type: string, params: unknown): void {
  if (type === 'xstate.raise') {
    const { id, delay, event } = params as { id: string; delay?: number; event: MachineEvent };
    if (delay === undefined) return;
    timers.delete(id);
    timers.set(id, { type: 'arm', id, delayMs: delay, event: event.type });
  } else if (type === 'xstate.cancel') {
    const { sendId: id } = params as { sendId: string };
    timers.delete(id);
    timers.set(id, { type: 'disarm', id });
  }
}
