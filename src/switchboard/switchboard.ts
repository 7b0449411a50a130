/**
 * The imperative shell: an event comes in, the pure rooms decide, the journal writes, then the commands go. Holds the
 * live calls, their alarms and what waits for the disk; decides nothing about calls itself.
 */
import type {
  Alarm,
  CallId,
  ExchangeId,
  JsonObject,
  LegId,
  Log,
  Scheduler,
  SiteHash,
  UtcMs,
} from '../base/index.js';
import type { Closing } from '../calendar/index.js';
import {
  type Attempts,
  type Call,
  type CallEvent,
  type CallSite,
  isWanted,
  type LeftMessage,
  mediaOfText,
  type OutwardCommand,
  type TicketMessage,
  withoutCommand,
} from '../calls/index.js';
import type { Contact } from '../cases/index.js';
import type { Channels } from '../channels/port.js';
import type { EntityWrite, Journal, JournalState, Turn } from '../journal/port.js';
import type { Desk } from '../site/index.js';
import type { Lookups } from '../lookups/port.js';
import type {
  CommandOutcome,
  Exchange,
  LinkEvent,
  TelephonyCommand,
  TelephonyEvent,
} from '../telephony/port.js';
import type { EngineFact } from './engine-fact.js';
import { recoveredAttempts, takeAttempts } from './attempt-book.js';
import { closingWrite, recoveredClosings, withRouting } from './closings.js';
import { type AcdEvent, type Router, restoreRouter, type Routing } from '../acd/index.js';
import { callIdOf, type LiveCall, legsOf, liveCallOf, nextDue } from './live-call.js';
import { type ExchangeSurvey, surveyCall, surveyExchange, withoutHeardPrompt } from './reconciliation.js';
import { mayLeaveEarly, recoveryOf } from './recovery.js';
import { type AgentEvent, answerDesk, deskTexts, isDeskCode } from './desk.js';
import { createDeskLine, type DeskLine } from './desk-line.js';
import { recoveredRows, RouterDraft } from './router-draft.js';
import { type QueueAnswer, runTurn, type TurnResult, type TurnStart } from './turn.js';

export interface SwitchboardSites {
  /** The version that is in force. */
  current(): CallSite;
  /** The version that a new call to a number begins with. */
  forNumber(called: string): CallSite;
  /** The version whose calendars and queues hold for a call that began with this one: the one in force where it began. */
  inForce(hash: SiteHash): CallSite;
  /** The version that a live call began with. */
  version(hash: SiteHash): CallSite;
  /** Queues and agents of the version in force. */
  routing(): Routing;
  /** What agents dial, in the version in force. */
  desk(): Desk;
}

export interface SwitchboardParts {
  readonly exchanges: readonly Exchange[];
  readonly journal: Journal;
  readonly lookups: Lookups;
  readonly channels: Channels;
  readonly sites: SwitchboardSites;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** A keyed hash of a text: under it wrong PINs are counted. The key stays the same as long as the journal lasts. */
  readonly hash: (text: string) => string;
  /** Asked at each arrival: a new site version may change them. */
  readonly limits?: () => SwitchboardLimits;
  /** The engine cannot go on (fenced, its store broken for good, replaced): nothing is sent any more. */
  readonly onHalt: (why: string, cause: unknown) => void;
}

export interface SwitchboardLimits {
  /** Calls at once; more are rejected with congestion. */
  readonly calls: number;
  /** The same while the journal is degraded. */
  readonly callsWhenDegraded: number;
}

export interface SwitchboardStatus {
  readonly calls: number;
  readonly journal: JournalState;
  readonly admitting: boolean;
  readonly exchanges: readonly { readonly id: ExchangeId; readonly link: 'ready' | 'lost' }[];
}

