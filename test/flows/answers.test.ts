import fc from 'fast-check';
import t from 'tap';
import { isLuhn, isMod97 } from '../../src/flows/entry-check.js';
import { flowFrom, flowOf, type Input, textsWith, walk, walksWith } from '../kit/flow-walk.js';

const texts = textsWith({ 'is-it': ['n'] });

const walks = walksWith(t, texts);

const confirm = (more = '', head = ''): string =>
  flowOf(
    `
  ask:
    collect: { say: enter, into: n, digits: { min: 2, max: 2, end: none }, confirm: { say: is-it${more} } }
    go: end
`,
    head,
  );
const asked = 'ask.asking | enter ask, say enter/en';
const isIt = 'say is-it/en{"n":"12"}';
const kept = 'end.ended done | entered n=12, enter end, hang-up';

walks('what was entered is heard, and kept once it is confirmed', confirm(), asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
  ['spoken', 'ask.confirm-waiting | | first-key in 10000'],
  ['1', `${kept} | no first-key`],
]);

walks('what is rejected is entered anew', confirm(), asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
  ['2', 'ask.asking | hush, say enter/en'],
  ['3', 'ask.collecting | hush | between-keys in 3000'],
  ['4', 'ask.confirm-asking | say is-it/en{"n":"34"} | no between-keys'],
  ['1', 'end.ended done | hush, entered n=34, enter end, hang-up'],
]);

walks(
  'who rejects as often as mistakes are borne leaves by their exit',
  confirm('', 'defaults: { no-input: { go: silent }, no-match: { tries: 2, go: wrong } }\n'),
  asked,
  [
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
    ['2', 'ask.asking | hush, say enter/en'],
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
    ['2', 'wrong.ended done | hush, enter wrong, hang-up'],
  ],
);

walks(
  'who knows the way types entry and confirmation at once',
  confirm(),
  'end.ended done | enter ask, entered n=12, enter end, hang-up',
  [],
  { keys: '121' },
);
walks(
  'who typed a slip rejects it and types on',
  confirm(),
  'end.ended done | enter ask, entered n=34, enter end, hang-up',
  [],
  { keys: '122341' },
);

walks(
  'silence and wrong keys at the confirmation have tries of their own, and its exits',
  confirm(', no-input: { tries: 1, go: end }, no-match: { tries: 2, say: one-or-two, repeat-prompt: true }'),
  asked,
  [
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
    ['7', 'ask.confirm-asking | hush, say one-or-two/en is-it/en{"n":"12"}'],
    ['spoken', 'ask.confirm-waiting | | first-key in 10000'],
    ['timer first-key', 'end.ended done | enter end, hang-up | no first-key'],
  ],
);

t.test('what is not confirmed is no value of the flow', async (t) => {
  const walker = walk(flowFrom(confirm(), texts));
  walker.give('1');
  walker.give('2');
  t.same(walker.snapshot().context.vars, {});
  walker.give('1');
  t.same(walker.snapshot().context.vars, { n: '12' });
});

walks('a confirmation that the engine was away from is asked again', confirm(), asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
  ['spoken', 'ask.confirm-waiting | | first-key in 10000'],
  ['resumed', `ask.confirm-asking-anew | ${isIt} | no first-key, quiet in 1000`],
  ['timer quiet', 'ask.confirm-asking | | no quiet'],
  ['1', kept.replace('entered', 'hush, entered')],
]);

walks(
  'other keys say yes and no, and keys with a meaning everywhere keep it',
  confirm(', yes: "#", no: "0"', 'keys-anywhere: { "*": repeat }\n'),
  asked,
  [
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['2', `ask.confirm-asking | ${isIt} | no between-keys`],
    ['*', `ask.confirm-asking | hush, ${isIt}`],
    ['#', kept.replace('entered', 'hush, entered')],
  ],
);

const checked = (check: string): string =>
  flowOf(`
  ask:
    collect: { say: enter, into: n, digits: { min: 2, max: 2, end: none }, check: ${check} }
    go: end
`);

walks('an entry with a wrong check digit is a wrong entry', checked('luhn'), asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['7', 'ask.asking | say enter/en | no between-keys'],
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['8', 'end.ended done | entered n=18, enter end, hang-up | no between-keys'],
]);

walks(
  'a wrong one can have words of its own, and counts with the other mistakes',
  checked('{ when: \'n.startsWith("9")\', say: not-ours, repeat-prompt: true }'),
  asked,
  [
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['7', 'ask.asking | say not-ours/en enter/en | no between-keys'],
    ['*', 'ask.asking | hush, say enter/en'],
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['7', 'wrong.ended done | enter wrong, hang-up | no between-keys'],
  ],
);

