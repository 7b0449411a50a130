/** Exchanges that are wrong about transfers. */
import type { LegId } from '../../../../src/base/index.js';
import { changes, doubles, hides, refuse, takesFor, tells, wrong, type WrongExchange } from './parts.js';

export const wrongTransfers: readonly WrongExchange[] = [
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
