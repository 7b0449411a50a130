/** Exchanges that are wrong about what is heard: prompts, tones, music. */
import type { LegId } from '../../../../src/base/index.js';
import type { MediaItem, TelephonyEvent } from '../../../../src/telephony/port.js';
import {
  accepts,
  carriesOut,
  changes,
  doubles,
  forgets,
  hides,
  otherLeg,
  refusesWhen,
  replaced,
  takesFor,
  tellsAfterTheEnd,
  wrong,
  type WrongExchange,
} from './parts.js';

const beep: MediaItem = { type: 'tone', tone: 'beep' };

export const wrongPlays: readonly WrongExchange[] = [
  {
    name: 'plays although the leg is not answered',
    foundBy: [
      'nothing is played to a leg that is not answered',
      'nothing is played to a phone that still rings',
    ],
    worsen: accepts('play', 'not-answered'),
  },
  {
    name: 'plays to legs that are not there',
    foundBy: ['nothing is played to a leg that never was', 'nothing can be done with a leg that is over'],
    worsen: accepts('play', 'no-such-leg'),
  },
  {
    name: 'tells the end of each playback twice',
    foundBy: [
      'a playback finishes exactly once',
      'a stopped playback ends now, and finishes once',
      'stopping a playback that is over is done',
    ],
    worsen: doubles('playback.finished'),
  },
  {
    name: 'swallows the end of playbacks',
    foundBy: ['a playback finishes exactly once', 'the items of a play are heard one after another'],
    worsen: hides('playback.finished'),
  },
  {
    name: 'plays silence instead of prompts',
    foundBy: [
      'the caller hears what is played',
      'a phone that was answered is played to without further ado',
    ],
    worsen: takesFor('play', (command) => ({
      ...command,
      media: replaced(command.media, 'file', { type: 'silence', ms: 20_000 }),
    })),
  },
  {
    name: 'answers a play when it is over',
    foundBy: ['a play is accepted when it begins, not when it ends'],
    worsen: carriesOut(['play'], async (command, exchange, { time, known }) => {
      const outcome = await exchange.execute(command);
      for (let waited = 0; known.playbacks.has(command.playback) && waited < 60; waited++) {
        await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
      }
      return outcome;
    }),
  },
  {
    name: 'plays the first item only',
    foundBy: [
      'the items of a play are heard one after another',
      'a missing item is passed over, and the rest is heard',
    ],
    worsen: takesFor('play', (command) => ({ ...command, media: command.media.slice(0, 1) })),
  },
  {
    name: 'cuts a prompt for the next one',
    foundBy: [
      'a second play waits for the first to end',
      'a playback that waits can be taken out, and the one before goes on',
    ],
    worsen: carriesOut(['play'], async ({ leg }, exchange, { known }) => {
      for (const playback of known.playing(leg))
        await exchange.execute({ type: 'stop-playback', leg, playback });
      return undefined;
    }),
  },
  {
    name: 'tells the ends of playbacks in reverse',
    foundBy: ['a second play waits for the first to end'],
    worsen: wrong((exchange) => {
      const kept: TelephonyEvent[] = [];
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type !== 'playback.finished') return listener(event);
            if (kept.push(event) < 2) return;
            for (const finished of kept.reverse()) listener(finished);
            kept.length = 0;
          }),
      };
    }),
  },
  {
    name: 'forgets to stop playbacks',
    foundBy: ['a stopped playback ends now, and finishes once', 'a ringing tone does not end by itself'],
    worsen: forgets('stop-playback'),
  },
  {
    name: 'stops whatever plays',
    foundBy: ['a playback that waits can be taken out, and the one before goes on'],
    worsen: takesFor('stop-playback', (command, { known }) => ({
      ...command,
      playback: known.playing(command.leg)[0] ?? command.playback,
    })),
  },
  {
    name: 'refuses to stop a playback that is over',
    foundBy: [
      'stopping a playback that is over is done',
      'stopping a playback of a leg that is over is done',
    ],
    worsen: refusesWhen(
      'stop-playback',
      'no-such-leg',
      ({ leg, playback }, known) => !known.playing(leg).includes(playback),
    ),
  },
  {
    name: 'calls every playback done',
    foundBy: ['a playback of which nothing is there has failed'],
    worsen: changes('playback.finished', (event) => ({ ...event, result: 'done' })),
  },
  {
    name: 'calls every playback failed',
    foundBy: ['a missing item is passed over, and the rest is heard', 'a beep is short'],
    worsen: changes('playback.finished', (event) => ({ ...event, result: 'failed' })),
  },
  {
    name: 'leaves silence out',
    foundBy: ['silence lasts as long as it is asked to'],
    worsen: takesFor('play', (command) => ({
      ...command,
      media: replaced(command.media, 'silence', { type: 'silence', ms: 0 }),
    })),
  },
  {
    name: 'beeps for ever',
    foundBy: ['a beep is short'],
    worsen: takesFor('play', (command) => ({
      ...command,
      media: replaced(command.media, 'tone', { type: 'tone', tone: 'ringing' }),
    })),
  },
  {
    name: 'rings once',
    foundBy: ['a ringing tone does not end by itself'],
    worsen: takesFor('play', (command) => ({ ...command, media: replaced(command.media, 'tone', beep) })),
  },
  {
    name: 'accepts media that cannot be played',
    foundBy: ['a play of nothing is refused', 'a path that leaves the media folder is refused'],
    worsen: accepts('play', 'invalid'),
  },
  {
    name: 'knows of no playback',
    foundBy: ['a playback is live while it runs or waits, and gone afterwards'],
    worsen: wrong(() => ({ playbackState: async () => 'gone' })),
  },
  {
    name: 'takes every playback for live',
    foundBy: [
      'a playback that never was is gone',
      'a prompt that ends without an engine is gone for the next one',
    ],
    worsen: wrong(() => ({ playbackState: async () => 'live' })),
  },
  {
    name: 'tells ends of playbacks after the end of the leg',
    foundBy: ['a hang-up during a prompt ends the leg, and nothing is told after that'],
    worsen: tellsAfterTheEnd('playback.finished'),
  },
  {
    name: 'tells ends of playbacks of the wrong leg',
    foundBy: ['what is played to one leg is not told of another'],
    worsen: changes('playback.finished', (event, { known }) => ({
      ...event,
      leg: otherLeg(known.legs, event.leg),
    })),
  },
  {
    name: 'forgets music',
    foundBy: ['music is heard until it is stopped'],
    worsen: forgets('start-music'),
  },
  {
    name: 'plays music for ever',
    foundBy: ['music is heard until it is stopped'],
    worsen: forgets('stop-music'),
  },
  {
    name: 'takes music up again after a prompt',
    foundBy: ['a prompt ends music, which does not come back'],
    worsen: wrong((exchange) => {
      const music = new Set<LegId>();
      return {
        execute(command) {
          if (command.type === 'start-music') music.add(command.leg);
          return exchange.execute(command);
        },
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'playback.finished' && music.has(event.leg)) {
              void exchange.execute({ type: 'start-music', leg: event.leg });
            }
            listener(event);
          }),
      };
    }),
  },
  {
    name: 'plays music although the leg is not answered',
    foundBy: ['no music is played to a leg that is not answered'],
    worsen: accepts('start-music', 'not-answered'),
  },
  {
    name: 'refuses to stop music where there is none',
    foundBy: ['stopping music where there is none is done'],
    worsen: refusesWhen('stop-music', 'invalid', ({ leg }, known) => !known.music.has(leg)),
  },
];
