import type { LegId, RecordingId } from '../../../src/base/index.js';
import type { TelephonyCommand } from '../../../src/telephony/port.js';
import type { ContractCase, Stage } from './stage.js';

type RecordOptions = Partial<
  Pick<Extract<TelephonyCommand, { type: 'record' }>, 'maxMs' | 'silenceMs' | 'beep'>
>;

const order = (leg: LegId, recording: RecordingId, options: RecordOptions = {}) =>
  ({ type: 'record', leg, recording, maxMs: 60_000, silenceMs: 0, beep: false, ...options }) as const;

async function record(s: Stage, leg: LegId, options: RecordOptions = {}): Promise<RecordingId> {
  const recording = s.recordingId();
  await s.done(order(leg, recording, options));
  return recording;
}

/** What callers leave. */
export const recordCases: readonly ContractCase[] = [
  {
    name: 'a recording is stopped, kept, and as long as it took',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(2_500);
      const recording = await record(s, leg);
      await s.passes(2_000);
      await s.done({ type: 'stop-recording', leg, recording });
      const finished = await s.event(leg, 'recording.finished', { withinMs: 3_000 });
      s.equal(finished.recording, recording, 'the recording');
      const ms = finished.durationMs;
      s.expect(ms > 1_200 && ms < 4_000, `2,000 ms of talk were recorded as ${ms}`);
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived', 'recording.finished'], 'the story of the leg');
    },
  },
  {
    name: 'a recording ends by itself at its greatest length',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(8_000);
      await record(s, leg, { maxMs: 2_000 });
      const { durationMs } = await s.event(leg, 'recording.finished', { withinMs: 5_000 });
      s.expect(durationMs > 1_000 && durationMs < 3_500, `2,000 ms at most became ${durationMs}`);
    },
  },
  {
    name: 'silence ends a recording that asks for it',
    async run(s) {
      const { leg, far } = await s.talks();
      const recording = await record(s, leg, { silenceMs: 1_000 });
      far.speak(1_000);
      const finished = await s.event(leg, 'recording.finished', { withinMs: 7_000 });
      s.equal(finished.recording, recording, 'the recording');
    },
  },
  {
    name: 'silence does not end a recording that does not ask for it',
    async run(s) {
      const { leg } = await s.talks();
      const recording = await record(s, leg);
      await s.passes(3_000);
      s.equal(s.events(leg, 'recording.finished'), [], 'recordings finished');
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'live', 'the state');
    },
  },
  {
    name: 'a beep is heard before a recording that asks for it',
    async run(s) {
      const { leg, far } = await s.talks();
      const recording = await record(s, leg, { beep: true });
      await s.until('the caller hears a beep', () => far.hears);
      await s.until('it is over', () => !far.hears);
      await s.done({ type: 'stop-recording', leg, recording });
      await s.event(leg, 'recording.finished');
    },
  },
  {
    name: 'what was recorded when the caller hangs up is kept, and told before the end of the leg',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(2_000);
      const recording = await record(s, leg);
      await s.passes(1_500);
      far.hangUp();
      await s.event(leg, 'leg.ended');
      s.equal(s.story(leg), ['leg.arrived', 'recording.finished', 'leg.ended'], 'the story of the leg');
      const { state, durationMs } = await s.engine.exchange.recordingState(recording);
      s.equal(state, 'stored', 'the state');
      s.expect(durationMs > 500, `${durationMs} ms are kept`);
    },
  },
  {
    name: 'what a phone that we rang said is kept when it hangs up, and told before the end of its leg',
    async run(s) {
      const { leg, far } = await s.pickedUp();
      far.speak(2_000);
      const recording = await record(s, leg);
      await s.passes(1_500);
      far.hangUp();
      await s.event(leg, 'leg.ended');
      s.equal(s.story(leg).slice(-2), ['recording.finished', 'leg.ended'], 'the end of the story of the leg');
      const { state, durationMs } = await s.engine.exchange.recordingState(recording);
      s.equal(state, 'stored', 'the state');
      s.expect(durationMs > 500, `${durationMs} ms are kept`);
    },
  },
  {
    name: 'what was said until we end a leg is kept, and told before its end',
    async run(s) {
      for (const { leg, far } of [await s.talks(), await s.pickedUp()]) {
        far.speak(2_000);
        const recording = await record(s, leg);
        await s.passes(1_500);
        await s.done({ type: 'hang-up', leg, reason: 'normal' });
        await s.event(leg, 'leg.ended');
        s.equal(s.story(leg).slice(-2), ['recording.finished', 'leg.ended'], 'the end of the story');
        s.equal((await s.engine.exchange.recordingState(recording)).state, 'stored', 'the state');
      }
    },
  },
  {
    name: 'a prompt waits for a running recording',
    async run(s) {
      const { leg, far } = await s.talks();
      const recording = await record(s, leg);
      const playback = await s.plays(leg, s.world.media.short);
      await s.passes(1_500);
      s.equal(s.events(leg, 'playback.finished'), [], 'playbacks finished while it records');
      s.expect(!far.hears, 'nothing is heard while it records');
      await s.done({ type: 'stop-recording', leg, recording });
      await s.finished(leg, playback);
      s.equal(s.story(leg).slice(1), ['recording.finished', 'playback.finished'], 'the order of their ends');
    },
  },
  {
    name: 'nothing is recorded of a leg that is not answered',
    async run(s) {
      const { leg } = await s.arrives();
      await s.refused(order(leg, s.recordingId()), 'not-answered');
    },
  },
  {
    name: 'nothing is recorded of a leg that never was',
    async run(s) {
      await s.refused(order(s.legId(), s.recordingId()), 'no-such-leg');
    },
  },
  {
    name: 'a recording is live, then stored with its length, then gone',
    async run(s) {
      const { leg, far } = await s.talks();
      const { exchange } = s.engine;
      far.speak(2_000);
      const recording = await record(s, leg);
      s.equal((await exchange.recordingState(recording)).state, 'live', 'while it runs');
      await s.passes(1_500);
      await s.done({ type: 'stop-recording', leg, recording });
      const { durationMs } = await s.event(leg, 'recording.finished');
      s.equal(await exchange.recordingState(recording), { state: 'stored', durationMs }, 'when it is over');
      await s.done({ type: 'discard-recording', recording });
      s.equal((await exchange.recordingState(recording)).state, 'gone', 'when it is discarded');
    },
  },
  {
    name: 'a recording that never was is gone',
    async run(s) {
      const state = await s.engine.exchange.recordingState(s.recordingId());
      s.equal(state, { state: 'gone', durationMs: 0 }, 'the state');
    },
  },
  {
    name: 'discarding a recording that is not there is done',
    async run(s) {
      await s.done({ type: 'discard-recording', recording: s.recordingId() });
    },
  },
  {
    name: 'stopping a recording that is over is done',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(1_000);
      const recording = await record(s, leg);
      await s.passes(800);
      await s.done({ type: 'stop-recording', leg, recording });
      await s.event(leg, 'recording.finished');
      await s.done({ type: 'stop-recording', leg, recording });
      await s.quiet();
      s.equal(s.events(leg, 'recording.finished').length, 1, 'times finished');
    },
  },
  {
    name: 'a recording can be played back',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(2_000);
      const recording = await record(s, leg);
      await s.passes(1_500);
      await s.done({ type: 'stop-recording', leg, recording });
      await s.event(leg, 'recording.finished');
      const began = s.now();
      const playback = await s.plays(leg, { type: 'recording', recording });
      await s.until('the caller hears it', () => far.hears);
      const { at, result } = await s.finished(leg, playback);
      s.equal(result, 'done', 'the result');
      s.expect(at - began > 700, `it was played for ${at - began} ms`);
    },
  },
  {
    name: 'the id of a recording is used once',
    async run(s) {
      const { leg, far } = await s.talks();
      far.speak(1_000);
      const recording = await record(s, leg);
      await s.passes(800);
      await s.done({ type: 'stop-recording', leg, recording });
      await s.event(leg, 'recording.finished');
      await s.refused(order(leg, recording), 'duplicate');
    },
  },
  {
    name: 'a length out of range is refused',
    async run(s) {
      const { leg } = await s.talks();
      await s.refused(order(leg, s.recordingId(), { maxMs: 999 }), 'invalid');
      await s.refused(order(leg, s.recordingId(), { maxMs: 3_600_001 }), 'invalid');
      await s.refused(order(leg, s.recordingId(), { silenceMs: -1 }), 'invalid');
    },
  },
];
