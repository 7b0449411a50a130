import type { JsonObject } from '../base/index.js';

/** What is on record about the engine itself and the site that it serves. No personal data. */
export type EngineFact =
  | { readonly type: 'engine.started'; readonly subject?: never; readonly body: JsonObject }
  | { readonly type: 'site.published'; readonly subject?: never; readonly body: JsonObject }
  /** `subject`: name of the calendar. */
  | { readonly type: 'calendar.closed'; readonly subject: string; readonly body: JsonObject }
  | { readonly type: 'calendar.opened'; readonly subject: string; readonly body: JsonObject }
  /** `subject`: the contact whose personal data was deleted. */
  | { readonly type: 'personal.erased'; readonly subject: string; readonly body: JsonObject };
