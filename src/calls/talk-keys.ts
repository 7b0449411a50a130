/** Pure. Codes that an agent presses while talking: the exchange hands keys on to the other side, and tells of them. */
import type { Key, LegId } from '../base/index.js';
import { phoneAt, setPhone } from './dialing.js';
import type { Draft } from './draft.js';
import { pauseTalkRecording } from './talk-recording.js';

/** Each begins with `*`. */
export type TalkCodes = Readonly<Record<'record-off' | 'record-on', string>>;

/** A code begins with `*`, at any time; keys that can become none any more are forgotten. */
export function agentPressed(draft: Draft, leg: LegId, key: Key): void {
  const dial = phoneAt(draft.call, leg);
  const { offer } = dial ?? {};
  if (dial === null || offer === undefined) return;
  const { codes } = draft.site.desk;
  const known = [codes['record-off'], codes['record-on']];
  const keyed = [`${dial.keyed ?? ''}${key}`, key].find((keys) =>
    known.some((code) => code.startsWith(keys)),
  );
  const { keyed: _, ...rest } = dial;
  const isWhole = keyed !== undefined && known.includes(keyed);
  setPhone(draft, keyed === undefined || isWhole ? rest : { ...rest, keyed });
  if (isWhole) pauseTalkRecording(draft, offer.agent, keyed === codes['record-on'], 'agent');
}
