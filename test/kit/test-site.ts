/** A small site for tests: one flow with every kind of step, a sub-flow and a faulty flow, in two languages. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asSiteHash, type JsonObject } from '../../src/base/index.js';
import type { CallSite } from '../../src/calls/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import type { LookupAnswer, LookupRequest } from '../../src/lookups/port.js';
import { readCatalog, type TextCatalog } from '../../src/speech/index.js';
import { testDesk } from './test-routing.js';
import { atOnce } from './at-once.js';

const root = new URL('../../../', import.meta.url);

const texts = `
choose-language: "Press 1 for one language, 2 for the other."
main-menu: "For a status press 1, to complain press 2, for a person press 3, for a survey press 4."
enter-reference: "Key in your number, then hash."
unclear: "That is not clear."
status: "Number {reference, digits} is {state, select, approved {approved} other {in progress}}."
unknown-reference: "We do not know that number."
cannot-look-up: "We cannot look now."
speak-now: "Speak after the beep."
your-reference: "Your case has the number {ref, digits}."
nobody: "Nobody is free."
agent-signed-in: "You are signed in."
agent-signed-out: "You are signed out."
agent-ready: "You are ready."
agent-paused: "You are paused."
agent-wrap-up-ended: "Wrap-up is over."
agent-disposed: "Noted."
agent-unknown: "That code means nothing."
tell-place: "Number {place.position, number}, {place.minutes, number} minutes."
agent-cannot: "That is not possible."
transfer-unknown: "Nobody has that code."
transfer-cannot: "The caller cannot be moved now."
transfer-failed: "There is no answer."
transfer-back: "Your caller comes back."
goodbye: "Goodbye."
how-was-it: "From 1 to 5, how was it?"
how-fast: "From 1 to 5, how fast were we?"
how-solved: "From 1 to 5, how well was it solved?"
please-wait: "Please wait for an agent."
still-waiting: "All agents are busy."
one-moment: "One moment."
how-it-stands: "We have {caller.language, spell} texts for you."
confirm-number: "We call {callbackNumber, digits}. Press 1 if that is right, 2 if not."
enter-number: "Key in a number, then hash."
sorry: "Sorry, something went wrong."
unknown-number: "This number is not in service."
enter-customer: "Key in your customer number."
enter-pin: "Key in your PIN."
pin-wrong: "That PIN is not right."
pin-locked: "Too many wrong PINs."
balance: "You have {account.balance, number}."
`;

const main = `
onedoor: 1
flow: main
numbers: ["100"]
languages: [en, ar]
start: choose-language
keys-anywhere: { "0": agent, "*": repeat }
defaults:
  no-input: { tries: 2, go: bye }
  no-match: { tries: 3, go: agent }
steps:
  choose-language:
    menu:
      say: choose-language
      keys: { 1: { language: en, go: menu }, 2: { language: ar, go: menu } }
      no-input: { tries: 2, go: menu }
  menu:
    menu:
      say: main-menu
      keys: { 1: ask, 2: complain, 3: agent, 4: survey, 5: wait, 6: write, 7: call-back, 8: rate, 9: menu }
  ask:
    collect: { say: enter-reference, into: reference, digits: { min: 4, max: 8, end: "#" }, no-match: { tries: 2, say: unclear, go: agent } }
    go: find
  find:
    lookup: { source: requests, with: { reference: reference }, into: row, found: told, not-found: unknown, failed: cannot }
  told:
    set: { state: row.state }
    go: tell
  tell: { say: status, outcome: answered, go: menu }
  unknown: { say: unknown-reference, go: menu }
  cannot: { say: cannot-look-up, go: menu }
  complain:
    record: { name: complaint, say: speak-now, max: 60, silence: 3, too-short: { tries: 2, go: bye }, failed: bye }
    go: open
  open:
    case: { kind: complaint, subject: '"noise"', details: { from: reference }, into: ref }
    go: tell-reference
  tell-reference: { say: your-reference, outcome: left-complaint, go: bye }
  agent:
    dial: { phone: agent-1, ring: 20, answered: bye, failed: nobody-free }
    outcome: asked-for-agent
  nobody-free: { say: nobody, go: complain }
  survey:
    call: { flow: survey, with: { asked: '"yes"' }, into: answers }
    go: bye
  wait:
    queue: { name: general, need: { language: caller.language }, say: please-wait, again: { say: still-waiting, every: 20 }, keep-place: { key: 1, go: call-back }, keys: { 2: complain }, no-answer-after: { seconds: 120, go: call-back, keep-place: true }, nobody: nobody-free, answered: rate, failed: call-back }
  write: { message: { text: how-it-stands, filler: one-moment, sent: menu, failed: cannot, no-number: menu } }
  call-back: { callback: { say: confirm-number, enter: enter-number, into: ref, keep-place: { flow: called-back }, kept: tell-kept, accepted: tell-reference, refused: cannot, withheld: bye } }
  tell-kept: { say: your-reference, outcome: callback-kept, go: bye }
  rate: { survey: { name: quality, ask: 2, questions: [{ question: polite, section: agent, say: how-was-it }, { question: fast, section: hotline, say: how-fast }, { question: solved, section: hotline, say: how-solved }] }, go: bye }
  bye: { say: goodbye, go: end }
  end: { hang-up: }
`;

const survey = `
onedoor: 1
flow: survey
languages: [en, ar]
parameters: [asked]
start: ask
steps:
  ask:
    collect: { say: how-was-it, into: mark, digits: { min: 1, max: 1 }, no-input: { tries: 1, go: none }, no-match: { tries: 1, go: none } }
    go: give
  give: { return: { mark: mark } }
  none: { return: { mark: '"0"' } }
`;

const calledBack = `
onedoor: 1
flow: called-back
languages: [en, ar]
start: greet
steps:
  greet:
    menu: { say: one-moment, keys: { 1: wait, 9: bye }, no-input: { tries: 2, go: bye }, no-match: { tries: 2, go: bye } }
  wait:
    queue: { name: general, say: please-wait, again: { say: still-waiting, every: 20 }, no-answer-after: { seconds: 120, go: bye }, answered: bye, failed: bye }
  bye: { say: goodbye, go: end }
  end: { hang-up: }
`;

const faulty = `
onedoor: 1
flow: faulty
numbers: ["666"]
languages: [en]
start: one
steps:
  one: { decide: [{ when: "true", go: two }, { else: two }] }
  two: { decide: [{ when: "true", go: one }, { else: one }] }
`;

/** Asks for a PIN, and for something between it and the lookup that needs it. */
const bank = `
onedoor: 1
flow: bank
numbers: ["200"]
languages: [en, ar]
start: ask-customer
defaults:
  no-input: { tries: 2, go: bye }
  no-match: { tries: 3, go: bye }
steps:
  ask-customer:
    collect: { say: enter-customer, into: customer, digits: { min: 4, max: 4 } }
    go: ask-pin
  ask-pin:
    collect: { say: enter-pin, into: pin, secret: true, digits: { min: 6, max: 6 } }
    go: wait
  wait: { say: one-moment, interruptible: false, go: prove }
  prove:
    lookup:
      source: accounts
      with: { customer: customer, pin: pin }
      account: customer
      into: account
      filler: one-moment
      filler-after: 0.3
      found: told
      not-found: wrong-pin
      failed: cannot
      locked: too-often
  told: { say: balance, outcome: answered, go: bye }
  wrong-pin: { say: pin-wrong, outcome: not-found, go: ask-pin }
  too-often: { say: pin-locked, outcome: locked, go: bye }
  cannot: { say: cannot-look-up, go: bye }
  bye: { say: goodbye, go: hang-up }
`;
/** The flows' texts by name. */
export const testFlows: Readonly<Record<string, string>> = {
  main,
  survey,
  faulty,
  'called-back': calledBack,
};

