/** The site that broken flows are checked on. */
import { type Flow, parseFlow, type SiteFacts } from '../../../src/flows/index.js';

const texts: Readonly<Record<string, readonly string[]>> = {
  hello: [],
  menu: [],
  enter: [],
  status: ['request.state'],
  reference: ['reference'],
  number: ['caller.number'],
  back: ['callbackNumber'],
  name: ['caller.name'],
  owner: ['rowOwner'],
  pin: ['n'],
  long: [],
};
/** As they are read; other texts have a word. */
const words: Readonly<Record<string, string>> = {
  menu: `For status, press ١. ${'more '.repeat(60)}`,
  long: `${'welcome '.repeat(31)} for status, press one`,
};
const survey = parseFlow(
  'onedoor: 1\nflow: survey\nlanguages: [en]\nparameters: [about]\nstart: a\nsteps: { a: { return: {} } }\n',
  'survey.yaml',
).flow as Flow;
const told = parseFlow(
  `onedoor: 1\nflow: told\nlanguages: [en]\nparameters: [about, more]\nstart: a\nsteps:
  a: { case: { kind: request, subject: '"about-" + about', details: { more: more } }, go: b }
  b: { return: {} }\n`,
  'told.yaml',
).flow as Flow;
const loop = parseFlow(
  'onedoor: 1\nflow: loop\nlanguages: [en]\nstart: a\nsteps: { a: { call: { flow: tried }, go: b }, b: { return: {} } }\n',
  'loop.yaml',
).flow as Flow;
/** Eight flows, each of which calls the next. */
const deep = Array.from({ length: 8 }, (_, n): [string, Flow] => {
  const step = n === 7 ? '{ return: {} }' : `{ call: { flow: deep-${n + 2} }, go: b }`;
  const text = `onedoor: 1\nflow: deep-${n + 1}\nlanguages: [en]\nstart: a\nsteps: { a: ${step}, b: { return: {} } }\n`;
  return [`deep-${n + 1}`, parseFlow(text, 'deep.yaml').flow as Flow];
});
export const facts: SiteFacts = {
  texts: {
    // `only-en` is there in English alone.
    has: (language, text) => Object.hasOwn(texts, text) || (text === 'only-en' && language === 'en'),
    slots: (_language, text) => texts[text] ?? [],
  },
  phones: new Set(['agent-1']),
  lookups: new Set(['requests', 'accounts']),
  calendars: new Set(['agents']),
  queues: new Map([
    [
      'general',
      new Map([
        ['en', 5],
        ['parking', 2],
      ]),
    ],
    ['office', new Map([['en', 5]])],
  ]),
  skills: new Set(['en', 'ms', 'parking', 'water']),
  agents: new Set(['amal', 'omar']),
  notices: new Map([['office', 'only-en']]),
  callbacks: true,
  callbackCountries: new Set(['MY', 'OM']),
  callbackTrunk: true,
  messages: true,
  queuesWithHours: new Set(['office']),
  personalLookups: new Set(['accounts']),
  menus: { depth: 2, seconds: 15, read: (_language, text) => words[text] ?? text, rate: () => 120 },
  flows: new Map([['survey', survey], ['told', told], ['loop', loop], ...deep]),
};
