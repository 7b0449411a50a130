/** A process of its own that asks one source: it can be ended in the middle of a question, whatever it does. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Attempt, notFound, found, sourceFailed, wrongQuestion } from './attempt.js';
import type { ReaderAnswer } from './sql-messages.js';

export interface ReaderProcess<Question extends object> {
  /** One question at a time: whoever calls has to see to that. Settles soon after the signal. */
  tell(question: Question, signal: AbortSignal): Promise<Attempt>;
  close(): Promise<void>;
}

/** Megabytes of its heap: what it reads is one row. */
const heapMb = 128;

/** @param program of the process, which starts with the first question. */
export function readerProcess<Question extends object>(program: URL): ReaderProcess<Question> {
  let reader: ChildProcess | null = null;

  function start(): ChildProcess {
    const mine = fork(fileURLToPath(program), {
      // Neither our secrets nor our flags are its business.
      env: {},
      execArgv: [`--max-old-space-size=${heapMb}`],
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
    tell(question, signal) {
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
          // What it waits for cannot be interrupted from outside; its process can.
          end(mine);
          settle(sourceFailed('its query took too long'));
        };
        mine.on('message', heard);
        mine.on('exit', died);
        if (signal.aborted) return late();
        mine.channel?.ref();
        signal.addEventListener('abort', late);
        mine.send(question, (error) => {
          if (error !== null) died();
        });
      });
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

function attemptOf(answer: ReaderAnswer): Attempt {
  switch (answer.result) {
    case 'found':
      return found(answer.row);
    case 'not-found':
      return notFound;
    case 'refused':
      return wrongQuestion(answer.why);
    case 'failed':
      return sourceFailed(answer.why, answer.passing);
  }
}