function testTexts(): TextCatalog {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const head = (language: string): string =>
    `onedoor: 1\nlanguage: ${language}\nvoice: { name: ${language}, rate: 160, pitch: 50 }\ntexts:\n`;
  const own = texts.trim().replace(/^/gm, '  ');
  const catalog = readCatalog(
    {
      'prompts/en.yaml': head('en') + own,
      'prompts/ar.yaml': head('ar') + own,
      'prompts/say/en.yaml': read('prompts/say/en.yaml'),
      'prompts/say/ar.yaml': read('prompts/say/ar.yaml'),
    },
    ['en', 'ar'],
  );
  const reading = atOnce(catalog);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings, null, 1));
  return reading.catalog;
}

/** The site; each piece's media path is `<language>/<piece>`. */
export function testSite(phone: string | null = 'agent-1'): CallSite {
  const catalog = testTexts();
  const flows = new Map(
    [main, survey, faulty, bank, calledBack].map((text) => {
      const parsed = parseFlow(text, 'test.yaml');
      if (parsed.flow === null) throw new Error(JSON.stringify(parsed.findings, null, 1));
      const compiled = compileFlow(parsed.flow, catalog);
      return [compiled.name, compiled] as const;
    }),
  );
  return {
    hash: asSiteHash('test'),
    languages: ['en', 'ar'],
    numbers: new Map(
      [...flows.values()].flatMap(({ name, numbers }) => numbers.map((number) => [number, name] as const)),
    ),
    flows,
    texts: catalog,
    calendars: new Map(),
    media: (piece) => `${piece.language}/${piece.name}`,
    mediaMs: () => 700,
    queues: new Map([
      [
        'general',
        {
          calendar: null,
          maxWaitMs: 300_000,
          ringMs: 15_000,
          whisper: null,
          callback: { ringMs: 25_000, whenClosed: 'keep' },
          record: null,
          music: true,
          agents: [{ name: 'amal', phone: 'agent-1', language: 'en' }],
        },
      ],
    ]),
    desk: testDesk,
    transfers: null,
    callbacks: { countries: ['OM'], only: [], refuse: [], trunk: 'loopback', show: null },
    messages: { countries: ['OM'], only: [], refuse: [] },
    fallback: { apology: 'sorry', unknownNumber: 'unknown-number', phone },
  };
}

