/** Pure, but for the state that it is given: folds what is told of contacts into their counts. */
import type { UtcMs } from '../base/index.js';
import type { ContactCounts } from './contact-counts.js';
import type { ContactMeasured } from './measured.js';

/** A contact of which something may still be told: that it ended, or that its caller came back. */
export interface KnownContact {
  readonly flow: string;
  /** The half hour in which it came, and when. */
  readonly start: UtcMs;
  readonly since: UtcMs;
  /** Where it counts: with the flow that it began with. */
  readonly counts: ContactCounts;
  /** And with each queue in which it asked for a place. */
  readonly queues: Map<string, ContactCounts>;
  /** The queue whose agent talked last; null: none did. */
  talked: string | null;
  /** What its last outcome says. */
  contained: boolean;
  ended: boolean;
  /** Surveys of the usual scale that were begun, each with where it counts: with the flow, and with the queue that talked. */
  surveys: readonly { readonly survey: string; readonly into: readonly ContactCounts[] }[];
  /** Where it counts as one that has answered. */
  responded: readonly ContactCounts[];
  /** Subjects on which it was the caller's first contact, and nobody has come back on yet, with where that counts. */
  firstOn: readonly { readonly subject: string; readonly into: readonly ContactCounts[] }[];
}

/** Satisfaction is told of surveys from 1 to 5: what 4 and 5 of another scale mean, nobody knows. */
const usualScale = { from: 1, to: 5 };

export type ContactTold = Exclude<ContactMeasured, { readonly type: 'call.arrived' | 'call.placed' }>;

export function newContact(of: Pick<KnownContact, 'flow' | 'start' | 'since' | 'counts'>): KnownContact {
  of.counts.arrived++;
  const nothing = { talked: null, contained: false, ended: false };
  return { ...of, ...nothing, queues: new Map(), surveys: [], responded: [], firstOn: [] };
}

/** The contact asked for a place in the queue: from now on it counts there too. */
export function noteQueue(contact: KnownContact, queue: string, counts: () => ContactCounts): void {
  if (contact.queues.has(queue)) return;
  const own = counts();
  own.arrived++;
  // Whoever is called back may be moved to a queue that was none of theirs before.
  if (contact.ended) noteEnd(own, contact);
  contact.queues.set(queue, own);
}

function noteEnd(counts: ContactCounts, { contained }: KnownContact): void {
  counts.ended++;
  if (contained) counts.contained++;
}

const everywhere = ({ counts, queues }: KnownContact): readonly ContactCounts[] => [
  counts,
  ...queues.values(),
];

/** A survey is about the talk: it counts with the flow, and with the queue whose agent talked last. */
function ofTalk({ counts, queues, talked }: KnownContact): readonly ContactCounts[] {
  const queue = talked === null ? undefined : queues.get(talked);
  return queue === undefined ? [counts] : [counts, queue];
}

/** @param contacts by id. One that is not known (the log was cut) is passed over. */
export function noteContact(contacts: ReadonlyMap<string, KnownContact>, fact: ContactTold): void {
  const contact = contacts.get(fact.subject);
  if (contact === undefined) return;
  switch (fact.type) {
    case 'outcome.reached':
      if (!contact.ended) contact.contained = fact.body.contained ?? false;
      return;
    case 'call.ended':
      if (contact.ended) return;
      contact.ended = true;
      for (const counts of everywhere(contact)) noteEnd(counts, contact);
      return;
    case 'subject.noted':
      return noteSubject(contacts, contact, fact.body);
    case 'survey.offered': {
      const { survey, scale = usualScale } = fact.body;
      if (scale.from !== usualScale.from || scale.to !== usualScale.to) return;
      const into = ofTalk(contact);
      const before = new Set(contact.surveys.flatMap((one) => one.into));
      for (const counts of into) if (!before.has(counts)) counts.surveyed++;
      contact.surveys = [...contact.surveys, { survey, into }];
      return;
    }
    case 'survey.answered': {
      const { survey, answer } = fact.body;
      const begun = contact.surveys.findLast((one) => one.survey === survey);
      if (begun === undefined) return;
      for (const counts of begun.into) counts.marks.set(answer, (counts.marks.get(answer) ?? 0) + 1);
      const fresh = begun.into.filter((counts) => !contact.responded.includes(counts));
      for (const counts of fresh) counts.responded++;
      contact.responded = [...contact.responded, ...fresh];
      return;
    }
    default:
      return fact satisfies never;
  }
}

/** A first contact on a subject is resolved until the same caller comes back on it. */
function noteSubject(
  contacts: ReadonlyMap<string, KnownContact>,
  contact: KnownContact,
  { subject, after }: Extract<ContactTold, { type: 'subject.noted' }>['body'],
): void {
  if (after === null) {
    const into = everywhere(contact);
    contact.firstOn = [...contact.firstOn, { subject, into }];
    for (const counts of into) counts.first++;
    return;
  }
  const before = contacts.get(after);
  const first = before?.firstOn.find((one) => one.subject === subject);
  if (before === undefined || first === undefined) return;
  before.firstOn = before.firstOn.filter((other) => other !== first);
  for (const counts of first.into) counts.returned++;
}
