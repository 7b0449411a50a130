import type { Alarm, LegId, PlaybackId, RecordingId, Scheduler, UtcMs } from '../../base/index.js';
import type { MediaItem, TelephonyCommand, TelephonyEvent } from '../port.js';
import type { Ear, Hearing } from './sound.js';

/**
 * What goes to one leg and comes from it, one thing at a time, in the order of the commands: a prompt waits for a
 * running recording. A prompt ends music, which does not resume.
 */
export interface MediaLine {
  play(playback: PlaybackId, media: readonly MediaItem[]): void;
  record(order: RecordOrder): void;
  music(on: boolean): void;
  /** Ends prompts, those that wait too, and music: the leg enters a bridge. */
  interrupt(): void;
  stopPlayback(playback: PlaybackId): void;
  stopRecording(recording: RecordingId): void;
  /** Running or waiting. */
  plays(playback: PlaybackId): boolean;
  records(recording: RecordingId): boolean;
  /** Whether a recording runs or waits. */
  recording(): boolean;
  /** The leg is over: recordings are kept, what waited is forgotten. `aborted`: the exchange died, nothing is kept. */
  end(aborted?: boolean): void;
}

export type RecordOrder = Extract<TelephonyCommand, { type: 'record' }>;

export interface MediaLineParts {
  readonly leg: LegId;
  readonly scheduler: Scheduler;
  readonly ear: Ear;
  /** The leg's far end speaks until then. */
  readonly speaksUntil: () => UtcMs;
  /** Length of an item in milliseconds; null when there is nothing to play. */
  readonly itemMs: (item: MediaItem) => number | null;
  readonly store: (recording: RecordingId, durationMs: number) => void;
  readonly emit: (event: TelephonyEvent) => void;
  /** What is said of a prompt that the leg's end cut: exchanges differ. */
  readonly lastWord: () => 'done' | 'failed' | null;
}

type Job =
  | { readonly type: 'play'; readonly playback: PlaybackId; readonly media: readonly MediaItem[] }
  | { readonly type: 'record'; readonly order: RecordOrder }
  | { readonly type: 'music'; readonly on: boolean };

/** The job in hand, and how to end it early. */
interface Running {
  readonly job: Job;
  stop(how: 'stopped' | 'leg-ended' | 'aborted'): void;
}

export const beepMs = 250;

