import { Worker } from 'node:worker_threads';
import { type JsonObject, type Log, OnedoorError } from '../base/index.js';
import type { Group } from './group.js';
import { type FromThread, type Question, type ThreadData, type ToThread, toError } from './messages.js';
import type { EntityWrite, Recovered } from './port.js';
import type { Told } from './takeover.js';

/** The way to the store, wherever it runs. */
export interface StoreLine {
  /** Commits the groups in one transaction. One at a time. `done` gets null when they are durable. */
  commit(groups: readonly Group[], done: (failure: OnedoorError | null) => void): void;
  /** Asks the store; answered after all commits that were handed over before. */
  ask(question: Question): Promise<unknown>;
  close(): Promise<void>;
}

type Opened = Extract<FromThread, { type: 'opened' }>;

interface Asked {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long a thread that closes may take, ms; a stuck one is left behind. */
const closeMs = 2_000;

/**
 * Starts the store's thread, which takes the journal over. A thread that dies later is replaced when it is needed.
 *
 * @throws OnedoorError ONEDOOR_JOURNAL_NEWER, ONEDOOR_JOURNAL_SQLITE, ONEDOOR_JOURNAL_UNWRITABLE.
 */
export async function openStoreThread(
  data: Omit<ThreadData, 'epoch'>,
  log: Log,
): Promise<{ readonly line: StoreLine; readonly recovered: Recovered }> {
  const questions = new Map<number, Asked>();
  let asked = 0;
  let committed: ((failure: OnedoorError | null) => void) | null = null;
  let worker: Worker | null = null;
  let epoch: number | null = null;
  let closed = false;

  function receive(
    message: FromThread,
    opened: (answer: Opened) => void,
    refused: (error: Error) => void,
  ): void {
    switch (message.type) {
      case 'opened':
        opened(message);
        break;
      case 'refused':
        refused(toError(message.failure));
        break;
      case 'told':
        tell(log, message.told);
        break;
      case 'committed': {
        const done = committed;
        committed = null;
        done?.(message.failure === null ? null : toError(message.failure));
        break;
      }
      case 'answer': {
        const question = questions.get(message.id);
        questions.delete(message.id);
        if (message.failure === null) question?.resolve(message.answer);
        else question?.reject(toError(message.failure));
        break;
      }
      default:
        message satisfies never;
    }
  }

  function start(opened: (answer: Opened) => void, refused: (error: Error) => void): Worker {
    const mine = new Worker(new URL('./store-worker.js', import.meta.url), {
      workerData: { ...data, epoch } satisfies ThreadData,
    });
    let why = 'its thread ended';
    mine.on('message', (message: FromThread) => receive(message, opened, refused));
    mine.on('error', (error) => {
      why = `its thread died: ${error.message}`;
      log.error({ err: error }, "The journal's thread died.");
    });
    mine.on('exit', () => {
      if (worker === mine) worker = null;
      const error = new OnedoorError('ONEDOOR_JOURNAL_STORE', { why });
      refused(error);
      const done = committed;
      committed = null;
      for (const question of questions.values()) question.reject(error);
      questions.clear();
      done?.(error);
    });
    return mine;
  }

  function post(message: ToThread): void {
    worker ??= start(
      () => undefined,
      () => undefined,
    );
    worker.postMessage(message);
  }

  const opened = await new Promise<Opened>((resolve, reject) => {
    worker = start(resolve, reject);
  });
  epoch = opened.epoch;

  function ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++asked;
      questions.set(id, { resolve, reject });
      post({ type: 'ask', id, question });
    });
  }

  return {
    recovered: toRecovered(opened),
    line: {
      commit(groups, done) {
        // Whoever tries again after the end must not start a thread that nobody ends.
        if (closed) return;
        committed = done;
        post({ type: 'commit', groups });
      },
      ask,
      async close() {
        closed = true;
        if (worker === null) return;
        const mine: Worker = worker;
        const ended = new Promise((resolve) => mine.once('exit', resolve));
        const late = setTimeout(() => void mine.terminate(), closeMs);
        ask({ type: 'close' }).catch((error: unknown) =>
          log.warn({ err: error }, 'The journal did not close.'),
        );
        await ended;
        clearTimeout(late);
      },
    },
  };
}

export function toRecovered(opened: Omit<Opened, 'type'>): Recovered {
  const entities: { kind: EntityWrite['kind']; id: string; body: JsonObject }[] = [];
  for (let i = 0; i < opened.entities.length; i += 3) {
    const [kind, id, body] = opened.entities.slice(i, i + 3) as [EntityWrite['kind'], string, string];
    entities.push({ kind, id, body: JSON.parse(body) as JsonObject });
  }
  return { epoch: opened.epoch, seq: opened.seq, at: opened.at, entities };
}

export function tell(log: Log, told: Told): void {
  log[told.level](told.fields, told.text);
}
