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
  /** All flows of the site that could be read, by name. */
  readonly flows: ReadonlyMap<string, Flow>;
}
