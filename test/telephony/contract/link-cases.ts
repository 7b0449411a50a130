import type { ContractCase, Engine, Stage } from './stage.js';

const linkEvents = ({ log }: Engine): readonly string[] =>
  log.flatMap(({ event }) => (event.type.startsWith('link.') ? [event.type] : []));

/** The engine goes, and another one comes. */
async function takeOver(s: Stage, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  await s.engine.exchange.close();
  await meanwhile();
  s.engine = s.newEngine();
  await s.engine.start();
}

/** The connection, and what lives on without it. */
export const linkCases: readonly ContractCase[] = [
  {
    name: 'the first that is told is that the link is ready, of the incarnation that the inventory shows',
    alone: true,
    async run(s) {
      const first = s.engine.log[0]?.event;
      s.equal(first?.type, 'link.ready', 'the first event');
      const { incarnation } = await s.engine.exchange.inventory();
      s.equal(first?.type === 'link.ready' && first.incarnation, incarnation, 'the incarnation');
    },
  },
  {
    name: 'legs live on without an engine, and the next one takes them over',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      const before = await s.listed(leg);
      await takeOver(s, () => s.passes(1_000));
      s.equal(far.state, 'talking', 'the caller');
      s.equal(await s.listed(leg), before, 'the leg in the inventory');
      await s.finished(leg, await s.plays(leg, s.world.media.short));
      far.hangUp();
      await s.event(leg, 'leg.ended');
      s.equal(s.story(leg), ['playback.finished', 'leg.ended'], 'what the next engine is told of the leg');
    },
  },
  {
    name: 'a phone that an engine was about to ring when it went rings for the next one, and once',
    alone: true,
    async run(s) {
      const phone = s.phone();
      const early = s.legId();
      const to = { type: 'phone', phone: phone.name } as const;
      void s.engine.exchange.execute({
        type: 'originate',
        leg: early,
        to,
        callerNumber: null,
        ringMs: 20_000,
      });
      await takeOver(s);
      // It rings or was never dialled: how far it came is not told.
      if ((await s.listed(early)) !== undefined)
        await s.done({ type: 'hang-up', leg: early, reason: 'normal' });
      await s.event(await s.rings(phone), 'leg.ringing');
      await s.quiet();
      const ringing = phone.calls.filter(({ state }) => state !== 'over');
      s.equal(ringing.length, 1, 'calls at the phone');
    },
  },
  {
    name: 'the incarnation stays the same when only the engine changes',
    alone: true,
    async run(s) {
      const before = (await s.engine.exchange.inventory()).incarnation;
      await takeOver(s);
      s.equal((await s.engine.exchange.inventory()).incarnation, before, 'the incarnation');
    },
  },
  {
    name: 'keys pressed while no engine is there are lost, later ones are told',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      await takeOver(s, async () => {
        far.press('11');
        await s.passes(1_500);
      });
      far.press('2');
      await s.event(leg, 'key.pressed');
      await s.quiet();
      s.equal(
        s.events(leg, 'key.pressed').map(({ key }) => key),
        ['2'],
        'the keys',
      );
    },
  },
  {
    name: 'a prompt goes on without an engine, and its end is told to the next one',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      const playback = await s.plays(leg, s.world.media.long);
      await s.until('the caller hears it', () => far.hears);
      await takeOver(s, () => s.passes(1_000));
      s.expect(far.hears, 'the caller still hears it');
      s.equal(await s.engine.exchange.playbackState(playback), 'live', 'the state');
      await s.done({ type: 'stop-playback', leg, playback });
      await s.finished(leg, playback);
    },
  },
  {
    name: 'a prompt that ends without an engine is gone for the next one',
    alone: true,
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, s.world.media.short);
      await takeOver(s, () => s.passes(s.world.media.shortMs + 1_000));
      s.equal(await s.engine.exchange.playbackState(playback), 'gone', 'the state');
      await s.quiet();
      s.equal(s.story(leg), [], 'what the next engine is told of the leg');
    },
  },
  {
    name: 'a recording goes on without an engine',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      const recording = s.recordingId();
      far.speak(5_000);
      await s.done({ type: 'record', leg, recording, maxMs: 60_000, silenceMs: 0, beep: false });
      await takeOver(s, () => s.passes(1_500));
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'live', 'the state');
      await s.done({ type: 'stop-recording', leg, recording });
      const { durationMs } = await s.event(leg, 'recording.finished');
      s.expect(durationMs > 1_000, `${durationMs} ms were recorded`);
    },
  },
  {
    name: 'two who talk go on without an engine',
    alone: true,
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.pickedUp()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      await takeOver(s, async () => {
        one.far.speak(4_000);
        await s.until('they still hear each other', () => other.far.hears, 4_000);
      });
      const { bridges } = await s.engine.exchange.inventory();
      const found = bridges.find((entry) => entry.bridge === bridge);
      s.equal(found && [...found.legs].sort(), [one.leg, other.leg].sort(), 'the legs of the bridge');
    },
  },
  {
    name: 'a phone that was ringing when the engine went is taken over',
    alone: true,
    async run(s) {
      const phone = s.phone();
      const leg = await s.rings(phone, 30_000);
      await s.event(leg, 'leg.ringing');
      await takeOver(s);
      s.equal((await s.listed(leg))?.state, 'ringing', 'the state of the leg');
      phone.calls[0]?.pickUp();
      await s.event(leg, 'leg.answered');
    },
  },
  {
    name: 'a leg that ended while no engine was there is not listed, and nothing is told of it',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      await takeOver(s, async () => {
        far.hangUp();
        await s.passes(1_500);
      });
      s.equal(await s.listed(leg), undefined, 'the leg in the inventory');
      await s.quiet();
      s.equal(s.story(leg), [], 'what the next engine is told of the leg');
    },
  },
  {
    name: 'a leg rung by an earlier engine is not rung again by the next one',
    alone: true,
    async run(s) {
      const phone = s.phone();
      const leg = await s.rings(phone, 30_000);
      await s.event(leg, 'leg.ringing');
      await takeOver(s);
      const to = { type: 'phone', phone: phone.name } as const;
      await s.refused({ type: 'originate', leg, to, callerNumber: null, ringMs: 20_000 }, 'duplicate');
      await s.quiet();
      s.equal(phone.calls.length, 1, 'calls at the phone');
    },
  },
  {
    name: 'an engine that is replaced is told, and its commands are of unknown fate',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      const old = s.engine;
      s.engine = s.newEngine();
      await s.engine.start();
      await s.until('the old engine is told', () => linkEvents(old).includes('link.replaced'));
      const outcome = await old.exchange.execute({ type: 'hang-up', leg, reason: 'normal' });
      s.equal(outcome.result, 'unknown', "the outcome of the old engine's command");
      await s.quiet();
      s.equal(far.state, 'talking', 'the caller');
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      await s.event(leg, 'leg.ended');
    },
  },
  {
    name: 'without a link commands are of unknown fate, and there is no inventory',
    alone: true,
    async run(s) {
      const { leg, far } = await s.talks();
      const { exchange } = s.engine;
      await exchange.close();
      const outcome = await exchange.execute({ type: 'hang-up', leg, reason: 'normal' });
      s.equal(outcome.result, 'unknown', 'the outcome');
      const code = await exchange.inventory().then(
        () => 'an inventory',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
      );
      s.equal(code, 'ONEDOOR_TELEPHONY_UNAVAILABLE', 'the answer to a question');
      await s.quiet();
      s.equal(far.state, 'talking', 'the caller');
    },
  },
];
