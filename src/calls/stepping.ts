/** Pure. Runs the call's flows: gives events to the top frame, and turns effects into commands, facts and messages. */
import { asLegId, asRecordingId } from '../base/index.js';
import type { CompiledFlow, FlowCaller, FlowEffect, FlowEvent, FlowStep } from '../flows/index.js';
import { announcementFlow, fallbackFlow, unknownNumberFlow } from './announcement.js';
import type { Dial } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, own, set } from './draft.js';
import { hush, ringback, speak } from './speaking.js';

/** Limits that keep a faulty flow from going round for ever. */
const maxSteps = 1000;
const maxRepeats = 10;
const maxDepth = 8;
/** How long past its time a phone or a lookup may stay undecided before we decide ourselves. */
const graceMs = 3_000;
/** How long the end of a leg that we end may take before we ask for it again, or give a phone up. */
const endMs = 15_000;

/** Starts the flow of that name on top of the stack. */
export function startFlow(draft: Draft, name: string, vars: FlowStartVars, keys: string): void {
  const flow = flowOf(draft, name);
  if (flow === null) return fail(draft, name, 'no such flow');
  if (draft.call.frames.length >= maxDepth) return fail(draft, name, `more than ${maxDepth} flows deep`);
  // The frame stands before its effects run: a flow may end or push at once.
  const step = flow.start({ vars, caller: draft.call.caller, keys });
  if (step.result === 'failed') return fail(draft, name, step.why);
  set(draft, { frames: [...draft.call.frames, { flow: name, snapshot: step.snapshot }] });
  take(draft, step);
}

type FlowStartVars = Parameters<CompiledFlow['start']>[0]['vars'];

/** Gives one event to the flow on top. Does nothing when no flow runs. */
export function feed(draft: Draft, event: FlowEvent): void {
  const frame = draft.call.frames.at(-1);
  if (frame === undefined) return;
  const flow = flowOf(draft, frame.flow);
  if (flow === null) return fail(draft, frame.flow, 'no such flow in this site version');
  const step = flow.step(frame.snapshot, event);
  if (step.result === 'failed') return fail(draft, frame.flow, step.why);
  set(draft, { frames: [...draft.call.frames.slice(0, -1), { flow: frame.flow, snapshot: step.snapshot }] });
  take(draft, step);
}

