import type { MediaItem } from '../port.js';
import { SILENCES } from './made-sounds.js';

export interface MediaFolders {
  readonly media: string;
  readonly sounds: string;
}

const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const LONGEST_SILENCE_MS = 600_000;

/**
 * What Asterisk calls the items: one media URI or more for each. Pure.
 *
 * @returns undefined when an item is none that can be played (a path that leaves the folder, a comma).
 */
export function mediaUris(items: readonly MediaItem[], folders: MediaFolders): readonly string[] | undefined {
  const uris: string[] = [];
  for (const item of items) {
    switch (item.type) {
      case 'file':
        if (!PATH.test(item.path)) return undefined;
        uris.push(`sound:${folders.media}/${item.path}`);
        break;
      case 'recording':
        if (!NAME.test(item.recording)) return undefined;
        uris.push(`recording:${item.recording}`);
        break;
      case 'silence':
        if (!(item.ms >= 0 && item.ms <= LONGEST_SILENCE_MS)) return undefined;
        for (const ms of silences(item.ms)) uris.push(`sound:${folders.sounds}/silence-${ms}`);
        break;
      case 'tone':
        uris.push(item.tone === 'beep' ? `sound:${folders.sounds}/beep` : 'tone:ring');
        break;
    }
  }
  return uris;
}

/** The silences on file that together last as long, rounded up to the shortest. */
function silences(ms: number): readonly number[] {
  const parts: number[] = [];
  let left = ms;
  for (const part of SILENCES) for (; left >= part; left -= part) parts.push(part);
  if (left > 0) parts.push(SILENCES[SILENCES.length - 1] ?? 50);
  return parts;
}
