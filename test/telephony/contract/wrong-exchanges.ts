/**
 * Deliberately wrong exchanges, each with the cases that must find it out. A case that no wrong exchange fails proves
 * nothing; `test/telephony/simulator/wrong-exchanges.test.ts` holds that there is none.
 */
import { asLegId, type BridgeId, type LegId } from '../../../src/base/index.js';
import type { MediaItem, TelephonyEvent } from '../../../src/telephony/port.js';
import { wrongConferences } from './wrong-conferences.js';
import {
  accepts,
  carriesOut,
  changes,
  closesWith,
  done,
  doubles,
  forgets,
  hides,
  lists,
  refuse,
  refusesWhen,
  takesFor,
  tells,
  wrong,
  type WrongExchange,
} from './wrong.js';

const beep: MediaItem = { type: 'tone', tone: 'beep' };
const replaced = (
  media: readonly MediaItem[],
  type: MediaItem['type'],
  by: MediaItem,
): readonly MediaItem[] => media.map((item) => (item.type === type ? by : item));

export const wrongExchanges: readonly WrongExchange[] = [
  // --- arrival and answer
  {
    name: 'loses the number dialled',
    foundBy: ['a caller arrives with the number dialled, and nothing is said of the leg before'],
    worsen: changes('leg.arrived', (event) => ({ ...event, called: '' })),
  },
  {
    name: 'tells of keys before the leg has arrived',
    foundBy: ['a caller arrives with the number dialled, and nothing is said of the leg before'],
    worsen: tells((event, tell) => {
      if (event.type === 'leg.arrived')
        tell({ type: 'key.pressed', leg: event.leg, key: '1', durationMs: 100 });
      tell(event);
    }),
  },
  {
    name: "loses the caller's name",
    foundBy: ["a caller's number and name arrive"],
    worsen: changes('leg.arrived', (event) => ({ ...event, caller: { ...event.caller, name: null } })),
  },
  {
    name: 'tells withheld numbers',
    foundBy: ['a withheld number is not told, but that it is withheld'],
    worsen: changes('leg.arrived', (event) => ({
      ...event,
      caller: { number: '+96891234567', name: null, withheld: false },
    })),
  },
  {
    name: 'gives every caller the same leg',
    foundBy: ['two callers are two legs'],
    worsen: tells((event, tell) => tell('leg' in event ? { ...event, leg: asLegId('the-leg') } : event)),
  },
  {
    name: 'lists legs that wait as answered',
    foundBy: ['a leg that waits is listed as inbound and waiting, as it arrived'],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.map((leg) => ({
        ...leg,
        state: leg.state === 'waiting' ? 'answered' : leg.state,
      })),
    })),
  },
  {
    name: 'lists answered legs as waiting',
    foundBy: ['an answered leg is listed as answered'],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.map((leg) => ({ ...leg, state: 'waiting' })),
    })),
  },
  {
    name: 'forgets to tell of callers who give up',
    foundBy: ['a caller who gives up before the answer ends once'],
    worsen: tells((event, tell, { known }) => {
      if (event.type !== 'leg.ended' || known.answered.has(event.leg)) tell(event);
    }),
  },
  {
    name: 'forgets to answer',
    foundBy: ['answering reaches the caller'],
    worsen: forgets('answer'),
  },
  {
    name: 'refuses a second answer',
    foundBy: ['answering an answered leg does nothing'],
    worsen: refusesWhen('answer', 'invalid', ({ leg }, known) => known.answered.has(leg)),
  },
  {
    name: 'tells of our own answers',
    foundBy: ['nothing is told of our own answer to a caller'],
    worsen: wrong((exchange) => {
      let tell: ((event: TelephonyEvent) => void) | null = null;
      return {
        start(listener) {
          tell = listener;
          return exchange.start(listener);
        },
        async execute(command) {
          const outcome = await exchange.execute(command);
          if (command.type === 'answer') tell?.({ type: 'leg.answered', leg: command.leg });
          return outcome;
        },
      };
    }),
  },
  {
    name: 'answers legs that are not there',
    foundBy: ['answering a leg that never was is refused', 'answering a caller who has given up is refused'],
    worsen: accepts('answer', 'no-such-leg'),
  },
  {
    name: 'lets commands overtake each other',
    foundBy: ['commands for one leg take effect in the order in which they were given'],
    worsen: wrong((exchange, { time }) => {
      let plays = 0;
      return {
        async execute(command) {
          if (command.type === 'play' && plays++ === 0) {
            await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
          }
          return exchange.execute(command);
        },
      };
    }),
  },
  {
    name: 'tells ends inside the command',
    foundBy: ['events never come inside a command'],
    worsen: wrong((exchange) => {
      let tell: ((event: TelephonyEvent) => void) | null = null;
      return {
        start(listener) {
          tell = listener;
          return exchange.start((event) => {
            if (event.type !== 'leg.ended') listener(event);
          });
        },
        execute(command) {
          const { type } = command;
          if (type === 'hang-up')
            tell?.({ type: 'leg.ended', leg: command.leg, cause: { q850: 16, sip: null } });
          return exchange.execute(command);
        },
      };
    }),
  },

  // --- prompts, tones, music
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
    worsen: wrong((exchange) => {
      const kept: TelephonyEvent[] = [];
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'playback.finished') return void kept.push(event);
            listener(event);
            if (event.type === 'leg.ended') for (const finished of kept) listener(finished);
          }),
      };
    }),
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

  // --- recordings
  {
    name: 'does not say how long a recording is',
    foundBy: ['a recording is stopped, kept, and as long as it took'],
    worsen: changes('recording.finished', (event) => ({ ...event, durationMs: 0 })),
  },
  {
    name: 'records without a limit',
    foundBy: ['a recording ends by itself at its greatest length'],
    worsen: takesFor('record', (command) => ({ ...command, maxMs: 3_600_000 })),
  },
  {
    name: 'does not notice silence',
    foundBy: ['silence ends a recording that asks for it'],
    worsen: takesFor('record', (command) => ({ ...command, silenceMs: 0 })),
  },
  {
    name: 'ends every recording at silence',
    foundBy: ['silence does not end a recording that does not ask for it'],
    worsen: takesFor('record', (command) => ({ ...command, silenceMs: 1_000 })),
  },
  {
    name: 'leaves the beep out',
    foundBy: ['a beep is heard before a recording that asks for it'],
    worsen: takesFor('record', (command) => ({ ...command, beep: false })),
  },
  {
    name: 'tells of recordings after the end of the leg',
    foundBy: ['what was recorded when the caller hangs up is kept, and told before the end of the leg'],
    worsen: wrong((exchange) => {
      const kept: TelephonyEvent[] = [];
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'recording.finished') return void kept.push(event);
            listener(event);
            if (event.type === 'leg.ended') for (const finished of kept) listener(finished);
          }),
      };
    }),
  },
  {
    name: 'throws away what was recorded when the leg ends',
    foundBy: [
      'what was recorded when the caller hangs up is kept, and told before the end of the leg',
      'the end of a leg does not wait for a recording, which is kept',
    ],
    worsen: tells((event, tell, { known }) => {
      if (event.type !== 'recording.finished' || !known.ended.has(event.leg)) tell(event);
    }),
  },
  {
    name: 'records nothing of phones that it rang',
    foundBy: ['what a phone that we rang said is kept when it hangs up, and told before the end of its leg'],
    worsen: tells((event, tell, { known }) => {
      if (event.type !== 'recording.finished' || !known.outbound.has(event.leg)) return tell(event);
      const { leg, recording } = event;
      tell({ type: 'recording.failed', leg, recording, detail: 'it is in a bridge' });
    }),
  },
  {
    name: 'throws away what was recorded when the engine ends the leg',
    foundBy: ['what was said until we end a leg is kept, and told before its end'],
    worsen: wrong((exchange) => {
      const ended = new Set<LegId>();
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type !== 'recording.finished' || !ended.has(event.leg)) listener(event);
          }),
        execute: (command) => {
          if (command.type === 'hang-up') ended.add(command.leg);
          return exchange.execute(command);
        },
      };
    }),
  },
  {
    name: 'ends a recording for a prompt',
    foundBy: ['a prompt waits for a running recording'],
    worsen: carriesOut(['play'], async ({ leg }, exchange, { known }) => {
      for (const [recording, of] of known.recordings) {
        if (of === leg) await exchange.execute({ type: 'stop-recording', leg, recording });
      }
      return undefined;
    }),
  },
  {
    name: 'records although the leg is not answered',
    foundBy: ['nothing is recorded of a leg that is not answered'],
    worsen: accepts('record', 'not-answered'),
  },
  {
    name: 'records legs that are not there',
    foundBy: ['nothing is recorded of a leg that never was'],
    worsen: accepts('record', 'no-such-leg'),
  },
  {
    name: 'never discards a recording',
    foundBy: ['a recording is live, then stored with its length, then gone'],
    worsen: forgets('discard-recording'),
  },
  {
    name: 'takes every recording for live',
    foundBy: [
      'a recording that never was is gone',
      'a recording is live, then stored with its length, then gone',
    ],
    worsen: wrong(() => ({ recordingState: async () => ({ state: 'live', durationMs: 0 }) })),
  },
  {
    name: 'refuses to discard what is not there',
    foundBy: ['discarding a recording that is not there is done'],
    worsen: carriesOut(['discard-recording'], ({ recording }, _, { simulator }) =>
      simulator.stored(recording) === null ? refuse('invalid') : undefined,
    ),
  },
  {
    name: 'refuses to stop a recording that is over',
    foundBy: ['stopping a recording that is over is done'],
    worsen: refusesWhen(
      'stop-recording',
      'invalid',
      ({ recording }, known) => !known.recordings.has(recording),
    ),
  },
  {
    name: 'cannot play recordings',
    foundBy: ['a recording can be played back'],
    worsen: takesFor('play', (command) => ({
      ...command,
      media: replaced(command.media, 'recording', { type: 'file', path: 'missing' }),
    })),
  },
  {
    name: 'records over an older recording',
    foundBy: ['the id of a recording is used once'],
    worsen: accepts('record', 'duplicate'),
  },
  {
    name: 'records any length',
    foundBy: ['a length out of range is refused'],
    worsen: accepts('record', 'invalid'),
  },

  // --- keys
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

  // --- ends
  {
    name: 'forgets to hang up',
    foundBy: [
      'we end a leg: the caller is cut off, and the leg ends once',
      'a phone that still rings can be called off',
    ],
    worsen: forgets('hang-up'),
  },
  {
    name: 'ends legs without a cause',
    foundBy: [
      'a caller hangs up: the leg ends once, with the cause of a normal end',
      'a phone hangs up after the talk',
      'a phone that rejects ends its leg as rejected',
      'a busy phone ends its leg as busy, without ringing',
    ],
    worsen: changes('leg.ended', (event) => ({ ...event, cause: { q850: null, sip: null } })),
  },
  {
    name: 'tells every end twice',
    foundBy: [
      'a caller who gives up before the answer ends once',
      'we end a leg: the caller is cut off, and the leg ends once',
      'a caller hangs up: the leg ends once, with the cause of a normal end',
      'ending a leg that is over, or never was, is done',
      'a phone hangs up after the talk',
    ],
    worsen: doubles('leg.ended'),
  },
  {
    name: 'swallows the second end',
    foundBy: ['a bridge that all have left is over'],
    worsen: wrong((exchange) => {
      let ends = 0;
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type !== 'leg.ended' || ++ends !== 2) listener(event);
          }),
      };
    }),
  },
  {
    name: 'ends every leg as normal',
    foundBy: ['each reason of a rejection reaches the caller as its own status'],
    worsen: takesFor('hang-up', (command) => ({ ...command, reason: 'normal' })),
  },
  {
    name: 'refuses to end what is over',
    foundBy: ['ending a leg that is over, or never was, is done'],
    worsen: refusesWhen(
      'hang-up',
      'no-such-leg',
      ({ leg }, known) => known.ended.has(leg) || !known.legs.has(leg),
    ),
  },
  {
    name: 'tells keys after the end of the leg',
    foundBy: ['nothing comes after the end of a leg'],
    worsen: tells((event, tell, { time }) => {
      tell(event);
      if (event.type !== 'leg.ended') return;
      const { leg } = event;
      time.at(time.now() + 100, () => tell({ type: 'key.pressed', leg, key: '3', durationMs: 100 }));
    }),
  },
  {
    name: 'lists legs that are over',
    foundBy: [
      'a leg that is over is not listed',
      'a leg that ended while no engine was there is not listed, and nothing is told of it',
    ],
    worsen: lists((inventory, { known }) => ({
      ...inventory,
      legs: [
        ...inventory.legs,
        ...[...known.ended].map((leg) => ({
          leg,
          direction: 'inbound' as const,
          state: 'answered' as const,
          called: '',
          caller: { number: null, name: null, withheld: false },
          trunk: 'loopback',
          phone: null,
        })),
      ],
    })),
  },
  {
    name: 'ends a leg when its prompts are over',
    foundBy: ['the end of a leg does not wait for prompts'],
    worsen: carriesOut(['hang-up'], async ({ leg }, _, { known, time }) => {
      while (known.playing(leg).length > 0) {
        await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
      }
      return undefined;
    }),
  },

  // --- phones
  {
    name: 'tells twice that a phone rings',
    foundBy: ['a phone rings, is answered, and each is told once'],
    worsen: doubles('leg.ringing'),
  },
  {
    name: 'lists no phone that rings',
    foundBy: [
      'a phone that an engine was about to ring when it went rings for the next one, and once',
      'a phone that was ringing when the engine went is taken over',
      'a phone that rings is listed as outbound and ringing, then as answered',
    ],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.filter(({ state }) => state !== 'ringing'),
    })),
  },
  {
    name: 'does not tell that a phone is answered',
    foundBy: ['a phone rings, is answered, and each is told once'],
    worsen: hides('leg.answered'),
  },
  {
    name: 'lists phones as inbound',
    foundBy: ['a phone that rings is listed as outbound and ringing, then as answered'],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.map((leg) => ({ ...leg, direction: 'inbound' })),
    })),
  },
  {
    name: 'says that busy phones ring',
    foundBy: ['a busy phone ends its leg as busy, without ringing'],
    worsen: tells((event, tell, { known }) => {
      if (event.type === 'leg.ended' && known.outbound.has(event.leg))
        tell({ type: 'leg.ringing', leg: event.leg });
      tell(event);
    }),
  },
  {
    name: 'rings as long as it likes',
    foundBy: ['a phone that nobody answers ends its leg after the time given'],
    worsen: takesFor('originate', (command) => ({ ...command, ringMs: 600_000 })),
  },
  {
    name: 'accepts a duplicate originate',
    foundBy: [
      'the same leg is not rung twice',
      'a leg rung by an earlier engine is not rung again by the next one',
    ],
    worsen: accepts('originate', 'duplicate'),
  },
  {
    name: 'rings phones that the site does not have',
    foundBy: ['a phone that the site does not have is refused'],
    worsen: accepts('originate', 'no-such-phone'),
  },
  {
    name: 'rings phones that are not there',
    foundBy: ['a phone that is not registered is unreachable, and no leg comes of it'],
    worsen: accepts('originate', 'unreachable'),
  },
  {
    name: 'rings whatever it is given',
    foundBy: [
      'a time to ring out of range is refused',
      'a caller number that is none is refused',
      'a number outside that is none in E.164 is refused',
      'a trunk that the site does not have is refused',
    ],
    worsen: accepts('originate', 'invalid'),
  },
  {
    name: 'shows no number',
    foundBy: [
      'a phone shows the number that we give',
      'a number outside is rung by the trunk, shows our number, and talks',
    ],
    worsen: takesFor('originate', (command) => ({ ...command, callerNumber: null })),
  },
  {
    name: 'cannot call a ringing phone off',
    foundBy: ['a phone that still rings can be called off'],
    worsen: carriesOut(['hang-up'], ({ leg }, _, { known }) =>
      known.outbound.has(leg) && !known.answered.has(leg) ? done : undefined,
    ),
  },
  {
    name: 'wants phones to be answered by us',
    foundBy: ['a phone that was answered is played to without further ado'],
    worsen: refusesWhen('play', 'not-answered', ({ leg }, known) => known.outbound.has(leg)),
  },
  {
    name: 'answers phones that ring',
    foundBy: ['a phone that we rang is not ours to answer'],
    worsen: accepts('answer', 'invalid'),
  },
  {
    name: 'does not tell that a call is taken back',
    foundBy: ['a phone that holds the call, and takes it back, is told'],
    worsen: hides('leg.unheld'),
  },

  // --- phones that come, go and dial
  {
    name: 'does not tell that phones come and go',
    foundBy: ['a phone that unregisters is told as gone, and as there when it registers again'],
    worsen: hides('phone.changed'),
  },
  {
    name: 'tells twice of every phone that comes or goes',
    foundBy: [
      'a phone that unregisters is told as gone, and as there when it registers again',
      'a phone that went while no engine was there is listed as gone, and told when it comes back',
    ],
    worsen: doubles('phone.changed'),
  },
  {
    name: 'lists no phones',
    foundBy: ['all phones of the site are listed, with whether they can be reached'],
    worsen: lists((inventory) => ({ ...inventory, phones: [] })),
  },
  {
    name: 'takes every phone for reachable',
    foundBy: [
      'all phones of the site are listed, with whether they can be reached',
      'a phone that went while no engine was there is listed as gone, and told when it comes back',
    ],
    worsen: lists((inventory) => ({
      ...inventory,
      phones: inventory.phones.map(({ phone }) => ({ phone, reachable: true })),
    })),
  },
  {
    name: 'takes phones that talk for gone',
    foundBy: ['a phone that is rung, talks and hangs up is not told as changed'],
    worsen: tells((event, tell) => {
      tell(event);
      if (event.type === 'leg.answered')
        for (const phone of ['phone-1', 'phone-2', 'phone-3'])
          tell({ type: 'phone.changed', phone, reachable: false });
    }),
  },
  {
    name: 'does not know phones that dial',
    foundBy: ['a phone that dials arrives as itself, and is answered like any caller'],
    worsen: changes('leg.arrived', (event) => ({ ...event, phone: null })),
  },
  {
    name: 'forgets which phone dialled',
    foundBy: ['a phone that dials arrives as itself, and is answered like any caller'],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.map((leg) => ({ ...leg, phone: null })),
    })),
  },
  {
    name: 'believes callers who call themselves a phone',
    foundBy: ['a caller from outside is no phone, whatever it is called'],
    worsen: changes('leg.arrived', (event) => ({ ...event, phone: event.caller.name })),
  },
  {
    name: 'lists the phone that is rung as one that dials',
    foundBy: ['a leg that we ring is listed without a phone that dials'],
    worsen: lists((inventory) => ({
      ...inventory,
      legs: inventory.legs.map((leg) => (leg.direction === 'outbound' ? { ...leg, phone: leg.called } : leg)),
    })),
  },

  // --- bridges
  {
    name: 'forgets to bridge',
    foundBy: ['two bridged legs hear each other', 'a bridge is listed with its legs'],
    worsen: forgets('bridge'),
  },
  {
    name: 'bridges the first leg only',
    foundBy: ['two bridged legs hear each other', 'a bridge is listed with its legs'],
    worsen: takesFor('bridge', (command) => ({ ...command, legs: command.legs.slice(0, 1) })),
  },
  {
    name: 'does not list bridges',
    foundBy: ['a bridge is listed with its legs', 'two who talk go on without an engine'],
    worsen: lists((inventory) => ({ ...inventory, bridges: [] })),
  },
  {
    name: 'forgets to unbridge',
    foundBy: ['the end of a bridge leaves its legs alive, and apart'],
    worsen: forgets('unbridge'),
  },
  {
    name: 'swallows what is played while a bridge ends',
    foundBy: ['a prompt that is commanded together with the end of a bridge is heard, and ends'],
    worsen: wrong((exchange) => {
      let ending = 0;
      return {
        async execute(command) {
          if (command.type === 'play' && ending > 0) return done;
          if (command.type !== 'unbridge') return exchange.execute(command);
          ending += 1;
          const outcome = await exchange.execute(command);
          ending -= 1;
          return outcome;
        },
      };
    }),
  },
  {
    name: 'bridges legs that are not there',
    foundBy: ['a leg that never was is not bridged', 'nothing can be done with a leg that is over'],
    worsen: accepts('bridge', 'no-such-leg'),
  },
  {
    name: 'bridges legs that are not answered',
    foundBy: ['a leg that is not answered is not bridged'],
    worsen: accepts('bridge', 'not-answered'),
  },
  {
    name: 'bridges nobody',
    foundBy: ['a bridge of nobody is refused'],
    worsen: accepts('bridge', 'invalid'),
  },
  {
    name: 'refuses to bridge again',
    foundBy: ['bridging the same legs again changes nothing'],
    worsen: refusesWhen('bridge', 'duplicate', ({ bridge }, known) => known.bridges.has(bridge)),
  },
  {
    name: 'uses the id of a bridge again',
    foundBy: ['the id of a bridge is used once'],
    worsen: accepts('bridge', 'duplicate'),
  },
  {
    name: 'ends bridges that never were',
    foundBy: ['ending a bridge that never was is refused, one that is over is done'],
    worsen: accepts('unbridge', 'no-such-bridge'),
  },
  {
    name: 'refuses to end a bridge that is over',
    foundBy: ['ending a bridge that never was is refused, one that is over is done'],
    worsen: refusesWhen('unbridge', 'no-such-bridge', ({ bridge }, known) => !known.bridges.has(bridge)),
  },
  {
    name: 'hangs up on both when one hangs up',
    foundBy: ['who hangs up leaves the bridge, the other lives on'],
    worsen: tells((event, tell, { known, exchange }) => {
      tell(event);
      if (event.type !== 'leg.ended') return;
      for (const legs of known.bridges.values()) {
        if (!legs.includes(event.leg)) continue;
        for (const leg of legs) void exchange.execute({ type: 'hang-up', leg, reason: 'normal' });
      }
    }),
  },
  {
    name: 'keeps empty bridges',
    foundBy: [
      'a bridge that all have left is over',
      'a bridge that the last one leaves is over',
      'a bridge that the last one leaves for another is over',
    ],
    worsen: lists((inventory, { known }) => ({
      ...inventory,
      bridges: [...known.bridges.keys()].map(
        (bridge) => inventory.bridges.find((entry) => entry.bridge === bridge) ?? { bridge, legs: [] },
      ),
    })),
  },
  {
    name: 'bridges when prompts are over',
    foundBy: ['a bridge ends prompts and music of its legs'],
    worsen: carriesOut(['bridge'], async ({ legs }, _, { known, time }) => {
      while (legs.some((leg) => known.playing(leg).length > 0)) {
        await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
      }
      return undefined;
    }),
  },
  {
    name: 'takes nobody into a bridge that exists',
    foundBy: ['a third leg joins, and who is in the bridge stays'],
    worsen: carriesOut(['bridge'], ({ bridge }, _, { known }) =>
      known.bridges.has(bridge) ? done : undefined,
    ),
  },
  {
    name: 'keeps a leg in the bridge where it is',
    foundBy: ['a leg moves from one bridge to another'],
    worsen: takesFor('bridge', (command, { known }) => {
      const elsewhere = [...known.bridges].flatMap(([bridge, legs]) =>
        bridge === command.bridge ? [] : legs,
      );
      return { ...command, legs: command.legs.filter((leg) => !elsewhere.includes(leg)) };
    }),
  },

  ...wrongConferences,

  // --- the link
  {
    name: 'tells another incarnation than it lists',
    foundBy: [
      'the first that is told is that the link is ready, of the incarnation that the inventory shows',
    ],
    worsen: changes('link.ready', (event) => ({ ...event, incarnation: 'another' })),
  },
  {
    name: 'tells that the link is lost before it is ready',
    foundBy: [
      'the first that is told is that the link is ready, of the incarnation that the inventory shows',
    ],
    worsen: tells((event, tell) => {
      if (event.type === 'link.ready') tell({ type: 'link.lost', why: 'at first' });
      tell(event);
    }),
  },
  {
    name: 'hangs everybody up when it closes',
    foundBy: [
      'legs live on without an engine, and the next one takes them over',
      'a phone that was ringing when the engine went is taken over',
      'without a link commands are of unknown fate, and there is no inventory',
    ],
    worsen: closesWith(({ known }) =>
      [...known.legs].map((leg) => ({ type: 'hang-up', leg, reason: 'normal' })),
    ),
  },
  {
    name: 'takes a new engine for a new incarnation',
    foundBy: ['the incarnation stays the same when only the engine changes'],
    worsen: (tools) => {
      let connections = 0;
      return (exchange) => {
        const incarnation = `${tools.simulator.incarnation}-${++connections}`;
        return { ...exchange, inventory: async () => ({ ...(await exchange.inventory()), incarnation }) };
      };
    },
  },
  {
    name: 'tells the next engine what nobody heard',
    foundBy: [
      'keys pressed while no engine is there are lost, later ones are told',
      'a prompt that ends without an engine is gone for the next one',
      'a leg that ended while no engine was there is not listed, and nothing is told of it',
    ],
    worsen: ({ simulator }) => {
      let gap: TelephonyEvent[] | null = null;
      simulator.observe((truth) => {
        if (truth.type === 'event') gap?.push(truth.event);
      });
      return (exchange) => ({
        ...exchange,
        start: (listener) =>
          exchange.start((event) => {
            listener(event);
            if (event.type !== 'link.ready') return;
            for (const missed of gap ?? []) listener(missed);
            gap = null;
          }),
        async close() {
          gap = [];
          await exchange.close();
        },
      });
    },
  },
  {
    name: 'ends prompts and recordings when it closes',
    foundBy: [
      'a prompt goes on without an engine, and its end is told to the next one',
      'a recording goes on without an engine',
    ],
    worsen: closesWith(({ known }) => [
      ...[...known.playbacks].map(([playback, leg]) => ({ type: 'stop-playback', leg, playback }) as const),
      ...[...known.recordings].map(
        ([recording, leg]) => ({ type: 'stop-recording', leg, recording }) as const,
      ),
    ]),
  },
  {
    name: 'parts those who talk when it closes',
    foundBy: ['two who talk go on without an engine'],
    worsen: closesWith(({ known }) =>
      [...known.bridges.keys()].map((bridge: BridgeId) => ({ type: 'unbridge', bridge }) as const),
    ),
  },
  {
    name: 'does not tell an engine that it is replaced',
    foundBy: ['an engine that is replaced is told, and its commands are of unknown fate'],
    worsen: hides('link.replaced'),
  },
  {
    name: 'takes a closed link for open',
    foundBy: ['without a link commands are of unknown fate, and there is no inventory'],
    worsen: wrong((exchange) => ({
      async execute(command) {
        const outcome = await exchange.execute(command);
        return outcome.result === 'unknown' ? done : outcome;
      },
    })),
  },
  {
    name: 'lists nothing where there is no link',
    foundBy: ['without a link commands are of unknown fate, and there is no inventory'],
    worsen: wrong((exchange) => ({
      inventory: () =>
        exchange.inventory().catch(() => ({ incarnation: '', legs: [], bridges: [], phones: [] })),
    })),
  },
];

/** Another leg than this one, the newest. */
function otherLeg(legs: ReadonlySet<LegId>, leg: LegId): LegId {
  return [...legs].reverse().find((other) => other !== leg) ?? asLegId('another-leg');
}
