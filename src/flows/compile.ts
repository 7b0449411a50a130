/** Pure. A checked flow becomes a machine, and the machine a `CompiledFlow`: events in, effects and timers out. */
import { OnedoorError } from '../base/index.js';
import type { Flow, Step } from './ast.js';
import { compileHours } from './compile-hours.js';
import { compileInput } from './compile-input.js';
import { compileMessage } from './compile-message.js';
import { compileCallback, compileSurvey } from './compile-parts.js';
import { compileQueue } from './compile-queue.js';
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
import type { CompiledFlow, FlowContext, FlowEvent, FlowSnapshot, FlowStep, FlowTimer } from './flow.js';
import {
  dropKeys,
  effect,
  ignoreLateEnd,
  keepKey,
  machineBuilder,
  type MachineEvent,
  type Move,
  type Mover,
  moverOf,
  type State,
  startState,
} from './machine.js';
import { withParts } from './parts.js';
import { secretsOf } from './secrets.js';
import { type FlowTexts, promptsOf } from './prompt.js';
import { tellExits, withWays } from './tell-exits.js';
import { valueNames } from './values.js';
import { backState, endState, leftState, targetOf, type Workshop } from './workshop.js';

/**
 * Compiles a flow that the checker found no error in.
 *
 * @throws OnedoorError ONEDOOR_BASE_BUG for a flow with errors.
 */
export function compileFlow(flow: Flow, texts: FlowTexts): CompiledFlow {
  const workshop: Workshop = {
    flow: withParts(flow),
    prompts: promptsOf(flow, texts),
    expressions: expressionsOf(valueNames(flow)),
    states: new Map<string, State>(),
  };
  let move: Mover;
  try {
    const builder = machineBuilder();
    for (const step of workshop.flow.steps.values()) {
      compileStep(workshop, step);
      tellExits(workshop, step);
      builder.take(workshop.states);
    }
    addOwnStates(workshop);
    builder.take(workshop.states);
    const machine = builder.build({
      // Anywhere else: keys are kept for the next step that waits for some.
      key: [ignoreLateEnd, { actions: [keepKey] }],
      resumed: [{ actions: [dropKeys] }],
    });
    move = moverOf(machine);
  } catch (error) {
    throw new OnedoorError('ONEDOOR_BASE_BUG', { what: `flow ${flow.flow} was compiled unchecked` }, error);
  }
  const secretSteps = new Set([...secretsOf(flow).values()].map(({ name }) => name));
  return {
    name: flow.flow,
    languages: flow.languages,
    numbers: flow.numbers,
    outcomes: flow.outcomes ?? null,
    start({ vars, caller, keys }) {
      const context: FlowContext = { vars, caller, keys, entered: '', noInput: 0, noMatch: 0 };
      return run(move, startState, context, { type: 'flow.started' });
    },
    step(snapshot, event) {
      if (snapshot.done) return { result: 'stepped', snapshot, effects: [], timers: [] };
      return run(move, snapshot.state.replace('.', '/'), snapshot.context, machineEvent(event, snapshot));
    },
    asksSecret: ({ state }) => secretSteps.has(state.slice(0, state.lastIndexOf('.'))),
    end({ context, done }) {
      if (flow['at-end'] === undefined || done) return null;
      return run(move, leftState, { ...context, keys: '' }, { type: 'flow.left' });
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
    case 'hours':
      return compileHours(workshop, step);
    case 'call':
      return compileCall(workshop, step);
    case 'return':
      return compileReturn(workshop, step);
    case 'hang-up':
      return compileHangUp(workshop, step);
    case 'queue':
      return compileQueue(workshop, step);
    case 'callback':
      return compileCallback(workshop, step);
    case 'message':
      return compileMessage(workshop, step);
    case 'survey':
      return compileSurvey(workshop, step);
    default:
      return step satisfies never;
  }
}

/** States that belong to no step: the beginning, the way back to an earlier menu, and the end by `go: hang-up`. */
function addOwnStates({ flow, states }: Workshop): void {
  states.set(startState, { on: { 'flow.started': [{ target: targetOf(flow, flow.start) }] } });
  if (flow['at-end'] !== undefined)
    states.set(leftState, { on: { 'flow.left': [{ target: targetOf(flow, flow['at-end']) }] } });
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

/** A timer of another step keeps its whole name, which no state knows. */
function machineEvent(event: FlowEvent, { state }: FlowSnapshot): MachineEvent {
  if (event.type !== 'timer') return event;
  const step = `.${state.slice(0, state.lastIndexOf('.'))}`;
  const own = event.event.endsWith(step) ? event.event.slice(0, -step.length) : event.event;
  return { type: own as `timer.${string}` };
}

function run(move: Mover, state: string, context: FlowContext, event: MachineEvent): FlowStep {
  try {
    const moved = move(state, context, event);
    if (moved === null) return { result: 'failed', why: `there is no state ${state.replace('/', '.')}` };
    const snapshot: FlowSnapshot = {
      state: moved.state.replace('/', '.'),
      context: moved.context,
      done: moved.done,
    };
    return { result: 'stepped', snapshot, effects: withWays(moved.effects), timers: lastOf(moved.timers) };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error);
    return { result: 'failed', why: `in ${state.replace('/', '.')}, on ${event.type}: ${why}` };
  }
}

/** Only the last word on a timer counts. */
function lastOf(timers: readonly FlowTimer[]): readonly FlowTimer[] {
  return timers.filter(({ id }, place) => !timers.some((other, later) => later > place && other.id === id));
}
