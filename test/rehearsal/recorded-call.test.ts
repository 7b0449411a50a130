import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';
import { findingLine, type JsonObject } from '../../src/base/index.js';
import type { Contact } from '../../src/cases/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import {
  type RehearsalSite,
  readScript,
  runScript,
  type ScriptedCaller,
  scriptOfCall,
} from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';
import { testSite } from '../kit/test-site.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const check = await loadSite(project);
if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
const { site } = check;
const examples: RehearsalSite = { ...site, media: () => null };

function callersIn(file: string, text: string): readonly ScriptedCaller[] {
  const reading = readScript(file, text);
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  return reading.callers;
}

const files = readdirSync(`${project}/flows`).filter((name) => name.endsWith('.test.yaml'));
const callers = files.flatMap((name) =>
  callersIn(`flows/${name}`, readFileSync(`${project}/flows/${name}`, 'utf8')),
);
/** As `onedoor flow test --record` finds them: in tables, and beside scripted callers. */
const rowsIn = (source: string): readonly JsonObject[] => [
  ...(site.tables.get(source)?.rows ?? []),
  ...(callers.flatMap(({ lookups }) =>
    Object.values(lookups[source] ?? {}).filter((answer) => typeof answer === 'object'),
  ) as readonly JsonObject[]),
];

function contactOf(caller: ScriptedCaller, on: RehearsalSite): Contact {
  const { contact } = runScript(caller, on);
  if (contact === null) throw new Error('the call left no record');
  return contact;
}

/** The script that a record becomes, once it was read and run as any other. */
function replayed(contact: Contact, on: RehearsalSite) {
  const script = scriptOfCall({ contact, personal: null }, { site: on, rows: rowsIn });
  if (script.result === 'differs') throw new Error(script.why);
  const [caller] = callersIn('recorded.test.yaml', script.text);
  if (caller === undefined) throw new Error('there is no caller');
  return { script: parse(script.text) as readonly JsonObject[], result: runScript(caller, on) };
}

function refusal(contact: Contact, on: RehearsalSite = examples): string {
  const script = scriptOfCall({ contact, personal: null }, { site: on, rows: rowsIn });
  return script.result === 'differs' ? script.why : script.text;
}

const wayOf = ({ path }: Pick<Contact, 'path'>): readonly string[] =>
  path.map(({ flow, step, by }) => `${flow}/${step} by ${by ?? '-'}`);

t.test('every scripted caller of the examples leaves a record that goes the same way', async (t) => {
  // Each queue of the one-call centre has the same three.
  const others = callers.filter(({ caller }) => !/ the queue (?!identity|transport|health)/.test(caller));
  for (const caller of others) {
    const contact = contactOf(caller, examples);
    // Whoever is called back begins no call.
    if (contact.began === 'outbound') continue;
    const { result } = replayed(contact, examples);
    const again = result.contact;
    t.same(result.failures, [], `${caller.file}: ${caller.caller}`);
    t.same(again === null ? [] : wayOf(again), wayOf(contact));
    t.equal(again?.outcome, contact.outcome);
    t.same(
      again?.tickets.map(({ queue, result: end }) => [queue, end]),
      contact.tickets.map(({ queue, result: end }) => [queue, end]),
    );
  }
});

const main = testSite();
const scripted = (script: string, more = '', dials = '100'): ScriptedCaller => {
  const text = `- caller: calls\n  dials: "${dials}"\n  at: 2026-03-04T10:00+04:00\n  number: "+96892345678"\n${more}  script:\n${script.replace(/^(?=.)/gm, '    ')}`;
  const [caller] = callersIn('calls.test.yaml', text);
  if (caller === undefined) throw new Error(text);
  return caller;
};
const welcome = `- hears: choose-language\n- hears: choose-language\n- presses: "1"\n- hears: main-menu\n`;

t.test('a caller who hangs up on an agent does so again, as one who hangs up on a phone', async (t) => {
  const queued = scripted(
    `${welcome}- presses: "5"\n- hears: please-wait\n- { queues for: general, waits: 7, agent: talks on }\n- hangs up\n`,
  );
  const waited = contactOf(queued, main);
  t.match(waited, { tickets: [{ result: 'caller-gone', agent: 'amal' }], termination: { by: 'caller' } });
  const { script, result } = replayed(waited, main);
  const steps = script[0]?.['script'];
  t.same(Array.isArray(steps) ? steps.slice(-2) : steps, [
    { 'queues for': 'general', waits: 7, agent: 'talks on' },
    'hangs up',
  ]);
  t.match(result, {
    failures: [],
    contact: { tickets: [{ result: 'caller-gone', agent: 'amal' }], termination: { by: 'caller' } },
  });

  const rung = scripted(
    `${welcome}- presses: "3"\n- { is put through to: agent-1, which: talks on }\n- hangs up\n`,
  );
  const talk = contactOf(rung, main);
  t.match(talk, { talks: [{ result: 'talked' }], termination: { by: 'caller' } });
  t.match(replayed(talk, main).result, {
    failures: [],
    contact: { talks: [{ result: 'talked' }], termination: { by: 'caller' } },
  });
});

