/**
 * The imperative shell: an event comes in, the pure rooms decide, the journal writes, then the commands go. Holds what
 * the turns share; decides nothing about calls itself.
 */
import { restoreRouter } from '../acd/index.js';
import type { CallId, ExchangeId, LegId, SiteHash } from '../base/index.js';
import type { Closing } from '../calendar/index.js';
import {
  type CallEvent,
  type CallSite,
  type LeftMessage,
  isUp,
  mediaOfText,
  type OutwardCommand,
  serviceNumber,
  type TicketMessage,
} from '../calls/index.js';
import type { EntityWrite, Turn } from '../journal/port.js';
import type { TelephonyEvent } from '../telephony/port.js';
import { takeBook } from './book.js';
import { openBooks } from './books.js';
import { callbackWrites, type Kept, noCallbacks, recoveredCallbacks, withEnds } from './callback-book.js';
import { closingWrites, recoveredClosings, withRouting } from './closings.js';
import { createCommandSender } from './command-sender.js';
import { answerDesk, isDeskCode, refusedText } from './desk.js';
import { createDeskLine } from './desk-line.js';
import type { EngineFact } from './engine-fact.js';
import { createExchangeWatch } from './exchange-watch.js';
import type { Line } from './line.js';
import { callIdOf, type LiveCall, liveCallOf } from './live-call.js';
import { type CallEntry, createLiveCalls } from './live-calls.js';
import type { Switchboard, SwitchboardLimits, SwitchboardParts } from './port.js';
import { withoutHeardPrompt } from './reconciliation.js';
import { mayLeaveEarly } from './recovery.js';
import { createRouterDriver } from './router-driver.js';
import { recoveredRows } from './router-draft.js';
import { type QueueAnswer, runTurn, type TurnResult, type TurnStart } from './turn.js';

/** A call that a turn moved, and what is to be done for it. */
interface Moved {
  readonly entry: CallEntry;
  readonly commands: readonly OutwardCommand[];
}

const defaults: SwitchboardLimits = { calls: 2_000, callsWhenDegraded: 50 };
/** A call whose commands waited so long for the disk is told of it, ms. */
const heldMs = 1_000;

