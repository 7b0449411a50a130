/** Exchanges that are wrong about how legs end. */
import {
  carriesOut,
  changes,
  doubles,
  forgets,
  lists,
  refusesWhen,
  takesFor,
  tells,
  untilQuiet,
  wrong,
  type WrongExchange,
} from './parts.js';

export const wrongHangUps: readonly WrongExchange[] = [
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
    worsen: carriesOut(['hang-up'], async ({ leg }, _, tools) => {
      await untilQuiet(tools, leg);
      return undefined;
    }),
  },
];
