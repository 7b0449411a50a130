/** The timers that commits need; a simulation brings its own. */
export interface Timers {
  /** Monotonic, ms. */
  now(): number;
  /** Runs once after so many ms; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs once, after messages that have arrived already. */
  soon(run: () => void): void;
}

export const machineTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};