/** As the engine hashes what wrong PINs are counted under. */
export function testHash(text: string): string {
  return createHmac('sha256', 'a key for tests').update(text).digest('base64url');
}

const rows: Readonly<Record<string, JsonObject>> = {
  '123456': { state: 'approved' },
  '4444': { state: 'open' },
};

/** The customers' PINs; customer 1003's service is down. The service is careless: it gives the PIN back. */
export const testPins: Readonly<Record<string, string>> = { '1001': '739182', '1002': '518273' };

function accountAnswer({ customer, pin }: JsonObject): LookupAnswer {
  if (customer === '1003') return { result: 'failed', why: 'down' };
  if (typeof customer !== 'string' || typeof pin !== 'string' || testPins[customer] !== pin)
    return { result: 'not-found' };
  return { result: 'found', row: { balance: '12', pin, told: { code: pin }, customer } };
}

/** The table `requests`, of which the reference 9999 makes it fail; and the table `accounts`. */
export function testAnswer({ source, with: given }: Pick<LookupRequest, 'source' | 'with'>): LookupAnswer {
  if (source === 'accounts') return accountAnswer(given);
  const { reference: asked } = given;
  const reference = typeof asked === 'string' ? asked : '';
  if (reference === '9999') return { result: 'failed', why: 'down' };
  const row = rows[reference];
  return row === undefined ? { result: 'not-found' } : { result: 'found', row };
}
