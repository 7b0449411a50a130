/** What the HTTP API asks of the engine. */
import type { AgentState, Explanation, WaitExplanation } from '../acd/index.js';
import type { UtcMs } from '../base/index.js';
import type { ContactFigures, QueueFigures } from '../measures/index.js';
import type { Publishing } from '../switchboard/index.js';

export interface EngineStatus {
  /** `starting`: not in control of the exchange yet. `draining`: admits nobody new. */
  readonly phase: 'starting' | 'running' | 'draining';
  readonly since: UtcMs;
  readonly version: string;
  readonly pid: number;
  /** Calls that are up. */
  readonly calls: number;
  readonly admitting: boolean;
  readonly journal: 'normal' | 'degraded' | 'stalled';
  readonly exchanges: readonly { readonly id: string; readonly link: 'ready' | 'lost' }[];
  /** Lookups outside: the circuit breaker of each. Open: it failed again and again, and is left alone for a while. */
  readonly lookups: readonly {
    readonly source: string;
    readonly breaker: 'closed' | 'open' | 'half-open';
  }[];
  readonly site: {
    readonly name: string;
    readonly hash: string;
    /** Version in force for test numbers; `hash` where none was published for testing. */
    readonly test: string;
    readonly numbers: readonly string[];
  };
}

export interface StopRequest {
  /** So long calls may go on, milliseconds; nobody new is admitted meanwhile. */
  readonly drainMs: number;
  /** Whether the exchange ends too; else it lives on with the calls that are left, for a next engine. */
  readonly exchange: 'stop' | 'keep';
}

/** A calendar as it is now. Times are UTC milliseconds. */
export interface CalendarStatus {
  readonly name: string;
  readonly zone: string;
  readonly state: 'open' | 'closed' | 'holiday' | 'emergency';
  /** The special day that decides; null: none does. */
  readonly special: string | null;
  /** When it opens next; null: it is open, or does not open within a year. */
  readonly opens: UtcMs | null;
  /** When it closes; null: it is not open, or does not close within a year. */
  readonly closes: UtcMs | null;
  /** What closes it at once, from the site's files or by request. */
  readonly closing: {
    readonly since: UtcMs;
    readonly until: UtcMs;
    readonly say: string | null;
    readonly from: 'files' | 'request';
  } | null;
}

/** Calendars, closed and opened while the engine runs. */
export interface CalendarDesk {
  list(): readonly CalendarStatus[];
  /**
   * Closes at once; resolves when that is on disk.
   *
   * @param until as a person writes it: `14:30`, or with a day, in the calendar's zone; or with an offset
   * @param say name of a text; null: the flow's own words
   * @throws ONEDOOR_WEB_NO_CALENDAR, ONEDOOR_WEB_CLOSING_TIME, ONEDOOR_WEB_CLOSING_TEXT
   */
  close(name: string, until: string, say: string | null): Promise<CalendarStatus>;
  /**
   * Ends such a closing; one that stands in the files stays.
   *
   * @throws ONEDOOR_WEB_NO_CALENDAR
   */
  open(name: string): Promise<CalendarStatus>;
}

/** Who asks that a contact's personal data be deleted, and why; both are on record for good. */
export interface ErasureRequest {
  readonly contact: string;
  readonly who: string;
  readonly why: string;
}

/** What there was; zeros where it was deleted before. */
export interface Erasure {
  readonly values: number;
  readonly recordings: number;
}

/** Personal data, deleted by request. */
export interface Erasing {
  /**
   * Deletes what is known of who made a contact, and the sound of its recordings; resolves when that is on disk.
   * null: there is no such contact, or its call is not over yet.
   *
   * @throws ONEDOOR_CLI_RECORDING when sound cannot be deleted: then nothing else is either.
   */
  erase(request: ErasureRequest): Promise<Erasure | null>;
}

/** An agent as the router has it now. Times are UTC milliseconds. */
export interface AgentStatus {
  readonly name: string;
  /** Name that people read. */
  readonly label: string;
  readonly state: AgentState;
  readonly since: UtcMs;
  /** Why the agent is paused; null in other states. */
  readonly reason: string | null;
  /** What happens once the call is over: `pause`, `sign-out`; null: nothing. */
  readonly wish: string | null;
  /** The phone at which the agent is signed in, or the agent's own. */
  readonly phone: string;
  readonly registered: boolean;
  readonly registeredSince: UtcMs | null;
  /** null also where the phone has never registered. */
  readonly unregisteredSince: UtcMs | null;
  readonly queues: readonly string[];
  readonly skills: Readonly<Record<string, number>>;
  /** Whether the talk is recorded; `off`: it is paused, or has failed; null: it is not to be. */
  readonly recording: 'on' | 'off' | null;
  /** The contact that is offered, spoken with or wrapped up. */
  readonly contact: string | null;
  readonly queue: string | null;
  /** When wrap-up ends by itself. */
  readonly until: UtcMs | null;
  /** The last talk that is over, or of which the agent has said what it was; null: none. */
  readonly spoke: { readonly contact: string; readonly queue: string; readonly code: string | null } | null;
}

/** What can be asked of an agent. */
export type AgentAction =
  /** `phone`: null: the agent's own. */
  | { readonly do: 'sign-in'; readonly phone: string | null }
  | { readonly do: 'sign-out' | 'ready' | 'end-wrap-up' }
  /** What is said from now on is not recorded, or is again. */
  | { readonly do: 'record-off' | 'record-on' }
  | { readonly do: 'pause'; readonly reason: string }
  | { readonly do: 'dispose'; readonly code: string }
  | { readonly do: 'extend-wrap-up'; readonly seconds: number };