/** A flow cannot go on: the caller gets the engine's own words, then a phone or the end. */
export function fail(draft: Draft, flow: string, why: string): void {
  // What follows an expression is CEL's own message, and may quote what the caller keyed: not for the event log.
  const what = why.replace(/(`[^`]*`): .*$/s, '$1').slice(0, 300);
  draft.facts.push({ type: 'flow.failed', body: { flow, why: what } });
  if (what !== why)
    draft.personal.push({ key: `fault.${nextNumber(draft)}`, class: 'text', body: why.slice(0, 1_000) });
  abandonInputs(draft);
  set(draft, { frames: [], steps: 0, repeats: 0, lastStep: '' });
  reach(draft, 'failed');
  // A fault in the apology itself leaves nothing to say.
  if (flow === fallbackFlow) return hangUp(draft, 'failed', 'flow-failed');
  startFlow(draft, fallbackFlow, {}, '');
}

/** Ends the call from our side. */
export function hangUp(draft: Draft, result: 'completed' | 'failed' | 'refused', reason: string): void {
  if (draft.call.ending !== null) return;
  abandonInputs(draft);
  set(draft, { ending: { result, reason, by: 'engine' }, frames: [] });
  endLeg(draft, 'normal');
}

/** Ends the caller's leg, and again while it does not end: nothing else would free a caller from the silence. */
export function endLeg(draft: Draft, reason: 'normal' | 'congestion'): void {
  const { leg } = draft.call;
  if (!isAwaited(draft, 'hang-up', leg)) command(draft, { type: 'hang-up', leg, reason });
  arm(draft, 'hang-up', endMs);
}

/** Lets the phone go that rings or talks; it is the call's until its leg has ended. */
export function letGo(draft: Draft, dial: Dial, reason: 'normal' | 'no-answer'): void {
  if (!isAwaited(draft, 'hang-up', dial.leg)) command(draft, { type: 'hang-up', leg: dial.leg, reason });
  if (dial.bridge !== null) command(draft, { type: 'unbridge', bridge: dial.bridge });
  set(draft, { dial: { ...dial, bridge: null, state: 'ending' } });
  disarm(draft, 'ring');
  arm(draft, 'let-go', endMs);
}

/** Whether such a command for the leg is not settled yet. */
export function isAwaited(draft: Draft, type: 'hang-up', leg: string): boolean {
  return [...draft.call.commands, ...draft.commands].some(
    ({ body }) => body.type === type && body.leg === leg,
  );
}

/** After a time in which the engine was away, what is asked for anew has its whole time again. */
export function renew(draft: Draft): void {
  const { lookup, dial, commands } = draft.call;
  for (const { id, body } of commands) {
    if (body.type === 'look-up' && lookup?.command === id) arm(draft, 'lookup', body.timeoutMs + graceMs);
    if (body.type === 'originate' && dial?.leg === body.leg && dial.state === 'ringing')
      arm(draft, 'ring', body.ringMs + graceMs);
  }
}

function abandonInputs(draft: Draft): void {
  const { recording, leg, dial } = draft.call;
  hush(draft);
  if (recording !== null && recording.ms === null)
    command(draft, { type: 'stop-recording', leg, recording: recording.id });
  const kept = draft.call.deadlines.filter(
    ({ frame, id }) => frame === own && id !== 'ring' && id !== 'lookup',
  );
  set(draft, { lookup: null, deadlines: kept });
  if (dial === null || dial.state === 'ending') return;
  letGo(draft, dial, 'normal');
  const result = dial.state === 'talking' ? 'talked' : 'failed';
  draft.facts.push({ type: 'dial.ended', body: { leg: dial.leg, result } });
}

function flowOf(draft: Draft, name: string): CompiledFlow | null {
  const { fallback, languages, flows } = draft.site;
  if (name === fallbackFlow) return announcementFlow(name, fallback.apology, fallback.phone, languages);
  if (name === unknownNumberFlow) return announcementFlow(name, fallback.unknownNumber, null, languages);
  return flows.get(name) ?? null;
}

function take(draft: Draft, step: Extract<FlowStep, { result: 'stepped' }>): void {
  const depth = draft.call.frames.length - 1;
  const flow = draft.call.frames.at(-1)?.flow ?? '';
  for (const timer of step.timers) {
    const others = draft.call.deadlines.filter(({ id, frame }) => id !== timer.id || frame !== depth);
    const armed =
      timer.type === 'arm'
        ? [{ id: timer.id, frame: depth, at: draft.at + timer.delayMs, event: timer.event }]
        : [];
    set(draft, { deadlines: [...others, ...armed] });
  }
  let left: Leave | null = null;
  for (const effect of step.effects) {
    if (effect.type === 'leave') {
      left = effect;
      continue;
    }
    if (effect.type === 'enter') {
      enter(draft, flow, effect, left);
      left = null;
    } else carryOut(draft, effect);
    // A guard may have replaced the flow, or ended the call: the rest of its effects no longer count.
    if (draft.call.ending !== null || draft.call.frames.at(depth)?.flow !== flow) return;
  }
  if (left !== null)
    draft.facts.push({ type: 'step.repeated', body: { flow, step: left.step, by: left.exit } });
  if (step.snapshot.done && depth === 0 && draft.call.frames.length === 1)
    hangUp(draft, 'completed', 'flow-ended');
}

type Leave = Extract<FlowEffect, { type: 'leave' }>;
type Enter = Extract<FlowEffect, { type: 'enter' }>;

function carryOut(draft: Draft, effect: Exclude<FlowEffect, Leave | Enter>): void {
  const { call } = draft;
  switch (effect.type) {
    case 'speak':
      return speak(draft, effect.texts);
    case 'hush':
      return hush(draft);
    case 'look-up': {
      const { source, with: given, timeoutMs } = effect;
      const id = command(draft, { type: 'look-up', source, with: given, timeoutMs });
      arm(draft, 'lookup', timeoutMs + graceMs);
      return set(draft, { lookup: { command: id, source } });
    }
    case 'record': {
      discardRecording(draft);
      const recording = asRecordingId(`${call.id}-r${nextNumber(draft)}`);
      const { maxMs, silenceMs, beep } = effect;
      command(draft, { type: 'record', leg: call.leg, recording, maxMs, silenceMs, beep });
      return set(draft, { recording: { id: recording, ms: null } });
    }
    case 'stop-recording':
      if (call.recording !== null)
        command(draft, { type: 'stop-recording', leg: call.leg, recording: call.recording.id });
      return;
    case 'discard-recording':
      return discardRecording(draft);
    case 'keep-recording':
      return keepRecording(draft, effect.name);
    case 'dial':
      return dial(draft, effect.phone, effect.ringMs);
    case 'case': {
      const { kind, subject, details } = effect;
      const language = call.caller.languageChosen ? call.caller.language : null;
      draft.messages.push({ type: 'open-case', contact: call.id, kind, subject, language, details });
      return;
    }
    case 'set-language':
      draft.facts.push({ type: 'language.chosen', body: { language: effect.language } });
      return set(draft, { caller: { ...call.caller, language: effect.language, languageChosen: true } });
    case 'keep-entry': {
      const key = `keyed.${effect.name}.${nextNumber(draft)}`;
      draft.personal.push({ key, class: 'digits', body: effect.value });
      draft.facts.push({ type: 'entry.kept', body: { name: effect.name, key } });
      return;
    }
    case 'outcome':
      return reach(draft, effect.outcome);
    case 'push': {
      const keys = call.frames.at(-1)?.snapshot.context.keys ?? '';
      return startFlow(draft, effect.flow, effect.with, keys);
    }
    case 'return':
      return giveBack(draft, effect.results);
    case 'hang-up':
      return hangUp(draft, 'completed', 'flow-ended');
    default:
      return unknownEffect(effect);
  }
}

function enter(draft: Draft, flow: string, { step, kind }: Enter, left: Leave | null): void {
  const name = `${flow}/${step}`;
  const { steps, lastStep, repeats } = draft.call;
  const again = name === lastStep ? repeats + 1 : 1;
  set(draft, { steps: steps + 1, lastStep: name, repeats: again });
  const way = left === null ? {} : { from: left.step, by: left.exit };
  draft.facts.push({ type: 'step.entered', body: { flow, step, kind, ...way } });
  if (steps + 1 > maxSteps) fail(draft, flow, `more than ${maxSteps} steps in one call`);
  else if (again > maxRepeats) fail(draft, flow, `step ${step} more than ${maxRepeats} times in a row`);
}

function giveBack(draft: Draft, results: FlowStartVars): void {
  const { frames, caller } = draft.call;
  const child = frames.at(-1);
  if (child === undefined) return;
  if (frames.length === 1) return hangUp(draft, 'completed', 'flow-ended');
  const depth = frames.length - 1;
  const deadlines = draft.call.deadlines.filter(({ frame }) => frame < depth);
  set(draft, { frames: frames.slice(0, -1), deadlines });
  feed(draft, { type: 'returned', results, caller, keys: child.snapshot.context.keys });
}

function reach(draft: Draft, outcome: string): void {
  if (draft.call.outcome === outcome) return;
  draft.facts.push({ type: 'outcome.reached', body: { outcome } });
  set(draft, { outcome });
}

export function keepRecording(draft: Draft, name: string): void {
  const { recording } = draft.call;
  if (recording === null || recording.ms === null) return;
  draft.facts.push({ type: 'recording.kept', body: { name, recording: recording.id, ms: recording.ms } });
  draft.personal.push({
    key: `recording.${name}.${nextNumber(draft)}`,
    class: 'recording',
    body: recording.id,
  });
  set(draft, { recording: null, unheard: true });
}

function discardRecording(draft: Draft): void {
  const { recording, leg } = draft.call;
  if (recording === null) return;
  if (recording.ms === null) command(draft, { type: 'stop-recording', leg, recording: recording.id });
  command(draft, { type: 'discard-recording', recording: recording.id });
  draft.facts.push({ type: 'recording.discarded', body: { recording: recording.id } });
  set(draft, { recording: null });
}

function dial(draft: Draft, phone: string, ringMs: number): void {
  const { caller, id } = draft.call;
  const leg = asLegId(`${id}-l${nextNumber(draft)}`);
  // A phone that was let go and has not ended yet is followed no longer; it must not stay with the caller.
  if (draft.call.dial !== null && draft.call.dial.bridge !== null)
    command(draft, { type: 'unbridge', bridge: draft.call.dial.bridge });
  disarm(draft, 'let-go');
  ringback(draft);
  const callerNumber = caller.number?.replace(/[^0-9+]/g, '') ?? '';
  command(draft, {
    type: 'originate',
    leg,
    to: { type: 'phone', phone },
    callerNumber: callerNumber === '' ? null : callerNumber,
    ringMs,
  });
  set(draft, { dial: { leg, phone, bridge: null, state: 'ringing' } });
  arm(draft, 'ring', ringMs + graceMs);
  draft.facts.push({ type: 'dial.started', body: { phone, leg } });
}

/** What the caller's flow is told of who calls. */
export function callerOf(number: string | null, languages: readonly string[]): FlowCaller {
  return { language: languages[0] ?? 'en', languageChosen: false, number };
}

function unknownEffect(effect: never): never {
  throw new TypeError(`No way to carry out ${JSON.stringify(effect)}.`);
}
