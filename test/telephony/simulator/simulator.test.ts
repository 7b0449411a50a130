import t from 'tap';
import { asBridgeId, asLegId, asPlaybackId, asRecordingId } from '../../../src/base/index.js';
import { heardBy, legOf, startRig } from './kit.js';

t.test('a scripted caller reacts to what is heard, and it is written down what was heard', async (t) => {
  const { time, simulator, engine, execute, play } = await startRig();
  const caller = simulator.dial({
    called: '80077222',
    script: [
      { type: 'hears', sound: 'menu' },
      { type: 'waits', ms: 300 },
      { type: 'presses', keys: '1' },
      { type: 'hears', sound: 'goodbye', until: 'end' },
      { type: 'waits', ms: 500 },
      { type: 'hangs-up' },
    ],
  });
  const leg = legOf(caller);
  await execute({ type: 'answer', leg });
  const menu = await play(leg, 'menu');
  await time.runUntilTrue(() => engine.types().includes('key.pressed'), time.now() + 5_000);
  await execute({ type: 'stop-playback', leg, playback: menu });
  await play(leg, 'goodbye');
  await time.runUntilIdle();
  t.same(heardBy(caller), [
    ['menu', 402, true],
    ['goodbye', 1_000, false],
  ]);
  t.equal(caller.run?.state, 'finished');
  t.same(engine.types(), [
    'link.ready',
    'leg.arrived',
    'key.pressed',
    'playback.finished',
    'playback.finished',
    'leg.ended',
  ]);
  t.same(simulator.inventory().legs, []);
});

t.test('a scripted caller who does not hear what it waits for hangs up', async (t) => {
  const { time, simulator, execute, play } = await startRig();
  const caller = simulator.dial({
    called: '1',
    script: [
      { type: 'awaits-answer' },
      { type: 'hears', sound: 'menu', withinMs: 5_000 },
      { type: 'presses', keys: '1' },
    ],
  });
  await execute({ type: 'answer', leg: legOf(caller) });
  await play(legOf(caller), 'music');
  const began = time.now();
  await time.runUntilIdle();
  t.equal(caller.run?.state, 'failed');
  t.equal(caller.run?.done, 1);
  t.equal(caller.ending?.by, 'party');
  t.ok((caller.ending?.at ?? 0) - began <= 5_000);
});

t.test('a sound counts once for a script, also one that began before it was waited for', async (t) => {
  const { time, simulator, execute, play } = await startRig();
  const caller = simulator.dial({
    called: '1',
    script: [
      { type: 'hears', sound: 'menu' },
      { type: 'waits', ms: 4_000 },
      { type: 'hears', sound: 'menu' },
      { type: 'hears', sound: 'menu', withinMs: 2_000, otherwise: 'goes-on' },
      { type: 'speaks', ms: 100 },
    ],
  });
  await execute({ type: 'answer', leg: legOf(caller) });
  await play(legOf(caller), 'menu');
  await play(legOf(caller), 'menu');
  await time.runFor(5_000);
  t.equal(caller.run?.done, 3);
  await time.runFor(5_000);
  t.equal(caller.run?.state, 'finished');
});

t.test('a recording can be asked for, and lasts while somebody speaks', async (t) => {
  const { time, simulator, execute, engine } = await startRig();
  const caller = simulator.dial({
    called: '1',
    script: [
      { type: 'waits', ms: 1_000 },
      { type: 'speaks', ms: 3_000 },
    ],
  });
  const [leg, recording] = [legOf(caller), asRecordingId('r1')];
  await execute({ type: 'answer', leg });
  await execute({ type: 'record', leg, recording, maxMs: 60_000, silenceMs: 2_000, beep: true });
  await time.runFor(20_000);
  t.same(engine.types().slice(-1), ['recording.finished']);
  const stored = simulator.stored(recording) ?? 0;
  t.ok(stored > 5_000 && stored < 6_000, `${stored} ms`);
  t.same(heardBy(caller), [['tone', 250, false]]);
});

t.test('an engine that dies leaves the calls alive, the next one finds them', async (t) => {
  const { time, simulator, engine, execute, play, settle, connect } = await startRig();
  const caller = simulator.dial({ called: '80077222', caller: { number: '+96891234567' } });
  const leg = legOf(caller);
  await execute({ type: 'answer', leg });
  const long = await play(leg, 'long');
  const heard = engine.events.length;
  simulator.detach();
  let settled = false;
  void engine.exchange.execute({ type: 'hang-up', leg, reason: 'normal' }).then(() => {
    settled = true;
  });
  caller.press('12');
  await time.runFor(3_000);
  t.equal(engine.events.length, heard, 'the dead hear nothing');
  t.equal(settled, false, 'what the dead awaited never settles');
  t.equal(caller.state, 'talking');

  const turnedAway = simulator.dial({ called: '80077222' });
  t.equal(turnedAway.leg, null);
  await time.runFor(10_000);
  t.same(heardBy(turnedAway), [['engine-away', 4_000, true]]);

  const next = await connect();
  t.same(next.types(), ['link.ready'], 'nothing of the gap is told');
  const { legs } = await settle(next.exchange.inventory());
  t.same(
    legs.map(({ leg: id, state, called, caller: who }) => [id, state, called, who.number]),
    [[leg, 'answered', '80077222', '+96891234567']],
  );
  t.equal(await settle(next.exchange.playbackState(long)), 'live');
  await time.runFor(20_000);
  t.same(next.types(), ['link.ready', 'playback.finished']);
  t.equal(await settle(next.exchange.playbackState(long)), 'gone');
});

