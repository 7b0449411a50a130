/**
 * Pure. What flows still do when they are left midway: the caller hung up, a flow failed, or an inner flow ended the
 * call. Innermost first, each as far as its `at-end` steps go; all within the turn, since they wait for no caller.
 */
import type { CompiledFlow, FlowEffect, FlowEvent, FlowStep } from '../flows/index.js';
import type { Unwinding } from './call.js';
import { type Draft, own, set } from './draft.js';

/** What the unwinding needs of the stepping. */
export interface Hands {
  flowOf(draft: Draft, name: string): CompiledFlow | null;
  carryOut(draft: Draft, flow: string, effect: FlowEffect): void;
  told(draft: Draft, flow: string, why: string): void;
}

/** Steps of all flows at their end: more are a circle. */
const maxSteps = 50;

/** Effects that are answered within the turn; a step that waits for anything else would wait for ever. */
const answeredInTurn: ReadonlySet<FlowEffect['type']> = new Set<FlowEffect['type']>(['case', 'ask-hours']);

/** Lets every flow of the stack do what it does at its end. The answer: all have, and this comes next. */
export function unwind(draft: Draft, next: Unwinding['next'], hands: Hands): Unwinding['next'] | null {
  const deadlines = draft.call.deadlines.filter(({ frame }) => frame === own);
  set(draft, { unwinding: { next, steps: 0 }, deadlines });
  return leaveNext(draft, hands);
}

/** An answer that a step at the end asked for; any other event says nothing to flows that are being left. */
export function unwindOn(draft: Draft, event: FlowEvent, hands: Hands): Unwinding['next'] | null {
  const frame = draft.call.frames.at(-1);
  const flow = frame === undefined ? null : hands.flowOf(draft, frame.flow);
  const answers = event.type === 'case-opened' || event.type === 'hours-told';
  if (!answers || frame === undefined || flow === null) return null;
  return run(draft, flow.name, flow.step(frame.snapshot, event), hands) ? leaveNext(draft, hands) : null;
}

/** A fault while unwinding: what is left of it is dropped. */
export function abandonUnwinding(draft: Draft): Unwinding['next'] | null {
  const { unwinding } = draft.call;
  if (unwinding === undefined || unwinding === null) return null;
  set(draft, { frames: [], unwinding: null });
  return unwinding.next;
}

function leaveNext(draft: Draft, hands: Hands): Unwinding['next'] | null {
  for (let frame = draft.call.frames.at(-1); frame !== undefined; frame = draft.call.frames.at(-1)) {
    const step = hands.flowOf(draft, frame.flow)?.end(frame.snapshot) ?? null;
    if (step === null) set(draft, { frames: draft.call.frames.slice(0, -1) });
    else if (!run(draft, frame.flow, step, hands)) return null;
  }
  return abandonUnwinding(draft);
}

/** Whether the flow on top is done with, and gone. */
function run(draft: Draft, flow: string, step: FlowStep, hands: Hands): boolean {
  const below = draft.call.frames.slice(0, -1);
  if (step.result === 'failed') return dropped(draft, flow, step.why, hands);
  const { snapshot, effects } = step;
  set(draft, { frames: [...below, { flow, snapshot }] });
  for (const effect of effects) {
    // The end of a flow that is being left ends nothing else.
    if (effect.type === 'return' || effect.type === 'hang-up') continue;
    if (effect.type === 'enter') count(draft);
    hands.carryOut(draft, flow, effect);
  }
  if ((draft.call.unwinding?.steps ?? 0) > maxSteps)
    return dropped(draft, flow, `more than ${maxSteps} steps at the end`, hands);
  if (!snapshot.done) {
    if (effects.some(({ type }) => answeredInTurn.has(type))) return false;
    return dropped(draft, flow, `${snapshot.state} waits at the end`, hands);
  }
  set(draft, { frames: below });
  return true;
}

function dropped(draft: Draft, flow: string, why: string, hands: Hands): true {
  hands.told(draft, flow, why);
  set(draft, { frames: draft.call.frames.slice(0, -1) });
  return true;
}

function count(draft: Draft): void {
  const { unwinding } = draft.call;
  if (unwinding !== undefined && unwinding !== null)
    set(draft, { unwinding: { ...unwinding, steps: unwinding.steps + 1 } });
}
