/** A source that is a PostgreSQL server: its address is checked here, and a process of its own asks it. */
import { readFileSync } from 'node:fs';
import { checkedResolver, forbiddenAddress, isAddress, isAllowedAddress, type Resolve } from './addresses.js';
import { type Attempt, type Question, type Source, sourceFailed } from './attempt.js';
import { readerProcess } from './reader-process.js';
import type { PostgresSource } from './source.js';
import type { ServerQuestion } from './sql-messages.js';
import { valuesOf } from './sql-source.js';

export interface PostgresTools {
  /** Value of a secret; null where it is not there. */
  readonly secret: (name: string) => string | null;
  readonly resolve: Resolve;
  /** Absolute path of a file that the source names. */
  readonly pathOf: (file: string) => string;
}

const forbidden = 'its address is not one that lookups may go to (allow-private permits private ones)';

export function openPostgresSource(source: PostgresSource, tools: PostgresTools): Source {
  const { host, port, database, user, query, parameters, limits, allowPrivate } = source;
  const password = source.secret === null ? null : tools.secret(source.secret);
  let ill = source.secret !== null && password === null ? `its secret "${source.secret}" is not there` : null;
  if (isAddress(host) && !isAllowedAddress(host, allowPrivate)) ill ??= forbidden;
  let ca: string | null = null;
  if (source.ca !== null) {
    try {
      ca = readFileSync(tools.pathOf(source.ca), 'utf8');
    } catch (cause) {
      ill ??= `its file ca cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`;
    }
  }
  const lookup = checkedResolver(tools.resolve, allowPrivate);
  const reader = readerProcess<ServerQuestion>(new URL('./postgres-reader.js', import.meta.url));

  const addressOf = (): Promise<string | Attempt> =>
    new Promise((resolve) => {
      if (isAddress(host)) return resolve(host);
      lookup(host, {}, (error, address) => {
        if (error === null) return resolve(typeof address === 'string' ? address : host);
        const { code = 'no reason given' } = error;
        resolve(
          code === forbiddenAddress
            ? sourceFailed(forbidden)
            : sourceFailed(`its name was not found (${code})`, true),
        );
      });
    });

  /** @param values null: only whether the query could be asked. */
  async function tell(values: readonly string[] | null, signal: AbortSignal): Promise<Attempt> {
    if (ill !== null) return sourceFailed(ill);
    const address = await addressOf();
    if (typeof address !== 'string') return address;
    const { connectMs, totalMs: statementMs } = limits;
    const tlsName = source.tls ? host : null;
    const place = { address, port, database, user, password, tlsName, ca, connectMs, statementMs };
    return reader.tell({ place, query, values, parameters: parameters.length }, signal);
  }

  return {
    ask({ with: given, signal }: Question) {
      const reading = valuesOf(parameters, given);
      if (!('values' in reading)) return Promise.resolve(reading);
      const { values } = reading;
      return tell(
        parameters.map((name) => String(values[name])),
        signal,
      );
    },
    async examine(signal) {
      const { answer } = await tell(null, signal);
      return answer.result === 'failed' ? answer.why : null;
    },
    close: () => reader.close(),
  };
}