t.test('a survey asks the same questions, and gets the same answers and the same silence', async (t) => {
  for (const id of ['call-1', 'call-2', 'call-3', 'call-4']) {
    const asked = scripted(`${welcome}- presses: "8"\n- presses: "4"\n- is silent: 60\n`, `  id: ${id}\n`);
    const contact = contactOf(asked, main);
    t.equal(contact.survey.length, 1);
    const { script, result } = replayed(contact, main);
    t.same(script[0]?.['id'], id);
    t.same(result.failures, []);
    const told = (one: Contact | null) => [
      one?.surveys,
      one?.survey.map(({ question, answer }) => [question, answer]),
    ];
    t.same(told(result.contact), told(contact));
  }
});

t.test('messages fare as they did', async (t) => {
  for (const fate of ['sent', 'fail', 'hang']) {
    const write = scripted(
      `${welcome}- presses: "6"\n- receives: how-it-stands\n- is silent: 40\n- hangs up\n`,
      `  messages: ${fate}\n`,
    );
    const contact = contactOf(write, main);
    const { script, result } = replayed(contact, main);
    t.same(script[0]?.['messages'], fate === 'sent' ? undefined : fate);
    t.same(result.failures, []);
    t.same(
      result.contact?.messages.map((message) => message.result),
      contact.messages.map((message) => message.result),
      fate,
    );
  }
});

t.test('a number that may be called back stands for one that was', async (t) => {
  const asked = scripted(
    `${welcome}- presses: "7"\n- hears: confirm-number\n- presses: "2"\n- hears: enter-number\n- presses: "0096892345670#"\n- hears: confirm-number\n- presses: "1"\n- hears: your-reference\n`,
  );
  const { script, result } = replayed(contactOf(asked, main), main);
  t.same(result.failures, []);
  t.notMatch(JSON.stringify(script), /92345678|92345670/, 'neither number of the caller is in it');
});

t.test('an entry that was confirmed is confirmed again, whichever key that takes', async (t) => {
  const text = `onedoor: 1
flow: confirmed
numbers: ["300"]
languages: [en]
start: ask
defaults: { no-input: { go: hang-up }, no-match: { go: hang-up } }
steps:
  ask:
    collect: { say: enter-reference, into: ref, digits: { min: 4, max: 6, end: "#" }, confirm: { say: your-reference, yes: "7", no: "8" } }
    go: bye
  bye: { say: goodbye, outcome: answered, go: hang-up }
`;
  const { flow } = parseFlow(text, 'confirmed.yaml');
  if (flow === null) return void t.fail('the flow is broken');
  const confirmed: RehearsalSite = {
    ...main,
    flows: new Map([...main.flows, ['confirmed', compileFlow(flow, main.texts)]]),
    numbers: new Map([...main.numbers, ['300', 'confirmed']]),
  };
  const asked = scripted(
    '- hears: enter-reference\n- presses: "2468#"\n- hears: your-reference\n- presses: "7"\n- hears: goodbye\n',
    '',
    '300',
  );
  const contact = contactOf(asked, confirmed);
  t.match(contact, { outcome: 'answered', entries: [{ name: 'ref' }] });
  t.match(replayed(contact, confirmed).result, { failures: [], contact: { outcome: 'answered' } });
});

t.test('what a record does not tell, or no script can play, is refused by its name', async (t) => {
  const wait = scripted(
    `${welcome}- presses: "5"\n- { queues for: general, agent: is never free }\n- hangs up\n`,
  );
  const contact = contactOf(wait, main);
  const [ticket] = contact.tickets;
  if (ticket === undefined) return void t.fail('nobody waited');
  t.match(refusal({ ...contact, tickets: [{ ...ticket, result: 'failed' }] }, main), /queue general failed/);
  t.match(refusal({ ...contact, endedAt: null }, main), /not over yet/);
  const message = { message: 'm', texts: ['how-it-stands'], to: null, text: null, at: 0, by: null };
  const messages = (['sent', 'failed'] as const).map((fate) => ({ ...message, result: fate }));
  t.match(refusal({ ...contact, messages }, main), /fared differently \(sent, fail\)/);
  const pin = scripted(
    '- hears: enter-customer\n- presses: "1234"\n- hears: enter-pin\n- presses: "123456"\n- hears: one-moment\n- hears: balance\n',
    '  lookups: { accounts: { "1234 123456": { balance: 7 } } }\n',
    '200',
  );
  t.match(refusal(contactOf(pin, main), main), /bank\/ask-pin asks for a PIN/);
});
