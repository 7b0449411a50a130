/** Exchanges that are wrong about bridges of two. */
import {
  accepts,
  carriesOut,
  done,
  forgets,
  lists,
  refusesWhen,
  takesFor,
  tells,
  untilQuiet,
  swallows,
  type WrongExchange,
} from './parts.js';

export const wrongBridges: readonly WrongExchange[] = [
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
    worsen: swallows('play', 'unbridge'),
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
    worsen: carriesOut(['bridge'], async ({ legs }, _, tools) => {
      await untilQuiet(tools, ...legs);
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
];