walks(
  'an entry can have one of several lengths',
  flowOf(`
  ask:
    collect: { say: enter, into: n, digits: { min: 1, max: 4 }, check: { length: [2, 4] } }
    go: end
`),
  asked,
  [
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['#', 'ask.asking | say enter/en | no between-keys'],
    ['1', 'ask.collecting | hush | between-keys in 3000'],
    ['8', 'ask.collecting | | between-keys in 3000'],
    ['#', 'end.ended done | entered n=18, enter end, hang-up | no between-keys'],
  ],
);

t.test('numbers of the standards have right check digits', async (t) => {
  for (const card of ['4111111111111111', '79927398713', '00000018']) t.equal(isLuhn(card), true, card);
  // The examples of ISO 7064, and the IBAN GB82 WEST 1234 5698 7654 32 with its letters as numbers.
  for (const number of ['79444', '3214282912345698765432161182']) t.equal(isMod97(number), true, number);
  for (const short of ['', '0', '1']) t.equal(isLuhn(short) || isMod97(short), false, short);
});

t.test('one wrong digit is always found', async (t) => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(digits, fc.nat(29), fc.integer({ min: 1, max: 9 }), (body, place, shift) => {
      const luhn = '0123456789'
        .split('')
        .map((last) => body + last)
        .filter(isLuhn);
      const mod97 = Array.from({ length: 97 }, (_, n) => body + String(n + 2).padStart(2, '0')).filter(
        isMod97,
      );
      if (luhn.length !== 1 || mod97.length !== 1) throw new Error(`${body}: ${luhn.join()} ${mod97.join()}`);
      for (const [right, isRight] of [
        [luhn[0] ?? '', isLuhn],
        [mod97[0] ?? '', isMod97],
      ] as const) {
        const at = place % right.length;
        const slip = String((Number(right[at]) + shift) % 10);
        const wrong = right.slice(0, at) + slip + right.slice(at + 1);
        if (isRight(wrong)) throw new Error(`${right} and ${wrong} are both right`);
      }
    }),
    { numRuns: 200 },
  );
  t.pass('200 numbers');
});

const record = flowOf(`
  talk:
    record:
      { name: note, say: speak-now, min: 2, too-short: { tries: 2, go: end }, review: { say: review, no-input: { tries: 1, go: silent } } }
    go: end
`);
const speakNow = 'talk.asking | enter talk, say speak-now/en';
const recording = 'record max 120000 silence 5000 beep';
const said: Input = { type: 'recorded', recording: 'r1', ms: 5000 };
const review = 'talk.review-asking | say review/en';

walks('what was recorded is heard, and accepted', record, speakNow, [
  ['spoken', `talk.recording | ${recording}`],
  [said, review],
  ['1', 'talk.review-asking | hush, replay, then review/en'],
  ['spoken', 'talk.review-waiting | | first-key in 10000'],
  ['3', 'end.ended done | keep recording note, enter end, hang-up | no first-key'],
]);

walks('what was recorded is thrown away and recorded again', record, speakNow, [
  ['spoken', `talk.recording | ${recording}`],
  [said, review],
  ['2', `talk.recording | hush, discard-recording, ${recording}`],
  [{ type: 'recorded', recording: 'r2', ms: 100 }, 'talk.asking | discard-recording, say speak-now/en'],
  ['spoken', `talk.recording | ${recording}`],
  [{ type: 'recorded', recording: 'r3', ms: 3000 }, review],
  ['3', 'end.ended done | hush, keep recording note, enter end, hang-up'],
]);

walks('silence leaves by its own exit, and what was said is kept', record, speakNow, [
  ['spoken', `talk.recording | ${recording}`],
  [said, review],
  ['spoken', 'talk.review-waiting | | first-key in 10000'],
  ['timer first-key', 'silent.ended done | keep recording note, enter silent, hang-up | no first-key'],
]);

t.test('nobody records again for ever', async (t) => {
  const walker = walk(flowFrom(record, texts));
  walker.give('spoken');
  walker.give(said);
  for (let n = 0; n < 10; n++) {
    t.match(walker.give('2'), 'discard-recording');
    walker.give(said);
  }
  t.equal(walker.give('2'), 'talk.review-asking | hush, say review/en', 'it counts as a wrong key');
});
