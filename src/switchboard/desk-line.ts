/**
 * Calls of agents to the desk: answered when what was dialled is on disk, told what became of it, and ended. Nothing of
 * them is kept: whoever is cut off by a restart is taken for a new call, and what was dialled is done once more, which
 * changes nothing.
 */
import { type Alarm, asPlaybackId, type LegId, type Log, type Scheduler } from '../base/index.js';
import type { MediaItem, TelephonyCommand, TelephonyEvent, CommandOutcome } from '../telephony/port.js';

export interface DeskLineParts {
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly execute: (command: TelephonyCommand) => Promise<CommandOutcome>;
}

export interface DeskLine {
  /** A leg is the desk's from now on; false: it is already. */
  begin(leg: LegId): boolean;
  /** Answers a leg and tells it something, then hangs up. One that is gone is forgotten. */
  answer(leg: LegId, media: readonly MediaItem[]): void;
  /** Whether the event was of such a leg. */
  take(event: TelephonyEvent): boolean;
  /** Legs that are the desk's now. */
  legs(): readonly LegId[];
  /**
   * The link was down: who of these is still there has missed what was said, and is let go. Whoever dialled while the
   * exchange was asked is none of them.
   */
  settle(asked: readonly LegId[], isThere: (leg: LegId) => boolean): void;
  close(): void;
}

/** Nobody at the desk is told anything longer. */
const longestMs = 20_000;
const againMs = 5_000;
const fallback: readonly MediaItem[] = [{ type: 'tone', tone: 'beep' }];

export function createDeskLine({ scheduler, log, execute }: DeskLineParts): DeskLine {
  const legs = new Map<LegId, Alarm>();

  function send(command: TelephonyCommand): void {
    execute(command).then(
      ({ result }) => {
        if (result !== 'done') log.info({ command: command.type, result }, 'a desk call went wrong');
      },
      (cause: unknown) => log.error({ err: cause, command: command.type }, 'an exchange threw'),
    );
  }

  /** And again, as long as its end is not told: the link may be down. */
  function end(leg: LegId): void {
    send({ type: 'hang-up', leg, reason: 'normal' });
    within(leg, againMs);
  }

  function within(leg: LegId, ms: number): void {
    legs.get(leg)?.cancel();
    legs.set(
      leg,
      scheduler.at(scheduler.now() + ms, () => end(leg)),
    );
  }

  function forget(leg: LegId): void {
    legs.get(leg)?.cancel();
    legs.delete(leg);
  }

  return {
    begin(leg) {
      if (legs.has(leg)) return false;
      within(leg, longestMs);
      return true;
    },
    answer(leg, media) {
      if (!legs.has(leg)) return;
      send({ type: 'answer', leg });
      const playback = asPlaybackId(`${leg}-desk`);
      send({ type: 'play', leg, playback, media: media.length > 0 ? media : fallback });
    },
    take(event) {
      if (!('leg' in event) || !legs.has(event.leg)) return false;
      if (event.type === 'playback.finished') end(event.leg);
      if (event.type === 'leg.ended') forget(event.leg);
      return true;
    },
    legs: () => Array.from(legs.keys()),
    settle(asked, isThere) {
      for (const leg of asked) {
        if (!legs.has(leg)) continue;
        if (isThere(leg)) end(leg);
        else forget(leg);
      }
    },
    close() {
      for (const alarm of legs.values()) alarm.cancel();
      legs.clear();
    },
  };
}
