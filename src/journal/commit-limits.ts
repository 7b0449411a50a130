/** How long things may take, ms. */
export interface CommitLimits {
  /** A turn that nobody waits for is kept so long for company, and never hastens a commit before its pace. */
  readonly windowMs: number;
  /**
   * Time between the starts of two commits for each turn of the first, in the mean, so that a busy engine groups more
   * and syncs less. A turn that finds the store at rest never waits.
   */
  readonly paceMs: number;
  /** The most that this pause comes to. */
  readonly mostPaceMs: number;
  /** Pauses may be put off until they add up to so much: a few commits that a caller waits for go at once. */
  readonly creditMs: number;
  /** A commit that takes longer makes the journal degraded. */
  readonly slowMs: number;
  /** A reserve that takes longer stalls the journal; so often a stalled one tries its reserve again. */
  readonly stalledMs: number;
  /** First pause before a failed store is tried again; doubled up to four times as much. */
  readonly probeMs: number;
}

export const defaultLimits: CommitLimits = {
  windowMs: 25,
  paceMs: 10,
  mostPaceMs: 20,
  creditMs: 25,
  slowMs: 500,
  stalledMs: 2_000,
  probeMs: 250,
};
