/** Pure. What a contact was about, so that it can be told whether its caller came back on the same. */
import type { Case } from './case.js';
import type { TicketRecord } from './outreach.js';

/** Whoever calls again on a subject within that time was not served by the call before. */
export const repeatMs = 7 * 86_400_000;

export interface NotedSubject {
  readonly subject: string;
  /** The same caller's last contact on it, begun less than {@link repeatMs} before; null: there was none. */
  readonly after: string | null;
}

/** Told once a contact whose caller's number is known is over: of one who withholds it nobody knows that they come back. */
export interface SubjectFact {
  readonly type: 'subject.noted';
  readonly body: NotedSubject;
}

/**
 * The subjects of its cases; where the flow opened none, the queues whose agents talked to the caller. What was about
 * nothing (hung up in the first menu) has none.
 *
 * @param cases those that the flow opened.
 */
export function subjectsOf(tickets: readonly TicketRecord[], cases: readonly Case[]): readonly string[] {
  const queues = tickets.filter(({ connectedAt }) => connectedAt !== null);
  const subjects =
    cases.length > 0 ? cases.map(({ subject }) => subject) : queues.map(({ queue }) => `queue:${queue}`);
  return [...new Set(subjects)];
}
