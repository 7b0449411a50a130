/** Exchanges that are wrong about the link between engine and exchange. */
import type { BridgeId } from '../../../../src/base/index.js';
import type { TelephonyEvent } from '../../../../src/telephony/port.js';
import { changes, closesWith, done, hides, tells, wrong, type WrongExchange } from './parts.js';

export const wrongLinks: readonly WrongExchange[] = [
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
