/** What the switchboard is built of, and what it offers. Types only. */
import type { Router, Routing } from '../acd/index.js';
import type { ExchangeId, JsonObject, Log, Scheduler, SiteHash, UtcMs } from '../base/index.js';
import type { Closing } from '../calendar/index.js';
import type { CallSite, LeftMessage } from '../calls/index.js';
import type { Contact } from '../cases/index.js';
import type { Channels } from '../channels/port.js';
import type { Journal, JournalState } from '../journal/port.js';
import type { Lookups } from '../lookups/port.js';
import type { Desk } from '../site/index.js';
import type { Exchange } from '../telephony/port.js';
import type { Kept } from './callback-book.js';
import type { AgentEvent } from './desk.js';
import type { EngineFact } from './engine-fact.js';
import type { LiveCall } from './live-call.js';

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
  /** Places that callers keep who hung up, by ticket; and tickets of theirs that are being served. Only to be read. */
  callbacks(): ReadonlyMap<string, Kept>;
  /** Gives up calling somebody back; resolves when it is on disk. False: nobody waits for that. */
  cancelCallback(ticket: string): Promise<boolean>;
  /**
   * What is said in an agent's talk from now on is not recorded, or is again. Resolves when it is on disk.
   *
   * @returns why it was not done: `not-recorded`; null: it was.
   */
  recordTalk(agent: string, on: boolean): Promise<string | null>;
  /** Live calls in which somebody talks with the caller, or the caller is moved on. Only to be read. */
  talks(): readonly LiveCall[];
  /** Whether the agent's talk is recorded; null: it is not to be. */
  talkRecorded(agent: string): 'on' | 'off' | null;
  /** A version was put in force: queues and agents are those of it from now on. */
  sitePublished(): void;
  /** Puts a fact about the site or the engine itself on record; resolves when it is durable. */
  note(fact: EngineFact): Promise<void>;
  /**
   * Deletes the personal data of a contact that is over, with the fact that tells of it; resolves when both are durable.
   * Whoever should be called back for it is not any more.
   */
  erase(contact: string, told: JsonObject): Promise<void>;
  /** Hashes of the site versions that live calls began with. */
  versionsInUse(): ReadonlySet<SiteHash>;
  /** Stops acting and disconnects. Calls live on at the exchange. */
  close(): Promise<void>;
}
