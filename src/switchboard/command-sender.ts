/** Gives the commands of calls to whoever carries them out, and finds out what became of them. */
import type { CallId, CommandId, Log, Scheduler } from '../base/index.js';
import {
  type CallEvent,
  isWanted,
  type LookUpCommand,
  type OutwardCommand,
  type SendMessageCommand,
  withoutCommand,
} from '../calls/index.js';
import type { Channels } from '../channels/port.js';
import type { Lookups } from '../lookups/port.js';
import type { CommandOutcome } from '../telephony/port.js';
import type { Line } from './line.js';
import { withCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import { type Recovery, recoveryFor, recoveryOf } from './recovery.js';

export interface CommandSenderParts {
  readonly calls: LiveCalls;
  readonly lookups: Lookups;
  readonly channels: Channels;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly isHalted: () => boolean;
  readonly happen: (id: CallId, event: CallEvent) => void;
}

export interface CommandSender {
  send(line: Line, id: CallId, command: OutwardCommand, attempt: number): void;
  /** Settles a command whose fate is unknown, as its type declares. */
  recover(line: Line, id: CallId, command: OutwardCommand, attempt: number): void;
}

const tries = 3;
/** Pause before a command of unknown fate is tried again. */
const retryMs = 250;

export function createCommandSender(parts: CommandSenderParts): CommandSender {
  const { calls, lookups, channels, scheduler, log, isHalted, happen } = parts;
  /** Messages that a channel of this process has not answered yet. */
  const asked = new Set<string>();
  /** Commands of this process that have not left, since the link was down. */
  const unsent = new Set<string>();

  function send(line: Line, id: CallId, command: OutwardCommand, attempt: number): void {
    const { body } = command;
    // While the link is down it would count as rung; it has not left, so that it can be sent when the link is back.
    if (line.link === 'lost' && body.type === 'originate' && recoveryIn(id, body) === 'never-redo')
      return void unsent.add(command.id);
    if (body.type === 'look-up') return lookUp(id, command.id, body);
    if (body.type === 'send-message') return sendMessage(id, command.id, body);
    line.exchange.execute(body).then(
      (outcome) => settle(line, id, command, outcome, attempt),
      (cause: unknown) => {
        log.error({ err: cause, call: id, command: body.type }, 'an exchange threw');
        settle(line, id, command, { result: 'unknown', detail: 'fault' }, attempt);
      },
    );
  }

  function lookUp(id: CallId, command: CommandId, body: LookUpCommand): void {
    lookups.lookUp({ command, ...body }).then(
      (answer) => happen(id, { type: 'lookup.answered', command, answer }),
      (cause: unknown) => {
        log.error({ err: cause, call: id, source: body.source }, 'a lookup threw');
        happen(id, {
          type: 'lookup.answered',
          command,
          answer: { result: 'failed', why: 'fault' },
        });
      },
    );
  }

  function sendMessage(id: CallId, command: CommandId, body: SendMessageCommand): void {
    const { message, channel, to, language, text, timeoutMs } = body;
    asked.add(command);
    channels.send({ id: message, channel, to, language, text, timeoutMs }).then(
      (outcome) => {
        asked.delete(command);
        if (outcome.result !== 'sent')
          log.warn({ call: id, message, result: outcome.result, why: outcome.why }, 'a message was not sent');
        happen(id, { type: 'message.settled', command, outcome });
      },
      (cause: unknown) => {
        asked.delete(command);
        log.error({ err: cause, call: id, message }, 'a channel threw');
        const outcome = { result: 'unknown', why: 'fault' } as const;
        happen(id, { type: 'message.settled', command, outcome });
      },
    );
  }

  function settle(
    line: Line,
    id: CallId,
    command: OutwardCommand,
    outcome: CommandOutcome,
    attempt: number,
  ): void {
    const entry = calls.get(id);
    if (entry === undefined || isHalted() || !isAwaited(id, command)) return;
    if (outcome.result === 'unknown') {
      // While the link is down the next reconciliation settles it.
      if (line.link === 'lost') return;
      if (attempt < tries) {
        // Not at once: outcomes may tell of a broken link before the link itself does.
        const { round } = line;
        scheduler.at(scheduler.now() + retryMs, () => {
          // After a break the reconciliation has settled it, or will.
          if (line.round === round) recover(line, id, command, attempt + 1);
        });
        return;
      }
      log.warn(
        { call: id, command: command.body.type, detail: outcome.detail },
        'the fate of a command is unknown',
      );
    }
    if (outcome.result === 'refused') {
      log.info(
        { call: id, command: command.body.type, why: outcome.why, detail: outcome.detail },
        'command refused',
      );
    }
    if (outcome.result === 'done' && entry.live.call.phase === 'live') {
      entry.live = withCall(entry.live, withoutCommand(entry.live.call, command.id));
      return;
    }
    happen(id, { type: 'command.settled', command: command.id, outcome });
  }

  function recover(line: Line, id: CallId, command: OutwardCommand, attempt: number): void {
    const how = recoveryIn(id, command.body);
    if (isHalted() || !isAwaited(id, command) || dropUnwanted(id, command)) return;
    switch (how) {
      case 'redo':
      case 'same-id':
        return send(line, id, command, attempt);
      case 'ask-then-redo':
        ask(line, command.body).then(
          (happened) => {
            if (happened) settle(line, id, command, { result: 'done' }, attempt);
            // While the exchange was asked, the call went on.
            else if (!isHalted() && isAwaited(id, command) && !dropUnwanted(id, command))
              send(line, id, command, attempt);
          },
          (cause: unknown) =>
            settle(line, id, command, { result: 'unknown', detail: String(cause) }, attempt),
        );
        return;
      case 'never-redo':
        // Its answer does not come by the exchange, whose link was down.
        if (asked.has(command.id)) return;
        if (unsent.delete(command.id)) return send(line, id, command, attempt);
        happen(id, {
          type: 'command.settled',
          command: command.id,
          outcome: { result: 'unknown', detail: 'never repeated' },
        });
        return;
      default:
        return unknownRecovery(how);
    }
  }

  function recoveryIn(id: CallId, body: OutwardCommand['body']): Recovery {
    const call = calls.get(id)?.live.call;
    return call === undefined ? recoveryOf[body.type] : recoveryFor(call, body);
  }

  function isAwaited(id: CallId, command: OutwardCommand): boolean {
    return calls.get(id)?.live.call.commands.some((other) => other.id === command.id) ?? false;
  }

  /** Repeating what the call does not want any more would do harm: an old prompt, a phone that rings for nobody. */
  function dropUnwanted(id: CallId, command: OutwardCommand): boolean {
    const call = calls.get(id)?.live.call;
    if (call === undefined || isWanted(call, command)) return false;
    happen(id, { type: 'command.settled', command: command.id, outcome: { result: 'done' } });
    return true;
  }

  return { send, recover };
}

async function ask(line: Line, body: OutwardCommand['body']): Promise<boolean> {
  if (body.type === 'play') return (await line.exchange.playbackState(body.playback)) === 'live';
  if (body.type === 'record' || body.type === 'record-bridge')
    return (await line.exchange.recordingState(body.recording)).state !== 'gone';
  return false;
}

function unknownRecovery(recovery: never): never {
  throw new TypeError(`No such recovery: ${String(recovery)}.`);
}
