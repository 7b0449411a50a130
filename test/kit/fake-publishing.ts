/** Publishing as an HTTP API sees it: what is answered is set by the test, what is asked is kept. */
import { asSiteHash } from '../../src/base/index.js';
import type { PublishAnswer, Publishing } from '../../src/switchboard/index.js';

export const aPublication = {
  number: 2,
  alias: 'live',
  action: 'published',
  hash: asSiteHash('abcd1234'),
  at: 5_000,
  who: 'Salma',
  why: 'a new menu',
} as const;

export function fakePublishing() {
  const asked: unknown[] = [];
  let answer: PublishAnswer = {
    result: 'published',
    publication: aPublication,
    warnings: [],
    callers: 3,
    notes: [],
  };
  const publishing: Publishing = {
    publish: (request) => {
      asked.push(request);
      return Promise.resolve(answer);
    },
    rollback: (request) => {
      asked.push(request);
      return Promise.resolve(answer);
    },
    history: (limit) => Promise.resolve([aPublication].slice(0, limit)),
    files: (version) =>
      Promise.resolve(
        version === 'abcd1234'
          ? { hash: aPublication.hash, at: 5_000, files: { 'onedoor.yaml': 'onedoor: 1\n' } }
          : null,
      ),
  };
  return {
    publishing,
    asked,
    answers: (next: PublishAnswer): void => {
      answer = next;
    },
  };
}
