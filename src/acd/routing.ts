/** What the router needs to know of the site version that is in force. Types only. */

/** By what a ticket comes. A message waits in silence: nothing rings for it, and a call may come between. */
export type Channel = 'voice' | 'message';

/** Skill to level, 1 to 5. A skill that is not there is not had, and not needed. */
export type Levels = Readonly<Record<string, number>>;

/** A caller who has waited so long needs less. What earlier steps changed stays changed. */
export interface RelaxStep {
  readonly afterMs: number;
  /** Skill to the level that is enough from now on. */
  readonly lower: Levels;
  readonly drop: readonly string[];
  /** Queues whose agents may answer too. */
  readonly add: readonly string[];
}

/** Who is chosen where several could answer. Ties: by name. */
export type Strategy = 'longest-idle' | 'most-skilled' | 'least-occupied' | 'round-robin';

/** Why an offer came to nothing on the agent's side. */
export type MissCause = 'no-answer' | 'rejected' | 'busy' | 'unreachable' | 'failed';

export interface RoutingQueue {
  readonly name: string;
  /** Alternatives: one agent has every skill of one of them. Never empty; `[{}]` needs nothing. */
  readonly needs: readonly Levels[];
  /** In the order of their times. */
  readonly relax: readonly RelaxStep[];
  /** 0 to 10, the highest first. */
  readonly priority: number;
  readonly maxWaitMs: number;
  readonly ringMs: number;
  /** Agents who are rung at once for one ticket, 1 to 10. The first to answer has it. */
  readonly ringAtOnce: number;
  readonly strategy: Strategy;
  /** Time after a call in which the agent is offered nothing; 0: none. */
  readonly wrapUpMs: number;
  /** Misses in a row after which the agent is paused; 0: never. */
  readonly pauseAfterMisses: number;
  /** How long an agent who missed an offer, and is not paused for it, is offered nothing. */
  readonly missDelayMs: Readonly<Record<MissCause, number>>;
  /** Most tickets that wait; null: any number. */
  readonly capacity: number | null;
  /** How long a ticket waits for its preferred agent alone; 0: not at all. */
  readonly preferredMs: number;
  /** Who is gone and calls again within that time has the old place again; 0: not. */
  readonly rejoinMs: number;
  /** How often and when who keeps the place is dialled, and how long after the wait began at most. */
  readonly callback: { readonly tries: number; readonly pauseMs: number; readonly withinMs: number };
  /** What a talk may turn out to have been: the code that agents dial, to its name. */
  readonly dispositions: Readonly<Record<string, string>>;
}

export interface RoutingAgent {
  readonly name: string;
  /** The phone that is the agent's own. */
  readonly phone: string;
  readonly skills: Levels;
  /** In the order of preference of the agent; tickets of an earlier one do not go first, but break ties. */
  readonly queues: readonly string[];
  /** How many tickets of a channel the agent has at once; of `voice` 0 or 1. Not there: one call, no messages. */
  readonly capacity?: Readonly<Record<Channel, number>>;
}

export interface Routing {
  readonly queues: ReadonlyMap<string, RoutingQueue>;
  readonly agents: ReadonlyMap<string, RoutingAgent>;
  /** Milliseconds of waiting that one step of priority is worth: one value a site. */
  readonly priorityMs: number;
  /** How long it is remembered who talked with a caller last; 0: not. */
  readonly lastAgentMs: number;
  /** A phone that registers again within that time brings its agent back as ready. */
  readonly graceMs: number;
}
