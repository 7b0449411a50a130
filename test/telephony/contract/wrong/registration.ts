/** Exchanges that are wrong about phones that come, go and dial. */
import { changes, doubles, hides, lists, tells, type WrongExchange } from './parts.js';

export const wrongRegistrations: readonly WrongExchange[] = [
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
];
