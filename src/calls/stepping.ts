/** Pure. Runs the call's flows: gives events to the top frame, and turns effects into commands, facts and messages. */
import { checkNumber, type NumberRules } from '../base/index.js';
import {
  type CompiledFlow,
  type FlowCaller,
  type FlowEffect,
  type FlowEvent,
  type FlowStep,
  mostDeep,
} from '../flows/index.js';
import { announcementFlow, fallbackFlow, unknownNumberFlow } from './announcement.js';
import type { CallSite, Unwinding } from './call.js';
import { endMs, endOffers, endPhone, isAwaited, isUp, phoneAt, ringGraceMs, ringPhone } from './dialing.js';
import { sendMessage } from './messaging.js';
import { endCallback, settledCases } from './callback-end.js';
import { isPromised, keepPlace, promisePlace } from './keeping-place.js';
import { askPlace, endTicket, holdTicket, music, requestTicket } from './queueing.js';
import { discardRecording, keepRecording, record, stopRecording } from './recording.js';
import { chooseQuestions } from './survey.js';
import { arm, command, type Draft, nextNumber, own, set } from './draft.js';
import type { Termination } from './fact.js';
import { hoursTold } from './hours.js';
import { lookUp, lookUpGraceMs } from './proving.js';
import { abandonTransfer } from './transfer-state.js';
import { awaitSpoken, hush, replay, ringback, speak } from './speaking.js';
import { abandonUnwinding, type Hands, unwind, unwindOn } from './unwinding.js';

/** Limits that keep a faulty flow from going round for ever. */
const maxSteps = 1000;
const maxRepeats = 10;

/** Starts the flow of that name on top of the stack. */
export function startFlow(draft: Draft, name: string, vars: FlowStartVars, keys: string): void {
  const flow = flowOf(draft, name);
  if (flow === null) return fail(draft, name, 'no such flow');
  if (draft.call.frames.length >= mostDeep) return fail(draft, name, `more than ${mostDeep} flows deep`);
  begin(draft, flow, vars, keys);
}

/** Starts the engine's own apology, in these languages where the caller has chosen none. */
export function apologise(draft: Draft, languages: readonly string[]): void {
  begin(draft, apology(draft, languages), {}, '');
}

/** Languages of the flow that the call began with: those in which the number speaks. */
export function languagesOf({ languages, flows }: CallSite, flow: string): readonly string[] {
  return flows.get(flow)?.languages ?? languages;
}

function begin(draft: Draft, flow: CompiledFlow, vars: FlowStartVars, keys: string): void {
  const { name } = flow;
  // The frame stands before its effects run: a flow may end or push at once.
  const step = flow.start({ vars, caller: draft.call.caller, keys });
  if (step.result === 'failed') return fail(draft, name, step.why);
  set(draft, { frames: [...draft.call.frames, { flow: name, snapshot: step.snapshot }] });
  take(draft, step);
}

type FlowStartVars = Parameters<CompiledFlow['start']>[0]['vars'];

/** Gives one event to the flow on top. Does nothing when no flow runs. */
export function feed(draft: Draft, event: FlowEvent): void {
  if (draft.call.unwinding) return goOn(draft, unwindOn(draft, event, hands));
  const frame = draft.call.frames.at(-1);
  if (frame === undefined) return;
  const flow = flowOf(draft, frame.flow);
  if (flow === null) return fail(draft, frame.flow, 'no such flow in this site version');
  const step = flow.step(frame.snapshot, event);
  if (step.result === 'failed') return fail(draft, frame.flow, step.why);
  set(draft, { frames: [...draft.call.frames.slice(0, -1), { flow: frame.flow, snapshot: step.snapshot }] });
  take(draft, step);
}

/** The same, where there is something to give. */
export function tell(draft: Draft, event: FlowEvent | null): void {
  if (event !== null) feed(draft, event);
}

