/** What the HTTP API asks of the engine. */
import type { UtcMs } from '../base/index.js';

export interface EngineStatus {
  /** `starting`: not in control of the exchange yet. `draining`: admits nobody new. */
  readonly phase: 'starting' | 'running' | 'draining';
  readonly since: UtcMs;
  readonly version: string;
  readonly pid: number;
  /** Calls that are up. */
  readonly calls: number;
  readonly admitting: boolean;
  readonly journal: 'normal' | 'degraded';
  readonly exchanges: readonly { readonly id: string; readonly link: 'ready' | 'lost' }[];
  /** Lookups outside: the circuit breaker of each. Open: it failed again and again, and is left alone for a while. */
  readonly lookups: readonly {
    readonly source: string;
    readonly breaker: 'closed' | 'open' | 'half-open';
  }[];
  readonly site: { readonly name: string; readonly hash: string; readonly numbers: readonly string[] };
}

export interface StopRequest {
  /** So long calls may go on, milliseconds; nobody new is admitted meanwhile. */
  readonly drainMs: number;
  /** Whether the exchange ends too; else it lives on with the calls that are left, for a next engine. */
  readonly exchange: 'stop' | 'keep';
}

/** The engine as the HTTP API sees it. */
export interface EngineFacade {
  status(): EngineStatus;
  /** Begins to stop and returns at once; asking again shortens the drain. */
  stop(request: StopRequest): void;
}
