/** One number, and the formula that it was worked out by. Pure. */

/** `share`: 0 to 1. `mark`: an answer of a survey. */
export type Unit = 'contacts' | 'offers' | 'ms' | 'share' | 'mark';

export interface Figure {
  /** null: nothing to work it out from. */
  readonly value: number | null;
  readonly unit: Unit;
  readonly formula: string;
}

/** How a figure is worked out of counts. */
export interface Row<Counts> {
  readonly unit: Unit;
  readonly formula: string;
  readonly of: (counts: Counts, withinMs: number) => number | null;
}

export const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

export function figuresOf<Name extends string, Counts>(
  rows: Readonly<Record<Name, Row<Counts>>>,
  counts: Counts,
  withinMs: number,
): Readonly<Record<Name, Figure>> {
  const entries = (Object.entries(rows) as [Name, Row<Counts>][]).map(
    ([name, { unit, formula, of }]): [Name, Figure] => [name, { value: of(counts, withinMs), unit, formula }],
  );
  return Object.fromEntries(entries) as Record<Name, Figure>;
}
