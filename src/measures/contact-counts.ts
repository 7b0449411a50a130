/** What is counted of contacts in one half hour: of those that came in it, whenever they ended. */
export interface ContactCounts {
  arrived: number;
  ended: number;
  /** Ended, and their last outcome is one that the flow calls served without a person. */
  contained: number;
  /** First contacts on a subject: the same caller had none on it in the days before. */
  first: number;
  /** Of them: the same caller came back on the subject within the days. */
  returned: number;
  /** Contacts that a survey of the usual scale was begun with, and those of them that answered a question. */
  surveyed: number;
  responded: number;
  /** Answers on the usual scale, to how often they were given. */
  readonly marks: Map<number, number>;
}

export function noContacts(): ContactCounts {
  return {
    arrived: 0,
    ended: 0,
    contained: 0,
    first: 0,
    returned: 0,
    surveyed: 0,
    responded: 0,
    marks: new Map(),
  };
}

export function addContacts(into: ContactCounts, more: ContactCounts): void {
  into.arrived += more.arrived;
  into.ended += more.ended;
  into.contained += more.contained;
  into.first += more.first;
  into.returned += more.returned;
  into.surveyed += more.surveyed;
  into.responded += more.responded;
  for (const [mark, count] of more.marks) into.marks.set(mark, (into.marks.get(mark) ?? 0) + count);
}
