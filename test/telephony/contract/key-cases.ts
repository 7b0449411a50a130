import type { LegId } from '../../../src/base/index.js';
import type { ContractCase, Stage } from './stage.js';

const pressed = (s: Stage, leg: LegId): string =>
  s
    .events(leg, 'key.pressed')
    .map(({ key }) => key)
    .join('');

/** Keys. */
export const keyCases: readonly ContractCase[] = [
  {
    name: 'every key arrives once, in the order of pressing',
    async run(s) {
      const { leg, far } = await s.talks();
      far.press('0123456789*#ABCD');
      await s.event(leg, 'key.pressed', { nth: 16 });
      await s.quiet();
      s.equal(pressed(s, leg), '0123456789*#ABCD', 'the keys');
    },
  },
  {
    name: 'the same key pressed three times is three keys',
    async run(s) {
      const { leg, far } = await s.talks();
      far.press('111');
      await s.event(leg, 'key.pressed', { nth: 3 });
      await s.quiet();
      s.equal(pressed(s, leg), '111', 'the keys');
    },
  },
  {
    name: 'a key is told with its length',
    async run(s) {
      const { leg, far } = await s.talks();
      far.press('5');
      const { durationMs } = await s.event(leg, 'key.pressed');
      s.expect(durationMs >= 40 && durationMs <= 400, `a key of 100 ms is told as ${durationMs}`);
    },
  },
  {
    name: 'a key during a prompt is told at once and does not end the prompt',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.plays(leg, s.world.media.long);
      await s.until('the caller hears it', () => far.hears);
      far.press('7');
      await s.event(leg, 'key.pressed', { withinMs: 2_000 });
      await s.quiet();
      s.equal(s.events(leg, 'playback.finished'), [], 'playbacks finished');
    },
  },
  {
    name: 'keys during music are told',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'start-music', leg });
      await s.until('the caller hears music', () => far.hears);
      far.press('12');
      await s.event(leg, 'key.pressed', { nth: 2 });
      s.equal(pressed(s, leg), '12', 'the keys');
    },
  },
  {
    name: 'keys during a recording are told',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({
        type: 'record',
        leg,
        recording: s.recordingId(),
        maxMs: 60_000,
        silenceMs: 0,
        beep: false,
      });
      await s.passes(500);
      far.press('1#');
      await s.event(leg, 'key.pressed', { nth: 2 });
      s.equal(pressed(s, leg), '1#', 'the keys');
    },
  },
  {
    name: 'keys in a bridge are told, of both legs',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      await s.done({ type: 'bridge', bridge: s.bridgeId(), legs: [one.leg, other.leg] });
      one.far.press('12');
      other.far.press('34');
      await s.event(one.leg, 'key.pressed', { nth: 2 });
      await s.event(other.leg, 'key.pressed', { nth: 2 });
      s.equal(
        [pressed(s, one.leg), pressed(s, other.leg)],
        ['12', '34'],
        'the keys of the one and of the other',
      );
    },
  },
  {
    name: 'keys of a phone that we rang are told',
    async run(s) {
      const { leg, far } = await s.pickedUp();
      far.press('9*');
      await s.event(leg, 'key.pressed', { nth: 2 });
      s.equal(pressed(s, leg), '9*', 'the keys');
    },
  },
  {
    name: "two callers' keys are not mixed",
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      one.far.press('1357');
      other.far.press('2468');
      await s.event(one.leg, 'key.pressed', { nth: 4 });
      await s.event(other.leg, 'key.pressed', { nth: 4 });
      s.equal(
        [pressed(s, one.leg), pressed(s, other.leg)],
        ['1357', '2468'],
        'the keys of the one and of the other',
      );
    },
  },
];
