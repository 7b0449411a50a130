/**
 * Service level: five formulas are in use, and they give different numbers for the same calls. All are worked out, each
 * says what it is. Pure.
 */
export interface ServiceCounts {
  readonly answered: number;
  /** The short ones too. */
  readonly abandoned: number;
  /** Answered within T, abandoned within T. */
  readonly answeredWithin: number;
  readonly abandonedWithin: number;
  readonly shortAbandoned: number;
}

export type ServiceLevel =
  | 'early-abandons-met'
  | 'answered-only'
  | 'all-offered'
  | 'early-abandons-left-out'
  | 'short-abandons-met';

/** Whoever leaves before T is nobody's failure: neither met nor missed. */
export const defaultServiceLevel: ServiceLevel = 'early-abandons-left-out';

interface Row {
  readonly formula: string;
  readonly met: (counts: ServiceCounts) => number;
  readonly of: (counts: ServiceCounts) => number;
}

export const serviceLevels: Readonly<Record<ServiceLevel, Row>> = {
  'early-abandons-met': {
    formula: '(answered within T + abandoned within T) / (answered + abandoned)',
    met: ({ answeredWithin, abandonedWithin }) => answeredWithin + abandonedWithin,
    of: ({ answered, abandoned }) => answered + abandoned,
  },
  'answered-only': {
    formula: 'answered within T / answered',
    met: ({ answeredWithin }) => answeredWithin,
    of: ({ answered }) => answered,
  },
  'all-offered': {
    formula: 'answered within T / (answered + abandoned)',
    met: ({ answeredWithin }) => answeredWithin,
    of: ({ answered, abandoned }) => answered + abandoned,
  },
  'early-abandons-left-out': {
    formula: 'answered within T / (answered + abandoned after T)',
    met: ({ answeredWithin }) => answeredWithin,
    of: ({ answered, abandoned, abandonedWithin }) => answered + abandoned - abandonedWithin,
  },
  'short-abandons-met': {
    formula: '(answered within T + abandoned within the short time) / (answered + abandoned)',
    met: ({ answeredWithin, shortAbandoned }) => answeredWithin + shortAbandoned,
    of: ({ answered, abandoned }) => answered + abandoned,
  },
};

/** A share from 0 to 1; null where nobody called. */
export function serviceLevel(name: ServiceLevel, counts: ServiceCounts): number | null {
  const { met, of } = serviceLevels[name];
  const all = of(counts);
  return all === 0 ? null : met(counts) / all;
}
