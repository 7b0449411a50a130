/** Which language is spoken before the caller has chosen one: those of the number's flow, not those of the whole site. */
import t from 'tap';
import type { CallSite } from '../../src/calls/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import { type Rehearsal, rehearse } from '../../src/rehearsal/index.js';
import { testSite } from '../kit/test-site.js';

/** The site speaks English first; this number speaks Arabic alone. */
const arabic = `onedoor: 1
flow: arabic
numbers: ["700"]
languages: [ar]
defaults: { no-input: { go: wait }, no-match: { go: wait } }
start: main
steps:
  main: { menu: { say: main-menu, keys: { 1: wait, 2: broken } } }
  broken: { set: { n: 'int("x")' }, go: hang-up }
  wait:
    queue: { name: general, need: { language: caller.language }, no-answer-after: { go: hang-up }, answered: hang-up, failed: hang-up }
`;

function site(): CallSite {
  const plain = testSite(null);
  const { flow, findings } = parseFlow(arabic, 'flow.yaml');
  if (flow === null) throw new Error(JSON.stringify(findings));
  return {
    ...plain,
    flows: new Map([...plain.flows, [flow.flow, compileFlow(flow, plain.texts)]]),
    numbers: new Map([...plain.numbers, ['700', flow.flow]]),
  };
}

function call(number: string, key: '1' | '2' | null): Rehearsal {
  const rehearsal = rehearse({
    site: site(),
    number,
    at: 0,
    caller: { number: null, name: null },
    lookUp: () => null,
    phone: () => ({ type: 'rings-out' }),
    queue: () => ({ type: 'holds' }),
  });
  if (key !== null) rehearsal.press(key);
  return rehearsal;
}

const spoken = ({ heard }: Rehearsal): string[] => heard.map(({ language, text }) => `${language} ${text}`);

t.test('who has chosen no language waits for an agent who speaks that of the number', async (t) => {
  const rehearsal = call('700', '1');
  t.match(rehearsal.contact?.tickets, [{ queue: 'general', needs: { ar: 1 } }]);
});

t.test('the apology for a fault is spoken in the languages of the number alone', async (t) => {
  t.same(spoken(call('700', '2')), ['ar main-menu', 'ar sorry']);
});

t.test('at a number that is not ours every language of the site is spoken', async (t) => {
  const rehearsal = call('123', null);
  while (rehearsal.advance());
  t.same(spoken(rehearsal), ['en unknown-number', 'ar unknown-number']);
});
