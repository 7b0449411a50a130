import type { HangUpReason } from '../../../src/telephony/port.js';
import type { ContractCase } from './stage.js';

/** Reason, Q.850 cause, SIP status that the caller is told. */
const rejections: readonly (readonly [HangUpReason, number, number])[] = [
  ['normal', 16, 603],
  ['busy', 17, 486],
  ['congestion', 34, 503],
  ['no-answer', 19, 480],
  ['rejected', 21, 403],
  ['unallocated', 1, 404],
];

/** Ends. */
export const hangUpCases: readonly ContractCase[] = [
  {
    name: 'we end a leg: the caller is cut off, and the leg ends once',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      const { cause } = await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      s.equal(cause.q850, 16, 'the cause');
      await s.until('the caller is cut off', () => far.state === 'over');
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived', 'leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'a caller hangs up: the leg ends once, with the cause of a normal end',
    async run(s) {
      const { leg, far } = await s.talks();
      far.hangUp();
      const { cause } = await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      s.equal(cause, { q850: 16, sip: null }, 'the cause');
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived', 'leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'each reason of a rejection reaches the caller as its own status',
    async run(s) {
      await Promise.all(
        rejections.map(async ([reason, q850, sip]) => {
          const { leg, far } = await s.arrives();
          await s.done({ type: 'hang-up', leg, reason });
          const { cause } = await s.event(leg, 'leg.ended', { withinMs: 3_000 });
          s.equal(cause.q850, q850, `the cause of a leg ended as ${reason}`);
          await s.until('the caller is told', () => far.state === 'over');
          s.equal(far.cause?.sip, sip, `what the caller of a leg ended as ${reason} is told`);
        }),
      );
    },
  },
  {
    name: 'ending a leg that is over, or never was, is done',
    async run(s) {
      const { leg, far } = await s.talks();
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      await s.done({ type: 'hang-up', leg: s.legId(), reason: 'busy' });
      await s.quiet();
      s.equal(s.events(leg, 'leg.ended').length, 1, 'times ended');
    },
  },
  {
    name: 'nothing comes after the end of a leg',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.plays(leg, s.world.media.long);
      far.press('123456');
      await s.event(leg, 'key.pressed', { nth: 2 });
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.passes(2_000);
      s.equal(s.story(leg).at(-1), 'leg.ended', 'the last event');
    },
  },
  {
    name: 'a leg that is over is not listed',
    async run(s) {
      const { leg, far } = await s.talks();
      s.expect((await s.listed(leg)) !== undefined, 'a live leg is listed');
      far.hangUp();
      await s.event(leg, 'leg.ended');
      s.expect((await s.listed(leg)) === undefined, 'it is not listed any more');
    },
  },
  {
    name: 'nothing can be done with a leg that is over',
    async run(s) {
      const { leg, far } = await s.talks();
      far.hangUp();
      await s.event(leg, 'leg.ended');
      const media = [{ type: 'file', path: s.world.media.short }] as const;
      await s.refused({ type: 'play', leg, playback: s.playbackId(), media }, 'no-such-leg');
      await s.refused({ type: 'start-music', leg }, 'no-such-leg');
      await s.refused({ type: 'bridge', bridge: s.bridgeId(), legs: [leg] }, 'no-such-leg');
    },
  },
  {
    name: 'the end of a leg does not wait for prompts',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.plays(leg, s.world.media.long);
      await s.plays(leg, s.world.media.long);
      await s.until('the caller hears it', () => far.hears);
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      await s.until('the caller is cut off', () => far.state === 'over', 3_000);
    },
  },
  {
    name: 'the end of a leg does not wait for a recording, which is kept',
    async run(s) {
      const { leg, far } = await s.talks();
      const recording = s.recordingId();
      far.speak(3_000);
      await s.done({ type: 'record', leg, recording, maxMs: 60_000, silenceMs: 0, beep: false });
      await s.passes(1_000);
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      s.equal(s.story(leg), ['leg.arrived', 'recording.finished', 'leg.ended'], 'the story of the leg');
    },
  },
];
