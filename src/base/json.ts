/** A JSON value: what may be stored in the journal and in a flow's context. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The value as JSON. For values whose every part is JSON by its own definition: TypeScript cannot see that an
 * interface has an index signature.
 */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}

/** A value as a word in a line: a text as it is, nothing for nothing, anything else as JSON. */
export function wordOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
