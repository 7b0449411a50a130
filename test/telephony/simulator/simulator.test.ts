import t from 'tap';
import { asPlaybackId, type LegId } from '../../../src/base/index.js';
import type { Exchange, LinkEvent, TelephonyCommand, TelephonyEvent } from '../../../src/telephony/port.js';
import {
  createSimulator,
  createVirtualTime,
  type SimulatorOptions,
} from '../../../src/telephony/simulator/index.js';

type Event = TelephonyEvent | LinkEvent;

async function startedSimulator(options: Partial<SimulatorOptions> = {}) {
  const time = createVirtualTime();
  const simulator = createSimulator({
    scheduler: time,
    mediaMs: (path) => (path === 'gone' ? null : 1_000),
    ...options,
  });
  const events: Event[] = [];
  const exchange = simulator.connect();
  const started = exchange.start((event) => events.push(event));
  await time.runFor(100);
  await started;
  const execute = async (command: TelephonyCommand, on: Exchange = exchange) => {
    let outcome: Awaited<ReturnType<Exchange['execute']>> | undefined;
    void on.execute(command).then((settled) => {
      outcome = settled;
    });
    await time.runUntilTrue(() => outcome !== undefined, time.now() + 20_000);
    return outcome;
  };
  const types = () => events.map(({ type }) => type);
  return { time, simulator, events, exchange, execute, types };
}

const leg = (party: { leg: LegId | null }): LegId => {
  if (party.leg === null) throw new Error('the caller was turned away');
  return party.leg;
};

t.test('a scripted caller reacts to what is heard, and the engine to the keys', async (t) => {
  const { time, simulator, exchange, events } = await startedSimulator();
  const caller = simulator.dial({
    called: '80077222',
    caller: { number: '+96812345678' },
    script: [
      { type: 'hears', sound: 'menu' },
      { type: 'waits', ms: 300 },
      { type: 'presses', keys: '1' },
      { type: 'hears', sound: 'goodbye', until: 'end' },
      { type: 'hangs-up' },
    ],
  });
  const id = leg(caller);
  const begun = time.now();
  await time.runFor(10);
  void exchange.execute({ type: 'answer', leg: id });
  void exchange.execute({
    type: 'play',
    leg: id,
    playback: asPlaybackId('p1'),
    media: [{ type: 'file', path: 'menu' }],
  });
  await time.runUntilTrue(() => events.some(({ type }) => type === 'key.pressed'), begun + 5_000);
  void exchange.execute({ type: 'stop-playback', leg: id, playback: asPlaybackId('p1') });
  void exchange.execute({
    type: 'play',
    leg: id,
    playback: asPlaybackId('p2'),
    media: [{ type: 'file', path: 'goodbye' }],
  });
  await time.runUntilIdle();
  t.same(
    caller.heard.map(({ sound, from, to, cut }) => [
      sound.type === 'file' && sound.path,
      (to ?? 0) - from,
      cut,
    ]),
    [
      ['menu', 402, true],
      ['goodbye', 1_000, false],
    ],
  );
  t.equal(caller.run?.state, 'finished');
  t.same(
    events.map(({ type }) => type),
    ['link.ready', 'leg.arrived', 'key.pressed', 'playback.finished', 'playback.finished', 'leg.ended'],
  );
  t.same(simulator.inventory().legs, []);
});

t.test('thousands of calls a second', async (t) => {
  const { time, simulator, exchange, events } = await startedSimulator();
  const calls = 2_000;
  const began = performance.now();
  const observed = simulator.observe((truth) => {
    if (truth.type !== 'event' || truth.event.type !== 'leg.arrived') return;
    const { leg } = truth.event;
    void exchange.execute({ type: 'answer', leg });
    void exchange.execute({
      type: 'play',
      leg,
      playback: asPlaybackId(leg),
      media: [{ type: 'file', path: 'menu' }],
    });
  });
  for (let nth = 0; nth < calls; nth++) {
    time.at(time.now() + nth * 10, () =>
      simulator.dial({
        called: '1',
        script: [
          { type: 'hears', sound: 'menu' },
          { type: 'presses', keys: '12' },
          { type: 'waits', ms: 2_000 },
          { type: 'hangs-up' },
        ],
      }),
    );
  }
  await time.runUntilIdle();
  observed();
  const seconds = (performance.now() - began) / 1_000;
  t.equal(events.filter(({ type }) => type === 'leg.ended').length, calls);
  t.equal(events.filter(({ type }) => type === 'key.pressed').length, 2 * calls);
  t.comment(`${Math.round(calls / seconds)} calls a second`);
});
