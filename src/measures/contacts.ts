/** Pure, but for the state that it is given: folds what is told of contacts into their counts. */
import type { UtcMs } from '../base/index.js';
import type { ContactCounts } from './contact-counts.js';
import type { ContactMeasured } from './measured.js';

/** A contact of which something may still be told: that it ended, or that its caller came back. */
export interface KnownContact {
  readonly counts: ContactCounts;
  readonly since: UtcMs;
  /** What its last outcome says. */
  contained: boolean;
  ended: boolean;
  /** Surveys of the usual scale that were begun. */
  surveys: readonly string[];
  responded: boolean;
  /** Subjects on which it was the caller's first contact, and nobody has come back on yet. */
  firstOn: readonly string[];
}

/** Satisfaction is told of surveys from 1 to 5: what 4 and 5 of another scale mean, nobody knows. */
const usualScale = { from: 1, to: 5 };

const none: readonly string[] = [];

export type ContactTold = Exclude<ContactMeasured, { readonly type: 'call.arrived' }>;

export function newContact(counts: ContactCounts, since: UtcMs): KnownContact {
  counts.arrived++;
  const nothing = { contained: false, ended: false, responded: false };
  return { counts, since, ...nothing, surveys: none, firstOn: none };
}

/** @param contacts by id. One that is not known (the log was cut) is passed over. */
export function noteContact(contacts: ReadonlyMap<string, KnownContact>, fact: ContactTold): void {
  const contact = contacts.get(fact.subject);
  if (contact === undefined) return;
  const { counts } = contact;
  switch (fact.type) {
    case 'outcome.reached':
      contact.contained = fact.body.contained ?? false;
      return;
    case 'call.ended':
      if (contact.ended) return;
      contact.ended = true;
      counts.ended++;
      if (contact.contained) counts.contained++;
      return;
    case 'subject.noted':
      return noteSubject(contacts, contact, fact.body);
    case 'survey.offered': {
      const { survey, scale = usualScale } = fact.body;
      if (scale.from !== usualScale.from || scale.to !== usualScale.to) return;
      if (contact.surveys.length === 0) counts.surveyed++;
      contact.surveys = [...contact.surveys, survey];
      return;
    }
    case 'survey.answered': {
      const { survey, answer } = fact.body;
      if (!contact.surveys.includes(survey)) return;
      counts.marks.set(answer, (counts.marks.get(answer) ?? 0) + 1);
      if (!contact.responded) counts.responded++;
      contact.responded = true;
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
    contact.firstOn = [...contact.firstOn, subject];
    contact.counts.first++;
    return;
  }
  const before = contacts.get(after);
  if (before === undefined || !before.firstOn.includes(subject)) return;
  before.firstOn = before.firstOn.filter((other) => other !== subject);
  before.counts.returned++;
}
