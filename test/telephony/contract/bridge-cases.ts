import type { ContractCase } from './stage.js';

/** Legs that talk with each other. */
export const bridgeCases: readonly ContractCase[] = [
  {
    name: 'two bridged legs hear each other',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.pickedUp()]);
      await s.done({ type: 'bridge', bridge: s.bridgeId(), legs: [one.leg, other.leg] });
      one.far.speak(4_000);
      await s.until('the phone hears the caller', () => other.far.hears, 4_000);
      await s.until('it is silent again', () => !other.far.hears && !one.far.hears);
      other.far.speak(4_000);
      await s.until('the caller hears the phone', () => one.far.hears, 4_000);
    },
  },
  {
    name: 'a bridge is listed with its legs',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      const { bridges } = await s.engine.exchange.inventory();
      const found = bridges.find((entry) => entry.bridge === bridge);
      s.equal(found && [...found.legs].sort(), [one.leg, other.leg].sort(), 'the legs of the bridge');
    },
  },
  {
    name: 'the end of a bridge leaves its legs alive, and apart',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      await s.done({ type: 'unbridge', bridge });
      one.far.speak(2_500);
      await s.passes(2_000);
      s.expect(!other.far.hears, 'they do not hear each other');
      s.equal([one.far.state, other.far.state], ['talking', 'talking'], 'the callers');
      const { bridges } = await s.engine.exchange.inventory();
      s.expect(!bridges.some((entry) => entry.bridge === bridge), 'the bridge is not listed');
      await s.finished(one.leg, await s.plays(one.leg, s.world.media.short));
      await s.finished(other.leg, await s.plays(other.leg, s.world.media.short));
    },
  },
  {
    name: 'a prompt that is commanded together with the end of a bridge is heard, and ends',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      for (let round = 0; round < 3; round++) {
        const bridge = s.bridgeId();
        await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
        // As an engine does it: the play is given before the end of the bridge is answered.
        const end = s.done({ type: 'unbridge', bridge });
        const playbacks = await Promise.all([one, other].map(({ leg }) => s.plays(leg, s.world.media.short)));
        await end;
        await s.until('both hear it', () => one.far.hears && other.far.hears);
        for (const [nth, { leg }] of [one, other].entries())
          await s.finished(leg, playbacks[nth] ?? s.playbackId());
      }
    },
  },
  {
    name: 'a leg that never was is not bridged',
    async run(s) {
      const { leg } = await s.talks();
      await s.refused({ type: 'bridge', bridge: s.bridgeId(), legs: [leg, s.legId()] }, 'no-such-leg');
    },
  },
  {
    name: 'a leg that is not answered is not bridged',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.arrives()]);
      await s.refused({ type: 'bridge', bridge: s.bridgeId(), legs: [one.leg, other.leg] }, 'not-answered');
      s.equal(other.far.state, 'calling', 'the caller who waits');
    },
  },
  {
    name: 'a bridge of nobody is refused',
    async run(s) {
      await s.refused({ type: 'bridge', bridge: s.bridgeId(), legs: [] }, 'invalid');
    },
  },
  {
    name: 'bridging the same legs again changes nothing',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const command = { type: 'bridge', bridge: s.bridgeId(), legs: [one.leg, other.leg] } as const;
      await s.done(command);
      await s.done(command);
      one.far.speak(4_000);
      await s.until('they hear each other', () => other.far.hears, 4_000);
      const { bridges } = await s.engine.exchange.inventory();
      s.equal(bridges.filter(({ legs }) => legs.includes(one.leg)).length, 1, 'bridges of the leg');
    },
  },
  {
    name: 'the id of a bridge is used once',
    async run(s) {
      const { leg } = await s.talks();
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [leg] });
      await s.done({ type: 'unbridge', bridge });
      await s.refused({ type: 'bridge', bridge, legs: [leg] }, 'duplicate');
    },
  },
  {
    name: 'ending a bridge that never was is refused, one that is over is done',
    async run(s) {
      const { leg } = await s.talks();
      const bridge = s.bridgeId();
      await s.refused({ type: 'unbridge', bridge }, 'no-such-bridge');
      await s.done({ type: 'bridge', bridge, legs: [leg] });
      await s.done({ type: 'unbridge', bridge });
      await s.done({ type: 'unbridge', bridge });
    },
  },
  {
    name: 'who hangs up leaves the bridge, the other lives on',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.pickedUp()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      other.far.hangUp();
      await s.event(other.leg, 'leg.ended');
      await s.quiet();
      s.equal(one.far.state, 'talking', 'the caller');
      s.equal(s.events(one.leg, 'leg.ended'), [], "ends of the caller's leg");
      const { bridges } = await s.engine.exchange.inventory();
      s.equal(bridges.find((entry) => entry.bridge === bridge)?.legs, [one.leg], 'who is left in the bridge');
      await s.done({ type: 'unbridge', bridge });
      await s.finished(one.leg, await s.plays(one.leg, s.world.media.short));
    },
  },
  {
    name: 'a bridge that all have left is over',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      one.far.hangUp();
      other.far.hangUp();
      await s.event(one.leg, 'leg.ended');
      await s.event(other.leg, 'leg.ended');
      await s.quiet();
      const { bridges } = await s.engine.exchange.inventory();
      s.expect(!bridges.some((entry) => entry.bridge === bridge), 'the bridge is not listed');
    },
  },
  {
    name: 'a bridge ends prompts and music of its legs',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const playback = await s.plays(one.leg, s.world.media.long);
      await s.done({ type: 'start-music', leg: other.leg });
      await s.until('both hear something', () => one.far.hears && other.far.hears);
      await s.done({ type: 'bridge', bridge: s.bridgeId(), legs: [one.leg, other.leg] });
      await s.finished(one.leg, playback, 2_000);
      await s.until('both are in silence', () => !one.far.hears && !other.far.hears);
    },
  },
  {
    name: 'a third leg joins, and who is in the bridge stays',
    async run(s) {
      const [one, other, third] = await Promise.all([s.talks(), s.talks(), s.talks()]);
      const bridge = s.bridgeId();
      await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
      await s.done({ type: 'bridge', bridge, legs: [third.leg] });
      const { bridges } = await s.engine.exchange.inventory();
      const found = bridges.find((entry) => entry.bridge === bridge);
      s.equal(
        found && [...found.legs].sort(),
        [one.leg, other.leg, third.leg].sort(),
        'the legs of the bridge',
      );
      third.far.speak(4_000);
      await s.until('both others hear the third', () => one.far.hears && other.far.hears, 4_000);
    },
  },
  {
    name: 'a leg moves from one bridge to another',
    async run(s) {
      const [one, other, third] = await Promise.all([s.talks(), s.talks(), s.talks()]);
      const [first, second] = [s.bridgeId(), s.bridgeId()];
      await s.done({ type: 'bridge', bridge: first, legs: [one.leg, other.leg] });
      await s.done({ type: 'bridge', bridge: second, legs: [one.leg, third.leg] });
      const { bridges } = await s.engine.exchange.inventory();
      s.equal(
        bridges.find(({ bridge }) => bridge === first)?.legs ?? [],
        [other.leg],
        'who is left in the first',
      );
      one.far.speak(4_000);
      await s.until('the third hears the one', () => third.far.hears, 4_000);
      s.expect(!other.far.hears, 'the other does not');
    },
  },
];
