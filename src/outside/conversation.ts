/** A caller's side of a conversation: wait until the hotline has spoken, do the next thing, and so on to the end. */
import type { OutsideCall } from './caller.js';

/** What a caller does once the hotline has spoken. */
export type CallerStep =
  | { readonly type: 'press'; readonly keys: string }
  /** Says and presses nothing: until the hotline speaks again, or so many seconds. */
  | { readonly type: 'wait'; readonly seconds: number | null }
  /** Speaks. */
  | { readonly type: 'speak'; readonly seconds: number };

/** What was heard between two steps. */
export interface ConversationTurn {
  /** What the caller did then; null: the call was over, or nothing was left to do. */
  readonly step: CallerStep | null;
  /** On the line's time, milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ConversationOptions {
  /** So long must it be quiet after speech, milliseconds. */
  readonly quietMs?: number;
  /** Nobody waits longer for a prompt to begin. */
  readonly nothingMs?: number;
  /** Nor for it to end: ringing and music never do. */
  readonly patienceMs?: number;
  /** Presses keys without waiting for a prompt's end, so long after its beginning. */
  readonly interruptAfterMs?: number;
  /** What is said where a step is to speak, 8,000 samples a second. */
  readonly voice?: (seconds: number) => Int16Array;
  readonly onTurn?: (turn: ConversationTurn) => void;
}

const lookEveryMs = 40;
/** A look that comes so late has missed what the line holds meanwhile. */
const lateMs = 300;

/** Pure. `2,1,123456#`, `w` (wait), `w3` (wait 3 s), `s4` (speak 4 s); null where it is none of them. */
export function readCallerSteps(text: string): readonly CallerStep[] | null {
  const steps: CallerStep[] = [];
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === '') continue;
    const timed = /^([ws])(\d{1,3}(?:\.\d)?)?$/i.exec(word);
    if (timed !== null) {
      const seconds = timed[2] === undefined ? null : Number(timed[2]);
      steps.push(
        timed[1]?.toLowerCase() === 'w'
          ? { type: 'wait', seconds }
          : { type: 'speak', seconds: seconds ?? 4 },
      );
    } else if (/^[0-9*#A-D]{1,64}$/.test(word)) steps.push({ type: 'press', keys: word });
    else return null;
  }
  return steps;
}

/** Goes through the steps; ends when the last prompt was heard or the call is over. Does not hang up. */
export async function converse(
  call: OutsideCall,
  steps: readonly CallerStep[],
  options: ConversationOptions = {},
): Promise<readonly ConversationTurn[]> {
  const turns: ConversationTurn[] = [];
  let from = 0;
  // What is still heard of an interrupted prompt while keys are pressed is not the next one.
  let silentFrom = 0;
  for (const step of [...steps, null]) {
    const mayInterrupt = step?.type === 'press';
    await promptHeard(call, silentFrom, mayInterrupt ? options : { ...options, interruptAfterMs: undefined });
    const turn = { step: call.isOver() ? null : step, fromMs: from, toMs: call.line.now() };
    turns.push(turn);
    from = turn.toMs;
    const done = turn.step === null ? null : act(call, turn.step, from, options);
    options.onTurn?.(turn);
    if (done === null) break;
    await done;
    silentFrom = step?.type === 'press' ? call.line.now() : from;
  }
  return turns;
}

function act(
  call: OutsideCall,
  step: CallerStep,
  from: number,
  options: ConversationOptions,
): Promise<unknown> {
  switch (step.type) {
    case 'press':
      return call.press(step.keys);
    case 'speak':
      return call.line.say(options.voice?.(step.seconds) ?? hum(step.seconds));
    case 'wait': {
      const until = step.seconds === null ? null : from + step.seconds * 1000;
      return lookUntil(call, () =>
        until === null ? (call.line.lastSoundAt() ?? 0) > from : call.line.now() >= until,
      );
    }
    default:
      return unknownStep(step);
  }
}

/** Resolves when something was said since then, and it has been quiet for a while. */
async function promptHeard(
  { line, ...call }: OutsideCall,
  from: number,
  { quietMs = 1_200, nothingMs = 12_000, patienceMs = 60_000, interruptAfterMs }: LooseOptions,
): Promise<void> {
  let beganAt: number | null = null;
  await lookUntil({ line, ...call }, () => {
    const now = line.now();
    const sound = line.lastSoundAt();
    if (sound === null || sound <= from) return now - from > nothingMs;
    beganAt ??= now;
    if (interruptAfterMs !== undefined && now - beganAt >= interruptAfterMs) return true;
    return now - sound >= quietMs || now - from > patienceMs;
  });
}

type LooseOptions = { readonly [Name in keyof ConversationOptions]?: ConversationOptions[Name] | undefined };

/** Looks again and again, until it holds or the call is over. */
async function lookUntil(
  { line, isOver }: Pick<OutsideCall, 'line' | 'isOver'>,
  holds: () => boolean,
): Promise<void> {
  for (let last = line.now(); !isOver(); ) {
    const now = line.now();
    // We were held up: what came meanwhile lies unread, and is read before the next look.
    const isLate = now - last > lateMs;
    last = now;
    if (!isLate && holds()) return;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Something that is no silence: 200 Hz with a slow swell, as loud as a voice. */
function hum(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 8_000 }, (_, i) => {
    const swell = 0.6 + 0.4 * Math.sin((2 * Math.PI * 3 * i) / 8_000);
    return 8_000 * swell * Math.sin((2 * Math.PI * 200 * i) / 8_000);
  });
}

function unknownStep(step: never): never {
  throw new TypeError(`No caller does ${JSON.stringify(step)}.`);
}
