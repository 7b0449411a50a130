/** Exchanges that are wrong about how callers arrive, and are answered. */
import { asLegId } from '../../../../src/base/index.js';
import type { TelephonyEvent } from '../../../../src/telephony/port.js';
import { accepts, changes, forgets, lists, refusesWhen, tells, wrong, type WrongExchange } from './parts.js';

export const wrongArrivals: readonly WrongExchange[] = [
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
];
