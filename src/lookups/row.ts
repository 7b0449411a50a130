/** Pure. What a flow may keep of an answer: one level of plain values, of a size that a call can carry. */
import type { Json, JsonObject } from '../base/index.js';

const rowLimits = {
  values: 100,
  /** Characters of one text. */
  text: 2_000,
  /** Characters of all texts together. */
  texts: 10_000,
} as const;

/** As columns of tables: flows write it as in `request.status`. */
const fieldName = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;

export type RowReading =
  | { readonly result: 'row'; readonly row: JsonObject }
  /** Names the value at fault, never the value. */
  | { readonly result: 'unfit'; readonly why: string };

/** A row of the values that are asked for by name: each must be one plain value, or nothing. */
export function chosenRow(values: readonly (readonly [name: string, value: unknown])[]): RowReading {
  const row: [string, Json][] = [];
  for (const [name, value] of values) {
    const kept = plain(value ?? null);
    if (kept === undefined) return { result: 'unfit', why: `"${name}" is ${whatIs(value)}` };
    row.push([name, kept]);
  }
  return rowOf(row);
}

/** A row of everything that has a usable name and is one plain value. */
export function wholeRow(values: Iterable<readonly [name: string, value: unknown]>): RowReading {
  const row: [string, Json][] = [];
  for (const [name, value] of values) {
    const kept = plain(value);
    if (kept === undefined || !fieldName.test(name)) continue;
    if (row.length === rowLimits.values)
      return { result: 'unfit', why: `it has more than ${rowLimits.values} values: name some under fields` };
    row.push([name, kept]);
  }
  return rowOf(row);
}

function rowOf(values: readonly (readonly [string, Json])[]): RowReading {
  const characters = values.reduce(
    (sum, [, value]) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );
  return characters > rowLimits.texts
    ? {
        result: 'unfit',
        why: `its texts have more than ${rowLimits.texts} characters: name some under fields`,
      }
    : { result: 'row', row: Object.fromEntries(values) };
}

function plain(value: unknown): Json | undefined {
  switch (typeof value) {
    case 'string':
      return value.length <= rowLimits.text ? value : undefined;
    case 'number':
      return isExact(value) ? value : undefined;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'boolean':
      return value;
    default:
      return value === null ? null : undefined;
  }
}

/** Beyond 2^53 a number of JSON has lost digits: a reference would be spoken wrongly. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function whatIs(value: unknown): string {
  if (typeof value === 'string') return `a text of more than ${rowLimits.text} characters`;
  if (typeof value === 'number') return 'a number with more digits than JSON keeps: it must come as a text';
  return Array.isArray(value) ? 'a list' : 'not one value';
}
