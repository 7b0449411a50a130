/** What the HTTP API asks of the engine. */
import type { UtcMs } from '../base/index.js';
import type { Publishing } from '../switchboard/index.js';

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
  readonly site: {
    readonly name: string;
    readonly hash: string;
    /** Version in force for test numbers; `hash` where none was published for testing. */
    readonly test: string;
    readonly numbers: readonly string[];
  };
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
  /** Site versions: what is in force, and how another comes to be. */
  readonly publishing: Publishing;
}
