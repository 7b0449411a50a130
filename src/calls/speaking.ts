/** Pure. Texts to a `play` command, with a stand-in for what cannot be spoken: a caller never meets silence. */
import { asPlaybackId, type PlaybackId } from '../base/index.js';
import type { SpokenText } from '../flows/index.js';
import type { SpokenPiece } from '../speech/index.js';
import type { MediaItem } from '../telephony/port.js';
import type { CallSite } from './call.js';
import { arm, command, disarm, type Draft, nextNumber, set } from './draft.js';

/** Speaks texts in place of what is being spoken. */
export function speak(draft: Draft, texts: readonly SpokenText[]): void {
  hush(draft);
  const media = texts.flatMap((text) => mediaOf(draft, text));
  if (media.length > 0) play(draft, media, false);
  else standIn(draft);
}

/** Plays what the caller recorded, then speaks. */
export function replay(draft: Draft, texts: readonly SpokenText[]): void {
  hush(draft);
  const { recording } = draft.call;
  const media = texts.flatMap((text) => mediaOf(draft, text));
  if (recording === null) return media.length > 0 ? play(draft, media, false) : standIn(draft);
  play(draft, [{ type: 'recording', recording: recording.id }, ...media], false);
}

/** Speaks the apology, or a beep where even that has no media. */
export function standIn(draft: Draft): void {
  const { apology } = draft.site.fallback;
  const media = mediaOf(draft, { text: apology, language: draft.call.caller.language, slots: {} });
  play(draft, media.length > 0 ? media : [{ type: 'tone', tone: 'beep' }], true);
}

/** Speaks one text, with nothing to stand in for it; null: it cannot be spoken whole. */
export function speakNotice(draft: Draft, text: SpokenText): PlaybackId | null {
  const { media, complete } = mediaOfText(draft.site, text);
  if (!complete || media.length === 0) {
    draft.facts.push({ type: 'prompt.missing', body: { text: text.text, language: text.language } });
    return null;
  }
  hush(draft);
  play(draft, media, false);
  return draft.call.speaking?.playback ?? null;
}

/** Plays a tone until something else is spoken. */
export function ringback(draft: Draft): void {
  hush(draft);
  play(draft, [{ type: 'tone', tone: 'ringing' }], false);
}

export function hush(draft: Draft): void {
  const { speaking, leg } = draft.call;
  if (speaking === null) return;
  command(draft, { type: 'stop-playback', leg, playback: speaking.playback });
  spoken(draft);
}

/** Nothing is being spoken any more. */
export function spoken(draft: Draft): void {
  set(draft, { speaking: null });
  disarm(draft, 'spoken');
}

/** How long past its length a prompt's end may stay untold: the exchange may have begun it late. */
export const graceMs = 5_000;

/** Gives what is being spoken its whole time, from now. */
export function awaitSpoken(draft: Draft): void {
  const { speaking } = draft.call;
  if (speaking === null) return;
  set(draft, { speaking: { ...speaking, since: draft.at } });
  if (speaking.ms !== null) arm(draft, 'spoken', speaking.ms + graceMs);
}

function play(draft: Draft, media: readonly MediaItem[], isStandIn: boolean): void {
  const playback = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  command(draft, { type: 'play', leg: draft.call.leg, playback, media });
  set(draft, { speaking: { playback, standIn: isStandIn, since: draft.at, ms: lengthOf(draft, media) } });
  awaitSpoken(draft);
}

/** What a file lasts at most whose length is not known. */
const unknownMs = 60_000;
const beepMs = 500;

export function lengthOf(draft: Draft, media: readonly MediaItem[]): number | null {
  let total = 0;
  for (const item of media) {
    if (item.type === 'silence') total += item.ms;
    else if (item.type === 'file') total += draft.site.mediaMs(item.path) ?? unknownMs;
    else if (item.type === 'recording') total += draft.call.recording?.ms ?? unknownMs;
    else if (item.tone === 'beep') total += beepMs;
    else return null;
  }
  return total;
}

function mediaOf(draft: Draft, spokenText: SpokenText): readonly MediaItem[] {
  const { media, complete } = mediaOfText(draft.site, spokenText);
  const { text, language } = spokenText;
  if (!complete) draft.facts.push({ type: 'prompt.missing', body: { text, language } });
  return media;
}

/** What a text is played from; nothing where only pauses are left of it. Not complete: some of it cannot be spoken. */
export function mediaOfText(
  site: Pick<CallSite, 'texts' | 'media'>,
  { text, language, slots }: SpokenText,
): { readonly media: readonly MediaItem[]; readonly complete: boolean } {
  const rendering = site.texts.render(language, text, slots);
  const items: MediaItem[] = [];
  let complete = rendering.missing.length === 0;
  const add = (piece: SpokenPiece): void => {
    if (piece.pauseMs !== undefined) {
      items.push({ type: 'silence', ms: piece.pauseMs });
      return;
    }
    const path = site.media(piece);
    if (path !== null) {
      items.push({ type: 'file', path });
      return;
    }
    complete = false;
    for (const other of piece.instead ?? []) add(other);
  };
  for (const piece of rendering.pieces) add(piece);
  // Pauses alone are silence.
  return { media: items.some(({ type }) => type === 'file') ? items : [], complete };
}