/** Agents of the running engine. */
export interface AgentDesk {
  list(): readonly AgentStatus[];
  /**
   * Resolves when it is on disk.
   *
   * @throws ONEDOOR_WEB_NO_AGENT, ONEDOOR_WEB_AGENT_CANNOT
   */
  act(name: string, action: AgentAction): Promise<AgentStatus>;
}

/** A queue as it is now. */
export interface QueueStatus {
  readonly name: string;
  /** Name that people read. */
  readonly label: string;
  /** Callers on the line whom nobody has answered yet; an agent may be ringing. */
  readonly waiting: number;
  /** Callers who are owed a call. */
  readonly callbacks: number;
  /** How long the first on the line has waited, ms; 0: nobody. */
  readonly longestMs: number;
  /** How many of both need a skill, as their needs stand now. */
  readonly bySkill: Readonly<Record<string, number>>;
  /** Agents of the queue by what they do now. */
  readonly agents: Readonly<Record<string, number>>;
}

/** Why a contact has, or had, its agent, or waits. */
export interface WaitStatus {
  readonly contact: string;
  readonly tickets: readonly {
    readonly ticket: string;
    readonly queue: string;
    /** Each time an agent was chosen. */
    readonly assigned: readonly Explanation[];
    /** As it stands now; null: the wait is over. */
    readonly waiting: WaitExplanation | null;
    readonly position: number | null;
    readonly estimateMs: number | null;
    readonly missed: readonly { readonly agent: string; readonly at: UtcMs; readonly cause: string }[];
    readonly result: string | null;
  }[];
}

/** A caller with whom somebody talks now, or who is moved on. Who the caller is stands in the contact only. */
export interface TalkStatus {
  readonly contact: string;
  /** By which the caller came; null: the flow itself dialled. */
  readonly queue: string | null;
  /** When whoever has talked the longest began; null: nobody talks, the caller waits for the target of a transfer. */
  readonly since: UtcMs | null;
  readonly talkers: readonly {
    readonly kind: 'agent' | 'phone' | 'outside';
    /** The agent, the phone, or the trunk. */
    readonly who: string;
    readonly since: UtcMs;
    /** `hold`: the caller is; `asking`, `asked`: the two of a transfer, about the caller and without. */
    readonly state: 'talking' | 'hold' | 'asking' | 'asked';
  }[];
  /** Null: none is under way. */
  readonly transfer: {
    /** Who moves the caller: an agent, or a phone. */
    readonly by: string;
    readonly how: 'blind' | 'attended' | 'conference';
    readonly to: 'queue' | 'agent' | 'phone' | 'service' | 'outside';
    /** Null for a number outside. */
    readonly name: string | null;
    readonly since: UtcMs;
    /** `waiting`: in the target's queue; `returning`: it came to nothing, and whoever asked for it is rung. */
    readonly state: 'ringing' | 'waiting' | 'asking' | 'conference' | 'returning';
  } | null;
  /** Whether the talk is recorded; `off`: it is paused, or has failed; null: it is not to be. */
  readonly recording: 'on' | 'off' | null;
}

/** Queues of the running engine. */
export interface QueueDesk {
  list(): readonly QueueStatus[];
  /** @throws ONEDOOR_WEB_NO_RECORD */
  why(contact: string): Promise<WaitStatus>;
  /** Who talks with whom, the longest first. */
  talks(): readonly TalkStatus[];
  /** Callers who hung up and keep their place, the oldest first. */
  callbacks(): readonly CallbackStatus[];
  /**
   * Gives up calling the caller of a contact back; resolves when it is on disk.
   *
   * @throws ONEDOOR_WEB_NO_RECORD
   */
  cancelCallback(contact: string): Promise<void>;
}

/** A place that is kept. The number is not told: it stands in the personal data of the contact. */
export interface CallbackStatus {
  /** That left it. */
  readonly contact: string;
  readonly queue: string;
  /** When the wait began. */
  readonly since: UtcMs;
  readonly state: 'waiting' | 'dialled';
  /** How often the caller was dialled in vain. */
  readonly tries: number;
  /** Not dialled before; null: as soon as an agent is there. */
  readonly notBefore: UtcMs | null;
}

export interface FiguresAsked {
  /** null: all queues together. */
  readonly queue: string | null;
  /** null: the contacts of all flows together. */
  readonly flow: string | null;
  /** Half hours that begin at or after it and before `to`; today where they are left out. */
  readonly from?: UtcMs;
  readonly to?: UtcMs;
  /** T of the service levels; 20 s where left out. */
  readonly withinMs?: number;
}

/** Figures of a stretch of time, each with its formula. */
export interface FigureSpan {
  readonly queue: string | null;
  readonly flow: string | null;
  /** IANA name of the zone whose half hours are counted. */
  readonly zone: string;
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly withinMs: number;
  readonly figures: QueueFigures;
  /** Of the contacts that began with `flow` and asked for a place in `queue`, or of all. */
  readonly contacts: ContactFigures;
  readonly halfHours: readonly {
    readonly from: UtcMs;
    readonly figures: QueueFigures;
    readonly contacts: ContactFigures;
  }[];
}

/** What queues and agents have done. */
export interface MeasureDesk {
  figures(asked: FiguresAsked): Promise<FigureSpan>;
  /** In the text format that Prometheus reads; `type`: its `Content-Type`. */
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
}

/** The engine as the HTTP API sees it. */
export interface EngineFacade {
  status(): EngineStatus;
  /** Begins to stop and returns at once; asking again shortens the drain. */
  stop(request: StopRequest): void;
  /** Site versions: what is in force, and how another comes to be. */
  readonly publishing: Publishing;
}
