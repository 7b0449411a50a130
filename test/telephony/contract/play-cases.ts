import type { ContractCase } from './stage.js';

/** Prompts, tones and music. */
export const playCases: readonly ContractCase[] = [
  {
    name: 'nothing is played to a leg that is not answered',
    async run(s) {
      const { leg, far } = await s.arrives();
      const media = [{ type: 'file', path: s.world.media.short }] as const;
      await s.refused({ type: 'play', leg, playback: s.playbackId(), media }, 'not-answered');
      await s.quiet();
      s.expect(!far.hears, 'the caller hears nothing');
      s.equal(s.story(leg), ['leg.arrived'], 'the story of the leg');
    },
  },
  {
    name: 'nothing is played to a leg that never was',
    async run(s) {
      const media = [{ type: 'file', path: s.world.media.short }] as const;
      await s.refused({ type: 'play', leg: s.legId(), playback: s.playbackId(), media }, 'no-such-leg');
    },
  },
  {
    name: 'a playback finishes exactly once',
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, s.world.media.short);
      s.equal((await s.finished(leg, playback)).result, 'done', 'the result');
      await s.quiet();
      s.equal(s.events(leg, 'playback.finished').length, 1, 'times finished');
    },
  },
  {
    name: 'the caller hears what is played',
    async run(s) {
      const { leg, far } = await s.talks();
      const playback = await s.plays(leg, s.world.media.long);
      await s.until('the caller hears it', () => far.hears);
      await s.done({ type: 'stop-playback', leg, playback });
      await s.until('the caller hears no more', () => !far.hears);
    },
  },
  {
    name: 'a play is accepted when it begins, not when it ends',
    async run(s) {
      const { leg } = await s.talks();
      await s.plays(leg, s.world.media.long);
      s.equal(s.events(leg, 'playback.finished'), [], 'playbacks finished when the command is done');
    },
  },
  {
    name: 'the items of a play are heard one after another',
    async run(s) {
      const { leg } = await s.talks();
      const { short, shortMs } = s.world.media;
      const began = s.now();
      const playback = await s.plays(leg, short, { type: 'silence', ms: 1_000 }, short);
      const { at } = await s.finished(leg, playback);
      const least = 2 * shortMs + 900;
      s.expect(at - began >= least, `it lasted ${at - began} ms, at least ${least} were wanted`);
      s.expect(at - began < least + 3_000, `it lasted ${at - began} ms, about ${least} were wanted`);
    },
  },
  {
    name: 'a second play waits for the first to end',
    async run(s) {
      const { leg } = await s.talks();
      const { short, shortMs } = s.world.media;
      const began = s.now();
      const first = await s.plays(leg, short, short);
      const second = await s.plays(leg, short);
      const one = await s.finished(leg, first);
      const other = await s.finished(leg, second);
      s.equal(
        s.events(leg, 'playback.finished').map(({ playback }) => playback),
        [first, second],
        'the order of their ends',
      );
      s.expect(one.at - began > 1.6 * shortMs, 'the first was heard to its end');
      s.expect(other.at - one.at > 0.7 * shortMs, 'the second began when the first was over');
    },
  },
  {
    name: 'a stopped playback ends now, and finishes once',
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, s.world.media.long);
      await s.done({ type: 'stop-playback', leg, playback });
      s.equal((await s.finished(leg, playback, 2_000)).result, 'done', 'the result');
      await s.quiet();
      s.equal(s.events(leg, 'playback.finished').length, 1, 'times finished');
    },
  },
  {
    name: 'a playback that waits can be taken out, and the one before goes on',
    async run(s) {
      const { leg } = await s.talks();
      const { long, short } = s.world.media;
      const first = await s.plays(leg, long);
      const second = await s.plays(leg, long);
      const third = await s.plays(leg, short);
      await s.done({ type: 'stop-playback', leg, playback: second });
      await s.quiet();
      s.expect(
        !s.events(leg, 'playback.finished').some(({ playback }) => playback === first),
        'the first goes on',
      );
      await s.done({ type: 'stop-playback', leg, playback: first });
      await s.finished(leg, third);
      await s.finished(leg, second);
      s.equal(s.events(leg, 'playback.finished').length, 3, 'playbacks finished');
    },
  },
  {
    name: 'stopping a playback that is over is done',
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, s.world.media.short);
      await s.finished(leg, playback);
      await s.done({ type: 'stop-playback', leg, playback });
      await s.done({ type: 'stop-playback', leg, playback: s.playbackId() });
      await s.quiet();
      s.equal(s.events(leg, 'playback.finished').length, 1, 'times finished');
    },
  },
  {
    name: 'stopping a playback of a leg that is over is done',
    async run(s) {
      const { leg, far } = await s.talks();
      const playback = await s.plays(leg, s.world.media.long);
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.done({ type: 'stop-playback', leg, playback });
    },
  },
  {
    name: 'a playback of which nothing is there has failed',
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, s.world.media.missing);
      s.equal((await s.finished(leg, playback)).result, 'failed', 'the result');
    },
  },
  {
    name: 'a missing item is passed over, and the rest is heard',
    async run(s) {
      const { leg } = await s.talks();
      const { missing, short } = s.world.media;
      const began = s.now();
      const playback = await s.plays(leg, missing, short, { type: 'silence', ms: 1_000 });
      const { at, result } = await s.finished(leg, playback);
      s.equal(result, 'done', 'the result');
      s.expect(at - began >= s.world.media.shortMs + 900, 'the items that are there were played');
    },
  },
  {
    name: 'silence lasts as long as it is asked to',
    async run(s) {
      const { leg, far } = await s.talks();
      const began = s.now();
      const playback = await s.plays(leg, { type: 'silence', ms: 1_500 });
      const { at } = await s.finished(leg, playback);
      s.expect(at - began >= 1_400 && at - began < 4_000, `1,500 ms of silence lasted ${at - began}`);
      s.expect(!far.hears, 'nothing is heard');
    },
  },
  {
    name: 'a beep is short',
    async run(s) {
      const { leg } = await s.talks();
      const playback = await s.plays(leg, { type: 'tone', tone: 'beep' });
      s.equal((await s.finished(leg, playback, 2_000)).result, 'done', 'the result');
    },
  },
  {
    name: 'a ringing tone does not end by itself',
    async run(s) {
      const { leg, far } = await s.talks();
      const playback = await s.plays(leg, { type: 'tone', tone: 'ringing' });
      await s.until('the caller hears it', () => far.hears);
      await s.passes(3_000);
      s.equal(s.events(leg, 'playback.finished'), [], 'playbacks finished');
      await s.done({ type: 'stop-playback', leg, playback });
      await s.finished(leg, playback, 2_000);
    },
  },
  {
    name: 'a play of nothing is refused',
    async run(s) {
      const { leg } = await s.talks();
      await s.refused({ type: 'play', leg, playback: s.playbackId(), media: [] }, 'invalid');
    },
  },
  {
    name: 'a path that leaves the media folder is refused',
    async run(s) {
      const { leg } = await s.talks();
      const media = [{ type: 'file', path: '../secrets' }] as const;
      await s.refused({ type: 'play', leg, playback: s.playbackId(), media }, 'invalid');
    },
  },
  {
    name: 'a playback is live while it runs or waits, and gone afterwards',
    async run(s) {
      const { leg } = await s.talks();
      const { exchange } = s.engine;
      const first = await s.plays(leg, s.world.media.long);
      const second = await s.plays(leg, s.world.media.long);
      s.equal(await exchange.playbackState(first), 'live', 'one that runs');
      s.equal(await exchange.playbackState(second), 'live', 'one that waits');
      await s.done({ type: 'stop-playback', leg, playback: first });
      await s.finished(leg, first);
      s.equal(await exchange.playbackState(first), 'gone', 'one that is over');
    },
  },
  {
    name: 'a playback that never was is gone',
    async run(s) {
      s.equal(await s.engine.exchange.playbackState(s.playbackId()), 'gone', 'the state');
    },
  },
  {
    name: 'a hang-up during a prompt ends the leg, and nothing is told after that',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.plays(leg, s.world.media.long);
      await s.until('the caller hears it', () => far.hears);
      far.hangUp();
      await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      await s.quiet();
      s.equal(s.story(leg).at(-1), 'leg.ended', 'the last event');
      s.expect(s.events(leg, 'playback.finished').length <= 1, 'a playback finishes once at most');
    },
  },
  {
    name: 'what is played to one leg is not told of another',
    async run(s) {
      const [one, other] = await Promise.all([s.talks(), s.talks()]);
      const short = await s.plays(one.leg, s.world.media.short);
      const long = await s.plays(other.leg, s.world.media.long);
      await s.finished(one.leg, short);
      s.equal(s.events(other.leg, 'playback.finished'), [], 'playbacks finished on the other leg');
      await s.done({ type: 'stop-playback', leg: other.leg, playback: long });
      await s.finished(other.leg, long);
      s.equal(s.events(one.leg, 'playback.finished').length, 1, 'playbacks finished on the first leg');
    },
  },
  {
    name: 'music is heard until it is stopped',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'start-music', leg });
      await s.until('the caller hears music', () => far.hears);
      await s.done({ type: 'stop-music', leg });
      await s.until('the music ends', () => !far.hears);
    },
  },
  {
    name: 'a prompt ends music, which does not come back',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'start-music', leg });
      await s.until('the caller hears music', () => far.hears);
      const playback = await s.plays(leg, s.world.media.short);
      await s.finished(leg, playback);
      await s.until('it is silent after the prompt', () => !far.hears);
      await s.passes(2_000);
      s.expect(!far.hears, 'the music does not come back');
    },
  },
  {
    name: 'no music is played to a leg that is not answered',
    async run(s) {
      const { leg } = await s.arrives();
      await s.refused({ type: 'start-music', leg }, 'not-answered');
    },
  },
  {
    name: 'stopping music where there is none is done',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'stop-music', leg });
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.done({ type: 'stop-music', leg });
    },
  },
];
