/**
 * Flows that the engine itself brings: the apology for a fault and for an unknown number. Written as code, because
 * they must work when a site's flows do not.
 */
import type {
  CompiledFlow,
  FlowContext,
  FlowEffect,
  FlowEvent,
  FlowSnapshot,
  FlowStep,
} from '../flows/index.js';

export const fallbackFlow = '@fallback';
export const unknownNumberFlow = '@unknown-number';

const phoneRingMs = 20_000;

export interface Announcement {
  readonly name: string;
  readonly text: string;
  /** Rung when the text was heard; null for none. */
  readonly phone: string | null;
  /** Whether somebody must call back who talked to nobody: a case of kind `request` says so. */
  readonly callBack: boolean;
  readonly languages: readonly string[];
}

/**
 * Speaks one text in the caller's language, or in each of `languages` where none was chosen; then rings the phone,
 * where there is one; then notes that somebody must call back, where that is wanted; then hangs up. Pure.
 */
export function announcementFlow({ name, text, phone, callBack, languages }: Announcement): CompiledFlow {
  const move = (
    from: FlowContext,
    state: string,
    done: boolean,
    effects: readonly FlowEffect[],
  ): FlowStep => ({
    result: 'stepped',
    snapshot: { state, context: from, done },
    effects,
    timers: [],
  });
  const end = (context: FlowContext): FlowStep => move(context, 'end.done', true, [{ type: 'hang-up' }]);
  const unhelped = (context: FlowContext): FlowStep =>
    callBack
      ? move(context, 'call-back.opening', false, [
          { type: 'enter', step: 'call-back', kind: 'case' },
          {
            type: 'case',
            kind: 'request',
            subject: 'could-not-be-helped',
            details: { number: context.caller.number },
          },
        ])
      : end(context);
  return {
    name,
    languages,
    numbers: [],
    outcomes: null,
    asksSecret: () => false,
    start({ vars, caller, keys }) {
      const context: FlowContext = { vars, caller, keys, entered: '', noInput: 0, noMatch: 0 };
      const spoken = caller.languageChosen ? [caller.language] : languages;
      return move(context, 'apology.speaking', false, [
        { type: 'enter', step: 'apology', kind: 'say' },
        { type: 'speak', texts: spoken.map((language) => ({ text, language, slots: {} })) },
      ]);
    },
    step(snapshot: FlowSnapshot, event: FlowEvent) {
      const { state, context } = snapshot;
      if (state === 'apology.speaking' && event.type === 'spoken') {
        if (phone === null) return unhelped(context);
        return move(context, 'phone.ringing', false, [
          { type: 'enter', step: 'phone', kind: 'dial' },
          { type: 'dial', phone, ringMs: phoneRingMs },
        ]);
      }
      if (state === 'phone.ringing' && event.type === 'dial-answered')
        return move(context, 'phone.talking', false, []);
      if (state.startsWith('phone.') && event.type === 'dial-ended')
        return event.result === 'talked' ? end(context) : unhelped(context);
      if (state === 'call-back.opening' && event.type === 'case-opened') return end(context);
      return move(context, state, snapshot.done, []);
    },
    end({ state, context }) {
      const helped = state === 'phone.talking' || state === 'call-back.opening' || state === 'end.done';
      return callBack && !helped ? unhelped(context) : null;
    },
  };
}
