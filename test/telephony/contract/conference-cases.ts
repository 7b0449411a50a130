import type { BridgeId } from '../../../src/base/index.js';
import type { Call, ContractCase, Stage } from './stage.js';

async function together(s: Stage, ...calls: readonly Call[]): Promise<BridgeId> {
  const bridge = s.bridgeId();
  await s.done({ type: 'bridge', bridge, legs: calls.map(({ leg }) => leg) });
  return bridge;
}

async function members(s: Stage, bridge: BridgeId): Promise<readonly string[] | undefined> {
  const { bridges } = await s.engine.exchange.inventory();
  const legs = bridges.find((entry) => entry.bridge === bridge)?.legs;
  return legs && [...legs].sort();
}

/** One speaks, and the others hear it. */
async function hear(s: Stage, one: Call, ...others: readonly Call[]): Promise<void> {
  await s.until('it is silent', () => others.every(({ far }) => !far.hears));
  one.far.speak(2_500);
  await s.until('the others hear it', () => others.every(({ far }) => far.hearsSpeech), 5_000);
}

async function holdAndBack(s: Stage, caller: Call, phone: Call): Promise<void> {
  await hear(s, phone, caller);
  phone.far.hold();
  await s.event(phone.leg, 'leg.held');
  phone.far.speak(2_500);
  await s.until('the caller hears music', () => caller.far.hears && !caller.far.hearsSpeech);
  await s.passes(1_000);
  s.expect(!caller.far.hearsSpeech, 'nothing of the phone is heard');
  phone.far.unhold();
  await s.event(phone.leg, 'leg.unheld');
  await s.until('the music ends', () => !caller.far.hears || caller.far.hearsSpeech);
  await hear(s, phone, caller);
  await hear(s, caller, phone);
}

