/** Pure. What an agent dials on the phone, what that does, and what is answered. */
import type { AcdEvent, Router } from '../acd/index.js';
import { type Desk, type DeskText, deskTexts } from '../site/index.js';

/** What can be asked of an agent. */
export type AgentEvent = Extract<AcdEvent, { type: `agent.${string}` }>;

export type DeskAnswer =
  | { readonly do: AgentEvent; readonly say: DeskText; readonly language: string }
  /** Nothing is done. */
  | { readonly do: null; readonly say: DeskText; readonly language: string };

/** Whether a phone of the site dials the desk, not a number. */
export function isDeskCode(dialled: string): boolean {
  return dialled.startsWith('*');
}

/**
 * What is to be done for what was dialled at a phone.
 *
 * @param language in which somebody is answered whom nobody knows
 */
export function answerDesk(
  desk: Desk,
  router: Router,
  phone: string,
  dialled: string,
  language: string,
): DeskAnswer {
  const { codes, pauses, languages } = desk;
  const agent = agentAt(router, phone);
  if (agent === null) return { do: null, say: deskTexts.unknown, language };
  const own = languages.get(agent) ?? language;
  const asks = (event: AgentEvent, say: DeskText): DeskAnswer => ({ do: event, say, language: own });
  if (dialled === codes['sign-in'])
    return asks({ type: 'agent.signed-in', agent, phone }, deskTexts.signedIn);
  if (dialled === codes['sign-out']) return asks({ type: 'agent.signed-out', agent }, deskTexts.signedOut);
  if (dialled === codes.ready) return asks({ type: 'agent.readied', agent }, deskTexts.ready);
  if (dialled === codes['end-wrap-up'])
    return asks({ type: 'agent.wrap-up-ended', agent }, deskTexts.wrapUpEnded);
  if (dialled.startsWith(codes.dispose))
    return asks(
      { type: 'agent.disposed', agent, code: dialled.slice(codes.dispose.length) },
      deskTexts.disposed,
    );
  const reason = dialled.startsWith(codes.pause) ? pauses[dialled.slice(codes.pause.length)] : undefined;
  if (reason !== undefined) return asks({ type: 'agent.paused', agent, reason }, deskTexts.paused);
  return { do: null, say: deskTexts.unknown, language: own };
}

/** What is answered where what was dialled is not done. */
export function refusedText(refusal: string): DeskText {
  return refusal === 'unknown-code' ? deskTexts.unknown : deskTexts.cannot;
}

/** Who is signed in at the phone; whose own it is where nobody is. */
function agentAt({ agents, routing }: Router, phone: string): string | null {
  let owner: string | null = null;
  for (const { name, phone: own } of routing.agents.values()) {
    const row = agents.get(name);
    if (row !== undefined && row.phone === phone && row.state !== 'offline') return name;
    if (own === phone && owner === null) owner = name;
  }
  return owner;
}
