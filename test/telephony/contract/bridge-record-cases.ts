import type { BridgeId, RecordingId } from '../../../src/base/index.js';
import type { Call, ContractCase, EventOf, Stage } from './stage.js';

interface Recorded {
  readonly one: Call;
  readonly other: Call;
  readonly bridge: BridgeId;
  readonly recording: RecordingId;
}

/** Two who talk, and are recorded. */
async function record(s: Stage, maxMs = 60_000): Promise<Recorded> {
  const [one, other] = await Promise.all([s.talks(), s.talks()]);
  const bridge = s.bridgeId();
  await s.done({ type: 'bridge', bridge, legs: [one.leg, other.leg] });
  const recording = s.recordingId();
  await s.done({ type: 'record-bridge', bridge, recording, maxMs });
  return { one, other, bridge, recording };
}

const told = (s: Stage, recording: RecordingId): readonly EventOf<'bridge.recorded'>[] =>
  s.engine.log.flatMap(({ event }) =>
    event.type === 'bridge.recorded' && event.recording === recording ? [event] : [],
  );

async function recorded(s: Stage, recording: RecordingId, withinMs?: number): Promise<number> {
  await s.until('the bridge is recorded', () => told(s, recording).length > 0, withinMs);
  return told(s, recording)[0]?.durationMs ?? 0;
}

/** What is said in bridges. */
export const bridgeRecordCases: readonly ContractCase[] = [
  {
    name: 'a bridge is recorded until that is stopped, both sides of it, and talks on',
    async run(s) {
      const { one, other, bridge, recording } = await record(s);
      one.far.speak(2_500);
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'live', 'while it runs');
      await s.passes(2_000);
      await s.done({ type: 'stop-recording', leg: null, recording });
      const durationMs = await recorded(s, recording, 3_000);
      s.equal(told(s, recording)[0]?.bridge, bridge, 'the bridge');
      s.expect(durationMs > 1_200 && durationMs < 4_000, `2,000 ms of talk were recorded as ${durationMs}`);
      s.equal(
        await s.engine.exchange.recordingState(recording),
        { state: 'stored', durationMs },
        'when it is over',
      );
      await s.until('it is silent', () => !one.far.hears && !other.far.hears);
      other.far.speak(3_000);
      await s.until('they still hear each other', () => one.far.hears, 3_000);
      await s.done({ type: 'stop-recording', leg: null, recording });
      await s.quiet();
      s.equal(told(s, recording).length, 1, 'times told');
    },
  },
  {
    name: 'what was said in a bridge can be played back',
    async run(s) {
      const { one, other, bridge, recording } = await record(s);
      other.far.speak(2_500);
      await s.passes(2_000);
      await s.done({ type: 'stop-recording', leg: null, recording });
      await recorded(s, recording);
      await s.done({ type: 'unbridge', bridge });
      await s.until('it is silent', () => !one.far.hears);
      const playback = await s.plays(one.leg, { type: 'recording', recording });
      await s.until('who did not speak hears the other', () => one.far.hearsSpeech);
      await s.finished(one.leg, playback);
    },
  },
  {
    name: 'the recording of a bridge ends with the bridge, and is kept',
    async run(s) {
      const { one, other, recording } = await record(s);
      one.far.speak(1_500);
      await s.passes(1_500);
      one.far.hangUp();
      other.far.hangUp();
      s.expect((await recorded(s, recording)) > 500, 'something is kept');
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'stored', 'the state');
    },
  },
  {
    name: 'who leaves a bridge and comes back is recorded again, and who stays all the while',
    async run(s) {
      const { one, bridge, recording } = await record(s);
      await s.done({ type: 'leave-bridge', bridge, leg: one.leg });
      await s.passes(1_500);
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'live', 'with one of them');
      await s.done({ type: 'join-bridge', bridge, leg: one.leg });
      await s.done({ type: 'unbridge', bridge });
      s.expect((await recorded(s, recording)) > 1_000, 'it went on');
    },
  },
  {
    name: "a pause is left out of a bridge's recording",
    async run(s) {
      const { one, recording } = await record(s);
      one.far.speak(4_500);
      await s.passes(1_000);
      await s.done({ type: 'pause-recording', recording, on: true });
      await s.done({ type: 'pause-recording', recording, on: true });
      await s.passes(2_500);
      s.equal((await s.engine.exchange.recordingState(recording)).state, 'live', 'while it is paused');
      await s.done({ type: 'pause-recording', recording, on: false });
      await s.passes(1_000);
      await s.done({ type: 'stop-recording', leg: null, recording });
      const ms = await recorded(s, recording);
      s.expect(ms > 1_200 && ms < 4_000, `2,000 ms and a pause were recorded as ${ms}`);
    },
  },
  {
    name: 'the recording of a bridge ends by itself at its greatest length',
    async run(s) {
      const { one, recording } = await record(s, 2_000);
      one.far.speak(5_000);
      const ms = await recorded(s, recording, 6_000);
      s.expect(ms > 1_000 && ms < 3_500, `2,000 ms at most became ${ms}`);
    },
  },
  {
    name: 'a recording of a bridge is refused where there is no bridge, no length, or the id was used',
    async run(s) {
      const { bridge, recording } = await record(s);
      const order = { type: 'record-bridge', bridge, recording: s.recordingId(), maxMs: 60_000 } as const;
      await s.refused({ ...order, bridge: s.bridgeId() }, 'no-such-bridge');
      await s.refused({ ...order, maxMs: 999 }, 'invalid');
      await s.refused({ ...order, recording }, 'duplicate');
      await s.done({ type: 'unbridge', bridge });
      await s.refused(order, 'no-such-bridge');
    },
  },
  {
    name: 'pausing what is not recorded is refused',
    async run(s) {
      await s.refused({ type: 'pause-recording', recording: s.recordingId(), on: true }, 'no-such-recording');
      const { recording } = await record(s);
      await s.done({ type: 'stop-recording', leg: null, recording });
      await recorded(s, recording);
      await s.refused({ type: 'pause-recording', recording, on: false }, 'no-such-recording');
    },
  },
];
