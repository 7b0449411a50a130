/** Pure. An agent who picked up is told who waits, then the two are put together. */
import { asBridgeId, asPlaybackId } from '../base/index.js';
import type { MediaItem } from '../telephony/port.js';
import type { Dial } from './call.js';
import { setPhone } from './dialing.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import { graceMs, hush, lengthOf, mediaOfText } from './speaking.js';

/** Tells the agent who waits, where the queue has words for it; false: there is nothing to say. */
export function brief(draft: Draft, dial: Dial): boolean {
  const media = wordsFor(draft, dial);
  if (media.length === 0) return false;
  const playback = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  command(draft, { type: 'play', leg: dial.leg, playback, media });
  setPhone(draft, { ...dial, state: 'briefing', briefing: playback });
  arm(draft, `briefing/${dial.leg}`, (lengthOf(draft, media) ?? 0) + graceMs);
  return true;
}

function wordsFor({ site, call, at }: Draft, { offer }: Dial): readonly MediaItem[] {
  const { ticket } = call;
  if (offer === undefined || ticket === null) return [];
  const queue = site.queues.get(ticket.queue);
  const language = queue?.agents.find(({ name }) => name === offer.agent)?.language ?? site.languages[0];
  if (queue === undefined || queue.whisper === null || language === undefined) return [];
  const slots = {
    queue: ticket.queue,
    language: call.caller.language,
    waited: Math.round((at - ticket.since) / 1000),
  };
  return mediaOfText(site, { text: queue.whisper, language, slots }).media;
}

/** Caller and phone talk from now on. */
export function connect(draft: Draft, dial: Dial): void {
  const { leg: caller, id } = draft.call;
  hush(draft);
  const bridge = asBridgeId(`${id}-b${nextNumber(draft)}`);
  command(draft, { type: 'bridge', bridge, legs: [caller, dial.leg] });
  const { briefing: _, ...rest } = dial;
  setPhone(draft, { ...rest, state: 'talking' });
  set(draft, { talk: bridge });
  disarm(draft, `ring/${dial.leg}`);
  disarm(draft, `briefing/${dial.leg}`);
  draft.facts.push({ type: 'dial.answered', body: { leg: dial.leg, bridge } });
  // The bridge ends music and prompts.
  set(draft, { music: false });
}
