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
