/** Exchanges that are wrong about joining, leaving and holding in bridges of several. */
import { accepts, carriesOut, forgets, tells, untilQuiet, swallows, type WrongExchange } from './parts.js';

export const wrongConferences: readonly WrongExchange[] = [
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
    worsen: carriesOut(['join-bridge'], async ({ leg }, _, tools) => {
      await untilQuiet(tools, leg);
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
    worsen: swallows('start-music', 'leave-bridge'),
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
];
