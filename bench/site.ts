/** The sites that are measured. The first: one flow that says a sentence and hangs up, one that waits, one with a long prompt, one with a queue. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const numbers = { answer: '100', silent: '101', long: '102', queue: '103' } as const;
/** Dialled on the same exchange, answered by others. */
export const peers = { dialplan: '901', bare: '902', queue: '903' } as const;
export const agents = [
  { name: 'amal', phone: 'desk-1' },
  { name: 'salim', phone: 'desk-2' },
] as const;

const hello = 'Welcome to the hotline.';
const long = Array.from(
  { length: 12 },
  () => 'This is a long sentence that is spoken until a key is pressed.',
).join(' ');

/** A centre: as many agents, who all answer both queues; in one of them there is no music. */
export const centre = { quiet: '110', music: '111' } as const;
export const centreAgents = (count: number): readonly { readonly name: string; readonly phone: string }[] =>
  Array.from({ length: count }, (_, i) => ({ name: `agent-${i + 1}`, phone: `desk-${i + 1}` }));

export function writeCentreSite(project: string, folder: string, count: number): void {
  const write = writer(project, folder);
  const people = centreAgents(count);
  write(
    'onedoor.yaml',
    `${head('Centre', Object.values(centre))}phones:
${people.map(({ phone }) => `  ${phone}: { label: ${phone} }\n`).join('')}agents:
${people.map(({ name, phone }) => `  ${name}: { name: ${name}, phone: ${phone}, queues: [quiet, music] }\n`).join('')}queues:
  quiet: { label: Without music, wrap-up: 0, rejoin: 0, music: none }
  music: { label: With music, wrap-up: 0, rejoin: 0 }
`,
  );
  for (const [queue, number] of Object.entries(centre)) write(...flow(queue, number, waiting(queue)));
}

export function writeBenchSite(project: string, folder: string): void {
  const write = writer(project, folder);
  write(
    'onedoor.yaml',
    `${head('Bench', Object.values(numbers))}phones:
${agents.map(({ phone }) => `  ${phone}: { label: ${phone} }\n`).join('')}agents:
${agents.map(({ name, phone }) => `  ${name}: { name: ${name}, phone: ${phone}, queues: [general] }\n`).join('')}queues:
  general: { label: General, wrap-up: 0, rejoin: 0 }
`,
  );
  write(
    ...flow(
      'answer',
      numbers.answer,
      'start: hello\nsteps:\n  hello: { say: hello, outcome: answered, go: end }\n  end: { hang-up: }\n',
    ),
  );
  write(...flow('silent', numbers.silent, menu('hello')));
  write(...flow('long', numbers.long, menu('long')));
  write(...flow('queue', numbers.queue, waiting('general')));
}

type Write = (path: string, text: string) => void;

/** Writes files of a site that has texts and the English grammar already. */
function writer(project: string, folder: string): Write {
  mkdirSync(join(folder, 'flows'), { recursive: true });
  mkdirSync(join(folder, 'prompts/say'), { recursive: true });
  cpSync(join(project, 'prompts/say/en.yaml'), join(folder, 'prompts/say/en.yaml'));
  const write: Write = (path, text) => writeFileSync(join(folder, path), text);
  write(
    'prompts/en.yaml',
    `onedoor: 1
language: en
voice: { name: en-gb, rate: 160 }
texts:
  hello: ${hello}
  long: ${long}
  sorry: Sorry.
`,
  );
  return write;
}

const head = (name: string, called: readonly string[]): string => `onedoor: 1
name: ${name}
languages: [en]
numbers: [${called.map((number) => `{ number: "${number}" }`).join(', ')}]
trunks: { loopback: { kind: loopback, codecs: [ulaw] } }
fallback: { apology: sorry, unknown-number: sorry }
limits: { calls: 5000 }
`;

/** A flow's file. */
const flow = (name: string, number: string, steps: string): [path: string, text: string] => [
  `flows/${name}.yaml`,
  `onedoor: 1\nflow: ${name}\nnumbers: ["${number}"]\nlanguages: [en]\n${steps}`,
];

const menu = (say: string): string => `start: wait
steps:
  wait:
    menu:
      say: ${say}
      first-key: 60
      keys: { 1: end }
      no-input: { tries: 10, go: end }
      no-match: { tries: 10, go: end }
  end: { hang-up: }
`;

const waiting = (queue: string): string => `start: wait
steps:
  wait:
    queue: { name: ${queue}, answered: end, failed: end, no-answer-after: { seconds: 300, go: end } }
    outcome: answered
  end: { hang-up: }
`;