/** A flow cannot go on: the caller gets the engine's own words, then a phone or the end. */
export function fail(draft: Draft, flow: string, why: string): void {
  tellFault(draft, flow, why);
  abandonInputs(draft, 'failed');
  reach(draft, 'failed');
  // A fault in the apology itself leaves nothing to say.
  if (flow === fallbackFlow) return hangUp(draft, 'failed', 'flow-failed');
  const languages = languagesOf(draft.site, draft.call.frames[0]?.flow ?? flow);
  leaveFlows(draft, { type: 'apologise', languages });
}

function tellFault(draft: Draft, flow: string, why: string): void {
  // What follows an expression is CEL's own message, and may quote what the caller keyed: not for the event log.
  const what = why.replace(/(`[^`]*`): .*$/s, '$1').slice(0, 300);
  draft.facts.push({ type: 'flow.failed', body: { flow, why: what } });
  if (what !== why)
    draft.personal.push({ key: `fault.${nextNumber(draft)}`, class: 'text', body: why.slice(0, 1_000) });
}

/** Ends the call from our side; flows on the stack do what they do at their end. */
export function hangUp(draft: Draft, result: 'completed' | 'failed' | 'refused', reason: string): void {
  if (draft.call.ending !== null) return;
  // Whoever is said goodbye to while the place is kept, and leaves no number, did not want it any more.
  abandonInputs(draft, result === 'completed' ? 'left' : 'failed');
  set(draft, { ending: { result, reason, by: 'engine' } });
  endLeg(draft, 'normal');
  leaveFlows(draft, { type: 'nothing' });
}

/** The flow on top ended the call: only those below it are left midway. */
function endCall(draft: Draft): void {
  set(draft, { frames: draft.call.frames.slice(0, -1) });
  hangUp(draft, 'completed', 'flow-ended');
}

/** The flows on the stack are left midway: what they do at their end is done, then `next`. */
export function leaveFlows(draft: Draft, next: Unwinding['next']): void {
  goOn(draft, unwind(draft, next, hands));
}

/** A fault while flows were being left. */
export function dropFlows(draft: Draft): void {
  goOn(draft, abandonUnwinding(draft));
}

function goOn(draft: Draft, next: Unwinding['next'] | null): void {
  if (next?.type === 'close') return close(draft, next.termination);
  if (next?.type === 'begin') {
    set(draft, { steps: 0, repeats: 0, lastStep: '' });
    return startFlow(draft, next.flow, {}, '');
  }
  if (next?.type !== 'apologise') return;
  set(draft, { steps: 0, repeats: 0, lastStep: '' });
  apologise(draft, next.languages);
}

/** The caller is gone, and all flows with it: what the call was is told. */
function close(draft: Draft, termination: Termination): void {
  const { call } = draft;
  keepPlace(draft);
  const unreached = endCallback(draft) ? 'not-reached' : null;
  const usual = termination.result === 'completed' ? 'ended' : termination.result;
  const outcome = call.outcome ?? unreached ?? usual;
  draft.facts.push({ type: 'call.ended', body: { termination, outcome } });
  draft.messages.push({
    type: 'end-contact',
    contact: call.id,
    language: call.caller.languageChosen ? call.caller.language : null,
    outcome,
    cases: call.cases,
    unheard: call.unheard,
    settled: settledCases(draft.call),
  });
}

const hands: Hands = { flowOf, carryOut, told: tellFault };

/** Ends the caller's leg, and again while it does not end: nothing else would free a caller from the silence. */
export function endLeg(draft: Draft, reason: 'normal' | 'congestion'): void {
  const { leg } = draft.call;
  if (!isAwaited(draft, 'hang-up', leg)) command(draft, { type: 'hang-up', leg, reason });
  arm(draft, 'hang-up', endMs);
}

/** After a time in which the engine was away, what is asked for anew has its whole time again. */
export function renew(draft: Draft): void {
  awaitSpoken(draft);
  const { lookup, commands } = draft.call;
  for (const { id, body } of commands) {
    if (body.type === 'look-up' && lookup?.command === id)
      arm(draft, 'lookup', body.timeoutMs + lookUpGraceMs);
    if (body.type === 'originate' && phoneAt(draft.call, body.leg)?.state === 'ringing')
      arm(draft, `ring/${body.leg}`, body.ringMs + ringGraceMs);
  }
}

function abandonInputs(draft: Draft, ofTicket: 'left' | 'failed'): void {
  hush(draft);
  music(draft, false);
  if (draft.call.ticket?.state !== 'connected' && !isPromised(draft.call)) endTicket(draft, ofTicket);
  abandonTransfer(draft, 'failed');
  if (draft.call.recording?.ms === null) stopRecording(draft);
  const kept = draft.call.deadlines.filter(
    ({ frame, id }) => frame === own && !id.startsWith('ring/') && id !== 'lookup',
  );
  set(draft, { lookup: null, proving: null, message: null, deadlines: kept });
  for (const phone of draft.call.phones)
    if (phone.state !== 'ending') endPhone(draft, phone, isUp(phone) ? 'talked' : 'failed');
  set(draft, { talkStep: null });
}

function flowOf(draft: Draft, name: string): CompiledFlow | null {
  const { fallback, languages, flows } = draft.site;
  if (name === fallbackFlow) return apology(draft, languages);
  if (name === unknownNumberFlow)
    return announcementFlow({
      name,
      text: fallback.unknownNumber,
      phone: null,
      callBack: false,
      languages,
    });
  return flows.get(name) ?? null;
}

function apology({ site: { fallback } }: Draft, languages: readonly string[]): CompiledFlow {
  const { apology: text, phone } = fallback;
  return announcementFlow({ name: fallbackFlow, text, phone, callBack: true, languages });
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
  for (const effect of step.effects) {
    carryOut(draft, flow, effect);
    // A guard may have replaced the flow, or ended the call: the rest of its effects no longer count.
    if (draft.call.ending !== null || draft.call.unwinding || draft.call.frames.at(depth)?.flow !== flow)
      return;
  }
  if (step.snapshot.done && depth === 0 && draft.call.frames.length === 1) endCall(draft);
}

function carryOut(draft: Draft, flow: string, effect: FlowEffect): void {
  const { call } = draft;
  switch (effect.type) {
    case 'enter':
      return enter(draft, flow, effect);
    case 'repeat':
      draft.facts.push({ type: 'step.repeated', body: { flow, step: effect.step, by: effect.by } });
      return;
    case 'speak':
      return speak(draft, effect.texts);
    case 'replay':
      return replay(draft, effect.texts);
    case 'hush':
      return hush(draft);
    case 'look-up':
      return lookUp(draft, effect);
    case 'record':
      return record(draft, effect);
    case 'stop-recording':
      return stopRecording(draft);
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
    case 'ask-hours': {
      const told = hoursTold(draft.site, effect.calendar, draft.at);
      if (told === null) return fail(draft, flow, `no calendar ${effect.calendar} in this site version`);
      draft.facts.push({ type: 'hours.told', body: { calendar: effect.calendar, state: told.state } });
      return feed(draft, told);
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
      return reach(draft, effect.outcome, containedBy(draft, effect.outcome));
    case 'queue':
      return requestTicket(draft, effect.queue, effect);
    case 'ask-place':
      return askPlace(draft);
    case 'leave-queue':
      return leaveQueue(draft, effect.result);
    case 'music':
      return music(draft, effect.on);
    case 'keep-place':
      return feed(draft, { type: 'place-kept', kept: promisePlace(draft, effect) });
    // The last effect of its step each: what answers it at once may take the flow anywhere.
    case 'check-number': {
      const { callbacks } = draft.site;
      const check =
        callbacks === null ? null : checkNumber(among(callbacks, effect.countries), effect.number, 'call');
      return feed(draft, { type: 'number-checked', ...(check ?? { result: 'refused' }) });
    }
    case 'message': {
      const answer = sendMessage(draft, effect);
      return answer === null ? undefined : feed(draft, answer);
    }
    case 'choose-questions': {
      const { survey, questions, ask, scale } = effect;
      const chosen = chooseQuestions(call.id, questions.length, ask);
      const names = chosen.map((place) => questions[place] ?? '');
      draft.facts.push({ type: 'survey.offered', body: { survey, questions: names, scale } });
      return feed(draft, { type: 'questions-chosen', chosen });
    }
    case 'keep-answer': {
      const { type: _, ...answer } = effect;
      draft.facts.push({ type: 'survey.answered', body: answer });
      return;
    }
    case 'push': {
      const keys = call.frames.at(-1)?.snapshot.context.keys ?? '';
      return startFlow(draft, effect.flow, effect.with, keys);
    }
    case 'return':
      return giveBack(draft, effect.results);
    case 'hang-up':
      return endCall(draft);
    default:
      return unknownEffect(effect);
  }
}

type Enter = Extract<FlowEffect, { type: 'enter' }>;

function enter(draft: Draft, flow: string, { step, kind, from, by }: Enter): void {
  // The flow went on and did not say what becomes of what the caller said.
  if (draft.call.recording !== null) keepRecording(draft);
  const name = `${flow}/${step}`;
  const { steps, lastStep, repeats } = draft.call;
  const again = name === lastStep ? repeats + 1 : 1;
  set(draft, { steps: steps + 1, lastStep: name, repeats: again });
  const body = from === undefined || by === undefined ? { flow, step, kind } : { flow, step, kind, from, by };
  draft.facts.push({ type: 'step.entered', body });
  // What flows do at their end has a limit of its own.
  if (draft.call.unwinding) return;
  if (steps + 1 > maxSteps) fail(draft, flow, `more than ${maxSteps} steps in one call`);
  else if (again > maxRepeats) fail(draft, flow, `step ${step} more than ${maxRepeats} times in a row`);
}

function giveBack(draft: Draft, results: FlowStartVars): void {
  const { frames, caller } = draft.call;
  const child = frames.at(-1);
  if (child === undefined) return;
  if (frames.length === 1) return endCall(draft);
  const depth = frames.length - 1;
  const deadlines = draft.call.deadlines.filter(({ frame }) => frame < depth);
  set(draft, { frames: frames.slice(0, -1), deadlines });
  feed(draft, { type: 'returned', results, caller, keys: child.snapshot.context.keys });
}

/** What the innermost flow that declares the outcome says of it. */
function containedBy(draft: Draft, outcome: string): boolean | null {
  for (const { flow } of draft.call.frames.toReversed()) {
    const contained = flowOf(draft, flow)?.outcomes?.[outcome];
    if (contained !== undefined) return contained;
  }
  return null;
}

function reach(draft: Draft, outcome: string, contained: boolean | null = null): void {
  if (draft.call.outcome === outcome) return;
  draft.facts.push({
    type: 'outcome.reached',
    body: contained === null ? { outcome } : { outcome, contained },
  });
  set(draft, { outcome });
}

function dial(draft: Draft, phone: string, ringMs: number): void {
  ringback(draft);
  ringPhone(draft, { to: { type: 'phone', phone } }, ringMs);
}

/** The caller waits no longer: an agent's phone that rings is let go at once. */
function leaveQueue(draft: Draft, result: 'left' | 'no-answer' | 'held'): void {
  if (result === 'held') return holdTicket(draft);
  endOffers(draft);
  endTicket(draft, result);
}

/** What the caller's flow is told of who calls. */
export function callerOf(number: string | null, languages: readonly string[]): FlowCaller {
  return { language: languages[0] ?? 'en', languageChosen: false, number };
}

/** The rules for a step that takes numbers of some of the countries only. */
function among(rules: NumberRules, countries: readonly string[] | null): NumberRules {
  if (countries === null) return rules;
  return { ...rules, countries: countries.filter((country) => rules.countries.includes(country)) };
}

function unknownEffect(effect: never): never {
  throw new TypeError(`No way to carry out ${JSON.stringify(effect)}.`);
}
