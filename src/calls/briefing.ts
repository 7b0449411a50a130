/** Pure. An agent who picked up is told who waits, then the two are put together. */
import { asBridgeId, asPlaybackId } from '../base/index.js';
import type { MediaItem } from '../telephony/port.js';
import type { Dial } from './call.js';
import { isUp, setPhone, togetherIn } from './dialing.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import type { TalkBeginning } from './fact.js';
import { graceMs, hush, lengthOf, mediaOfText } from './speaking.js';
import type { TransferTexts } from './transfer.js';

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

function wordsFor(draft: Draft, dial: Dial): readonly MediaItem[] {
  const { site, call, at } = draft;
  const { transfer, caller } = call;
  if (transfer?.state === 'returning')
    return mediaOfText(site, {
      text: site.transfers?.texts.back ?? '',
      language: languageAt(draft, dial),
      slots: {},
    }).media;
  const ticket = dial.offer?.ticket === call.ticket?.id ? call.ticket : (transfer?.ticket ?? null);
  if (dial.offer === undefined || dial.direct === true || ticket === null) return [];
  const text = site.queues.get(ticket.queue)?.whisper ?? null;
  if (text === null) return [];
  const waited = Math.round((at - ticket.since) / 1000);
  const slots = { queue: ticket.queue, language: caller.language, waited };
  return mediaOfText(site, { text, language: languageAt(draft, dial), slots }).media;
}

/** The language of the agent at a phone; the site's first where it is nobody's. */
export function languageAt({ site }: Draft, { offer, phone }: Pick<Dial, 'offer' | 'phone'>): string {
  for (const { agents } of site.queues.values())
    for (const { name, language, phone: own } of agents)
      if (offer === undefined ? own === phone : name === offer.agent) return language;
  return site.languages[0] ?? 'en';
}

/** Says something to whoever talks at a phone, beside what the others hear; a beep where it cannot be spoken. */
export function tellPhone(draft: Draft, dial: Dial, text: string): void {
  const { media } = mediaOfText(draft.site, { text, language: languageAt(draft, dial), slots: {} });
  const playback = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  const beep = { type: 'tone', tone: 'beep' } as const;
  command(draft, { type: 'play', leg: dial.leg, playback, media: media.length > 0 ? media : [beep] });
}

/** Says to whoever talks at a phone how moving the caller goes. */
export function tellMover(draft: Draft, dial: Dial, what: keyof TransferTexts): void {
  tellPhone(draft, dial, draft.site.transfers?.texts[what] ?? '');
}

/** Caller and phone talk from now on. */
export function connect(draft: Draft, dial: Dial, by: TalkBeginning): void {
  talks(draft, dial);
  gather(draft);
  tellTalk(draft, dial, by);
}

/** The phone is one of those who talk; whoever makes or joins the bridge sees to the rest. */
export function talks(draft: Draft, dial: Dial): void {
  const { briefing: _, tone: __, ...rest } = dial;
  setPhone(draft, { ...rest, state: 'talking' });
  disarm(draft, `ring/${dial.leg}`);
  disarm(draft, `briefing/${dial.leg}`);
}

export function tellTalk(
  draft: Draft,
  { leg, offer, phone, outside, direct }: Dial,
  by: TalkBeginning,
  bridge = draft.call.talk,
): void {
  draft.facts.push({ type: 'dial.answered', body: { leg, bridge: bridge ?? '' } });
  const kind = offer !== undefined ? 'agent' : outside === true ? 'outside' : 'phone';
  const ticket = direct === true ? null : (offer?.ticket ?? null);
  const who = offer?.agent ?? phone;
  draft.facts.push({ type: 'talk.began', body: { leg, kind, who, by, ticket } });
}

/** A new bridge of all who talk now, which ends what they hear. */
export function gather(draft: Draft): void {
  const { call } = draft;
  const legs = togetherIn(call);
  if (legs.includes(call.leg)) joins(draft);
  const bridge = asBridgeId(`${call.id}-b${nextNumber(draft)}`);
  command(draft, { type: 'bridge', bridge, legs });
  set(draft, { talk: bridge });
}

/** The caller comes into the bridge of those who talk, or into a new one where there is none. */
export function callerJoins(draft: Draft): void {
  const { talk, leg, phones } = draft.call;
  if (talk === null || !phones.some(isUp)) return gather(draft);
  joins(draft);
  command(draft, { type: 'join-bridge', bridge: talk, leg });
}

/** The bridge ends the caller's music and prompts. */
function joins(draft: Draft): void {
  hush(draft);
  set(draft, { music: false });
}
