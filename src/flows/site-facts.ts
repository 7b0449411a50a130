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
  /** Whether the site says which numbers it calls back, and to which it writes. */
  readonly callbacks: boolean;
  readonly messages: boolean;
  /** All flows of the site that could be read, by name. */
  readonly flows: ReadonlyMap<string, Flow>;
}
