/** All sources of a site as one: tables in memory, and what has to be asked outside. */
import { isAbsolute, join } from 'node:path';
import type { CsvTable, Log, Scheduler } from '../base/index.js';
import { machineResolve, type Resolve } from './addresses.js';
import type { Breaker } from './breaker.js';
import { type FindCase, openCasesSource } from './cases-source.js';
import { csvAnswers } from './csv.js';
import { type GuardedSource, guardSource } from './guarded.js';
import { openHttpSource } from './http-source.js';
import type { Lookups } from './port.js';
import { openPostgresSource } from './postgres-source.js';
import type { OutsideSource } from './source.js';
import { openSqlSource } from './sql-source.js';

export interface LookupParts {
  readonly tables: ReadonlyMap<string, CsvTable>;
  readonly sources: ReadonlyMap<string, OutsideSource>;
  /** Files of sources are named from here. */
  readonly siteFolder: string;
  /** Value of a secret; null where it is not there. */
  readonly secret: (name: string) => string | null;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The engine's own cases; absent where no engine runs. */
  readonly findCase?: FindCase;
  /** Otherwise the machine's own. */
  readonly resolve?: Resolve;
}

export interface SourceState {
  readonly source: string;
  readonly breaker: Breaker['state'];
}

export interface OpenLookups extends Lookups {
  /** The circuit breakers of the sources outside. */
  states(): readonly SourceState[];
  /** What keeps sources from being asked, by their names. Asks nobody for a row. */
  examine(): Promise<readonly { readonly source: string; readonly why: string }[]>;
  close(): Promise<void>;
}

export function openLookups(parts: LookupParts): OpenLookups {
  const { tables, sources, scheduler, log } = parts;
  const table = csvAnswers(tables);
  const outside = new Map<string, GuardedSource>();
  for (const [name, source] of sources)
    outside.set(name, guardSource(name, openSource(source, parts), source.limits, scheduler, log));

  return {
    async lookUp(request) {
      const answer = await (outside.get(request.source)?.lookUp(request) ?? table(request));
      if (answer.result === 'failed')
        log.warn({ source: request.source, command: request.command, why: answer.why }, 'a lookup failed');
      return answer;
    },
    states: () => [...outside].map(([source, guarded]) => ({ source, breaker: guarded.state() })),
    async examine() {
      const examined = [...outside].map(async ([source, guarded]) => {
        const why = await guarded.examine();
        return why === null ? [] : [{ source, why }];
      });
      return (await Promise.all(examined)).flat();
    },
    async close() {
      await Promise.all([...outside.values()].map((guarded) => guarded.close()));
    },
  };
}

function openSource(source: OutsideSource, parts: LookupParts) {
  const pathOf = (file: string): string => (isAbsolute(file) ? file : join(parts.siteFolder, file));
  switch (source.kind) {
    case 'http':
      return openHttpSource(source, {
        secret: parts.secret,
        resolve: parts.resolve ?? machineResolve,
        scheduler: parts.scheduler,
      });
    case 'cases':
      return openCasesSource(source, parts.findCase ?? null);
    case 'sql':
      return openSqlSource(source, pathOf(source.file));
    case 'postgres': {
      const { secret, resolve = machineResolve } = parts;
      return openPostgresSource(source, { secret, resolve, pathOf });
    }
  }
}
