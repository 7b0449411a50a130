/** The case record: what one or more contacts are about, followed until it is done. */
import type { UtcMs } from '../base/index.js';
import type { CaseKind } from '../flows/index.js';

export type CaseStatus = 'received' | 'resolved' | 'closed';

export interface Case {
  readonly id: string;
  readonly kind: CaseKind;
  /** Digits with a check digit, as spoken to the caller. */
  readonly reference: string;
  readonly subject: string;
  readonly status: CaseStatus;
  readonly language: string | null;
  readonly outcome: string | null;
  /** The agent who talked with the caller last in the contact that opened it; null: none did. */
  readonly agent: string | null;
  readonly openedAt: UtcMs;
  readonly closedAt: UtcMs | null;
  readonly contacts: readonly string[];
  /** Key of the details in the personal side table of the first contact; null where there are none. */
  readonly details: string | null;
  readonly history: readonly {
    readonly status: CaseStatus;
    readonly at: UtcMs;
    readonly contact: string | null;
  }[];
}

/** A fact about a case, as the event log keeps it. */
export type CaseFact =
  | {
      readonly type: 'case.opened';
      readonly body: {
        readonly kind: CaseKind;
        readonly reference: string;
        readonly subject: string;
        readonly language: string | null;
        readonly contact: string;
        readonly details: string | null;
      };
    }
  /** Another contact is about the same. */
  | { readonly type: 'case.contacted'; readonly body: { readonly contact: string } }
  | {
      readonly type: 'case.handled';
      readonly body: { readonly agent: string; readonly contact: string };
    }
  | {
      readonly type: 'case.closed';
      readonly body: { readonly outcome: string; readonly contact: string | null };
    };

/** Pure. The case after one more fact; null before `case.opened`. */
export function foldCase(current: Case | null, id: string, fact: CaseFact, at: UtcMs): Case | null {
  if (fact.type === 'case.opened') {
    const { kind, reference, subject, language, contact, details } = fact.body;
    return {
      id,
      kind,
      reference,
      subject,
      language,
      details,
      status: 'received',
      outcome: null,
      agent: null,
      openedAt: at,
      closedAt: null,
      contacts: [contact],
      history: [{ status: 'received', at, contact }],
    };
  }
  if (current === null) return null;
  if (fact.type === 'case.contacted')
    return { ...current, contacts: [...current.contacts, fact.body.contact] };
  if (fact.type === 'case.handled') return { ...current, agent: fact.body.agent };
  return {
    ...current,
    status: 'closed',
    outcome: fact.body.outcome,
    closedAt: at,
    history: [...current.history, { status: 'closed', at, contact: fact.body.contact }],
  };
}
