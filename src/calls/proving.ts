/** Pure. Lookups, and among them those that carry a PIN: they leave only when the attempt is allowed. */
import { extended, type Json, type JsonObject } from '../base/index.js';
import type { FlowEffect, FlowEvent } from '../flows/index.js';
import type { AttemptEvent } from './attempts.js';
import type { Call, CallEvent, LookUpResult } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';

/** How long past its time a lookup may stay undecided before we decide ourselves. */
export const lookUpGraceMs = 3_000;

type LookUp = Extract<FlowEffect, { type: 'look-up' }>;

export function lookUp(draft: Draft, effect: LookUp): void {
  const { proof, source } = effect;
  if (proof === undefined) return ask(draft, effect, null);
  const { id, caller } = draft.call;
  const { account, tries, lockMs } = proof;
  set(draft, { proving: effect });
  const { number } = caller;
  draft.messages.push({ type: 'begin-attempt', contact: id, number, source, account, tries, lockMs });
}

/** The event for the flow; null: the lookup is under way, or nobody waits for it any more. */
export function attemptJudged(draft: Draft, event: AttemptEvent): FlowEvent | null {
  const { proving } = draft.call;
  if (proving === null || proving === undefined) return null;
  set(draft, { proving: null });
  if (event.result === 'allowed') {
    ask(draft, proving, event.keys);
    return null;
  }
  draft.facts.push({ type: 'lookup.answered', body: { source: proving.source, result: 'locked' } });
  return { type: 'looked-up', result: 'locked' };
}

function ask(draft: Draft, effect: LookUp, keys: readonly string[] | null): void {
  const { source, with: given, timeoutMs, proof } = effect;
  const secret = proof?.secret;
  const body = { type: 'look-up', source, with: given, timeoutMs } as const;
  const id = command(draft, secret === undefined ? body : extended(body, { secret }));
  arm(draft, 'lookup', timeoutMs + lookUpGraceMs);
  set(draft, { lookup: { command: id, source, ...(keys === null ? {} : { attempt: keys }) } });
}

/** The event for the flow; null: nobody waits for the answer. */
export function lookedUp(
  draft: Draft,
  { command: id, answer }: Extract<CallEvent, { type: 'lookup.answered' }>,
): FlowEvent | null {
  const { lookup, commands } = draft.call;
  const asked = commands.find((other) => other.id === id)?.body;
  set(draft, { commands: commands.filter((other) => other.id !== id) });
  if (lookup?.command !== id) return null;
  set(draft, { lookup: null });
  disarm(draft, 'lookup');
  draft.facts.push({ type: 'lookup.answered', body: { source: lookup.source, result: answer.result } });
  if (lookup.attempt !== undefined) endAttempt(draft, lookup.attempt, answer);
  if (answer.result !== 'found') return { type: 'looked-up', result: answer.result };
  const row = asked?.type === 'look-up' ? withoutSecrets(answer.row, asked) : answer.row;
  const key = `answer.${lookup.source}.${nextNumber(draft)}`;
  draft.personal.push({ key, class: 'answer', body: row });
  return { type: 'looked-up', result: 'found', row };
}

function endAttempt(draft: Draft, keys: readonly string[], answer: LookUpResult): void {
  if (answer.result === 'found') draft.messages.push({ type: 'end-attempt', keys, result: 'right' });
  if (answer.result === 'failed') draft.messages.push({ type: 'end-attempt', keys, result: 'unanswered' });
}

/** A table of PINs answers with the PIN, under the name by which it was asked or under another. */
function withoutSecrets(
  row: JsonObject,
  { secret = [], with: given }: Pick<AskedFor, 'secret' | 'with'>,
): JsonObject {
  if (secret.length === 0) return row;
  const values = new Set(secret.map((name) => given[name]).filter((value) => typeof value === 'string'));
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((item) => clean(item as Json));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value as JsonObject)
          .filter(([, inner]) => !isSecret(inner))
          .map(([name, inner]) => [name, clean(inner)]),
      );
    return value;
  };
  const isSecret = (value: Json): boolean =>
    (typeof value === 'string' || typeof value === 'number') && values.has(String(value));
  const kept = Object.entries(row).filter(([name]) => !secret.includes(name));
  return clean(Object.fromEntries(kept)) as JsonObject;
}

type AskedFor = Extract<Call['commands'][number]['body'], { type: 'look-up' }>;