t.test('a command that was under way when the engine died is carried out', async (t) => {
  const { time, simulator, engine } = await startRig();
  const caller = simulator.dial({ called: '1' });
  void engine.exchange.execute({ type: 'answer', leg: legOf(caller) });
  simulator.detach();
  await time.runFor(100);
  t.equal(caller.state, 'talking');
});

t.test('with a fault it is lost', async (t) => {
  const { time, simulator, engine } = await startRig({ faults: { lostInFlight: 1 } });
  const caller = simulator.dial({ called: '1' });
  void engine.exchange.execute({ type: 'answer', leg: legOf(caller) });
  simulator.detach();
  await time.runFor(100);
  t.equal(caller.state, 'calling');
});

t.test(
  'a link that goes down: commands are of unknown fate, and what happens meanwhile is never told',
  async (t) => {
    const { time, simulator, engine, execute, settle } = await startRig();
    const caller = simulator.dial({ called: '1' });
    await execute({ type: 'answer', leg: legOf(caller) });
    const underWay = engine.exchange.execute({ type: 'start-music', leg: legOf(caller) });
    simulator.loseLink();
    t.equal((await settle(underWay)).result, 'unknown');
    t.equal((await execute({ type: 'hang-up', leg: legOf(caller), reason: 'normal' })).result, 'unknown');
    await t.rejects(settle(engine.exchange.inventory()), { code: 'ONEDOOR_TELEPHONY_UNAVAILABLE' });
    caller.press('1');
    await time.runFor(1_000);
    simulator.restoreLink();
    await time.runFor(100);
    caller.press('2');
    await time.runFor(1_000);
    t.same(engine.types(), ['link.ready', 'leg.arrived', 'link.lost', 'link.ready', 'key.pressed']);
    t.same(heardBy(caller).at(-1), ['music', null, false], 'the command under way was carried out');
  },
);

t.test('a link that breaks unnoticed: callers are sent to nobody, until it is noticed', async (t) => {
  const { time, simulator, engine } = await startRig({ faults: { halfOpen: 1 } });
  simulator.loseLink();
  const caller = simulator.dial({ called: '1' });
  t.not(caller.leg, null);
  await time.runFor(4_000);
  t.same(engine.types(), ['link.ready', 'link.lost']);
  t.equal(simulator.dial({ called: '1' }).leg, null);
  simulator.restoreLink();
  await time.runFor(100);
  t.same(
    simulator.inventory().legs.map(({ leg }) => leg),
    [caller.leg],
    'the caller still waits',
  );
});

t.test('an exchange that dies takes all legs with it, and comes back as another', async (t) => {
  const { time, simulator, engine, execute, play, settle } = await startRig();
  const caller = simulator.dial({ called: '1' });
  const leg = legOf(caller);
  await execute({ type: 'answer', leg });
  await play(leg, 'long');
  const before = (await settle(engine.exchange.inventory())).incarnation;
  simulator.restart(1_500);
  t.equal(caller.state, 'over');
  t.equal(caller.ending?.by, 'exchange');
  t.equal(simulator.dial({ called: '1' }).leg, null);
  await time.runFor(1_000);
  t.same(engine.types(), ['link.ready', 'leg.arrived', 'link.lost']);
  await time.runFor(1_000);
  const last = engine.events.at(-1);
  const after = await settle(engine.exchange.inventory());
  t.equal(last?.type === 'link.ready' && last.incarnation, after.incarnation);
  t.not(after.incarnation, before);
  t.same([after.legs, after.bridges], [[], []]);
});

t.test('faults come from the seed: the same one, the same run', async (t) => {
  const run = async (seed: number) => {
    const faults = { unknown: 0.2, refused: 0.1, slow: 0.2, jitterMs: 20 };
    const { time, simulator, engine } = await startRig({ seed, faults });
    const outcomes: string[] = [];
    simulator.phone('desk').will({ type: 'answers', afterMs: 1_000 });
    for (let nth = 0; nth < 20; nth++) {
      const caller = simulator.dial({
        called: '1',
        script: [{ type: 'waits', ms: 9_000 }, { type: 'hangs-up' }],
      });
      const leg = legOf(caller);
      const told = (type: string) => (outcome: { result: string }) => {
        outcomes.push(`${time.now()} ${nth} ${type} ${outcome.result}`);
      };
      void engine.exchange.execute({ type: 'answer', leg }).then(told('answer'));
      const media = [{ type: 'file', path: 'menu' }] as const;
      void engine.exchange
        .execute({ type: 'play', leg, playback: asPlaybackId(`p${nth}`), media })
        .then(told('play'));
    }
    await time.runUntilIdle();
    return { outcomes, events: engine.types() };
  };
  const [one, again, other] = [await run(1), await run(1), await run(2)];
  t.same(one, again);
  t.notSame(one, other);
  for (const result of ['done', 'refused', 'unknown']) {
    t.ok(
      one.outcomes.some((line) => line.endsWith(result)),
      `some are ${result}`,
    );
  }
  t.equal(one.outcomes.length, 40, 'every command is settled');
});

