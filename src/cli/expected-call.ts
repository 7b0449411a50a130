/** What a caller should hear who takes these steps: a rehearsal of the site's folder, never a question to the engine. */
import type { JsonObject, Key } from '../base/index.js';
import { csvAnswers } from '../lookups/index.js';
import type { CallerStep, ExpectedText } from '../outside/index.js';
import { type HeardText, type LookupReply, type Rehearsal, rehearse } from '../rehearsal/index.js';
import type { CheckedSite } from '../site/index.js';
import type { MediaIndex } from '../speech/index.js';

export interface ExpectedCall {
  readonly site: CheckedSite;
  readonly number: string;
  /** Null: withheld. */
  readonly caller: string | null;
  readonly steps: readonly CallerStep[];
  /** Name of a piece's sound; null where it has none. */
  readonly soundOf: MediaIndex;
  /** Length of a sound, milliseconds. */
  readonly durationOf: (sound: string) => number | null;
  readonly at: number;
  /** What is asked outside answers so; otherwise it fails. */
  readonly lookUp?: (source: string, given: JsonObject) => LookupReply;
  /** Keys are pressed so long after a prompt began, milliseconds; by default, after it has ended. */
  readonly interruptAfterMs?: number;
}

/** Between two keys, as the outside presses them. */
const keyMs = 200;
/** So long is it quiet before a caller takes the next step. */
const quietMs = 1_200;
/** Two hotlines that have opened other numbers of cases before, so that no digit of a reference is the same. */
const casesBefore = [1, 9_876_542] as const;

export function expectCall(call: ExpectedCall): readonly ExpectedText[] {
  const [first, second] = casesBefore.map((firstCase) => hearAll(call, firstCase));
  return (first ?? []).map((text, i) => {
    const other = second?.[i];
    const sounds = soundsOf(text, call).map((sound, j) =>
      other === undefined || soundsOf(other, call)[j] === sound ? sound : null,
    );
    const { language, text: name, words, cut } = text;
    return { language, text: name, words, cut, sounds };
  });
}

/** Answers of the site's own tables; what is asked outside fails here. */
export function tableLookUp(
  site: Pick<CheckedSite, 'tables'>,
): (source: string, given: JsonObject) => LookupReply {
  const answer = csvAnswers(site.tables);
  return (source, given) => answer({ source, with: given });
}

/** Sounds alone: a pause has none. */
function soundsOf({ media }: HeardText, { durationOf }: ExpectedCall): readonly string[] {
  return media.filter((sound) => durationOf(sound) !== null);
}

function hearAll(call: ExpectedCall, firstCase: number): readonly HeardText[] {
  const { site, number, caller, soundOf, durationOf, at } = call;
  const rehearsal = rehearse({
    site: { ...site, media: soundOf },
    number,
    at,
    caller: { number: caller, name: null },
    lookUp: call.lookUp ?? tableLookUp(site),
    // Whether a phone is there, only the exchange knows; most often none is.
    phone: () => ({ type: 'unreachable' }),
    durationOf,
    firstCase,
  });
  playSteps(rehearsal, call.steps, undefined, call.interruptAfterMs);
  rehearsal.hangUp();
  return rehearsal.heard;
}

/** Takes each step once the hotline has spoken, and hears it out in the end. Does not hang up. */
export function playSteps(
  call: Rehearsal,
  steps: readonly CallerStep[],
  onStep: (step: CallerStep | null) => void = () => undefined,
  interruptAfterMs: number | null = null,
): void {
  for (const step of steps) {
    if (interruptAfterMs === null || step.type !== 'press') promptHeard(call);
    else promptBegun(call, interruptAfterMs);
    onStep(call.over ? null : step);
    if (call.over) return;
    act(call, step);
  }
  promptHeard(call);
  onStep(null);
}

function act(call: Rehearsal, step: CallerStep): void {
  switch (step.type) {
    case 'press':
      for (const key of step.keys) {
        call.press(key as Key);
        call.waitUntil(call.now + keyMs);
      }
      return;
    case 'wait': {
      if (step.seconds !== null) return call.waitUntil(call.now + step.seconds * 1000);
      const heard = call.heard.length;
      while (call.heard.length === heard && call.advance());
      return;
    }
    case 'speak':
      call.say(step.seconds * 1000);
      return call.waitUntil(call.now + step.seconds * 1000);
    default:
      return unknownStep(step);
  }
}

/** Until the hotline has spoken, and been quiet for a while. */
function promptHeard(call: Rehearsal): void {
  do {
    while (!isQuiet(call) && call.advance());
    if (call.over) return;
    call.waitUntil(call.now + quietMs);
  } while (!isQuiet(call));
}

/** Until the hotline has been speaking so long, or has said all before. */
function promptBegun(call: Rehearsal, ms: number): void {
  while (call.state !== 'speaking' && !isQuiet(call) && call.advance());
  if (call.state === 'speaking') call.waitUntil(call.now + ms);
  else promptHeard(call);
}

function isQuiet({ over, state }: Rehearsal): boolean {
  return over || state === 'listening' || state === 'recording' || state === 'queued';
}

function unknownStep(step: never): never {
  throw new TypeError(`No caller does ${JSON.stringify(step)}.`);
}
