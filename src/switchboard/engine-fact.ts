import type { JsonObject } from '../base/index.js';

/** What is on record about the engine itself and the site that it serves. No personal data. */
export type EngineFact =
  | {
      readonly type: 'engine.started' | 'site.published';
      readonly subject?: never;
      readonly body: JsonObject;
    }
  /** `subject`: name of the calendar. */
  | {
      readonly type: 'calendar.closed' | 'calendar.opened';
      readonly subject: string;
      readonly body: JsonObject;
    };
