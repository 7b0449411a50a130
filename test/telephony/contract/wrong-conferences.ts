/** Exchanges that are wrong about bridges of several, what is recorded of them, and transfers. */
import type { BridgeId, LegId, RecordingId } from '../../../src/base/index.js';
import {
  accepts,
  carriesOut,
  changes,
  done,
  doubles,
  forgets,
  hides,
  refuse,
  takesFor,
  tells,
  wrong,
  type WrongExchange,
} from './wrong.js';

export const wrongConferences: readonly WrongExchange[] = [
  // --- joining, leaving, holding
  {
    name: 'takes nobody else into a bridge',
    foundBy: [
      'a third joins two who talk: all hear each other, and who was there stays',
      'who leaves a bridge lives on alone, is played to, and may come back; the others talk on',
    ],
    worsen: forgets('join-bridge'),
  },
  {
    name: 'lets prompts end before a leg joins',
    foundBy: ['who joins a bridge has its prompts and music ended'],
    worsen: carriesOut(['join-bridge'], async ({ leg }, _, { known, time }) => {
      while (known.playing(leg).length > 0) {
        await new Promise<void>((resolve) => void time.at(time.now() + 500, resolve));
      }
      return undefined;
    }),
  },
  {
    name: 'takes legs into bridges that are not there',
    foundBy: ['nobody joins a bridge that is not there'],
    worsen: accepts('join-bridge', 'no-such-bridge'),
  },
  {
    name: 'takes legs into a bridge that are not answered',
    foundBy: ['who is not answered, or not there, does not join'],
    worsen: accepts('join-bridge', 'not-answered'),
  },
  {
    name: 'lets nobody leave',
    foundBy: [
      'who leaves a bridge lives on alone, is played to, and may come back; the others talk on',
      'a bridge that the last one leaves is over',
    ],
    worsen: forgets('leave-bridge'),
  },
  {
    name: 'swallows music that is commanded while a leg leaves',
    foundBy: ['music that is commanded together with leaving a bridge is heard'],
    worsen: wrong((exchange) => {
      let leaving = 0;
      return {
        async execute(command) {
          if (command.type === 'start-music' && leaving > 0) return done;
          if (command.type !== 'leave-bridge') return exchange.execute(command);
          leaving += 1;
          const outcome = await exchange.execute(command);
          leaving -= 1;
          return outcome;
        },
      };
    }),
  },
  {
    name: 'takes everybody out of bridges that never were',
    foundBy: ['leaving a bridge that is over, or that one is not in, is done; one that never was is refused'],
    worsen: accepts('leave-bridge', 'no-such-bridge'),
  },
  {
    name: 'parts those of whom one holds',
    foundBy: [
      'who is alone with a phone that holds hears music and nothing of the phone, until it takes the call back',
      'a hold is the same in a bridge that is recorded',
      'music of a hold ends for who leaves the bridge, and begins again for who comes back',
    ],
    worsen: tells((event, tell, { known, exchange }) => {
      tell(event);
      if (event.type !== 'leg.held') return;
      for (const bridge of known.bridges.keys())
        void exchange.execute({ type: 'leave-bridge', bridge, leg: event.leg });
    }),
  },

  {
    name: 'plays music to whoever is left alone',
    foundBy: ['music of a hold ends when the phone that holds hangs up'],
    worsen: tells((event, tell, { known, exchange }) => {
      tell(event);
      if (event.type !== 'leg.ended') return;
      for (const legs of known.bridges.values())
        for (const leg of legs) void exchange.execute({ type: 'start-music', leg });
    }),
  },

  // --- recordings of bridges
  {
    name: 'records no bridges',
    foundBy: [
      'a bridge is recorded until that is stopped, both sides of it, and talks on',
      'what was said in a bridge can be played back',
      'the recording of a bridge ends with the bridge, and is kept',
    ],
    worsen: forgets('record-bridge'),
  },
  {
    name: 'does not tell that a bridge is recorded',
    foundBy: ['a bridge is recorded until that is stopped, both sides of it, and talks on'],
    worsen: hides('bridge.recorded'),
  },
  {
    name: 'tells twice that a bridge is recorded',
    foundBy: ['a bridge is recorded until that is stopped, both sides of it, and talks on'],
    worsen: doubles('bridge.recorded'),
  },
  {
    name: 'ends the recording of a bridge when somebody leaves it',
    foundBy: ['who leaves a bridge and comes back is recorded again, and who stays all the while'],
    worsen: wrong((exchange) => {
      const recordings = new Map<BridgeId, RecordingId>();
      return {
        async execute(command) {
          if (command.type === 'record-bridge') recordings.set(command.bridge, command.recording);
          const recording = command.type === 'leave-bridge' ? recordings.get(command.bridge) : undefined;
          if (recording !== undefined)
            await exchange.execute({ type: 'stop-recording', leg: null, recording });
          return exchange.execute(command);
        },
      };
    }),
  },
  {
    name: 'does not pause',
    foundBy: ["a pause is left out of a bridge's recording"],
    worsen: forgets('pause-recording'),
  },
  {
    name: 'records bridges as long as it likes',
    foundBy: ['the recording of a bridge ends by itself at its greatest length'],
    worsen: takesFor('record-bridge', (command) => ({ ...command, maxMs: 3_600_000 })),
  },
  {
    name: 'records bridges that are not there',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'no-such-bridge'),
  },
  {
    name: 'records bridges for any length',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'invalid'),
  },
  {
    name: 'records a bridge over an older recording',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'duplicate'),
  },
  {
    name: 'pauses what does not run',
    foundBy: ['pausing what is not recorded is refused'],
    worsen: accepts('pause-recording', 'no-such-recording'),
  },

  // --- transfers
  {
    name: 'keeps transfers to itself',
    foundBy: [
      'a phone asks for a transfer: it is told once, nothing moves, and the phone hears that it was done',
    ],
    worsen: hides('transfer.requested'),
  },
  {
    name: 'tells every transfer twice',
    foundBy: [
      'a phone asks for a transfer: it is told once, nothing moves, and the phone hears that it was done',
    ],
    worsen: doubles('transfer.requested'),
  },
  {
    name: 'tells every phone that its transfer was done',
    foundBy: ['a phone is told that its transfer cannot be done, and may ask again'],
    worsen: takesFor('answer-transfer', (command) => ({ ...command, result: 'answered' })),
  },
  {
    name: 'tells a phone that has to wait that it is over',
    foundBy: ['a phone that was told to wait is told the end all the same'],
    worsen: takesFor('answer-transfer', (command) => ({
      ...command,
      result: command.result === 'trying' ? 'declined' : command.result,
    })),
  },
  {
    name: 'forgets which calls a phone connects',
    foundBy: ['a phone that connects two of its calls names the other leg'],
    worsen: changes('transfer.requested', (event) => ({ ...event, replaces: null })),
  },
  {
    name: 'lets only phones transfer that were rung',
    foundBy: ['a phone that dialled asks for transfers like one that was rung'],
    worsen: tells((event, tell, { known }) => {
      if (event.type !== 'transfer.requested' || known.outbound.has(event.leg)) tell(event);
    }),
  },
  {
    name: 'lets everything through that a phone dials',
    foundBy: ['what cannot be dialled is left out of where a transfer goes'],
    worsen: changes('transfer.requested', (event) => ({ ...event, to: `${event.to}&x` })),
  },
  {
    name: 'tells of transfers that nobody may ask for',
    foundBy: [
      'a phone that connects its call with a call of somebody else is declined, and nobody is told',
      'a caller from outside who asks for a transfer is declined, and nobody is told',
    ],
    worsen: tells((event, tell) => {
      tell(event);
      if (event.type === 'leg.answered' || event.type === 'leg.arrived')
        tell({ type: 'transfer.requested', leg: event.leg, to: '205', replaces: null });
    }),
  },
  {
    name: 'tells once more of a transfer when the phone hangs up',
    foundBy: ['a phone that hangs up while its transfer waits ends, and nothing more is told'],
    worsen: wrong((exchange) => {
      const asked = new Set<LegId>();
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'transfer.requested') asked.add(event.leg);
            if (event.type === 'leg.ended' && asked.has(event.leg))
              listener({ type: 'transfer.requested', leg: event.leg, to: '206', replaces: null });
            listener(event);
          }),
      };
    }),
  },
  {
    name: 'refuses to tell a phone of a transfer that is over',
    foundBy: [
      'telling a phone of a transfer that it did not ask for is done',
      'a phone that hangs up while its transfer waits ends, and nothing more is told',
    ],
    worsen: wrong((exchange) => {
      const asked = new Set<LegId>();
      return {
        start: (listener) =>
          exchange.start((event) => {
            if (event.type === 'transfer.requested') asked.add(event.leg);
            if (event.type === 'leg.ended') asked.delete(event.leg);
            listener(event);
          }),
        async execute(command) {
          if (command.type === 'answer-transfer' && !asked.has(command.leg)) return refuse('invalid');
          return exchange.execute(command);
        },
      };
    }),
  },
];
