import type { Random } from '../../base/index.js';
import type { Refusal, TelephonyCommand } from '../port.js';

/** What goes wrong, by chance from the seed. Probabilities are per command, 0 to 1; all are 0 by default. */
export interface Faults {
  /** The outcome is `unknown`: carried out, never carried out, or carried out later, in equal shares. */
  readonly unknown?: number;
  /** Refused, though nothing is wrong. */
  readonly refused?: number;
  /** The outcome comes up to 3 s late. */
  readonly slow?: number;
  /** Each journey of a command, an outcome or an event takes up to so much longer: outcomes and events overtake each other. */
  readonly jitterMs?: number;
  /** A command that is under way when the engine dies, or when the link goes down, is lost. */
  readonly lostInFlight?: number;
  /** A link that goes down does so unnoticed, for up to 3 s. */
  readonly halfOpen?: number;
}

/** What happens to one command. */
export interface CommandFate {
  readonly travelMs: number;
  readonly answerMs: number;
  /** `silent`: carried out, but nothing is heard of it. */
  readonly outcome: 'normal' | 'lost' | 'silent';
  readonly refusal: Refusal | null;
}

export interface Chance {
  command(command: TelephonyCommand): CommandFate;
  /** How long an event or an answer is under way. */
  journeyMs(): number;
  /** Whether a command under way is lost when the engine dies or the link goes down. */
  losesInFlight(): boolean;
  /** How long a broken link goes unnoticed; 0: noticed at once. */
  unnoticedMs(): number;
  /** What is said of a prompt that a hang-up cut. */
  lastWord(): 'done' | 'failed' | null;
}

/** Time on the way between engine and exchange without faults, milliseconds. */
const journey = 1;

export function createChance(random: Random, faults: Faults): Chance {
  const { unknown = 0, refused = 0, slow = 0, jitterMs = 0, lostInFlight = 0, halfOpen = 0 } = faults;
  const wild = Object.values(faults).some((value) => value > 0);
  const journeyMs = (): number => journey + (jitterMs > 0 ? random.between(0, jitterMs) : 0);
  return {
    journeyMs,
    command(command) {
      const travelMs = journeyMs();
      const answerMs = journeyMs();
      if (random.chance(unknown)) {
        const kind = random.pick(['silent', 'lost', 'late'] as const);
        if (kind !== 'late') return { travelMs, answerMs, outcome: kind, refusal: null };
        return {
          travelMs: travelMs + random.between(100, 15_000),
          answerMs,
          outcome: 'silent',
          refusal: null,
        };
      }
      const refusal = random.chance(refused) ? refusalOf(command) : null;
      const late = random.chance(slow) ? random.between(10, 3_000) : 0;
      return { travelMs, answerMs: answerMs + late, outcome: 'normal', refusal };
    },
    losesInFlight: () => random.chance(lostInFlight),
    unnoticedMs: () => (random.chance(halfOpen) ? random.between(1, 3_000) : 0),
    lastWord: () => (wild ? random.pick(['done', 'failed', null]) : 'done'),
  };
}

/** A refusal that such a command could meet. */
function refusalOf(command: TelephonyCommand): Refusal | null {
  switch (command.type) {
    case 'originate':
      return 'unreachable';
    case 'answer':
    case 'play':
    case 'record':
    case 'bridge':
    case 'record-bridge':
    case 'start-music':
      return 'invalid';
    case 'pause-recording':
      return 'no-such-recording';
    case 'join-bridge':
    case 'leave-bridge':
    case 'unbridge':
      return 'no-such-bridge';
    // Ending something is never refused: what is over already is done.
    case 'stop-playback':
    case 'stop-recording':
    case 'discard-recording':
    case 'stop-music':
    case 'answer-transfer':
    case 'hang-up':
      return null;
    default:
      return command satisfies never;
  }
}
