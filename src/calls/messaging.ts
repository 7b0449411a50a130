/** Pure. Messages to people outside the call: to whom, with which words, and what became of them. */
import { checkNumber, type CommandId } from '../base/index.js';
import type { FlowEffect, FlowEvent } from '../flows/index.js';
import type { SendOutcome } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';

/** How long past its time a message may stay undecided before it counts as unknown. */
const graceMs = 3_000;
/** Ten parts of a long SMS (3GPP TS 23.040) in the alphabet that takes most room. */
const mostCharacters = 670;

/** Writes the texts and asks for their sending. Gives the flow's answer where nothing can be sent. */
export function sendMessage(
  draft: Draft,
  { texts, to, timeoutMs }: Extract<FlowEffect, { type: 'message' }>,
): FlowEvent | null {
  const { messages: rules } = draft.site;
  const number = rules === null ? null : checkNumber(rules, to, 'text');
  const message = `${draft.call.id}-m${nextNumber(draft)}`;
  const names = texts.map(({ text }) => text);
  if (number?.result !== 'allowed') {
    draft.facts.push({
      type: 'message.ended',
      body: { message, texts: names, result: 'no-number', by: null },
    });
    return { type: 'message-ended', result: 'no-number' };
  }
  const written: string[] = [];
  let whole = true;
  for (const { text, language, slots } of texts) {
    const { words, missing } = draft.site.texts.write(language, text, slots);
    written.push(words);
    if (missing.length === 0) continue;
    whole = false;
    draft.facts.push({ type: 'prompt.missing', body: { text, language } });
  }
  const text = written.join('\n');
  if (!whole || text === '' || text.length > mostCharacters) {
    draft.facts.push({ type: 'message.ended', body: { message, texts: names, result: 'failed', by: null } });
    return { type: 'message-ended', result: 'failed' };
  }
  const keys = { to: `${message}.to`, text: `${message}.text` };
  draft.personal.push(
    { key: keys.to, class: 'number', body: number.number },
    { key: keys.text, class: 'text', body: text },
  );
  draft.facts.push({ type: 'message.requested', body: { message, channel: 'sms', texts: names, ...keys } });
  const id = command(draft, {
    type: 'send-message',
    message,
    channel: 'sms',
    to: number.number,
    language: texts[0]?.language ?? draft.call.caller.language,
    texts: names,
    text,
    timeoutMs,
  });
  arm(draft, 'message', timeoutMs + graceMs);
  set(draft, { message: id });
  return null;
}

/** A channel answered. Gives what the flow hears of it; null where it waits for it no longer. */
export function messageSettled(draft: Draft, id: CommandId, outcome: SendOutcome): FlowEvent | null {
  const { commands, message: awaited } = draft.call;
  const found = commands.find((other) => other.id === id);
  if (found?.body.type !== 'send-message') return null;
  set(draft, { commands: commands.filter((other) => other !== found) });
  const { message, texts } = found.body;
  const by = outcome.result === 'sent' ? outcome.by : null;
  draft.facts.push({ type: 'message.ended', body: { message, texts, result: outcome.result, by } });
  if (awaited !== id) return null;
  set(draft, { message: null });
  disarm(draft, 'message');
  return { type: 'message-ended', result: outcome.result === 'sent' ? 'sent' : 'failed' };
}

/** Messages of which a channel should have told by now, and did not: nobody knows whether they arrived. */
export function messagesOverdue(draft: Draft): FlowEvent | null {
  let told: FlowEvent | null = null;
  for (const { id, body } of draft.call.commands) {
    if (body.type !== 'send-message') continue;
    told = messageSettled(draft, id, { result: 'unknown', why: 'overdue' }) ?? told;
  }
  return told;
}
