import type { JsonObject } from '../base/index.js';

/** What is on record about the engine itself and the site that it serves. No personal data. */
export type EngineFact =
  | { readonly type: 'engine.started'; readonly body: JsonObject }
  | { readonly type: 'site.published'; readonly body: JsonObject };
