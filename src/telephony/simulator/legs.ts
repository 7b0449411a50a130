import {
  asLegId,
  type LegId,
  type PlaybackId,
  type Random,
  type RecordingId,
  type Scheduler,
} from '../../base/index.js';
import type {
  CallerIdentity,
  CommandOutcome,
  Inventory,
  LegCause,
  MediaItem,
  Refusal,
  TelephonyCommand,
  TelephonyEvent,
} from '../port.js';
import { turnAway } from './away.js';
import { createBridgeRecordings } from './bridge-recordings.js';
import { createBridges } from './bridges.js';
import type { Caller, DialledCall } from './caller.js';
import { causeForCaller, causeOf, notAnswered, phoneBusy, phoneCongested } from './causes.js';
import { dialled64, e164, type Leg, phoneAt, playable } from './leg.js';
import { createMediaLine } from './media-line.js';
import { createFarEnd, type FarEnd } from './party.js';
import { createPhone, type Phone, type PhoneLine, ring } from './phone.js';
import { runScript } from './script.js';

/** The exchange proper: its legs, bridges and phones, as they truly are. Knows nothing of engines and wires. */
export interface Legs {
  carryOut(command: TelephonyCommand): CommandOutcome;
  /** `nobody`: the exchange is up, the engine is not; `no-exchange`: not even that. */
  dial(call: DialledCall, taker: 'engine' | 'nobody' | 'no-exchange'): Caller;
  phone(name: string): Phone;
  number(number: string): Phone;
  inventory(): Omit<Inventory, 'incarnation'>;
  plays(playback: PlaybackId): boolean;
  records(recording: RecordingId): boolean;
  /** Everything ends without an event. */
  abort(): void;
}

export interface LegsParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly incarnation: () => string;
  readonly phones: readonly string[];
  readonly trunks: readonly string[];
  /** Stored recordings and their lengths. */
  readonly recordings: Map<RecordingId, number>;
  readonly itemMs: (item: MediaItem) => number | null;
  readonly lastWord: () => 'done' | 'failed' | null;
  readonly emit: (event: TelephonyEvent) => void;
}

const done: CommandOutcome = { result: 'done' };
/** A phone's way from INVITE to 180, milliseconds. */
const ringDelay = 5;
/** What phones dial comes in under this name in the place of a trunk's. */
const phonesTrunk = 'phones';
const nobody: CallerIdentity = { number: null, name: null, withheld: false };

