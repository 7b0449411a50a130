/** Exchanges that are wrong about keys. */
import type { LegId } from '../../../../src/base/index.js';
import type { TelephonyEvent } from '../../../../src/telephony/port.js';
import { changes, doubles, otherLeg, tells, wrong, type WrongExchange } from './parts.js';

export const wrongKeys: readonly WrongExchange[] = [
  {
    name: 'tells keys in reverse',
    foundBy: ['every key arrives once, in the order of pressing'],
    worsen: wrong((exchange) => {
      let kept: TelephonyEvent | null = null;
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type !== 'key.pressed') return listener(event);
            if (kept === null) {
              kept = event;
              return;
            }
            listener(event);
            listener(kept);
            kept = null;
          }),
      };
    }),
  },
  {
    name: 'tells every key twice',
    foundBy: ['every key arrives once, in the order of pressing'],
    worsen: doubles('key.pressed'),
  },
  {
    name: 'takes a repeated key for one',
    foundBy: ['the same key pressed three times is three keys'],
    worsen: wrong((exchange) => {
      let last: string | null = null;
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'key.pressed' && event.key === last) return;
            if (event.type === 'key.pressed') last = event.key;
            listener(event);
          }),
      };
    }),
  },
  {
    name: 'does not say how long a key was',
    foundBy: ['a key is told with its length'],
    worsen: changes('key.pressed', (event) => ({ ...event, durationMs: 0 })),
  },
  {
    name: 'ends prompts at a key by itself',
    foundBy: ['a key during a prompt is told at once and does not end the prompt'],
    worsen: tells((event, tell, { known, exchange }) => {
      tell(event);
      if (event.type !== 'key.pressed') return;
      const { leg } = event;
      for (const playback of known.playing(leg))
        void exchange.execute({ type: 'stop-playback', leg, playback });
    }),
  },
  {
    name: 'tells no key while something is heard, recorded or talked',
    foundBy: [
      'a key during a prompt is told at once and does not end the prompt',
      'keys during music are told',
      'keys during a recording are told',
      'keys in a bridge are told, of both legs',
    ],
    worsen: tells((event, tell, { known }) => {
      const busy = (leg: LegId): boolean =>
        known.playing(leg).length > 0 ||
        known.music.has(leg) ||
        [...known.recordings.values()].includes(leg) ||
        [...known.bridges.values()].flat().includes(leg);
      if (event.type !== 'key.pressed' || !busy(event.leg)) tell(event);
    }),
  },
  {
    name: 'tells no key of phones',
    foundBy: ['keys of a phone that we rang are told'],
    worsen: tells((event, tell, { known }) => {
      if (event.type !== 'key.pressed' || !known.outbound.has(event.leg)) tell(event);
    }),
  },
  {
    name: 'tells keys of the wrong leg',
    foundBy: ["two callers' keys are not mixed", 'keys in a bridge are told, of both legs'],
    worsen: changes('key.pressed', (event, { known }) => ({
      ...event,
      leg: otherLeg(known.legs, event.leg),
    })),
  },
];