t.test('with jitter, the outcome of a command and its events come in either order', async (t) => {
  const { time, simulator, engine } = await startRig({ seed: 3, faults: { jitterMs: 10 } });
  const order = new Set<string>();
  for (let nth = 0; nth < 40; nth++) {
    const leg = legOf(simulator.dial({ called: '1' }));
    await time.runFor(50);
    const before = engine.events.length;
    void engine.exchange
      .execute({ type: 'hang-up', leg, reason: 'normal' })
      .then(() => order.add(engine.events.length > before ? 'event first' : 'outcome first'));
    await time.runFor(50);
  }
  t.equal(order.size, 2);
});

t.test('phones: each behaviour ends as it does in the field', async (t) => {
  const { time, simulator, engine, execute } = await startRig();
  const desk = simulator.phone('desk');
  const ring = async (nth: number) => {
    const to = { type: 'phone', phone: 'desk' } as const;
    const leg = asLegId(`out-${nth}`);
    await execute({ type: 'originate', leg, to, callerNumber: null, ringMs: 5_000 });
    await time.runFor(10_000);
    return engine.events
      .filter((event) => 'leg' in event && event.leg === leg)
      .map((event) => (event.type === 'leg.ended' ? `${event.cause.q850}/${event.cause.sip}` : event.type));
  };
  desk.will({ type: 'rejects', afterMs: 500 });
  t.same(await ring(1), ['leg.ringing', '21/403']);
  desk.will({ type: 'is-busy' });
  t.same(await ring(2), ['17/486']);
  desk.will({ type: 'is-congested' });
  t.same(await ring(3), ['34/503']);
  desk.will({ type: 'rings-out' });
  t.same(await ring(4), ['leg.ringing', '19/480']);
  desk.will({ type: 'answers', afterMs: 500, script: [{ type: 'waits', ms: 2_000 }, { type: 'hangs-up' }] });
  t.same(await ring(5), ['leg.ringing', 'leg.answered', '16/null']);
  desk.will({ type: 'answers', afterMs: 6_000 });
  t.same(await ring(6), ['leg.ringing', '19/480'], 'too late');
  desk.unregister();
  const refused = await execute({
    type: 'originate',
    leg: asLegId('out-7'),
    to: { type: 'phone', phone: 'desk' },
    callerNumber: null,
    ringMs: 5_000,
  });
  t.match(refused, { result: 'refused', why: 'unreachable' });
  t.equal(desk.calls.length, 4, 'a busy and a congested phone never rang');
});

t.test('a number outside is rung over a trunk', async (t) => {
  const { time, simulator, engine, execute } = await startRig();
  simulator.number('+96824123456').will({ type: 'answers', afterMs: 100 });
  const to = { type: 'number', number: '+96824123456', trunk: 'loopback' } as const;
  await execute({ type: 'originate', leg: asLegId('out'), to, callerNumber: '+96880077222', ringMs: 5_000 });
  await time.runFor(1_000);
  t.same(engine.types(), ['link.ready', 'leg.ringing', 'leg.answered']);
  t.equal(simulator.number('+96824123456').calls[0]?.shown, '+96880077222');
});

t.test('who is bridged hears talk, until the bridge ends', async (t) => {
  const { time, simulator, execute } = await startRig();
  const [one, other] = [simulator.dial({ called: '1' }), simulator.dial({ called: '1' })];
  for (const party of [one, other]) await execute({ type: 'answer', leg: legOf(party) });
  const bridge = asBridgeId('b');
  await execute({ type: 'bridge', bridge, legs: [legOf(one), legOf(other)] });
  const began = time.now();
  await time.runFor(2_000);
  await execute({ type: 'unbridge', bridge });
  t.same(
    heardBy(one).map(([what]) => what),
    ['talk'],
  );
  t.ok((one.heard[0]?.to ?? 0) - began >= 2_000);
});

t.test('thousands of calls a second', async (t) => {
  const { time, simulator, engine } = await startRig();
  const calls = 500;
  const { exchange, events } = engine;
  simulator.observe((truth) => {
    if (truth.type !== 'event' || truth.event.type !== 'leg.arrived') return;
    const { leg } = truth.event;
    void exchange.execute({ type: 'answer', leg });
    const media = [{ type: 'file', path: 'menu' }] as const;
    void exchange.execute({ type: 'play', leg, playback: asPlaybackId(leg), media });
  });
  const began = performance.now();
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
  t.comment(`${Math.round((calls * 1_000) / (performance.now() - began))} calls a second`);
  t.equal(events.filter(({ type }) => type === 'leg.ended').length, calls);
  t.equal(events.filter(({ type }) => type === 'key.pressed').length, 2 * calls);
});
