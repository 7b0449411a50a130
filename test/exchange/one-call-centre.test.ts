/** Real calls to the national one-call centre, in both of its languages, judged by what was heard. */
import t from 'tap';
import { begun } from '../kit/waiting.js';
import { startHotline, type Walk } from './hotline.js';

const hotline = await startHotline();
t.teardown(() => hotline.stop());

/** `npm run test:calls` makes all calls; `npm test` one in each language. */
const all = process.env.ONEDOOR_CALLS === 'all';

interface Way extends Walk {
  readonly name: string;
  readonly language: string;
  readonly outcome: string;
  /** As on record: `kind subject`. */
  readonly case: string;
}

const ways: readonly Way[] = [
  {
    name: 'hears an answer of the knowledge base',
    language: 'ms',
    keys: '1,2,1,1',
    outcome: 'answered',
    case: 'enquiry knowledge-lost-identity-card',
  },
  {
    name: 'complains, and hears the reference',
    language: 'en',
    keys: '2,3,4,2,s3,3',
    outcome: 'left-complaint',
    case: 'complaint complaint-education',
  },
  {
    name: 'finds nobody at the queue, and is called back',
    language: 'ms',
    keys: '1,1,2,1',
    outcome: 'left-callback',
    case: 'request callback-transport',
  },
  {
    name: 'hears an answer of the knowledge base',
    language: 'en',
    keys: '2,2,6,2,2',
    outcome: 'answered',
    case: 'enquiry knowledge-tax-refund',
  },
  {
    name: 'complains, and hears the reference',
    language: 'ms',
    keys: '1,3,2,1,s3,3',
    outcome: 'left-complaint',
    case: 'complaint complaint-transport',
  },
  {
    name: 'asks the seniors’ line',
    language: 'ms',
    keys: '1,5,2',
    outcome: 'answered',
    case: 'enquiry seniors-health',
  },
  {
    name: 'praises somebody',
    language: 'en',
    keys: '2,4,s3',
    outcome: 'left-compliment',
    case: 'compliment compliment',
  },
  {
    name: 'hangs up before the complaint is sent',
    language: 'en',
    keys: '2,3,4,6,s3',
    outcome: 'left-half-complaint',
    case: 'complaint half-complaint-education',
  },
];

const walks = (all ? ways : ways.slice(0, 2)).map((way, nth) => ({
  ...way,
  number: '0380008000',
  callerNumber: `+6012${String(process.pid % 100_000).padStart(5, '0')}${String(nth).padStart(2, '0')}`,
  interruptAfterMs: 4_000,
}));

/** All at once, each a call of its own; judged one after another. */
const walked = walks.map((walk) => begun(hotline.walk(walk)));
await Promise.allSettled(walked);

walks.forEach(({ name, language, outcome, case: record, ...walk }, nth) => {
  t.test(`a caller ${name} (${language})`, async (t) => {
    const call = await walked[nth];
    if (call === undefined) throw new Error('There is no such call.');
    const { sound, contact } = call;
    const { differences, heard } = hotline.compare(sound, walk);
    t.same(differences, [], `hears what a rehearsal of the same keys says: ${heard.join(', ')}`);
    t.match(contact, { number: '0380008000', language, outcome });
    const { kind, subject } = await hotline.engine.case(contact.case ?? '');
    t.equal(`${kind} ${subject}`, record);
  });
});

t.test('who has complained learns by the reference how far it has come', async (t) => {
  const complained = walks.findIndex(({ case: record }) => record === 'complaint complaint-education');
  const first = await walked[complained];
  if (first === undefined) throw new Error('Nobody has complained.');
  const { reference, openedAt } = await hotline.engine.case(first.contact.case ?? '');
  const moment = new Date(openedAt).toISOString();
  const walk: Walk = {
    keys: `1,6,${reference}#`,
    number: '0380008000',
    callerNumber: `+6012${String(process.pid % 100_000).padStart(5, '0')}99`,
    interruptAfterMs: 4_000,
    lookUp: () => ({ result: 'found', row: { status: 'received', opened: moment, changed: moment } }),
  };
  const { sound, contact } = await hotline.walk(walk);
  const { differences, heard } = hotline.compare(sound, walk);
  t.same(differences, [], `hears what a rehearsal of the same keys says: ${heard.join(', ')}`);
  t.match(contact, { language: 'ms', outcome: 'answered' });
  t.match(contact.lookups, [{ source: 'complaints', result: 'found' }]);
});

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
