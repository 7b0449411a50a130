/** Pure. Values of a PostgreSQL server, from their text form to what a flow may keep. */

/** Types by their number (pg_type.oid). */
const typeOf: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  // int8, int2, int4, oid.
  ...[20, 21, 23, 26].map((oid) => [oid, (text: string) => BigInt(text)] as const),
  // float4, float8.
  ...[700, 701].map((oid) => [oid, Number] as const),
  [1700, numeric],
  // A moment without a zone is taken as UTC; the connection's own zone is UTC too.
  [1114, (text) => `${text.replace(' ', 'T')}Z`],
  [1184, (text) => `${text.replace(' ', 'T').replace(/\+00(?::?00)?$/, '')}Z`],
  // bytea, json, jsonb: no plain values.
  ...[17, 114, 3802].map((oid) => [oid, () => undefined] as const),
]);

/** A number that loses no digit, else its text. */
function numeric(text: string): unknown {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const digits = text.replace(/\D/g, '').length;
  return digits <= 15 && /^-?\d+\.\d+$/.test(text) ? Number(text) : text;
}

/** Texts, names, dates and all that is not listed stay as the server writes them. */
export function parserOf(oid: number): (text: string) => unknown {
  return typeOf.get(oid) ?? ((text) => text);
}
