/** The site that is measured: one flow that says a sentence and hangs up, one that waits, one with a long prompt, one with a queue. */
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

export function writeBenchSite(project: string, folder: string): void {
  mkdirSync(join(folder, 'flows'), { recursive: true });
  mkdirSync(join(folder, 'prompts/say'), { recursive: true });
  cpSync(join(project, 'prompts/say/en.yaml'), join(folder, 'prompts/say/en.yaml'));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write(
    'onedoor.yaml',
    `onedoor: 1
name: Bench
languages: [en]
numbers: [${Object.values(numbers)
      .map((number) => `{ number: "${number}" }`)
      .join(', ')}]
trunks: { loopback: { kind: loopback, codecs: [ulaw] } }
fallback: { apology: sorry, unknown-number: sorry }
limits: { calls: 5000 }
phones:
${agents.map(({ phone }) => `  ${phone}: { label: ${phone} }\n`).join('')}agents:
${agents.map(({ name, phone }) => `  ${name}: { name: ${name}, phone: ${phone}, queues: [general] }\n`).join('')}queues:
  general: { label: General, wrap-up: 0, rejoin: 0 }
`,
  );
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
  const flow = (name: string, number: string, steps: string): void =>
    write(
      `flows/${name}.yaml`,
      `onedoor: 1\nflow: ${name}\nnumbers: ["${number}"]\nlanguages: [en]\n${steps}`,
    );
  flow(
    'answer',
    numbers.answer,
    'start: hello\nsteps:\n  hello: { say: hello, outcome: answered, go: end }\n  end: { hang-up: }\n',
  );
  const menu = (say: string): string =>
    `start: wait
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
  flow('silent', numbers.silent, menu('hello'));
  flow('long', numbers.long, menu('long'));
  flow(
    'queue',
    numbers.queue,
    `start: wait
steps:
  wait:
    queue: { name: general, answered: end, failed: end, no-answer-after: { seconds: 300, go: end } }
    outcome: answered
  end: { hang-up: }
`,
  );
}