export function createLegs(parts: LegsParts): Legs {
  const { scheduler, emit } = parts;
  const legs = new Map<LegId, Leg>();
  const usedIds = new Set<LegId>();
  const bridgeRecordings = createBridgeRecordings({
    scheduler,
    store: (recording, durationMs) => parts.recordings.set(recording, durationMs),
    emit,
  });
  const bridges = createBridges((bridge) => bridgeRecordings.bridgeEnded(bridge));
  const phones = new Map<string, PhoneLine>(
    parts.phones.map((name) => [
      name,
      createPhone(name, true, (reachable) => emit({ type: 'phone.changed', phone: name, reachable })),
    ]),
  );
  const numbers = new Map<string, PhoneLine>();
  let dialled = 0;

  function refuse(why: Refusal, detail: string): CommandOutcome {
    return { result: 'refused', why, detail };
  }

  // --- one leg

  function createLeg(
    id: LegId,
    leg: Pick<Leg, 'direction' | 'state' | 'called' | 'caller' | 'trunk' | 'phone'>,
    first: 'calling' | 'ringing',
  ): Leg {
    const shown = first === 'ringing' ? leg.caller.number : null;
    const end = createFarEnd(scheduler, id, first, shown, {
      key: (key, durationMs) => emit({ type: 'key.pressed', leg: id, key, durationMs }),
      hungUp: (cause) => endLeg(id, 'party', cause, cause),
      held(on) {
        bridges.hold(id, on);
        emit({ type: on ? 'leg.held' : 'leg.unheld', leg: id });
      },
      transfer: (to, replaces) => transfer(id, to, replaces),
      pickedUp: () => pickUp(id),
    });
    const media = createMediaLine({
      leg: id,
      scheduler,
      ear: end.ear,
      speaksUntil: () => end.speaksUntil(),
      itemMs: parts.itemMs,
      store: (recording, durationMs) => parts.recordings.set(recording, durationMs),
      emit,
      lastWord: parts.lastWord,
    });
    const created: Leg = { id, ...leg, end, media, ringing: null, rang: false, transferring: false };
    usedIds.add(id);
    legs.set(id, created);
    return created;
  }

  function endLeg(id: LegId, by: 'party' | 'exchange', told: LegCause, reported: LegCause): void {
    const leg = legs.get(id);
    if (leg === undefined) return;
    leg.ringing?.cancel();
    leg.media.end();
    bridges.leave(id);
    bridges.hold(id, false);
    legs.delete(id);
    leg.end.ended(by, told);
    emit({ type: 'leg.ended', leg: id, cause: reported });
  }

  function pickUp(id: LegId): void {
    const leg = legs.get(id);
    if (leg === undefined || leg.state !== 'ringing') return;
    leg.ringing?.cancel();
    leg.state = 'answered';
    emit({ type: 'leg.answered', leg: id });
    leg.end.answered();
  }

  function transfer(id: LegId, to: string, replaces: LegId | null): void {
    const leg = legs.get(id);
    const other = replaces === null ? undefined : legs.get(replaces);
    if (leg === undefined) return;
    const phone = phoneAt(leg);
    // Callers from outside do not send others about, and phones none but their own calls.
    if (phone === null || (replaces !== null && (other === undefined || phoneAt(other) !== phone)))
      return leg.end.transferTold('declined');
    leg.transferring = true;
    emit({ type: 'transfer.requested', leg: id, to: dialled64(to), replaces });
  }

  // --- from outside

  function dial(call: DialledCall, taker: 'engine' | 'nobody' | 'no-exchange'): Caller {
    const caller = { ...nobody, ...call.caller };
    const phone = call.phone ?? null;
    const trunk = call.trunk ?? (phone === null ? 'loopback' : phonesTrunk);
    const end = taker === 'engine' ? arrive(call.called, caller, trunk, phone) : turnAway(scheduler, taker);
    const run = call.script === undefined ? null : runScript(scheduler, end, call.script);
    return Object.defineProperty(end.party as Caller, 'run', { value: run });
  }

  function arrive(called: string, caller: CallerIdentity, trunk: string, phone: string | null): FarEnd {
    const id = asLegId(`${parts.incarnation()}-in-${++dialled}`);
    const leg = createLeg(
      id,
      { direction: 'inbound', state: 'waiting', called, caller, trunk, phone },
      'calling',
    );
    emit({ type: 'leg.arrived', leg: id, called, caller, trunk, phone });
    return leg.end;
  }

  // --- commands

  function originate(command: Extract<TelephonyCommand, { type: 'originate' }>): CommandOutcome {
    const { leg: id, to, callerNumber, ringMs } = command;
    if (usedIds.has(id)) return refuse('duplicate', `leg ${id} exists or existed`);
    if (ringMs < 1_000 || ringMs > 600_000) return refuse('invalid', `ringMs ${ringMs} is out of range`);
    if (callerNumber !== null && !/^\+?\d+$/.test(callerNumber))
      return refuse('invalid', 'callerNumber is no number');
    const line = to.type === 'phone' ? phones.get(to.phone) : numberLine(to.number);
    if (line === undefined) return refuse('no-such-phone', 'the site has no such phone');
    if (to.type === 'number' && !e164.test(to.number)) return refuse('invalid', 'not a number in E.164');
    if (to.type === 'number' && !parts.trunks.includes(to.trunk)) return refuse('invalid', 'no such trunk');
    if (!line.phone.registered) return refuse('unreachable', `${line.phone.name} is not registered`);

    const trunk = to.type === 'number' ? to.trunk : '';
    const caller = { number: callerNumber, name: null, withheld: false };
    const leg = createLeg(
      id,
      { direction: 'outbound', state: 'ringing', called: line.phone.name, caller, trunk, phone: null },
      'ringing',
    );
    leg.ringing = scheduler.at(scheduler.now() + ringMs, () =>
      endLeg(id, 'exchange', causeOf('normal'), notAnswered),
    );
    scheduler.at(scheduler.now() + ringDelay, () => {
      if (legs.get(id) !== leg) return;
      const behaviour = line.behaviour();
      if (behaviour.type === 'is-busy') return endLeg(id, 'party', phoneBusy, phoneBusy);
      if (behaviour.type === 'is-congested') return endLeg(id, 'party', phoneCongested, phoneCongested);
      emit({ type: 'leg.ringing', leg: id });
      line.rung(leg.end.party);
      ring(scheduler, leg.end, behaviour);
    });
    return done;
  }

  function bridge({ bridge: id, legs: ids }: Extract<TelephonyCommand, { type: 'bridge' }>): CommandOutcome {
    if (bridges.state(id) === 'used') return refuse('duplicate', `bridge ${id} existed`);
    if (ids.length === 0) return refuse('invalid', 'a bridge of nobody');
    const members: Leg[] = [];
    for (const legId of ids) {
      const leg = answered(legId);
      if ('result' in leg) return leg;
      if (leg.media.recording()) return refuse('invalid', `leg ${legId} is being recorded`);
      members.push(leg);
    }
    if (bridges.state(id) === 'unused') bridges.open(id);
    for (const leg of members) {
      leg.media.interrupt();
      bridges.enter(id, leg.id, leg.end.ear);
    }
    return done;
  }

  /** The leg, or why it cannot be played to, recorded or bridged. */
  function answered(id: LegId): Leg | Extract<CommandOutcome, { result: 'refused' }> {
    const leg = legs.get(id);
    if (leg === undefined) return { result: 'refused', why: 'no-such-leg', detail: `leg ${id}` };
    if (leg.state !== 'answered')
      return { result: 'refused', why: 'not-answered', detail: `leg ${id} is ${leg.state}` };
    return leg;
  }

  function withAnswered(id: LegId, then: (leg: Leg) => CommandOutcome): CommandOutcome {
    const leg = answered(id);
    return 'result' in leg ? leg : then(leg);
  }

  function act(command: TelephonyCommand): CommandOutcome {
    switch (command.type) {
      case 'answer': {
        const leg = legs.get(command.leg);
        if (leg === undefined) return refuse('no-such-leg', `leg ${command.leg}`);
        if (leg.direction === 'outbound') return refuse('invalid', `leg ${command.leg} is outbound`);
        if (leg.state === 'answered') return done;
        leg.state = 'answered';
        leg.end.answered();
        return done;
      }
      case 'play':
        return withAnswered(command.leg, ({ media }) => {
          if (command.media.length === 0 || !command.media.every(playable))
            return refuse('invalid', 'no media');
          if (media.plays(command.playback)) return refuse('duplicate', `playback ${command.playback}`);
          media.play(command.playback, command.media);
          return done;
        });
      case 'stop-playback':
        legs.get(command.leg)?.media.stopPlayback(command.playback);
        return done;
      case 'record':
        return withAnswered(command.leg, ({ id, media }) => {
          const { recording, maxMs, silenceMs } = command;
          if (maxMs < 1_000 || maxMs > 3_600_000 || silenceMs < 0)
            return refuse('invalid', 'a length is out of range');
          if (bridges.of(id) !== null) return refuse('invalid', `leg ${id} is in a bridge`);
          if (parts.recordings.has(recording) || records(recording))
            return refuse('duplicate', `recording ${recording}`);
          media.record(command);
          return done;
        });
      case 'stop-recording':
        if (command.leg === null) bridgeRecordings.stop(command.recording);
        else legs.get(command.leg)?.media.stopRecording(command.recording);
        return done;
      case 'discard-recording':
        parts.recordings.delete(command.recording);
        return done;
      case 'originate':
        return originate(command);
      case 'bridge':
        return bridge(command);
      case 'join-bridge':
        if (bridges.state(command.bridge) !== 'live')
          return refuse('no-such-bridge', `bridge ${command.bridge}`);
        return bridge({ type: 'bridge', bridge: command.bridge, legs: [command.leg] });
      case 'leave-bridge':
        if (bridges.state(command.bridge) === 'unused')
          return refuse('no-such-bridge', `bridge ${command.bridge}`);
        if (bridges.of(command.leg) === command.bridge) bridges.leave(command.leg);
        return done;
      case 'record-bridge': {
        const { bridge: id, recording, maxMs } = command;
        if (maxMs < 1_000 || maxMs > 3_600_000) return refuse('invalid', 'a length is out of range');
        if (bridges.state(id) !== 'live') return refuse('no-such-bridge', `bridge ${id}`);
        if (parts.recordings.has(recording) || records(recording))
          return refuse('duplicate', `recording ${recording}`);
        bridgeRecordings.start(command);
        return done;
      }
      case 'pause-recording':
        return bridgeRecordings.pause(command.recording, command.on)
          ? done
          : refuse('no-such-recording', `recording ${command.recording}`);
      case 'answer-transfer': {
        const leg = legs.get(command.leg);
        if (leg === undefined || !leg.transferring) return done;
        leg.transferring = command.result === 'trying';
        leg.end.transferTold(command.result);
        return done;
      }
      case 'unbridge':
        if (bridges.state(command.bridge) === 'unused')
          return refuse('no-such-bridge', `bridge ${command.bridge}`);
        bridges.close(command.bridge);
        return done;
      case 'start-music':
        return withAnswered(command.leg, ({ media }) => {
          media.music(true);
          return done;
        });
      case 'stop-music':
        legs.get(command.leg)?.media.music(false);
        return done;
      case 'hang-up': {
        const leg = legs.get(command.leg);
        if (leg === undefined) return done;
        const told = causeForCaller(command.reason, leg.state === 'answered' || leg.direction === 'outbound');
        endLeg(leg.id, 'exchange', told, causeOf(command.reason));
        return done;
      }
      default:
        return command satisfies never;
    }
  }

  function numberLine(number: string): PhoneLine {
    const line = numbers.get(number) ?? createPhone(number, true, () => undefined);
    numbers.set(number, line);
    return line;
  }

  const plays = (playback: PlaybackId): boolean =>
    [...legs.values()].some(({ media }) => media.plays(playback));
  const records = (recording: RecordingId): boolean =>
    bridgeRecordings.records(recording) || [...legs.values()].some(({ media }) => media.records(recording));

  return {
    carryOut: act,
    dial,
    phone(name) {
      const line = phones.get(name);
      if (line === undefined) throw new RangeError(`The simulated site has no phone ${name}.`);
      return line.phone;
    },
    number: (number) => numberLine(number).phone,
    inventory: () => ({
      legs: [...legs.values()].map(({ id, direction, state, called, caller, trunk, phone }) => ({
        leg: id,
        direction,
        state,
        called,
        caller,
        trunk,
        phone,
      })),
      bridges: bridges.list(),
      phones: [...phones.values()].map(({ phone: { name, registered } }) => ({
        phone: name,
        reachable: registered,
      })),
    }),
    plays,
    records,
    abort() {
      for (const leg of legs.values()) {
        leg.ringing?.cancel();
        leg.media.end(true);
        leg.end.ended('exchange', { q850: 38, sip: null });
      }
      legs.clear();
      usedIds.clear();
      bridges.clear();
      bridgeRecordings.clear();
    },
  };
}