export interface Switchboard {
  /** Takes the journal's live calls on, connects the exchanges and reconciles. Resolves when in control. */
  start(): Promise<void>;
  status(): SwitchboardStatus;
  /** Proof of life: resolves when a turn of nothing has gone all the way to the disk. */
  beat(): Promise<void>;
  /** Calendars that were closed at once, by name; one whose end has come may still be among them. */
  closings(): ReadonlyMap<string, Closing>;
  /** Closes a calendar from now on; resolves when that is on disk. */
  closeCalendar(name: string, until: UtcMs, say: string | null): Promise<void>;
  /** Opens a calendar that was closed so; resolves when that is on disk. */
  openCalendar(name: string): Promise<void>;
  /** Admits nobody new; resolves when no call is live, or after so many milliseconds. Resolves to the calls left. */
  drain(limitMs: number): Promise<number>;
  /** Ends the calls that are left and waits for their ends, so long. Resolves to the calls that are still left. */
  endCalls(limitMs: number): Promise<number>;
  /** Takes a message in that was left while no engine was there; resolves when its contact is durable. */
  takeMessage(message: LeftMessage): Promise<void>;
  /** Queues and agents as they are now. Only to be read. */
  router(): Router;
  /** What is known of the contact of a live call so far; null: the call is over, or never was. */
  contact(id: string): Contact | null;
  /**
   * Something that a person does to an agent, or an agent to themselves. Resolves when it is on disk.
   *
   * @returns why it was not done; null: it was.
   */
  agent(event: AgentEvent): Promise<string | null>;
  /** A version was put in force: queues and agents are those of it from now on. */
  sitePublished(): void;
  /** Puts a fact about the site or the engine itself on record; resolves when it is durable. */
  note(fact: EngineFact): Promise<void>;
  /** Deletes the personal data of a contact that is over, with the fact that tells of it; resolves when both are durable. */
  erase(contact: string, told: JsonObject): Promise<void>;
  /** Hashes of the site versions that live calls began with. */
  versionsInUse(): ReadonlySet<SiteHash>;
  /** Stops acting and disconnects. Calls live on at the exchange. */
  close(): Promise<void>;
}

interface Line {
  readonly exchange: Exchange;
  link: 'ready' | 'lost';
  /** Grows with each reconciliation, so that one that was overtaken ends. */
  round: number;
  /** Agents who dial the desk. */
  readonly desk: DeskLine;
}

interface Entry {
  live: LiveCall;
  alarm: Alarm | null;
  /** When the alarm goes; later deadlines re-arm lazily. */
  alarmAt: number;
  /** Turns that still wait for the disk. */
  waiting: number;
  /** Commands of those turns: they have not left. */
  readonly unsent: Set<string>;
}

/** A call that a turn moved, and what is to be done for it. */
interface Moved {
  readonly entry: Entry;
  readonly commands: readonly OutwardCommand[];
}

const defaults: SwitchboardLimits = { calls: 2_000, callsWhenDegraded: 50 };
/** Legs that ended lately, so that an inventory taken before does not bring them back. */
const rememberedLegs = 2_000;
const tries = 3;
/** Pause before a command of unknown fate is tried again. */
const retryMs = 250;
/** A call whose commands waited so long for the disk is told of it, ms. */
const heldMs = 1_000;