export function createMediaLine(parts: MediaLineParts): MediaLine {
  const { leg, scheduler, ear, emit } = parts;
  let waiting: Job[] = [];
  let running: Running | null = null;
  let music: Hearing | null = null;
  let over = false;

  function add(job: Job): void {
    waiting.push(job);
    advance();
  }

  function advance(): void {
    while (running === null && !over) {
      const job = waiting.shift();
      if (job === undefined) return;
      switch (job.type) {
        case 'play':
          startPlay(job);
          break;
        case 'record':
          startRecord(job);
          break;
        case 'music':
          if (!job.on) endMusic();
          else music ??= ear.begin({ type: 'music' });
          break;
        default:
          job satisfies never;
      }
    }
  }

  function endMusic(): void {
    music?.end(true);
    music = null;
  }

  function startPlay(job: Extract<Job, { type: 'play' }>): void {
    endMusic();
    let index = 0;
    let played = false;
    let alarm: Alarm | null = null;
    let hearing: Hearing | null = null;
    const finished = (result: 'done' | 'failed'): void =>
      emit({ type: 'playback.finished', leg, playback: job.playback, result });
    const item = (): void => {
      for (; index < job.media.length; index++) {
        const media = job.media[index] as MediaItem;
        const ms = parts.itemMs(media);
        if (ms === null) continue;
        played = true;
        hearing = ear.begin(media, job.playback);
        if (ms === Number.POSITIVE_INFINITY) return;
        alarm = scheduler.at(scheduler.now() + ms, () => {
          hearing?.end(false);
          index++;
          item();
        });
        return;
      }
      running = null;
      finished(played ? 'done' : 'failed');
      advance();
    };
    running = {
      job,
      stop(how) {
        alarm?.cancel();
        hearing?.end(true);
        running = null;
        if (how === 'stopped') finished('done');
        if (how !== 'leg-ended') return;
        const word = parts.lastWord();
        if (word !== null) finished(word);
      },
    };
    item();
  }

  function startRecord(job: Extract<Job, { type: 'record' }>): void {
    const { recording, maxMs, silenceMs, beep } = job.order;
    const alarms: Alarm[] = [];
    let began: UtcMs | null = null;
    let hearing: Hearing | null = null;
    const finish = (): void => {
      for (const alarm of alarms) alarm.cancel();
      running = null;
      const durationMs = began === null ? 0 : scheduler.now() - began;
      parts.store(recording, durationMs);
      emit({ type: 'recording.finished', leg, recording, durationMs });
    };
    const finishAndGoOn = (): void => {
      finish();
      advance();
    };
    /** Looks again whenever the silence could have lasted long enough. */
    const listen = (since: UtcMs): void => {
      const silentFrom = Math.max(since, parts.speaksUntil());
      alarms.push(
        scheduler.at(silentFrom + silenceMs, () => {
          if (parts.speaksUntil() > silentFrom) listen(since);
          else finishAndGoOn();
        }),
      );
    };
    const begin = (): void => {
      began = scheduler.now();
      alarms.push(scheduler.at(began + maxMs, finishAndGoOn));
      if (silenceMs > 0) listen(began);
    };
    running = {
      job,
      stop(how) {
        hearing?.end(true);
        if (how !== 'aborted') return finish();
        for (const alarm of alarms) alarm.cancel();
        running = null;
      },
    };
    if (!beep) return begin();
    endMusic();
    hearing = ear.begin({ type: 'tone', tone: 'beep' });
    alarms.push(
      scheduler.at(scheduler.now() + beepMs, () => {
        hearing?.end(false);
        begin();
      }),
    );
  }

  /** Takes a waiting job out. */
  function withdraw(which: (job: Job) => boolean): boolean {
    const left = waiting.filter((job) => !which(job));
    const found = left.length < waiting.length;
    waiting = left;
    return found;
  }

  const isPlay =
    (playback: PlaybackId) =>
    (job: Job): boolean =>
      job.type === 'play' && job.playback === playback;
  const isRecord =
    (recording: RecordingId) =>
    (job: Job): boolean =>
      job.type === 'record' && job.order.recording === recording;
  const any = (which: (job: Job) => boolean): boolean =>
    (running !== null && which(running.job)) || waiting.some(which);

  return {
    play: (playback, media) => add({ type: 'play', playback, media }),
    record: (order) => add({ type: 'record', order }),
    music: (on) => add({ type: 'music', on }),
    stopPlayback(playback) {
      if (running !== null && isPlay(playback)(running.job)) {
        running.stop('stopped');
        advance();
      } else if (withdraw(isPlay(playback))) {
        emit({ type: 'playback.finished', leg, playback, result: 'done' });
      }
    },
    stopRecording(recording) {
      if (running !== null && isRecord(recording)(running.job)) {
        running.stop('stopped');
        advance();
      } else if (withdraw(isRecord(recording))) {
        emit({ type: 'recording.failed', leg, recording, detail: 'stopped before it began' });
      }
    },
    plays: (playback) => any(isPlay(playback)),
    records: (recording) => any(isRecord(recording)),
    recording: () => any((job) => job.type === 'record'),
    interrupt() {
      const left = waiting;
      waiting = [];
      if (running?.job.type === 'play') running.stop('stopped');
      endMusic();
      for (const job of left) {
        if (job.type === 'play')
          emit({ type: 'playback.finished', leg, playback: job.playback, result: 'done' });
      }
    },
    end(aborted = false) {
      over = true;
      running?.stop(aborted ? 'aborted' : 'leg-ended');
      const left = waiting;
      waiting = [];
      endMusic();
      for (const job of left) {
        if (job.type !== 'record' || aborted) continue;
        const { recording } = job.order;
        emit({ type: 'recording.failed', leg, recording, detail: 'the leg ended before it began' });
      }
    },
  };
}
