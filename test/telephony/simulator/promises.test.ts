/** Whatever callers, phones and the engine do, and whatever goes wrong on the way: the port's promises hold. */
import fc from 'fast-check';
import t from 'tap';
import {
  asBridgeId,
  asLegId,
  asPlaybackId,
  asRecordingId,
  type BridgeId,
  type LegId,
  type PlaybackId,
  type RecordingId,
} from '../../../src/base/index.js';
import type {
  CommandOutcome,
  MediaItem,
  TelephonyCommand,
  TelephonyEvent,
} from '../../../src/telephony/port.js';
import type { Faults, Party, PhoneBehaviour } from '../../../src/telephony/simulator/index.js';
import { legOf, type Rig, startRig } from './kit.js';

/** One thing that happens. `leg` and the like count from the oldest, round and round. */
type Act =
  | { readonly type: 'dial' }
  | {
      readonly type: 'party';
      readonly leg: number;
      readonly does: 'hangs-up' | 'speaks' | 'holds' | 'unholds' | 'transfers' | 'picks-up' | 'rejects';
    }
  | { readonly type: 'keys'; readonly leg: number; readonly keys: string }
  | { readonly type: 'phone'; readonly behaviour: PhoneBehaviour }
  | {
      readonly type: 'command';
      readonly command: Kind;
      readonly leg: number;
      readonly other: number;
      readonly media: readonly MediaItem[];
    }
  | { readonly type: 'waits'; readonly ms: number };

const kinds = [
  'answer',
  'play',
  'stop-playback',
  'record',
  'stop-recording',
  'discard-recording',
  'record-bridge',
  'pause-recording',
  'originate',
  'bridge',
  'join-bridge',
  'leave-bridge',
  'unbridge',
  'start-music',
  'stop-music',
  'answer-transfer',
  'hang-up',
] as const satisfies readonly TelephonyCommand['type'][];
type Kind = (typeof kinds)[number];

