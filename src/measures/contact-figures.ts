/** Pure. Figures of contacts: whether the flow served them, whether the first call was enough, what they say of it. */
import type { ContactCounts } from './contact-counts.js';
import { type Figure, figuresOf, ratio, type Row } from './figure.js';

const count = (name: Exclude<keyof ContactCounts, 'marks'>, formula: string): Row<ContactCounts> => ({
  unit: 'contacts',
  formula,
  of: (counts) => counts[name],
});

const sum = (marks: ContactCounts['marks'], of: (mark: number) => number): number =>
  [...marks].reduce((all, [mark, times]) => all + of(mark) * times, 0);
const given = ({ marks }: ContactCounts): number => sum(marks, () => 1);

const rows = {
  arrived: count(
    'arrived',
    'calls that came, and messages left while no engine was there; of a queue: those that asked for a place in it',
  ),
  ended: count('ended', 'of arrived: over'),
  contained: count('contained', 'of ended: with an outcome that the flow calls served without a person'),
  containment: {
    unit: 'share',
    formula: 'contained / ended',
    of: ({ contained, ended }) => ratio(contained, ended),
  },
  'first-contacts': count(
    'first',
    'by subject: contacts of callers who had none on the same subject in the 7 days before; the subject is that of the case, else the queue whose agent talked; withheld numbers are left out',
  ),
  'returned-contacts': count(
    'returned',
    'of first-contacts: the same number came back on the subject within 7 days',
  ),
  'first-call-resolution': {
    unit: 'share',
    formula: '(first-contacts - returned-contacts) / first-contacts; not final for the last 7 days',
    of: ({ first, returned }) => ratio(first - returned, first),
  },
  surveyed: count(
    'surveyed',
    'contacts that were asked a survey with answers from 1 to 5, by the call or when called back; of a queue: those with whom its agent had talked last',
  ),
  responded: count('responded', 'of surveyed: answered a question at least'),
  'survey-response': {
    unit: 'share',
    formula: 'responded / surveyed',
    of: ({ responded, surveyed }) => ratio(responded, surveyed),
  },
  satisfaction: {
    unit: 'mark',
    formula: 'sum of the answers from 1 to 5 / answers',
    of: (counts) =>
      ratio(
        sum(counts.marks, (mark) => mark),
        given(counts),
      ),
  },
  satisfied: {
    unit: 'share',
    formula: 'answers of 4 and 5 / answers',
    of: (counts) =>
      ratio(
        sum(counts.marks, (mark) => (mark >= 4 ? 1 : 0)),
        given(counts),
      ),
  },
} as const satisfies Record<string, Row<ContactCounts>>;

export type ContactFigures = Readonly<Record<keyof typeof rows, Figure>>;

export function contactFiguresOf(counts: ContactCounts): ContactFigures {
  return figuresOf(rows, counts, 0);
}
