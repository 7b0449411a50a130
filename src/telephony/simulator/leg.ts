import type { Alarm, LegId } from '../../base/index.js';
import type { CallerIdentity, MediaItem } from '../port.js';
import type { MediaLine } from './media-line.js';
import type { FarEnd } from './party.js';

/** One leg, as it truly is. */
export interface Leg {
  readonly id: LegId;
  readonly direction: 'inbound' | 'outbound';
  state: 'waiting' | 'ringing' | 'answered';
  readonly called: string;
  readonly caller: CallerIdentity;
  readonly trunk: string;
  readonly phone: string | null;
  readonly end: FarEnd;
  readonly media: MediaLine;
  /** Ends an outbound leg that nobody picks up. */
  ringing: Alarm | null;
  /** It rang, or will: told once. */
  rang: boolean;
  /** Its phone waits to be told how a transfer goes. */
  transferring: boolean;
}

/** The phone of the site at the leg; null for anybody else. */
export function phoneAt({ phone, direction, trunk, called }: Leg): string | null {
  return direction === 'outbound' && trunk === '' ? called : phone;
}

/** ITU-T E.164: at most 15 digits. */
export const e164 = /^\+[1-9][0-9]{1,14}$/;
/** A path that stays in the media folder. */
const mediaPath = /^\w[\w.-]*(?:\/\w[\w.-]*)*$/;
/** What goes on of an address that somebody dialled. */
export const dialled64 = (to: string): string => to.replace(/[^0-9A-Za-z+*#]/g, '').slice(0, 64);
export const playable = (item: MediaItem): boolean =>
  item.type === 'file' ? mediaPath.test(item.path) : item.type !== 'silence' || item.ms >= 0;
