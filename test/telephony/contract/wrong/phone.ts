/** Exchanges that are wrong about phones that are rung. */
import {
  accepts,
  carriesOut,
  done,
  doubles,
  hides,
  lists,
  refusesWhen,
  takesFor,
  tells,
  type WrongExchange,
} from './parts.js';

export const wrongPhones: readonly WrongExchange[] = [
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
];
