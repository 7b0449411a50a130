/** Scripted callers of a flow that checks, confirms, reviews and saves at its end. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { readScript, runScript, transcriptLines } from '../../src/rehearsal/index.js';
import { siteFromFiles } from '../../src/site/index.js';

const grammar = readFileSync(new URL('../../../prompts/say/en.yaml', import.meta.url), 'utf8');

const files = {
  'onedoor.yaml': `
onedoor: 1
name: Bills
languages: [en]
numbers: ["7000"]
phones: { desk: { label: Desk } }
fallback: { apology: apology, unknown-number: apology, phone: desk }
`,
  'flows/bills.yaml': `
onedoor: 1
flow: bills
numbers: ["7000"]
languages: [en]
outcomes: { objected: true, handed-over: false }
at-end: is-it-saved
start: ask-bill
defaults:
  no-input: { tries: 2, say: not-heard, repeat-prompt: true, go: ring-desk }
  no-match: { tries: 2, say: wrong-key, repeat-prompt: true, go: ring-desk }
steps:
  ask-bill:
    collect:
      say: enter-bill
      into: bill
      digits: { min: 8, max: 12 }
      check: { digits: luhn, say: bill-wrong, repeat-prompt: true }
      confirm: { say: you-entered }
    go: record-objection
  record-objection:
    record:
      name: objection
      say: speak-now
      review: { say: review }
      too-short: { go: ring-desk }
    go: open
  open:
    case: { kind: complaint, subject: '"bill"', details: { bill: bill }, into: reference }
    outcome: objected
    go: tell
  tell: { say: your-reference, go: hang-up }
  ring-desk:
    dial: { phone: desk, answered: hang-up, failed: hang-up }
    outcome: handed-over
  is-it-saved:
    decide: [{ when: 'bill != null && reference == null', go: save }, { else: hang-up }]
  save:
    case: { kind: complaint, subject: '"bill-half"', details: { bill: bill } }
    go: hang-up
`,
  'prompts/en.yaml': `
onedoor: 1
language: en
texts:
  enter-bill: Please key in the number of your bill.
  bill-wrong: That is not the number of a bill.
  you-entered: You entered {bill, digits}. If that is right, press 1, else 2.
  speak-now: Please speak after the tone.
  review: To hear it press 1, to record again press 2, to send it press 3.
  your-reference: Your reference is {reference, digits}.
  not-heard: I did not hear a key.
  wrong-key: That key has no meaning here.
  apology: Sorry.
`,
  'prompts/say/en.yaml': grammar,
};

const script = `
- caller: objects, after two slips and a second recording
  dials: "7000"
  at: 2026-03-04T10:00+04:00
  script:
    - hears: enter-bill
    - presses: "12345678#"
    - hears: bill-wrong
    - hears: enter-bill
    - presses: "12345674#"
    - { hears: you-entered, saying: one two three four five six seven four }
    - presses: "2"
    - hears: enter-bill
    - presses: "00000018#"
    - hears: you-entered
    - is silent: until asked again
    - hears: not-heard
    - hears: you-entered
    - presses: "1"
    - hears: speak-now
    - says: 4
    - hears: review
    - presses: "2"
    - says: 9
    - hears: review
    - presses: "1"
    - hears the recording
    - hears: review
    - presses: "3"
    - hears: your-reference
  case: { kind: complaint, subject: bill, status: received, outcome: objected }
  recordings: [objection]

- caller: hangs up while reviewing; what was said and entered is saved
  dials: "7000"
  at: 2026-03-04T10:00+04:00
  script:
    - presses: "00000018#1"
    - hears: enter-bill
    - hears: you-entered
    - hears: speak-now
    - says: 7
    - hears: review
    - hangs up
  case: { kind: complaint, subject: bill-half, status: received, outcome: abandoned }
  recordings: [objection]

- caller: hangs up before anything is confirmed
  dials: "7000"
  at: 2026-03-04T10:00+04:00
  script:
    - hears: enter-bill
    - presses: "00000018#"
    - hears: you-entered
    - hangs up
  case: { kind: enquiry, subject: call, status: closed, outcome: abandoned }
  recordings: []

- caller: says no as often as the flow bears it
  dials: "7000"
  at: 2026-03-04T10:00+04:00
  script:
    - presses: "00000018#2"
    - hears: enter-bill
    - presses: "00000018#2"
    - { is put through to: desk, which: answers }
  case: { outcome: handed-over }
`;

t.test('callers check, confirm, review, and hang up midway', async (t) => {
  const check = await siteFromFiles(files);
  if (check.result === 'broken') return t.same(check.findings.map(findingLine), []);
  t.same(check.warnings.map(findingLine), []);
  const reading = readScript('flows/bills.test.yaml', script);
  if (reading.result === 'broken') return t.same(reading.findings.map(findingLine), []);
  t.equal(reading.callers.length, 4);
  for (const caller of reading.callers) {
    const { failures, transcript } = runScript(caller, { ...check.site, media: ({ name }) => name });
    t.same(failures, [], `${caller.caller}\n${transcriptLines(transcript, 120).join('\n')}`);
  }
  return undefined;
});
