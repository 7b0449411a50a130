/** Scripted callers who wait for agents, leave a number, get a message, answer a survey; in virtual time. */
import t from 'tap';
import { readScript, runScript, type ScriptedResult } from '../../src/rehearsal/index.js';
import { testSite } from '../kit/test-site.js';

const site = testSite();

function run(script: string): ScriptedResult {
  const reading = readScript('reach.test.yaml', script);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings, null, 1));
  const [caller] = reading.callers;
  if (caller === undefined) throw new Error('there is no caller');
  return runScript(caller, site);
}

const head = (name: string, number = '"+96891234567"'): string =>
  `- caller: ${name}\n  dials: "100"\n  at: 2026-03-04T10:00+04:00\n  number: ${number}\n`;
const begins = '    - presses: "1"\n    - hears: choose-language\n    - hears: main-menu\n';

const scripts = [
  `${head('waits, and talks to an agent')}  script:
${begins}    - presses: "5"
    - { queues for: general, waits: 45, agent: answers }
    - hears: please-wait
    - hears: still-waiting
    - hears: still-waiting
    - { hears: how-was-it }
    - presses: "5"
    - presses: "4"
    - hears: how-fast
    - hears: goodbye
  survey: { polite: 5, fast: 4 }
  case: { kind: enquiry, outcome: ended }
`,
  `${head('finds nobody')}  script:
${begins}    - presses: "5"
    - queues for: general
    - hears: nobody
    - hears: speak-now
    - says: 5
    - hears: your-reference
    - hears: goodbye
  case: { kind: complaint, status: received, outcome: left-complaint }
  recordings: [complaint]
`,
  `${head('is not answered in time and leaves a number')}  script:
${begins}    - presses: "5"
    - { queues for: general, agent: is never free }
    - hears: please-wait
    - hears: still-waiting
    - hears: still-waiting
    - hears: still-waiting
    - hears: still-waiting
    - hears: still-waiting
    - { hears: confirm-number, saying: nine one two three four five six seven }
    - presses: "1"
    - hears: your-reference
    - hears: goodbye
    - is called back
    - hears: one-moment
    - presses: "1"
    - hears: please-wait
    - { queues for: general, agent: answers, waits: 0 }
    - hears: goodbye
  case: { kind: request, subject: callback, status: closed, outcome: ended }
`,
  `${head('does not want to wait')}  script:
${begins}    - presses: "5"
    - { queues for: general, agent: is never free }
    - hears: please-wait
    - presses: "1"
    - hears: confirm-number
    - presses: "2"
    - hears: enter-number
    - presses: "92345678#"
    - { hears: confirm-number, saying: nine two three four five six seven eight }
    - presses: "1"
    - hears: your-reference
    - hears: goodbye
  case: { kind: request, subject: callback }
`,
  ...['is busy', 'rejects', 'does not answer', 'is unreachable'].map(
    (agent) => `${head(`waits on when the agent ${agent}`)}  script:
${begins}    - presses: "5"
    - { queues for: general, waits: 5, agent: ${agent} }
    - hears: please-wait
    - hears: still-waiting
    - hangs up
  case: { kind: enquiry, outcome: abandoned }
`,
  ),
  ...['queue is full', 'queue is closed'].map(
    (agent) => `${head(`is turned away because the ${agent}`)}  script:
${begins}    - presses: "5"
    - { queues for: general, agent: ${agent} }
    - hears: confirm-number
    - hangs up
`,
  ),
  `${head('gets a message')}  script:
${begins}    - presses: "6"
    - { receives: how-it-stands, saying: texts for you }
    - hears: main-menu
    - hangs up
`,
  `${head('does not get a message')}  messages: fail
  script:
${begins}    - presses: "6"
    - receives: how-it-stands
    - hears: cannot-look-up
    - hangs up
`,
  `${head('waits for a message that hangs')}  messages: hang
  script:
${begins}    - presses: "6"
    - hears: one-moment
    - hears: cannot-look-up
    - hangs up
`,
  `- caller: withholds the number and gets no message
  dials: "100"
  at: 2026-03-04T10:00+04:00
  script:
${begins}    - presses: "6"
    - hears: main-menu
    - presses: "7"
    - hears: enter-number
    - presses: "90012345#"
    - hears: cannot-look-up
    - hangs up
`,
  `${head('says nothing to one question and hangs up at the next')}  script:
${begins}    - presses: "8"
    - hears: how-was-it
    - presses: "3"
    - hears: how-fast
    - hangs up
  survey: { polite: 3 }
`,
];

for (const script of scripts) {
  const result = run(script);
  t.same(result.failures, [], `a caller ${result.caller}`, { transcript: result.transcript });
}

t.test('a script that expects something else is told what happened', async (t) => {
  const failing: readonly (readonly [string, RegExp])[] = [
    ['    - queues for: general\n', /should queue for general, but does not/],
    ['    - presses: "5"\n    - queues for: second\n', /should queue for second, but queues for general/],
    [
      '    - presses: "5"\n    - { queues for: general, agent: is never free }\n    - hears: goodbye\n',
      /hears please-wait/,
    ],
    ['    - receives: how-it-stands\n', /should receive how-it-stands, but receives nothing/],
    ['    - presses: "6"\n    - receives: other\n', /should receive other, but receives how-it-stands/],
    ['    - presses: "6"\n    - { receives: how-it-stands, saying: x9 }\n', /should say "x9"/],
    [
      '    - presses: "8"\n    - presses: "3"\n    - hangs up\n  survey: { polite: 4 }\n',
      /Answers should be \[polite: 4\], but are \[polite: 3\]/,
    ],
  ];
  for (const [steps, wanted] of failing)
    t.match(run(`${head('is surprised')}  script:\n${begins}${steps}`).failures[0], wanted);
});

t.test('a wait that a test says nothing of finds nobody, as callers do now', async (t) => {
  const result = run(
    `${head('is not played')}  script:\n${begins}    - presses: "5"\n    - hears: nobody\n    - hangs up\n`,
  );
  t.same(result.failures, []);
});
