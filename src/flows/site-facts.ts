import type { Flow } from './ast.js';
import type { FlowTexts } from './prompt.js';

/** What the site around a flow has. */
export interface SiteFacts {
  readonly texts: FlowTexts;
  /** Names of the phones in onedoor.yaml. */
  readonly phones: ReadonlySet<string>;
  /** Names of the lookups in onedoor.yaml. */
  readonly lookups: ReadonlySet<string>;
  /** Names of the calendars in onedoor.yaml. */
  readonly calendars: ReadonlySet<string>;
  /** By the name of a queue in onedoor.yaml: the highest level of each skill that one of its agents has. */
  readonly queues: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Names of the skills in onedoor.yaml, the site's languages among them. */
  readonly skills: ReadonlySet<string>;
  /** Names of the agents in onedoor.yaml; not there: nothing is said of who is named. */
  readonly agents?: ReadonlySet<string>;
  /** Whether the site says which numbers it calls back, and to which it writes. */
  readonly callbacks: boolean;
  /** Countries that it calls, ISO 3166; not there: nothing is said of where a number may be. */
  readonly callbackCountries?: ReadonlySet<string>;
  /** Whether the site calls callers back who keep their place in a queue. */
  readonly callbackTrunk: boolean;
  readonly messages: boolean;
  /** By the name of a queue that records talks: the text that tells its callers so. */
  readonly notices?: ReadonlyMap<string, string>;
  /** Queues that follow a calendar. */
  readonly queuesWithHours?: ReadonlySet<string>;
  /** Lookups whose rows are told only to whom they belong. */
  readonly personalLookups?: ReadonlySet<string>;
  /** What is known of menus before anybody hears them; not there: nothing is said of their depth and length. */
  readonly menus?: MenuFacts;
  /** All flows of the site that could be read, by name. */
  readonly flows: ReadonlyMap<string, Flow>;
}

export interface MenuFacts {
  /** How many menus may stand between the first and another one. */
  readonly depth: number;
  /** How long a menu may speak before it names its first key. */
  readonly seconds: number;
  /** A text as it is read, without the values of its slots. */
  read(language: string, text: string): string;
  /** Words a minute of the language's voice. */
  rate(language: string): number;
}
