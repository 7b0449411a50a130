/** A source that is a SQLite file: read by a process of its own, which can be ended in the middle of a query. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Attempt, failed, neverAsked, notFound, found, type Source, sourceFailed } from './attempt.js';
import type { LookupRequest } from './port.js';
import type { SqlSource } from './source.js';
import type { ReaderAnswer, ReaderQuestion } from './sql-messages.js';

/** @param file absolute path. */
export function openSqlSource({ query, parameters }: SqlSource, file: string): Source {
  let reader: ChildProcess | null = null;

  /** One question at a time: whoever calls has to see to that. */
  function tell(values: ReaderQuestion['values'], signal: AbortSignal): Promise<Attempt> {
    const mine = reader ?? start();
    reader = mine;
    return new Promise((resolve) => {
      const settle = (attempt: Attempt): void => {
        mine.off('message', heard);
        mine.off('exit', died);
        signal.removeEventListener('abort', late);
        // At rest it keeps nobody from ending.
        mine.channel?.unref();
        resolve(attempt);
      };
      const heard = (answer: ReaderAnswer): void => settle(attemptOf(answer));
      const died = (): void => settle(sourceFailed('its reader died', true));
      const late = (): void => {
        // SQLite cannot be interrupted from outside; its process can.
        end(mine);
        settle(sourceFailed('its query took too long'));
      };
      mine.on('message', heard);
      mine.on('exit', died);
      if (signal.aborted) return late();
      mine.channel?.ref();
      signal.addEventListener('abort', late);
      mine.send({ file, query, values } satisfies ReaderQuestion, (error) => {
        if (error !== null) died();
      });
    });
  }

  function start(): ChildProcess {
    const mine = fork(fileURLToPath(new URL('./sql-reader.js', import.meta.url)), {
      // Neither our secrets nor our flags are its business.
      env: {},
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    mine.on('exit', () => forget(mine));
    mine.on('error', () => end(mine));
    mine.unref();
    mine.channel?.unref();
    return mine;
  }

  function end(mine: ChildProcess): void {
    forget(mine);
    mine.kill('SIGKILL');
  }

  function forget(mine: ChildProcess): void {
    if (reader === mine) reader = null;
  }

  return {
    ask({ with: given, signal }) {
      const reading = valuesOf(parameters, given);
      return 'values' in reading ? tell(reading.values, signal) : Promise.resolve(reading);
    },
    async examine(signal) {
      const { answer } = await tell(null, signal);
      return answer.result === 'failed' ? answer.why : null;
    },
    async close() {
      const mine = reader;
      if (mine === null) return;
      const ended = new Promise((resolve) => mine.once('exit', resolve));
      mine.ref();
      end(mine);
      await ended;
    },
  };
}

/** The values that the query names, as SQLite takes them; or why it is not asked. */
function valuesOf(
  parameters: readonly string[],
  given: LookupRequest['with'],
): { readonly values: Readonly<Record<string, string | number>> } | Attempt {
  const values: Record<string, string | number> = {};
  for (const name of parameters) {
    const value = given[name] ?? null;
    if (typeof value === 'boolean') values[name] = Number(value);
    else if (typeof value === 'number') values[name] = value;
    else if (typeof value !== 'string')
      return neverAsked(failed(`the value of "${name}" is neither a text nor a number`));
    // As in tables: an empty entry is nobody's key.
    else if (value.trim() === '') return neverAsked({ result: 'not-found' });
    else values[name] = value.trim();
  }
  return { values };
}

function attemptOf(answer: ReaderAnswer): Attempt {
  switch (answer.result) {
    case 'found':
      return found(answer.row);
    case 'not-found':
      return notFound;
    case 'failed':
      return sourceFailed(answer.why);
  }
}