export function createSwitchboard(parts: SwitchboardParts): Switchboard {
  const { journal, lookups, channels, sites, scheduler, log, onHalt } = parts;
  const calls = new Map<CallId, Entry>();
  const callOfLeg = new Map<string, CallId>();
  const endedLegs = new Set<string>();
  const lines = new Map<ExchangeId, Line>(
    parts.exchanges.map((exchange) => {
      const desk = createDeskLine({ scheduler, log, execute: (command) => exchange.execute(command) });
      return [exchange.id, { exchange, link: 'lost', round: 0, desk }];
    }),
  );
  const closings = new Map<string, Closing>();
  const joined = new WeakMap<CallSite, { readonly current: CallSite; readonly site: CallSite }>();
  const attempts = new Map<string, Attempts>();
  const book = { hash: parts.hash, known: attempts };
  const rows = recoveredRows(journal.recovered.entities);
  const router = restoreRouter(sites.routing(), rows);
  let routerDue: UtcMs | null = null;
  let routerAlarm: Alarm | null = null;
  /** Messages that a channel of this process has not answered yet. */
  const asked = new Set<string>();
  let seq = journal.recovered.seq;
  let nextCase = 1;
  let admitting = true;
  let halted = false;
  let drained: (() => void) | null = null;

  /** Asked for in every turn, and the same until something is published. Closings are seen as they come. */
  function siteOf(hash: SiteHash): CallSite {
    const version = sites.version(hash);
    const current = sites.inForce(hash);
    const before = joined.get(version);
    if (before?.current === current) return before.site;
    const site = withRouting(version, current, closings);
    joined.set(version, { current, site });
    return site;
  }

  // --- turns

  function arrive(exchange: ExchangeId, event: Extract<TelephonyEvent, { type: 'leg.arrived' }>): void {
    if (callOfLeg.has(event.leg) || endedLegs.has(event.leg)) return;
    const { phone } = event;
    if (phone !== null && isDeskCode(event.called)) return askDesk(exchange, event.leg, phone, event.called);
    const at = scheduler.now();
    const id = callIdOf(at, seq + 1);
    const { calls: most, callsWhenDegraded } = parts.limits?.() ?? defaults;
    const room = journal.state === 'normal' ? most : callsWhenDegraded;
    const arrival = { id, exchange, event, admitted: admitting && calls.size < room };
    if (turn({ type: 'arrival', arrival, site: sites.forNumber(event.called).hash }, at) !== null) return;
    // Not even the apology could be begun: a refusal is better than a line that stays silent.
    const line = lines.get(exchange);
    if (line !== undefined) sendStray(line, { type: 'hang-up', leg: event.leg, reason: 'congestion' });
  }

  /** An agent dialled a code: done first, answered when it is on disk. */
  function askDesk(exchange: ExchangeId, leg: LegId, phone: string, dialled: string): void {
    const line = lines.get(exchange);
    if (line === undefined || !line.desk.begin(leg)) return;
    const site = sites.current();
    const answer = answerDesk(sites.desk(), router, phone, dialled, site.languages[0] ?? 'en');
    const { refusal, written } =
      answer.do === null ? { refusal: null, written: Promise.resolve() } : route(answer.do);
    const text = refusal === null ? answer.say : deskTexts.cannot;
    const { media } = mediaOfText(site, { text, language: answer.language, slots: {} });
    void written.then(() => {
      if (!halted) line.desk.answer(leg, media);
    });
  }

  function happen(id: CallId, event: CallEvent): boolean {
    const entry = calls.get(id);
    if (entry === undefined || halted) return false;
    return turn({ type: 'event', live: entry.live, event }, scheduler.now()) !== null;
  }

  /** Resolves when the turn is on disk. Gives null when it could not be run at all: nothing has changed. */
  function turn(start: TurnStart, at: number, draft = routerDraft(at)): Promise<void> | null {
    const mark = journal.state !== 'normal' ? 'journal-degraded' : null;
    let result: TurnResult;
    try {
      const queues = (message: TicketMessage, site: CallSite): QueueAnswer => draft.tell(message, site);
      const call = (id: CallId): LiveCall | null => calls.get(id)?.live ?? null;
      result = runTurn(start, { at, site: siteOf, call, queues, attempts: book, nextCase, mark });
    } catch (fault) {
      // One call's fault must not cost the others their events, their alarms or their recovery.
      log.error({ err: fault, turn: start.type }, 'a turn failed');
      draft.takeBack();
      return null;
    }
    for (const fault of result.faults) log.error({ err: fault, turn: start.type }, 'a decision failed');
    nextCase = result.nextCase;
    takeAttempts(attempts, result.attempts);
    const moved = result.calls.map(({ live, commands }): Moved => ({ entry: take(live), commands }));
    const written = commit(moved, at, result, draft.entities());
    if (draft.due !== undefined) armRouter(draft.due);
    return written;
  }

  /** Takes a call's new state into memory, with its legs and its alarm. */
  function take(live: LiveCall): Entry {
    const { id } = live.call;
    const entry = calls.get(id) ?? { live, alarm: null, alarmAt: 0, waiting: 0, unsent: new Set() };
    const before = legsOf(entry.live.call);
    entry.live = live;
    const after = legsOf(live.call);
    for (const leg of after) callOfLeg.set(leg, id);
    for (const leg of before) if (!after.includes(leg)) forgetLeg(leg);
    if (live.call.phase === 'over') {
      entry.alarm?.cancel();
      entry.alarm = null;
      calls.delete(id);
      if (calls.size === 0) drained?.();
    } else {
      calls.set(id, entry);
      arm(id, entry);
    }
    return entry;
  }

  function forgetLeg(leg: string): void {
    callOfLeg.delete(leg);
    endedLegs.add(leg);
    if (endedLegs.size > rememberedLegs) endedLegs.delete(endedLegs.values().next().value ?? leg);
  }

  function arm(id: CallId, entry: Entry): void {
    const due = nextDue(entry.live.call);
    // An alarm that is too early finds nothing due and arms again: cheaper than moving it with every key.
    if (due === null || (entry.alarm !== null && entry.alarmAt <= due)) return;
    entry.alarm?.cancel();
    entry.alarmAt = due;
    entry.alarm = scheduler.at(due, () => {
      entry.alarm = null;
      ring(id);
    });
  }

  function ring(id: CallId): void {
    const now = scheduler.now();
    for (;;) {
      const entry = calls.get(id);
      // While what it decided has not left, the call's time stands still.
      if (entry === undefined || halted || entry.unsent.size > 0) return;
      const due = entry.live.call.deadlines.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) return arm(id, entry);
      if (!happen(id, { type: 'deadline.due', id: due.id, frame: due.frame })) return;
    }
  }

  /** @param routed rows of the router that changed. */
  function commit(
    moved: readonly Moved[],
    at: number,
    result: TurnResult,
    routed: readonly EntityWrite[],
  ): Promise<void> {
    const { events, personal, records } = result;
    const entities = [...result.entities(), ...routed];
    const late = moved.map(({ entry, commands }): Moved => ({ entry, commands: sendEarly(entry, commands) }));
    const urgent = late.some(({ commands }) => commands.length > 0);
    seq += 1;
    for (const { entry, commands } of late) {
      entry.waiting += 1;
      for (const command of commands) entry.unsent.add(command.id);
    }
    const written = journal.append({ seq, at, events, entities, personal, records }, urgent);
    if (journal.state === 'normal') prepare(late);
    return written.then(
      () => {
        for (const { entry, commands } of late) {
          entry.waiting -= 1;
          for (const command of commands) entry.unsent.delete(command.id);
        }
        if (halted) return;
        for (const { entry, commands } of late) {
          const line = lines.get(entry.live.call.exchange);
          if (line === undefined) continue;
          const { id } = entry.live.call;
          for (const command of commands) send(line, id, command, 1);
          if (commands.length > 0 && entry.unsent.size === 0) goOn(id, scheduler.now() - at);
        }
      },
      (cause: unknown) => halt('the journal refused a turn', cause),
    );
  }

  /** An exchange may get ready while the disk writes. */
  function prepare(moved: readonly Moved[]): void {
    for (const { entry, commands } of moved)
      for (const { body } of commands)
        if (body.type !== 'look-up' && body.type !== 'send-message')
          lines.get(entry.live.call.exchange)?.exchange.prepare?.(body);
  }

  /** What may leave before the commit; gives the rest. */
  function sendEarly(entry: Entry, commands: readonly OutwardCommand[]): readonly OutwardCommand[] {
    const line = lines.get(entry.live.call.exchange);
    // Only while nothing of the call waits for the disk, or a stop could overtake the play that it means.
    if (line === undefined || entry.waiting > 0 || commands.length === 0) return commands;
    const first = commands.findIndex(({ body }) => !mayLeaveEarly.has(body.type));
    const early = first === -1 ? commands : commands.slice(0, first);
    for (const command of early) send(line, entry.live.call.id, command, 1);
    return first === -1 ? [] : commands.slice(first);
  }

  // --- the router

  function routerDraft(at: number): RouterDraft {
    return new RouterDraft(router, at, parts.hash);
  }

  /** Something happens to agents, phones or the router's own time. `written` resolves when it is on disk. */
  function route(event: AcdEvent): { readonly refusal: string | null; readonly written: Promise<void> } {
    const at = scheduler.now();
    const draft = routerDraft(at);
    const answer = draft.decide(event);
    if (!draft.moved) {
      // What changes nothing is no turn.
      if (draft.due !== undefined) armRouter(draft.due);
      return { refusal: answer.refusal, written: Promise.resolve() };
    }
    const written = turn({ type: 'queues', answer }, at, draft);
    if (written === null) return { refusal: 'a fault', written: Promise.resolve() };
    return { refusal: answer.refusal, written };
  }

  /** @param due when the router has something to do next; null: never. */
  function armRouter(due: UtcMs | null): void {
    if (due === routerDue) return;
    routerAlarm?.cancel();
    routerDue = due;
    routerAlarm = due === null ? null : scheduler.at(due, routerIsDue);
  }

  function routerIsDue(): void {
    routerDue = null;
    routerAlarm = null;
    if (!halted) route({ type: 'deadline.due' });
  }

  /** What a call decided has left, so long after it was decided. */
  function goOn(id: CallId, waitedMs: number): void {
    if (waitedMs >= heldMs) happen(id, { type: 'call.held', ms: waitedMs });
    const entry = calls.get(id);
    if (entry !== undefined && entry.alarm === null) arm(id, entry);
  }

  function note(fact: EngineFact, also: Pick<Partial<Turn>, 'entities' | 'erased'> = {}): Promise<void> {
    seq += 1;
    const { type, body, subject = 'engine' } = fact;
    const event = { type, version: 1, subject, body };
    const plain = { events: [event], entities: [], personal: [], records: [] };
    const written = journal.append({ seq, at: scheduler.now(), ...plain, ...also }, 'entities' in also);
    written.catch((cause: unknown) => halt('the journal refused a turn', cause));
    return written;
  }

  async function takeMessage(message: LeftMessage): Promise<void> {
    const at = scheduler.now();
    const start = { type: 'left-message', message, site: sites.forNumber(message.called).hash } as const;
    // Nobody waits on the line any more: it asks the queues nothing.
    const queues = (): QueueAnswer => ({ told: [], facts: [] });
    const site = (hash: SiteHash): CallSite => sites.version(hash);
    const result = runTurn(start, {
      at,
      site,
      call: () => null,
      queues,
      attempts: book,
      nextCase,
      mark: null,
    });
    nextCase = result.nextCase;
    seq += 1;
    const { events, personal, records } = result;
    await journal.append({ seq, at, events, entities: result.entities(), personal, records }, false);
  }

  // --- commands

  function send(line: Line, id: CallId, command: OutwardCommand, attempt: number): void {
    const { body } = command;
    if (body.type === 'look-up') {
      lookups.lookUp({ command: command.id, ...body }).then(
        (answer) => happen(id, { type: 'lookup.answered', command: command.id, answer }),
        (cause: unknown) => {
          log.error({ err: cause, call: id, source: body.source }, 'a lookup threw');
          happen(id, {
            type: 'lookup.answered',
            command: command.id,
            answer: { result: 'failed', why: 'fault' },
          });
        },
      );
      return;
    }
    if (body.type === 'send-message') {
      const { message, channel, to, language, text, timeoutMs } = body;
      asked.add(command.id);
      channels.send({ id: message, channel, to, language, text, timeoutMs }).then(
        (outcome) => {
          asked.delete(command.id);
          if (outcome.result !== 'sent')
            log.warn(
              { call: id, message, result: outcome.result, why: outcome.why },
              'a message was not sent',
            );
          happen(id, { type: 'message.settled', command: command.id, outcome });
        },
        (cause: unknown) => {
          asked.delete(command.id);
          log.error({ err: cause, call: id, message }, 'a channel threw');
          const outcome = { result: 'unknown', why: 'fault' } as const;
          happen(id, { type: 'message.settled', command: command.id, outcome });
        },
      );
      return;
    }
    line.exchange.execute(body).then(
      (outcome) => settle(line, id, command, outcome, attempt),
      (cause: unknown) => {
        log.error({ err: cause, call: id, command: body.type }, 'an exchange threw');
        settle(line, id, command, { result: 'unknown', detail: 'fault' }, attempt);
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
    if (entry === undefined || halted || !isAwaited(id, command)) return;
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
      entry.live = { ...entry.live, call: withoutCommand(entry.live.call, command.id) };
      return;
    }
    happen(id, { type: 'command.settled', command: command.id, outcome });
  }

  /** Settles a command whose fate is unknown, as its type declares. */
  function recover(line: Line, id: CallId, command: OutwardCommand, attempt: number): void {
    const { type } = command.body;
    if (halted || !isAwaited(id, command) || dropUnwanted(id, command)) return;
    switch (recoveryOf[type]) {
      case 'redo':
      case 'same-id':
        return send(line, id, command, attempt);
      case 'ask-then-redo':
        ask(line, command.body).then(
          (happened) => {
            if (happened) settle(line, id, command, { result: 'done' }, attempt);
            // While the exchange was asked, the call went on.
            else if (!halted && isAwaited(id, command) && !dropUnwanted(id, command))
              send(line, id, command, attempt);
          },
          (cause: unknown) =>
            settle(line, id, command, { result: 'unknown', detail: String(cause) }, attempt),
        );
        return;
      case 'never-redo':
        // Its answer does not come by the exchange, whose link was down.
        if (asked.has(command.id)) return;
        happen(id, {
          type: 'command.settled',
          command: command.id,
          outcome: { result: 'unknown', detail: 'never repeated' },
        });
        return;
      default:
        return unknownRecovery(recoveryOf[type]);
    }
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

  async function ask(line: Line, body: OutwardCommand['body']): Promise<boolean> {
    if (body.type === 'play') return (await line.exchange.playbackState(body.playback)) === 'live';
    if (body.type === 'record' || body.type === 'record-bridge')
      return (await line.exchange.recordingState(body.recording)).state !== 'gone';
    return false;
  }

  // --- exchanges

  function listen(line: Line, event: TelephonyEvent | LinkEvent): void {
    if (halted) return;
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
      case 'bridge.recorded':
      case 'bridge.record-failed':
        // No call has a bridge recorded.
        return;
      default: {
        const id = callOfLeg.get(event.leg);
        if (line.desk.take(event)) {
          if (event.type === 'leg.ended') forgetLeg(event.leg);
        } else if (id !== undefined) happen(id, event);
        // A phone that was rung for a call that is over, by a command that came late.
        else if (event.type === 'leg.ringing' || event.type === 'leg.answered')
          sendStray(line, { type: 'hang-up', leg: event.leg, reason: 'normal' });
      }
    }
  }

  /** Finds out what happened while nobody listened, and turns it into events. */
  async function reconcile(line: Line, round: number): Promise<void> {
    const overtaken = (): boolean => halted || line.round !== round;
    try {
      // As they stand when the question is asked: what begins meanwhile tells of itself.
      const asked = [...calls.values()]
        .filter(({ live }) => live.call.exchange === line.exchange.id)
        .map(({ live, unsent }) => ({ call: live.call, unsent: new Set(unsent) }));
      const survey = await surveyExchange(
        line.exchange,
        asked.map(({ call }) => call),
      );
      if (overtaken()) return;
      for (const { call, unsent } of asked) settleSurvey(line, call, unsent, survey);
      line.desk.settle((leg) => survey.legs.has(leg));
      for (const { phone, reachable } of survey.phones)
        if ((router.phones.get(phone)?.registered ?? false) !== reachable)
          route({ type: 'phone.registered', phone, registered: reachable });
      for (const arrival of survey.arrivals)
        if (!callOfLeg.has(arrival.leg)) arrive(line.exchange.id, arrival);
      for (const command of strays(survey)) sendStray(line, command);
      ready(line);
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
    for (const command of asked.commands) if (!unsent.has(command.id)) recover(line, id, command, 1);
    const entry = calls.get(id);
    if (entry !== undefined) arm(id, entry);
  }

  /** What nobody wants any more: legs that we rang and bridges that we made for calls that are over. */
  function strays(survey: ExchangeSurvey): readonly TelephonyCommand[] {
    const bridges = new Set<string>();
    for (const { live } of calls.values())
      if (live.call.dial?.bridge != null) bridges.add(live.call.dial.bridge);
    return [
      ...survey.outbound
        .filter((leg) => !callOfLeg.has(leg))
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

  /** Settled when a start is over: in control, or halted. */
  const firstReady = new Map<ExchangeId, (fault: Error | null) => void>();
  function ready(line: Line): void {
    firstReady.get(line.exchange.id)?.(null);
  }

  async function untilNoCalls(limitMs: number): Promise<number> {
    if (calls.size === 0) return 0;
    await new Promise<void>((resolve) => {
      const alarm = scheduler.at(scheduler.now() + limitMs, resolve);
      drained = () => {
        alarm.cancel();
        resolve();
      };
    });
    return calls.size;
  }

  function halt(why: string, cause: unknown): void {
    if (halted) return;
    halted = true;
    routerAlarm?.cancel();
    for (const { alarm } of calls.values()) alarm?.cancel();
    for (const settleStart of firstReady.values()) settleStart(new Error(why, { cause }));
    drained?.();
    onHalt(why, cause);
  }

  return {
    async start() {
      for (const { kind, id, body } of journal.recovered.entities) {
        if (kind === 'counter' && id === 'case' && typeof body.next === 'number') nextCase = body.next;
        if (kind !== 'call') continue;
        const stored = liveCallOf(body);
        if (stored === null) {
          log.error({ call: id }, 'a live call of an unknown form was set aside');
          continue;
        }
        const live = { ...stored, call: withoutHeardPrompt(stored.call, journal.recovered.at) };
        // Its alarm is armed when the exchange has told what happened meanwhile.
        calls.set(live.call.id, { live, alarm: null, alarmAt: 0, waiting: 0, unsent: new Set() });
        for (const leg of legsOf(live.call)) callOfLeg.set(leg, live.call.id);
      }
      for (const { kind, id, row } of rows) {
        if (kind !== 'ticket' || row === null || row.kind !== 'call' || calls.has(row.contact)) continue;
        log.error({ ticket: id }, 'a place in a queue whose call is not there any more was given up');
        route({ type: 'ticket.withdrawn', ticket: id, why: 'failed' });
      }
      route({ type: 'routing.changed', routing: sites.routing() });
      for (const [name, closing] of recoveredClosings(journal.recovered.entities, scheduler.now()))
        closings.set(name, closing);
      for (const [key, known] of recoveredAttempts(journal.recovered.entities)) attempts.set(key, known);
      void note({ type: 'engine.started', body: { calls: calls.size, site: sites.current().hash } });
      journal.onState((state, why) => log[state === 'normal' ? 'info' : 'error']({ state, why }, 'journal'));
      await Promise.all(
        [...lines.values()].map(async (line) => {
          const reconciled = new Promise<void>((resolve, reject) =>
            firstReady.set(line.exchange.id, (fault) => (fault === null ? resolve() : reject(fault))),
          );
          await Promise.all([line.exchange.start((event) => listen(line, event)), reconciled]);
        }),
      );
    },
    status: () => ({
      calls: calls.size,
      journal: journal.state,
      admitting: admitting && !halted,
      exchanges: [...lines.values()].map(({ exchange, link }) => ({ id: exchange.id, link })),
    }),
    beat() {
      seq += 1;
      return journal.append(
        { seq, at: scheduler.now(), events: [], entities: [], personal: [], records: [] },
        false,
      );
    },
    takeMessage,
    note: (fact) => note(fact),
    erase: (contact, told) =>
      note({ type: 'personal.erased', subject: contact, body: told }, { erased: [contact] }),
    router: () => router,
    contact: (id) => calls.get(id as CallId)?.live.contact ?? null,
    async agent(event) {
      const { refusal, written } = route(event);
      await written;
      return refusal;
    },
    sitePublished() {
      route({ type: 'routing.changed', routing: sites.routing() });
    },
    versionsInUse: () => new Set([...calls.values()].map(({ live }) => live.call.site)),
    closings: () => closings,
    closeCalendar(name, until, say) {
      const closing = { since: scheduler.now(), until, say };
      closings.set(name, closing);
      const fact = { type: 'calendar.closed', subject: name, body: { until, say } } as const;
      return note(fact, { entities: [closingWrite(name, closing)] });
    },
    openCalendar(name) {
      closings.delete(name);
      return note(
        { type: 'calendar.opened', subject: name, body: {} },
        { entities: [closingWrite(name, null)] },
      );
    },
    drain(limitMs) {
      admitting = false;
      return untilNoCalls(limitMs);
    },
    endCalls(limitMs) {
      admitting = false;
      for (const id of calls.keys()) happen(id, { type: 'engine.stopping' });
      return untilNoCalls(limitMs);
    },
    async close() {
      halted = true;
      routerAlarm?.cancel();
      for (const { desk } of lines.values()) desk.close();
      for (const { alarm } of calls.values()) alarm?.cancel();
      await Promise.all([...lines.values()].map(({ exchange }) => exchange.close()));
    },
  };
}

function unknownRecovery(recovery: never): never {
  throw new TypeError(`No such recovery: ${String(recovery)}.`);
}
