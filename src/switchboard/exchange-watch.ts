/** Hears what an exchange tells, and after a break finds out what happened meanwhile. */
import type { CallId, ExchangeId, Log, RecordingId, Scheduler } from '../base/index.js';
import type { AcdEvent, Router } from '../acd/index.js';
import { bridgesOf, type Call, type CallEvent } from '../calls/index.js';
import type { LinkEvent, TelephonyCommand, TelephonyEvent } from '../telephony/port.js';
import type { CommandSender } from './command-sender.js';
import type { Line } from './line.js';
import type { LiveCalls } from './live-calls.js';
import { type ExchangeSurvey, surveyCall, surveyExchange } from './reconciliation.js';

export interface ExchangeWatchParts {
  readonly calls: LiveCalls;
  readonly router: Router;
  readonly sender: CommandSender;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly isHalted: () => boolean;
  readonly halt: (why: string, cause: unknown) => void;
  readonly happen: (id: CallId, event: CallEvent) => void;
  readonly arrive: (exchange: ExchangeId, event: Extract<TelephonyEvent, { type: 'leg.arrived' }>) => void;
  readonly route: (event: AcdEvent) => void;
  /** In control of the exchange, again or for the first time. */
  readonly onReady: (exchange: ExchangeId) => void;
}

export interface ExchangeWatch {
  listen(line: Line, event: TelephonyEvent | LinkEvent): void;
  /** Ends something that belongs to no call. */
  sendStray(line: Line, command: TelephonyCommand): void;
}

export function createExchangeWatch(parts: ExchangeWatchParts): ExchangeWatch {
  const { calls, router, sender, scheduler, log, isHalted, halt, happen, arrive, route, onReady } = parts;

  function listen(line: Line, event: TelephonyEvent | LinkEvent): void {
    if (isHalted()) return;
    switch (event.type) {
      case 'link.ready':
        line.link = 'ready';
        line.round += 1;
        log.info({ exchange: line.exchange.id, incarnation: event.incarnation }, 'exchange ready');
        void reconcile(line, line.round);
        return;
      case 'link.lost':
        line.link = 'lost';
        line.round += 1;
        log.warn({ exchange: line.exchange.id, why: event.why }, 'exchange lost');
        return;
      case 'link.replaced':
        return halt('another engine took the exchange over', null);
      case 'leg.arrived':
        return arrive(line.exchange.id, event);
      case 'phone.changed':
        route({ type: 'phone.registered', phone: event.phone, registered: event.reachable });
        return;
      case 'bridge.recorded': {
        const { recording, durationMs } = event;
        return recorded(recording, (id) => happen(id, { type: 'talk.recorded', recording, durationMs }));
      }
      case 'bridge.record-failed': {
        const { recording, detail } = event;
        log.warn({ recording, why: detail }, 'a talk could not be recorded');
        return recorded(recording, (id) =>
          happen(id, { type: 'talk.record-failed', recording, why: 'exchange' }),
        );
      }
      default: {
        const id = calls.ofLeg(event.leg);
        if (line.desk.take(event)) {
          if (event.type === 'leg.ended') calls.forgetLeg(event.leg);
        } else if (id !== undefined) happen(id, event);
        // A phone that was rung for a call that is over, by a command that came late.
        else if (event.type === 'leg.ringing' || event.type === 'leg.answered')
          sendStray(line, { type: 'hang-up', leg: event.leg, reason: 'normal' });
      }
    }
  }

  function recorded(recording: RecordingId, tell: (id: CallId) => void): void {
    const id = calls.ofRecording(recording);
    // Its call has given it up; its sound lies there under its name.
    if (id === undefined) log.warn({ recording }, 'the recording of a talk ended too late');
    else tell(id);
  }

  /** Finds out what happened while nobody listened, and turns it into events. */
  async function reconcile(line: Line, round: number): Promise<void> {
    const overtaken = (): boolean => isHalted() || line.round !== round;
    try {
      // As they stand when the question is asked: what begins meanwhile tells of itself.
      const asked = [...calls.entries()]
        .filter(({ live }) => live.call.exchange === line.exchange.id)
        .map(({ live, unsent }) => ({ call: live.call, unsent: new Set(unsent) }));
      const dialling = line.desk.legs();
      const survey = await surveyExchange(
        line.exchange,
        asked.map(({ call }) => call),
      );
      if (overtaken()) return;
      // First: a phone that rings for nobody would be busy for whoever it is rung for next.
      for (const command of strays(survey)) sendStray(line, command);
      for (const { call, unsent } of asked) settleSurvey(line, call, unsent, survey);
      line.desk.settle(dialling, (leg) => survey.legs.has(leg));
      for (const { phone, reachable } of survey.phones)
        if ((router.phones.get(phone)?.registered ?? false) !== reachable)
          route({ type: 'phone.registered', phone, registered: reachable });
      for (const arrival of survey.arrivals)
        if (calls.ofLeg(arrival.leg) === undefined) arrive(line.exchange.id, arrival);
      onReady(line.exchange.id);
    } catch (cause) {
      if (overtaken()) return;
      log.warn({ err: cause, exchange: line.exchange.id }, 'reconciliation failed; trying again');
      scheduler.at(scheduler.now() + 500, () => {
        if (!overtaken()) void reconcile(line, round);
      });
    }
  }

  function settleSurvey(line: Line, asked: Call, unsent: ReadonlySet<string>, survey: ExchangeSurvey): void {
    const { id } = asked;
    for (const event of surveyCall(asked, survey)) happen(id, event);
    happen(id, { type: 'call.resumed' });
    // Commands of before the break only; one that waited for the disk then had not left: its turn sends it.
    for (const command of asked.commands) if (!unsent.has(command.id)) sender.recover(line, id, command, 1);
    const entry = calls.get(id);
    if (entry !== undefined) calls.arm(entry);
  }

  /** What nobody wants any more: bridges and legs of calls that are over, and legs rung by turns that were never written. */
  function strays(survey: ExchangeSurvey): readonly TelephonyCommand[] {
    const bridges = new Set<string>();
    for (const { live } of calls.entries()) for (const bridge of bridgesOf(live.call)) bridges.add(bridge);
    return [
      ...survey.outbound
        .filter((leg) => calls.ofLeg(leg) === undefined)
        .map((leg): TelephonyCommand => ({ type: 'hang-up', leg, reason: 'normal' })),
      ...survey.bridges
        .filter((bridge) => !bridges.has(bridge))
        .map((bridge): TelephonyCommand => ({ type: 'unbridge', bridge })),
    ];
  }

  /** A stray belongs to no call: what becomes of the command concerns only the log; the next survey sees it again. */
  function sendStray(line: Line, command: TelephonyCommand): void {
    line.exchange.execute(command).then(
      (outcome) => log.warn({ command: command.type, outcome: outcome.result }, 'a stray was cleared away'),
      (cause: unknown) => log.error({ err: cause }, 'a stray could not be cleared away'),
    );
  }

  return { listen, sendStray };
}
