import type { Rehearsal } from './rehearsed.js';

type Told = 'now' | 'over' | 'contact' | 'cases' | 'isEntering' | 'turns' | 'asksSecret' | 'state';

/** What a rehearsal tells, as functions. */
export type RehearsalParts = Omit<Rehearsal, Told> & { readonly [Name in Told]: () => Rehearsal[Name] };

/**
 * A class, for its getters: those of an object make a hidden class of its own, which keeps the whole rehearsal from
 * being collected with the young garbage.
 */
export class RehearsedCall implements Rehearsal {
  readonly heard: Rehearsal['heard'];
  readonly events: Rehearsal['events'];
  readonly messages: Rehearsal['messages'];
  readonly press: Rehearsal['press'];
  readonly say: Rehearsal['say'];
  readonly hangUp: Rehearsal['hangUp'];
  readonly callBack: Rehearsal['callBack'];
  readonly advance: Rehearsal['advance'];
  readonly waitUntil: Rehearsal['waitUntil'];
  readonly #parts: RehearsalParts;

  constructor(parts: RehearsalParts) {
    this.#parts = parts;
    this.heard = parts.heard;
    this.events = parts.events;
    this.messages = parts.messages;
    this.press = parts.press;
    this.say = parts.say;
    this.hangUp = parts.hangUp;
    this.callBack = parts.callBack;
    this.advance = parts.advance;
    this.waitUntil = parts.waitUntil;
  }

  get now() {
    return this.#parts.now();
  }
  get over() {
    return this.#parts.over();
  }
  get contact() {
    return this.#parts.contact();
  }
  get cases() {
    return this.#parts.cases();
  }
  get isEntering() {
    return this.#parts.isEntering();
  }
  get turns() {
    return this.#parts.turns();
  }
  get asksSecret() {
    return this.#parts.asksSecret();
  }
  get state() {
    return this.#parts.state();
  }
}
