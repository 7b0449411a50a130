/** Pure. Texts to a `play` command, with a stand-in for what cannot be spoken: a caller never meets silence. */
import { asPlaybackId } from '../base/index.js';
import type { SpokenText } from '../flows/index.js';
import type { SpokenPiece } from '../speech/index.js';
import type { MediaItem } from '../telephony/port.js';
import { command, type Draft, nextNumber, set } from './draft.js';

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

/** Plays a tone until something else is spoken. */
export function ringback(draft: Draft): void {
  hush(draft);
  play(draft, [{ type: 'tone', tone: 'ringing' }], false);
}

export function hush(draft: Draft): void {
  const { speaking, leg } = draft.call;
  if (speaking === null) return;
  command(draft, { type: 'stop-playback', leg, playback: speaking.playback });
  set(draft, { speaking: null });
}

function play(draft: Draft, media: readonly MediaItem[], isStandIn: boolean): void {
  const playback = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  command(draft, { type: 'play', leg: draft.call.leg, playback, media });
  set(draft, { speaking: { playback, standIn: isStandIn } });
}

function mediaOf(draft: Draft, { text, language, slots }: SpokenText): readonly MediaItem[] {
  const rendering = draft.site.texts.render(language, text, slots);
  const items: MediaItem[] = [];
  let complete = rendering.missing.length === 0;
  const add = (piece: SpokenPiece): void => {
    if (piece.pauseMs !== undefined) {
      items.push({ type: 'silence', ms: piece.pauseMs });
      return;
    }
    const path = draft.site.media(piece);
    if (path !== null) {
      items.push({ type: 'file', path });
      return;
    }
    complete = false;
    for (const other of piece.instead ?? []) add(other);
  };
  for (const piece of rendering.pieces) add(piece);
  if (!complete) draft.facts.push({ type: 'prompt.missing', body: { text, language } });
  // Pauses alone are silence.
  return items.some(({ type }) => type === 'file') ? items : [];
}
