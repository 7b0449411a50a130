/** Pure. Opens and closes cases; every contact ends with exactly one. */
import type { JsonObject } from '../base/index.js';
import type { CaseKind } from '../flows/index.js';
import type { CaseFact } from './case.js';
import { referenceOf } from './reference.js';

export type CaseCommand =
  | {
      readonly type: 'open-case';
      readonly contact: string;
      readonly kind: CaseKind;
      readonly subject: string;
      readonly language: string | null;
      readonly details: JsonObject;
    }
  /** The contact is over. */
  | {
      readonly type: 'end-contact';
      readonly contact: string;
      readonly language: string | null;
      readonly outcome: string;
      /** Who talked with the caller last; null: no agent did. */
      readonly agent: string | null;
      /** Cases that the flow opened, oldest first. */
      readonly cases: readonly { readonly id: string; readonly kind: CaseKind }[];
      /** Something was said that a person has to hear: the case stays open. */
      readonly unheard: boolean;
      /** Cases that are over with the contact, whatever their kind. */
      readonly settled: readonly string[];
    };

export interface CaseDecision {
  readonly facts: readonly { readonly id: string; readonly fact: CaseFact }[];
  /** The case that the contact belongs to now. */
  readonly case: { readonly id: string; readonly kind: CaseKind; readonly reference: string };
  /** Personal details of the case, for the side table of the contact. */
  readonly details: { readonly key: string; readonly body: JsonObject } | null;
  /** Number of the next case. */
  readonly next: number;
}

/** Kinds that are over when the call is: the caller has the answer. The others are followed by people. */
const answeredAtOnce: ReadonlySet<CaseKind> = new Set<CaseKind>(['enquiry', 'status-enquiry']);

/**
 * Pure. Decides what a command does to the cases.
 *
 * @param next number of the next case, from 1.
 */
export function decideCase(next: number, command: CaseCommand): CaseDecision {
  if (command.type === 'open-case') return open(next, command);
  const last = command.cases.at(-1);
  if (last === undefined) {
    const kind: CaseKind = command.unheard ? 'request' : 'enquiry';
    const { contact, language, outcome } = command;
    const left = outcome === 'left-message' ? outcome : 'unfinished-call';
    const subject = command.unheard ? left : 'call';
    const opened = open(next, { type: 'open-case', contact, kind, subject, language, details: {} });
    const facts = [...opened.facts, ...handled([opened.case], command)];
    if (!command.unheard) facts.push({ id: opened.case.id, fact: closed(outcome, contact) });
    return { ...opened, facts };
  }
  // Something unheard belongs to what was asked for last.
  const facts = command.cases
    .filter(({ kind, id }) => answeredAtOnce.has(kind) || command.settled.includes(id))
    .filter(({ id }) => !(command.unheard && id === last.id))
    .map(({ id }) => ({ id, fact: closed(command.outcome, command.contact) }));
  return {
    facts: [...handled(command.cases, command), ...facts],
    case: { id: last.id, kind: last.kind, reference: last.id.slice(1) },
    details: null,
    next,
  };
}

function handled(
  cases: readonly { readonly id: string }[],
  { agent, contact }: Extract<CaseCommand, { type: 'end-contact' }>,
): CaseDecision['facts'] {
  if (agent === null) return [];
  return cases.map(({ id }) => ({ id, fact: { type: 'case.handled', body: { agent, contact } } }));
}

function open(next: number, command: Extract<CaseCommand, { type: 'open-case' }>): CaseDecision {
  const reference = referenceOf(next);
  const id = `C${reference}`;
  const { contact, kind, subject, language } = command;
  const details =
    Object.keys(command.details).length === 0
      ? null
      : { key: `case.${reference}.details`, body: command.details };
  return {
    facts: [
      {
        id,
        fact: {
          type: 'case.opened',
          body: { kind, reference, subject, language, contact, details: details?.key ?? null },
        },
      },
    ],
    case: { id, kind, reference },
    details,
    next: next + 1,
  };
}

function closed(outcome: string, contact: string): CaseFact {
  return { type: 'case.closed', body: { outcome, contact } };
}
