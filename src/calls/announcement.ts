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

/**
 * Speaks one text in the caller's language, or in each of the site's where none was chosen; then rings the phone,
 * where there is one; then hangs up. Pure.
 */
export function announcementFlow(
  name: string,
  text: string,
  phone: string | null,
  languages: readonly string[],
): CompiledFlow {
  const end: readonly FlowEffect[] = [{ type: 'hang-up' }];
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
  return {
    name,
    languages,
    numbers: [],
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
        if (phone === null) return move(context, 'end.done', true, end);
        return move(context, 'phone.ringing', false, [
          { type: 'enter', step: 'phone', kind: 'dial' },
          { type: 'dial', phone, ringMs: phoneRingMs },
        ]);
      }
      if (state === 'phone.ringing' && event.type === 'dial-ended')
        return move(context, 'end.done', true, end);
      return move(context, state, snapshot.done, []);
    },
  };
}