export function createSwitchboard(parts: SwitchboardParts): Switchboard {
  const { journal, lookups, channels, sites, scheduler, log, onHalt } = parts;
  const lines = new Map<ExchangeId, Line>(
    parts.exchanges.map((exchange) => {
      const desk = createDeskLine({ scheduler, log, execute: (command) => exchange.execute(command) });
      return [exchange.id, { exchange, link: 'lost', round: 0, desk }];
    }),
  );
  const closings = new Map<string, Closing>();
  const joined = new WeakMap<CallSite, { readonly current: CallSite; readonly site: CallSite }>();
  const books = openBooks(parts.hash, journal.recovered.entities);
  const kept = new Map<string, Kept>(recoveredCallbacks(journal.recovered.entities));
  const rows = recoveredRows(journal.recovered.entities);
  const router = restoreRouter(sites.routing(), rows);
  let seq = journal.recovered.seq;
  let nextCase = 1;
  let admitting = true;
  let halted = false;
  let drained: (() => void) | null = null;
  const isHalted = (): boolean => halted;

  const calls = createLiveCalls({
    scheduler,
    isHalted,
    onDue: (id, { id: deadline, frame }) => happen(id, { type: 'deadline.due', id: deadline, frame }),
    onEmpty: () => drained?.(),
  });
  const driver = createRouterDriver({
    router,
    scheduler,
    hash: parts.hash,
    isHalted,
    turn: (answer, at, draft) => turn({ type: 'queues', answer }, at, draft),
  });
  const sender = createCommandSender({ calls, lookups, channels, scheduler, log, isHalted, happen });
  /** Settled when a start is over: in control, or halted. */
  const firstReady = new Map<ExchangeId, (fault: Error | null) => void>();
  const watch = createExchangeWatch({
    calls,
    router,
    sender,
    scheduler,
    log,
    isHalted,
    halt,
    happen,
    arrive,
    route: (event) => void driver.route(event),
    onReady: (exchange) => firstReady.get(exchange)?.(null),
  });

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

  const siteFor = (called: string): SiteHash => sites.forNumber(called).hash;

  // --- turns

  function arrive(exchange: ExchangeId, event: Extract<TelephonyEvent, { type: 'leg.arrived' }>): void {
    if (calls.knows(event.leg)) return;
    const { phone } = event;
    if (phone !== null && isDeskCode(event.called)) return askDesk(exchange, event.leg, phone, event.called);
    const talk = phone === null ? null : talkAt(exchange, phone, event.called);
    if (talk !== null && phone !== null)
      if (happen(talk, { type: 'phone.dialled', leg: event.leg, phone, called: event.called })) return;
    const at = scheduler.now();
    const id = callIdOf(at, seq + 1);
    const { calls: most, callsWhenDegraded } = parts.limits?.() ?? defaults;
    const room = journal.state === 'normal' ? most : callsWhenDegraded;
    const arrival = { id, exchange, event, admitted: admitting && calls.size < room };
    if (turn({ type: 'arrival', arrival, site: sites.forNumber(event.called).hash }, at) !== null) return;
    // Not even the apology could be begun: a refusal is better than a line that stays silent.
    const line = lines.get(exchange);
    if (line !== undefined) watch.sendStray(line, { type: 'hang-up', leg: event.leg, reason: 'congestion' });
  }

  /** The call in which the phone talks, and from which it moves the caller by dialling; null: it dials for itself. */
  function talkAt(exchange: ExchangeId, phone: string, called: string): CallId | null {
    for (const { live } of calls.entries()) {
      const { call } = live;
      const talks = call.phones.some((one) => one.phone === phone && one.outside !== true && isUp(one));
      if (!talks || call.phase !== 'live' || call.exchange !== exchange) continue;
      const { transfers, numbers } = siteOf(call.site);
      return transfers === null || numbers.has(serviceNumber(called)) ? null : call.id;
    }
    return null;
  }

  /** An agent dialled a code: done first, answered when it is on disk. */
  function askDesk(exchange: ExchangeId, leg: LegId, phone: string, dialled: string): void {
    const line = lines.get(exchange);
    if (line === undefined || !line.desk.begin(leg)) return;
    const site = sites.current();
    const answer = answerDesk(sites.desk(), router, phone, dialled, site.languages[0] ?? 'en');
    const { refusal, written } =
      answer.do === null ? { refusal: null, written: Promise.resolve() } : driver.route(answer.do);
    const text = refusal === null ? answer.say : refusedText(refusal);
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

  function* liveCalls(): Iterable<LiveCall> {
    for (const { live } of calls.entries()) yield live;
  }

  /** Resolves when the turn is on disk. Gives null when it could not be run at all: nothing has changed. */
  function turn(start: TurnStart, at: number, draft = driver.draft(at)): Promise<void> | null {
    const mark = journal.state !== 'normal' ? 'journal-degraded' : null;
    let result: TurnResult;
    try {
      const queues = (message: TicketMessage, site: CallSite): QueueAnswer => draft.tell(message, site);
      const call = (id: CallId): LiveCall | null => calls.get(id)?.live ?? null;
      let begun = 0;
      const newCall = (): CallId => {
        begun += 1;
        return callIdOf(at, seq + 1, begun);
      };
      const callbacks = { known: kept, siteFor, newCall, admits: () => admitting, calls: liveCalls };
      result = runTurn(start, { at, site: siteOf, call, queues, ...books.world, callbacks, nextCase, mark });
    } catch (fault) {
      // One call's fault must not cost the others their events, their alarms or their recovery.
      log.error({ err: fault, turn: start.type }, 'a turn failed');
      draft.takeBack();
      return null;
    }
    for (const fault of result.faults) log.error({ err: fault, turn: start.type }, 'a decision failed');
    nextCase = result.nextCase;
    const remembered = books.take(result, router);
    const places = withEnds(result.callbacks, kept, draft.endedTickets());
    takeBook(kept, places);
    const moved = result.calls.map(({ live, commands }): Moved => ({ entry: calls.take(live), commands }));
    const also = [...draft.entities(), ...remembered, ...callbackWrites(places)];
    const written = commit(moved, at, result, also);
    if (draft.due !== undefined) driver.arm(draft.due);
    return written;
  }

  /** @param others rows of the router that changed, and of the books. */
  function commit(
    moved: readonly Moved[],
    at: number,
    result: TurnResult,
    others: readonly EntityWrite[],
  ): Promise<void> {
    const { events, personal, records } = result;
    const entities = [...result.entities(), ...others];
    const late = moved.map(({ entry, commands }): Moved => ({ entry, commands: sendEarly(entry, commands) }));
    const urgent = late.some(({ commands }) => commands.length > 0);
    seq += 1;
    for (const { entry, commands } of late) {
      entry.waiting += 1;
      for (const command of commands) entry.unsent.add(command.id);
    }
    const written = journal.append({ seq, at, events, entities, personal, records }, urgent);
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
          for (const command of commands) sender.send(line, id, command, 1);
          if (commands.length > 0 && entry.unsent.size === 0) goOn(id, scheduler.now() - at);
        }
      },
      (cause: unknown) => halt('the journal refused a turn', cause),
    );
  }

  /** What may leave before the commit; gives the rest. */
  function sendEarly(entry: CallEntry, commands: readonly OutwardCommand[]): readonly OutwardCommand[] {
    const line = lines.get(entry.live.call.exchange);
    // Only while nothing of the call waits for the disk, or a stop could overtake the play that it means.
    if (line === undefined || entry.waiting > 0 || commands.length === 0) return commands;
    const first = commands.findIndex(({ body }) => !mayLeaveEarly(body, journal.state));
    const early = first === -1 ? commands : commands.slice(0, first);
    for (const command of early) sender.send(line, entry.live.call.id, command, 1);
    return first === -1 ? [] : commands.slice(first);
  }

  /** What a call decided has left, so long after it was decided. */
  function goOn(id: CallId, waitedMs: number): void {
    if (waitedMs >= heldMs) happen(id, { type: 'call.held', ms: waitedMs });
    const entry = calls.get(id);
    if (entry !== undefined && entry.alarm === null) calls.arm(entry);
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
      ...books.world,
      callbacks: noCallbacks(siteFor),
      nextCase,
      mark: null,
    });
    nextCase = result.nextCase;
    const entities = [...result.entities(), ...books.take(result, router)];
    seq += 1;
    const { events, personal, records } = result;
    await journal.append({ seq, at, events, entities, personal, records }, false);
  }

  /** The call in which the agent talks, and is recorded or would be; null: there is none. */
  function talkOf(agent: string): CallEntry | null {
    const ticket = router.tickets.get(router.agents.get(agent)?.ticket ?? '');
    const entry = ticket === undefined ? undefined : calls.get(ticket.contact);
    if (entry === undefined || entry.live.call.talkRecording === null) return null;
    const talks = entry.live.call.phones.some(
      ({ state, offer }) => state === 'talking' && offer?.agent === agent,
    );
    return talks ? entry : null;
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
    driver.close();
    calls.close();
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
        calls.restore(live);
      }
      for (const { kind, id, row } of rows) {
        if (kind !== 'ticket' || row === null || row.kind === 'callback' || calls.has(row.contact)) continue;
        log.error({ ticket: id }, 'a place in a queue whose call is not there any more was given up');
        driver.route({ type: 'ticket.withdrawn', ticket: id, why: 'failed' });
      }
      for (const { kind, id, row } of rows) {
        if (kind !== 'ticket' || row === null || row.kind !== 'callback' || kept.has(id)) continue;
        log.error({ ticket: id }, 'a callback of which nobody knows the number any more was given up');
        driver.route({ type: 'ticket.cancelled', ticket: id, why: 'cancelled' });
      }
      driver.route({ type: 'routing.changed', routing: sites.routing() });
      for (const [name, closing] of recoveredClosings(journal.recovered.entities, scheduler.now()))
        closings.set(name, closing);
      void note({ type: 'engine.started', body: { calls: calls.size, site: sites.current().hash } });
      journal.onState((state, why) => log[state === 'normal' ? 'info' : 'error']({ state, why }, 'journal'));
      await Promise.all(
        [...lines.values()].map(async (line) => {
          const reconciled = new Promise<void>((resolve, reject) =>
            firstReady.set(line.exchange.id, (fault) => (fault === null ? resolve() : reject(fault))),
          );
          await Promise.all([line.exchange.start((event) => watch.listen(line, event)), reconciled]);
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
    async erase(contact, told) {
      // Whoever is forgotten is not called back either: the number would be gone, and is.
      const isTheirs = ({ place, case: of }: Kept): boolean =>
        place.contact === contact || (of?.record.contacts.includes(contact) ?? false);
      for (const one of kept.values())
        if (isTheirs(one))
          driver.route({ type: 'ticket.cancelled', ticket: one.place.ticket, why: 'cancelled' });
      await Promise.all([
        driver.route({ type: 'contact.erased', contact }).written,
        note({ type: 'personal.erased', subject: contact, body: told }, { erased: [contact] }),
      ]);
    },
    callbacks: () => kept,
    async cancelCallback(ticket) {
      if (router.tickets.get(ticket)?.kind !== 'callback') return false;
      await driver.route({ type: 'ticket.cancelled', ticket, why: 'cancelled' }).written;
      return true;
    },
    router: () => router,
    contact: (id) => calls.get(id as CallId)?.live.contact ?? null,
    async agent(event) {
      const { refusal, written } = driver.route(event);
      await written;
      return refusal;
    },
    async recordTalk(agent, on) {
      const entry = talkOf(agent);
      if (entry === null) return 'not-recorded';
      const event = { type: 'recording.asked', agent, on, by: 'desk' } as const;
      await turn({ type: 'event', live: entry.live, event }, scheduler.now());
      return null;
    },
    talks: () =>
      Array.from(calls.entries(), ({ live }) => live).filter(
        ({ call }) => call.phase === 'live' && call.talkStep !== null,
      ),
    talkRecorded(agent) {
      const recording = talkOf(agent)?.live.call.talkRecording ?? null;
      if (recording === null) return null;
      return recording.on && recording.id !== null ? 'on' : 'off';
    },
    sitePublished() {
      driver.route({ type: 'routing.changed', routing: sites.routing() });
    },
    versionsInUse: () => new Set(Array.from(calls.entries(), ({ live }) => live.call.site)),
    closings: () => closings,
    closeCalendar(name, until, say) {
      const closing = { since: scheduler.now(), until, say };
      closings.set(name, closing);
      const fact = { type: 'calendar.closed', subject: name, body: { until, say } } as const;
      return note(fact, { entities: closingWrites(name, closing) });
    },
    openCalendar(name) {
      closings.delete(name);
      return note(
        { type: 'calendar.opened', subject: name, body: {} },
        { entities: closingWrites(name, null) },
      );
    },
    drain(limitMs) {
      admitting = false;
      return untilNoCalls(limitMs);
    },
    endCalls(limitMs) {
      admitting = false;
      for (const { live } of Array.from(calls.entries())) happen(live.call.id, { type: 'engine.stopping' });
      return untilNoCalls(limitMs);
    },
    async close() {
      halted = true;
      driver.close();
      for (const { desk } of lines.values()) desk.close();
      calls.close();
      await Promise.all([...lines.values()].map(({ exchange }) => exchange.close()));
    },
  };
}
