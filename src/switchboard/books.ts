/** What the switchboard remembers beside calls and router, and gives to each turn. */
import type { Router } from '../acd/index.js';
import type { CallId } from '../base/index.js';
import type { Attempts } from '../calls/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { recoveredAttempts } from './attempt-book.js';
import { takeBook } from './book.js';
import { type EndedContact, recoveredSpoken, spokenChanges, spokenWrites } from './spoken-book.js';
import { type LastContact, recoveredSubjects, takeSubjects } from './subject-book.js';
import type { TurnResult, TurnWorld } from './turn.js';

export interface Books {
  /** Their part of a turn's world. */
  readonly world: Pick<TurnWorld, 'attempts' | 'subjects' | 'ended'>;
  /**
   * Takes what a turn changed into memory.
   *
   * @param router after the turn
   * @returns what is written with it, beside its own entities.
   */
  take(result: TurnResult, router: Router): readonly EntityWrite[];
}

export function openBooks(hash: (text: string) => string, entities: Recovered['entities']): Books {
  const attempts = new Map<string, Attempts>(recoveredAttempts(entities));
  const subjects = new Map<string, LastContact>(recoveredSubjects(entities));
  const spoken = new Map<CallId, EndedContact>(recoveredSpoken(entities));
  return {
    world: {
      attempts: { hash, known: attempts },
      subjects: { hash, known: subjects },
      ended: (id) => spoken.get(id) ?? null,
    },
    take(result, router) {
      takeBook(attempts, result.attempts);
      takeSubjects(subjects, result.subjects);
      const lives = result.calls.map(({ live }) => live);
      const changes = spokenChanges(spoken, lives, result.disposed, router);
      takeBook(spoken, changes);
      return spokenWrites(changes);
    },
  };
}
