/** The site of a rehearsal: it tells what is rendered, speaks to no agent, and nobody in it moves a caller on. */
import type { CallSite } from '../calls/index.js';
import { captionOf, type SpokenPiece, type TextCatalog } from '../speech/index.js';
import type { RehearsalSite } from './rehearsed.js';

export interface RenderedText {
  readonly language: string;
  readonly text: string;
  readonly words: string;
  readonly media: readonly string[];
}

const known = new WeakMap<CallSite['queues'], CallSite['queues']>();

/** The queues without words for agents. Made once for a site: they are asked for with each call. */
function unbriefed(queues: CallSite['queues']): CallSite['queues'] {
  const before = known.get(queues);
  if (before !== undefined) return before;
  const without = new Map([...queues].map(([name, queue]) => [name, { ...queue, whisper: null }]));
  known.set(queues, without);
  return without;
}

interface Ear {
  readonly site: RehearsalSite;
  readonly closings: CallSite['closings'];
  readonly mediaMs: CallSite['mediaMs'];
  /** Takes what is rendered. */
  readonly rendered: RenderedText[];
}

/** The site, with an ear to what is rendered. */
export function listening({ site, closings = new Map(), mediaMs, rendered }: Ear): CallSite {
  const { texts, hash, languages, numbers, flows, calendars, queues, callbacks, messages, fallback, desk } =
    site;
  // Whether media were made is a matter of set-up; a rehearsal works without.
  const media = (piece: SpokenPiece): string => site.media(piece) ?? `${piece.language}/${piece.name}`;
  const render: TextCatalog['render'] = (language, text, slots) => {
    const rendering = texts.render(language, text, slots);
    const { pieces } = rendering;
    rendered.push({ language, text, words: captionOf(pieces), media: pieces.map(media) });
    return rendering;
  };
  return {
    hash,
    languages,
    numbers,
    flows,
    texts: { ...texts, render },
    media,
    mediaMs,
    calendars,
    closings,
    // A rehearsal tells what callers hear, not agents.
    queues: unbriefed(queues),
    desk,
    // And nobody in it moves a caller on.
    transfers: null,
    callbacks,
    messages,
    fallback,
  };
}
