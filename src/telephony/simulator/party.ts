import type { Key, LegId, Scheduler, UtcMs } from '../../base/index.js';
import type { LegCause, TransferResult } from '../port.js';
import { createEar, type Ear, type Heard } from './sound.js';

/** Somebody at the far end of a leg: a caller, or the user of a phone that was rung. */
export interface Party {
  /** Null when the exchange took the call but the engine was away. */
  readonly leg: LegId | null;
  /** `calling`: not answered by us yet; `ringing`: our call to a phone, not picked up yet. */
  readonly state: 'calling' | 'ringing' | 'talking' | 'over';
  /** The number that a phone shows for who rings it; null for none, and for callers. */
  readonly shown: string | null;
  /** Whether it speaks at this moment. */
  readonly speaking: boolean;
  /** What was heard, oldest first. */
  readonly heard: readonly Heard[];
  /** How it ended as this side saw it; `by: 'party'` when it hung up itself. */
  readonly ending: { readonly at: UtcMs; readonly by: 'party' | 'exchange'; readonly cause: LegCause } | null;
  /**
   * Presses keys one after another, after those pressed before: 100 ms each, 100 ms apart. Keys that end while
   * nobody has answered are lost, as are those after the end.
   */
  press(keys: string, pace?: KeyPace): void;
  /** Speaks from now on, so long. Silent otherwise. */
  speak(ms: number): void;
  hangUp(): void;
  hold(): void;
  unhold(): void;
  /** Asks for a transfer to an address, or, with another call of the same phone, to whoever it talks to there. */
  transfer(to: string, replaces?: LegId): void;
  /** What it was told of the transfer that it asked for last; null before. */
  readonly transferTold: TransferResult | null;
  /** Picks up a ringing phone. */
  pickUp(): void;
  /** Rejects a ringing call. */
  reject(): void;
}

export interface KeyPace {
  readonly toneMs?: number;
  readonly gapMs?: number;
}

/** The party, and what its leg tells it. */
export interface FarEnd {
  readonly party: Party;
  readonly ear: Ear;
  /** Speaks until then; in the past when silent. */
  speaksUntil(): UtcMs;
  answered(): void;
  transferTold(result: TransferResult): void;
  /** Nothing is heard or said any more. */
  ended(by: 'party' | 'exchange', cause: LegCause): void;
  /** Calls at each change of the party: heard, answered, ended. Returns how to stop. */
  watch(changed: () => void): () => void;
}

/** What the party does to its leg. */
export interface LegEnd {
  key(key: Key, durationMs: number): void;
  hungUp(cause: LegCause): void;
  held(on: boolean): void;
  transfer(to: string, replaces: LegId | null): void;
  pickedUp(): void;
}

const normal: LegCause = { q850: 16, sip: null };

export function createFarEnd(
  scheduler: Scheduler,
  leg: LegId | null,
  first: 'calling' | 'ringing',
  shown: string | null,
  line: LegEnd,
): FarEnd {
  const watchers = new Set<() => void>();
  let state: Party['state'] = first;
  let ending: Party['ending'] = null;
  let keysFreeAt = scheduler.now();
  let speaksUntil = scheduler.now();
  let told: TransferResult | null = null;
  let telling = false;
  /** In a step of its own: nobody acts in the middle of what the exchange is doing. */
  const changed = (): void => {
    if (telling || watchers.size === 0) return;
    telling = true;
    scheduler.at(scheduler.now(), () => {
      telling = false;
      for (const watcher of watchers) watcher();
    });
  };
  const ear = createEar(() => scheduler.now(), changed);

  const party: Party = {
    leg,
    get state() {
      return state;
    },
    shown,
    get speaking() {
      return speaksUntil > scheduler.now();
    },
    heard: ear.heard,
    get ending() {
      return ending;
    },
    press(keys, { toneMs = 100, gapMs = 100 } = {}) {
      for (const key of asKeys(keys)) {
        const begins = Math.max(keysFreeAt, scheduler.now());
        keysFreeAt = begins + toneMs + gapMs;
        scheduler.at(begins + toneMs, () => {
          if (state === 'talking') line.key(key, toneMs);
        });
      }
    },
    speak(ms) {
      speaksUntil = Math.max(speaksUntil, scheduler.now() + ms);
    },
    hangUp() {
      if (state !== 'over') line.hungUp(normal);
    },
    hold() {
      if (state === 'talking') line.held(true);
    },
    unhold() {
      if (state === 'talking') line.held(false);
    },
    transfer(to, replaces) {
      if (state !== 'talking') return;
      told = null;
      line.transfer(to, replaces ?? null);
    },
    get transferTold() {
      return told;
    },
    pickUp() {
      if (state === 'ringing') line.pickedUp();
    },
    reject() {
      if (state === 'ringing') line.hungUp({ q850: 21, sip: 403 });
    },
  };

  return {
    party,
    ear,
    speaksUntil: () => speaksUntil,
    answered() {
      if (state === 'over') return;
      state = 'talking';
      changed();
    },
    transferTold(result) {
      told = result;
      changed();
    },
    ended(by, cause) {
      if (state === 'over') return;
      state = 'over';
      speaksUntil = Math.min(speaksUntil, scheduler.now());
      ending = { at: scheduler.now(), by, cause };
      ear.close();
      changed();
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}

const known: ReadonlySet<string> = new Set('0123456789*#ABCD');

function asKeys(text: string): readonly Key[] {
  return [...text].map((key) => {
    if (!known.has(key)) throw new RangeError(`No such key: ${key}`);
    return key as Key;
  });
}