const index = fc.nat(9);
const item = fc.oneof<fc.Arbitrary<MediaItem>[]>(
  fc.constantFrom('menu', 'gone', 'long').map((path) => ({ type: 'file', path })),
  fc.nat(2_000).map((ms) => ({ type: 'silence', ms })),
  fc.constantFrom('ringing' as const, 'beep' as const).map((tone) => ({ type: 'tone', tone })),
  index.map((nth) => ({ type: 'recording', recording: asRecordingId(`r${nth}`) })),
);
const behaviour = fc.oneof<fc.Arbitrary<PhoneBehaviour>[]>(
  fc.nat(3_000).map((afterMs) => ({
    type: 'answers',
    afterMs,
    script: [{ type: 'waits', ms: 4_000 }, { type: 'hangs-up' }],
  })),
  fc.nat(3_000).map((afterMs) => ({ type: 'answers', afterMs })),
  fc.nat(3_000).map((afterMs) => ({ type: 'rejects', afterMs })),
  fc.constantFrom({ type: 'rings-out' }, { type: 'is-busy' }, { type: 'is-congested' }),
);
const act = fc.oneof<{ arbitrary: fc.Arbitrary<Act>; weight: number }[]>(
  { weight: 2, arbitrary: fc.constant({ type: 'dial' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('party'),
      leg: index,
      does: fc.constantFrom('hangs-up', 'speaks', 'holds', 'unholds', 'transfers', 'picks-up', 'rejects'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('keys'),
      leg: index,
      keys: fc.stringMatching(/^[0-9*#A-D]{1,6}$/),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('phone'), behaviour }) },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('command'),
      command: fc.constantFrom(...kinds, 'answer' as const, 'play' as const, 'play' as const),
      leg: index,
      other: index,
      media: fc.array(item, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('waits'), ms: fc.nat(3_000) }) },
);
const faults = fc.constantFrom<Faults>(
  {},
  { jitterMs: 15 },
  { unknown: 0.2, slow: 0.2, jitterMs: 15 },
  { unknown: 0.1, refused: 0.2, slow: 0.1, jitterMs: 5 },
);

interface Played {
  readonly leg: LegId;
  readonly playback: PlaybackId;
  outcome: CommandOutcome['result'] | null;
}

interface Run {
  readonly rig: Rig;
  readonly legs: LegId[];
  readonly parties: Map<LegId, Party>;
  readonly pressed: Map<LegId, string>;
  readonly played: Played[];
  /** Of a bridge without a leg. */
  readonly recorded: { readonly leg: LegId | null; readonly recording: RecordingId }[];
  readonly bridges: BridgeId[];
  /** Recordings of bridges that were accepted. */
  readonly bridgeRecordings: RecordingId[];
  outcomes: number;
  commands: number;
}

const nothing = { other: 0, media: [] };
/** Two callers who are answered, so that there is something to do. */
const beginning: readonly Act[] = [
  { type: 'dial' },
  { type: 'dial' },
  { type: 'command', command: 'answer', leg: 0, ...nothing },
  { type: 'command', command: 'answer', leg: 1, ...nothing },
  { type: 'waits', ms: 100 },
];

/** Does all that is written, then lets everything come to rest. */
async function play(acts: readonly Act[], seed: number, wrong: Faults): Promise<Run> {
  const rig = await startRig({ seed, faults: wrong });
  const run: Run = {
    rig,
    legs: [],
    parties: new Map(),
    pressed: new Map(),
    played: [],
    recorded: [],
    bridges: [],
    bridgeRecordings: [],
    outcomes: 0,
    commands: 0,
  };
  for (const one of [...beginning, ...acts]) await perform(run, one);
  // What has no end of its own is ended, again and again: a command may be lost.
  for (let round = 0; round < 8; round++) {
    for (const { leg, playback } of run.played) send(run, { type: 'stop-playback', leg, playback });
    for (const { leg, recording } of run.recorded) send(run, { type: 'stop-recording', leg, recording });
    await rig.time.runFor(20_000);
  }
  return run;
}

async function perform(run: Run, one: Act): Promise<void> {
  const { rig, legs, parties } = run;
  const party = 'leg' in one ? parties.get(at(legs, one.leg) ?? asLegId('none')) : undefined;
  switch (one.type) {
    case 'dial': {
      const caller = rig.simulator.dial({ called: '1' });
      legs.push(legOf(caller));
      parties.set(legOf(caller), caller);
      return;
    }
    case 'party':
      if (one.does === 'hangs-up') party?.hangUp();
      if (one.does === 'speaks') party?.speak(1_500);
      if (one.does === 'holds') party?.hold();
      if (one.does === 'unholds') party?.unhold();
      if (one.does === 'transfers') party?.transfer('201', at(legs, one.leg + 1));
      if (one.does === 'picks-up') party?.pickUp();
      if (one.does === 'rejects') party?.reject();
      return;
    case 'keys':
      if (party === undefined || party.leg === null) return;
      party.press(one.keys);
      run.pressed.set(party.leg, (run.pressed.get(party.leg) ?? '') + one.keys);
      return;
    case 'phone':
      rig.simulator.phone('desk').will(one.behaviour);
      return;
    case 'command':
      return command(run, one);
    case 'waits':
      await rig.time.runFor(one.ms);
      for (const call of rig.simulator.phone('desk').calls) parties.set(legOf(call), call);
      return;
    default:
      one satisfies never;
  }
}

function command(
  run: Run,
  { command: type, leg: nth, other, media }: Extract<Act, { type: 'command' }>,
): void {
  const { legs, played, recorded, bridges } = run;
  const leg = at(legs, nth) ?? asLegId('none');
  switch (type) {
    case 'play': {
      const one: Played = { leg, playback: asPlaybackId(`p${played.length}`), outcome: null };
      played.push(one);
      return send(run, { type, leg, playback: one.playback, media }, ({ result }) => {
        one.outcome = result;
      });
    }
    case 'stop-playback':
      return send(run, { type, leg, playback: at(played, other)?.playback ?? asPlaybackId('none') });
    case 'record': {
      const recording = asRecordingId(`r${recorded.length}`);
      recorded.push({ leg, recording });
      return send(run, { type, leg, recording, maxMs: 5_000, silenceMs: other * 300, beep: other % 2 === 0 });
    }
    case 'stop-recording': {
      const stopped = at(recorded, other) ?? { leg, recording: asRecordingId('none') };
      return send(run, { type, ...stopped });
    }
    case 'record-bridge': {
      const recording = asRecordingId(`r${recorded.length}`);
      recorded.push({ leg: null, recording });
      return send(
        run,
        { type, bridge: at(bridges, other) ?? asBridgeId('none'), recording, maxMs: 5_000 },
        ({ result }) => {
          if (result === 'done') run.bridgeRecordings.push(recording);
        },
      );
    }
    case 'pause-recording':
      return send(run, {
        type,
        recording: at(recorded, other)?.recording ?? asRecordingId('none'),
        on: nth % 2 === 0,
      });
    case 'discard-recording':
      return send(run, { type, recording: at(recorded, other)?.recording ?? asRecordingId('none') });
    case 'originate': {
      const rung = other === 0 && legs.length > 0 ? leg : asLegId(`out-${legs.length}`);
      if (rung !== leg) legs.push(rung);
      return send(run, {
        type,
        leg: rung,
        to: { type: 'phone', phone: 'desk' },
        callerNumber: null,
        ringMs: 5_000,
      });
    }
    case 'bridge': {
      const bridge = other < 3 ? at(bridges, other) : undefined;
      const id = bridge ?? asBridgeId(`b${bridges.length}`);
      bridges.push(id);
      return send(run, { type, bridge: id, legs: [leg, at(legs, other) ?? leg] });
    }
    case 'join-bridge':
    case 'leave-bridge':
      return send(run, { type, leg, bridge: at(bridges, other) ?? asBridgeId('none') });
    case 'answer-transfer':
      return send(run, { type, leg, result: other % 2 === 0 ? 'trying' : 'declined' });
    case 'unbridge':
      return send(run, { type, bridge: at(bridges, other) ?? asBridgeId('none') });
    case 'hang-up':
      return send(run, { type, leg, reason: 'normal' });
    case 'answer':
    case 'start-music':
    case 'stop-music':
      return send(run, { type, leg });
    default:
      return void (type satisfies never);
  }
}

function send(
  run: Run,
  sent: TelephonyCommand,
  settled: (outcome: CommandOutcome) => void = () => undefined,
): void {
  run.commands++;
  void run.rig.engine.exchange.execute(sent).then((outcome) => {
    run.outcomes++;
    settled(outcome);
  });
}

function at<Item>(list: readonly Item[], nth: number): Item | undefined {
  return list[list.length === 0 ? 0 : nth % list.length];
}

/** Everything that the port promises of the events of a leg, and that is broken. */
function brokenStories(run: Run): string[] {
  const broken: string[] = [];
  const stories = new Map<LegId, TelephonyEvent[]>();
  for (const event of run.rig.engine.events) {
    if (!('leg' in event)) continue;
    const story = stories.get(event.leg) ?? [];
    story.push(event);
    stories.set(event.leg, story);
  }
  for (const [leg, story] of stories) {
    const count = (type: TelephonyEvent['type']): number =>
      story.filter((event) => event.type === type).length;
    const types = story.map(({ type }) => type);
    const first = types[0];
    const outbound = leg.startsWith('out-');
    if (!outbound && first !== 'leg.arrived') broken.push(`${leg} begins with ${first}`);
    for (const type of ['leg.arrived', 'leg.ringing', 'leg.answered', 'leg.ended'] as const) {
      if (count(type) > 1) broken.push(`${leg}: ${type} ${count(type)} times`);
    }
    if (outbound ? count('leg.arrived') > 0 : count('leg.answered') + count('leg.ringing') > 0) {
      broken.push(`${leg}: of the wrong direction: ${types.join(' ')}`);
    }
    const end = types.indexOf('leg.ended');
    if (end !== -1 && end !== types.length - 1)
      broken.push(`${leg}: after its end: ${types.slice(end + 1).join(' ')}`);
    const told = story.flatMap((event) => (event.type === 'key.pressed' ? [event.key] : []));
    if (!isWithin(told.join(''), run.pressed.get(leg) ?? '')) broken.push(`${leg}: keys ${told.join('')}`);
    for (const type of ['playback.finished', 'recording.finished'] as const) {
      const ids = story.flatMap((event) =>
        event.type === type ? ['playback' in event ? event.playback : event.recording] : [],
      );
      if (new Set(ids).size < ids.length) broken.push(`${leg}: ${type} twice: ${ids.join(' ')}`);
    }
  }
  const recorded = run.rig.engine.events.flatMap((event) =>
    event.type === 'bridge.recorded' ? [event.recording] : [],
  );
  if (new Set(recorded).size < recorded.length) broken.push(`bridges recorded twice: ${recorded.join(' ')}`);
  return broken;
}

/** Whether all of `part` comes in `whole`, in order; some of it may be left out. */
function isWithin(part: string, whole: string): boolean {
  let from = 0;
  for (const key of part) {
    from = whole.indexOf(key, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

function brokenAtRest(run: Run): string[] {
  const broken: string[] = [];
  const { events } = run.rig.engine;
  const { legs, bridges } = run.rig.simulator.inventory();
  const listed = new Set(legs.map(({ leg }) => leg));
  const ended = new Set(events.flatMap((event) => (event.type === 'leg.ended' ? [event.leg] : [])));
  const known = new Set(events.flatMap((event) => ('leg' in event ? [event.leg] : [])));
  for (const leg of known) {
    if (listed.has(leg) === ended.has(leg))
      broken.push(`${leg}: listed ${listed.has(leg)}, ended ${ended.has(leg)}`);
  }
  for (const leg of listed) if (!known.has(leg)) broken.push(`${leg} is listed, and nothing was told of it`);
  const bridged = bridges.flatMap((bridge) => bridge.legs);
  if (new Set(bridged).size < bridged.length) broken.push(`a leg in two bridges: ${bridged.join(' ')}`);
  for (const leg of bridged) {
    if (legs.find((entry) => entry.leg === leg)?.state !== 'answered')
      broken.push(`${leg} is bridged, not answered`);
  }
  const finished = new Set(
    events.flatMap((event) => (event.type === 'playback.finished' ? [event.playback] : [])),
  );
  for (const { leg, playback, outcome } of run.played) {
    if (outcome === 'done' && listed.has(leg) && !finished.has(playback))
      broken.push(`${playback} never finished`);
    if (outcome === 'refused' && finished.has(playback)) broken.push(`${playback} was refused and finished`);
  }
  const bridgeRecordings = new Set(
    events.flatMap((event) => (event.type === 'bridge.recorded' ? [event.recording] : [])),
  );
  for (const recording of run.bridgeRecordings)
    if (!bridgeRecordings.has(recording)) broken.push(`the recording ${recording} of a bridge never ended`);
  if (run.outcomes < run.commands) broken.push(`${run.commands - run.outcomes} commands without an outcome`);
  return broken;
}

t.test('the promises of the port hold for random callers, phones, commands and faults', async (t) => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 20, maxLength: 70, size: 'max' }),
      fc.nat(),
      faults,
      async (acts, seed, wrong) => {
        const run = await play(acts, seed, wrong);
        const broken = [...brokenStories(run), ...brokenAtRest(run)];
        for (const party of run.parties.values()) party.hangUp();
        for (const party of run.rig.simulator.phone('desk').calls) party.hangUp();
        await run.rig.time.runFor(20_000);
        broken.push(...brokenStories(run), ...brokenAtRest(run));
        if (run.rig.simulator.inventory().legs.length > 0) broken.push('a leg is left');
        told += run.rig.engine.events.length;
        if (broken.length > 0) throw new Error(broken.join('; '));
      },
    ),
    { numRuns: 150 },
  );
  t.ok(told > 1_000, `${told} events`);
});
