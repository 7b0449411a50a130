/** Exchanges that are wrong about recordings of legs. */
import type { LegId } from '../../../../src/base/index.js';
import {
  accepts,
  carriesOut,
  changes,
  forgets,
  refuse,
  refusesWhen,
  replaced,
  takesFor,
  tells,
  tellsAfterTheEnd,
  wrong,
  type WrongExchange,
} from './parts.js';

export const wrongRecordings: readonly WrongExchange[] = [
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
    worsen: tellsAfterTheEnd('recording.finished'),
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
];