/** Legs that join and leave, and phones that hold. */
export const conferenceCases: readonly ContractCase[] = [
  {
    name: 'a third joins two who talk: all hear each other, and who was there stays',
    async run(s) {
      const [one, other, third] = await Promise.all([s.talks(), s.talks(), s.talks()]);
      const bridge = await together(s, one, other);
      await s.done({ type: 'join-bridge', bridge, leg: third.leg });
      s.equal(await members(s, bridge), [one.leg, other.leg, third.leg].sort(), 'who is in the bridge');
      await hear(s, third, one, other);
      await hear(s, one, other, third);
    },
  },
  {
    name: 'who joins a bridge has its prompts and music ended',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = await together(s, one);
      const playback = await s.plays(other.leg, s.world.media.long);
      await s.done({ type: 'join-bridge', bridge, leg: other.leg });
      await s.finished(other.leg, playback, 2_000);
    },
  },
  {
    name: 'nobody joins a bridge that is not there',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      await s.refused({ type: 'join-bridge', bridge: s.bridgeId(), leg: one.leg }, 'no-such-bridge');
      const bridge = await together(s, other);
      await s.done({ type: 'unbridge', bridge });
      await s.refused({ type: 'join-bridge', bridge, leg: one.leg }, 'no-such-bridge');
    },
  },
  {
    name: 'who is not answered, or not there, does not join',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.arrives()]);
      const bridge = await together(s, one);
      await s.refused({ type: 'join-bridge', bridge, leg: other.leg }, 'not-answered');
      await s.refused({ type: 'join-bridge', bridge, leg: s.legId() }, 'no-such-leg');
    },
  },
  {
    name: 'who leaves a bridge lives on alone, is played to, and may come back; the others talk on',
    async run(s) {
      const [one, other, third] = await Promise.all([s.talks(), s.talks(), s.talks()]);
      const bridge = await together(s, one, other, third);
      await s.done({ type: 'leave-bridge', bridge, leg: one.leg });
      s.equal(await members(s, bridge), [other.leg, third.leg].sort(), 'who is left');
      await hear(s, other, third);
      s.expect(!one.far.hears, 'who left hears nothing of it');
      await s.finished(one.leg, await s.plays(one.leg, s.world.media.short));
      await s.done({ type: 'join-bridge', bridge, leg: one.leg });
      s.equal(await members(s, bridge), [one.leg, other.leg, third.leg].sort(), 'who is in it again');
      await hear(s, other, one, third);
    },
  },
  {
    name: 'music that is commanded together with leaving a bridge is heard',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = await together(s, one, other);
      const left = s.done({ type: 'leave-bridge', bridge, leg: one.leg });
      await s.done({ type: 'start-music', leg: one.leg });
      await left;
      await s.until('it hears music', () => one.far.hears);
      await s.passes(1_000);
      await s.until('it still does', () => one.far.hears);
    },
  },
  {
    name: 'a bridge that the last one leaves is over',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = await together(s, one, other);
      await s.done({ type: 'leave-bridge', bridge, leg: one.leg });
      await s.done({ type: 'leave-bridge', bridge, leg: other.leg });
      await s.quiet();
      s.equal(await members(s, bridge), undefined, 'the bridge in the inventory');
      await s.refused({ type: 'bridge', bridge, legs: [one.leg] }, 'duplicate');
      s.equal([one.far.state, other.far.state], ['talking', 'talking'], 'the callers');
    },
  },
  {
    name: 'a bridge that the last one leaves for another is over',
    async run(s) {
      const one = await s.talks();
      const bridge = await together(s, one);
      await together(s, one);
      await s.quiet();
      s.equal(await members(s, bridge), undefined, 'the first bridge in the inventory');
    },
  },
  {
    name: 'leaving a bridge that is over, or that one is not in, is done; one that never was is refused',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const bridge = await together(s, one);
      await s.done({ type: 'leave-bridge', bridge, leg: other.leg });
      await s.done({ type: 'leave-bridge', bridge, leg: s.legId() });
      s.equal(await members(s, bridge), [one.leg], 'who is in it');
      await s.done({ type: 'unbridge', bridge });
      await s.done({ type: 'leave-bridge', bridge, leg: one.leg });
      await s.refused({ type: 'leave-bridge', bridge: s.bridgeId(), leg: one.leg }, 'no-such-bridge');
    },
  },
  {
    name: 'who is alone with a phone that holds hears music and nothing of the phone, until it takes the call back',
    async run(s) {
      const [caller, phone] = await Promise.all([s.talks(), s.pickedUp()]);
      await together(s, caller, phone);
      await holdAndBack(s, caller, phone);
    },
  },
  {
    name: 'music of a hold ends when the phone that holds hangs up',
    async run(s) {
      const [caller, phone] = await Promise.all([s.talks(), s.pickedUp()]);
      await together(s, caller, phone);
      phone.far.hold();
      await s.event(phone.leg, 'leg.held');
      await s.until('the caller hears music', () => caller.far.hears);
      phone.far.hangUp();
      await s.event(phone.leg, 'leg.ended');
      await s.until('the caller is in silence', () => !caller.far.hears);
      await s.passes(1_500);
      s.expect(!caller.far.hears, 'it stays silent');
    },
  },
  {
    name: 'music of a hold ends for who leaves the bridge, and begins again for who comes back',
    async run(s) {
      const [caller, phone] = await Promise.all([s.talks(), s.pickedUp()]);
      const bridge = await together(s, caller, phone);
      phone.far.hold();
      await s.event(phone.leg, 'leg.held');
      await s.until('the caller hears music', () => caller.far.hears);
      await s.done({ type: 'leave-bridge', bridge, leg: caller.leg });
      await s.until('the caller is in silence', () => !caller.far.hears);
      await s.passes(1_500);
      s.expect(!caller.far.hears, 'it stays silent');
      await s.done({ type: 'join-bridge', bridge, leg: caller.leg });
      await s.until('the caller hears music again', () => caller.far.hears && !caller.far.hearsSpeech);
    },
  },
  {
    name: 'a hold is the same in a bridge that is recorded',
    async run(s) {
      const [caller, phone] = await Promise.all([s.talks(), s.pickedUp()]);
      const bridge = await together(s, caller, phone);
      await s.done({ type: 'record-bridge', bridge, recording: s.recordingId(), maxMs: 60_000 });
      await holdAndBack(s, caller, phone);
    },
  },
];
