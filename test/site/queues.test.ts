/** Queues, skills, agents and allowed numbers of onedoor.yaml: each fault has one finding, at its place. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { targetOf } from '../../src/calls/index.js';
import { checkSite } from '../../src/site/check.js';
import { deskTexts } from '../../src/site/index.js';
import { transferTexts } from '../../src/site/transfers.js';
import { atOnce } from '../kit/at-once.js';

const grammar = await readFile(
  fileURLToPath(new URL('../../../prompts/say/en.yaml', import.meta.url)),
  'utf8',
);
const head = `onedoor: 1
name: A town
languages: [en]
numbers: ["100"]
phones: { desk: { label: Front desk } }
fallback: { apology: sorry, unknown-number: sorry }
`;
const flow = `onedoor: 1
flow: town
numbers: ["100"]
languages: [en]
start: ring
steps:
  ring: { dial: { phone: desk, answered: hang-up, failed: hang-up } }
`;

const whole = [
  'onedoor: 1',
  'language: en',
  'texts:',
  '  sorry: Sorry.',
  '  who: "{queue, select, general {General.} other {}} {waited, duration}"',
]
  .concat(
    [...Object.values(deskTexts), ...Object.values(transferTexts), 'agent-record-on', 'agent-record-off'].map(
      (text) => `  ${text}: Well.`,
    ),
  )
  .join('\n');

const siteFiles = (more: string, prompts = whole) => ({
  'onedoor.yaml': head + more,
  'flows/town.yaml': flow,
  'prompts/en.yaml': prompts,
  'prompts/say/en.yaml': grammar,
});

const check = (more: string, prompts = whole) => atOnce(checkSite(siteFiles(more, prompts)));

function findings(more: string, prompts = whole): string[] {
  const checked = check(more, prompts);
  const found = checked.result === 'checked' ? checked.warnings : checked.findings;
  return found.map((f) => `${f.line}:${f.col} ${f.code}`);
}

const site = `skills:
  parking: { label: Parking }
  water: { label: Water }
queues:
  general:
    label: General
    needs: { en: 3 }
    relax:
      - { after: 30, lower: { en: 1 } }
      - { after: 60, drop: [en], add: [second] }
    max-wait: 600
    ring: 20
    ring-at-once: 3
    priority: 7
    calendar: desk
    whisper: who
    dispositions: { 3: parked }
  second: { label: Second line, music: none, needs: [{ parking: 2 }, { water: 1 }] }
agents:
  amal: { name: Amal, phone: desk, skills: { en: 4, parking: 5 }, queues: [general, second] }
calendars:
  desk: { zone: Asia/Muscat, weekly: { sun-thu: 07:30-14:30 } }
dispositions: { 1: solved, 22: sent on }
callbacks: { countries: [OM, MY], only: ["+968"], refuse: ["+96890"] }
messages: { countries: [OM] }
`;

t.test('queues become what the engine needs of them', async (t) => {
  const checked = check(site);
  if (checked.result !== 'checked') throw new Error(JSON.stringify(checked.findings));
  const queue = checked.site.queues.get('general');
  t.match(queue, {
    label: 'General',
    needs: [{ en: 3 }],
    relax: [
      { afterMs: 30_000, lower: { en: 1 }, drop: [], add: [] },
      { afterMs: 60_000, lower: {}, drop: ['en'], add: ['second'] },
    ],
    ringAtOnce: 3,
    priority: 7,
    maxWaitMs: 600_000,
    ringMs: 20_000,
    agents: [{ name: 'amal', label: 'Amal', phone: 'desk', skills: { en: 4, parking: 5 } }],
  });
  t.equal(queue?.calendar, 'desk');
  t.equal(queue?.record, null, 'talks are not recorded');
  t.equal(queue?.music, true);
  t.equal(checked.site.queues.get('second')?.music, false);
  t.equal(checked.site.queues.get('second')?.calendar, null, 'always open');
  t.same(checked.site.queues.get('second')?.needs, [{ parking: 2 }, { water: 1 }]);
  t.same(checked.site.callbacks, {
    countries: ['OM', 'MY'],
    only: ['+968'],
    refuse: ['+96890'],
    trunk: null,
    show: null,
  });
  t.same(checked.site.messages, { countries: ['OM'], only: [], refuse: [] });
});

t.test('talks are recorded, with or without a text that tells callers so', async (t) => {
  const recordOf = (written: string) => {
    const checked = check(site.replace('priority: 7', `record: ${written}`));
    return checked.result === 'checked' ? checked.site.queues.get('general')?.record : checked.findings;
  };
  t.same(recordOf('true'), { notice: null });
  t.same(recordOf('{ say: sorry }'), { notice: 'sorry' });
  t.equal(recordOf('false'), null);
});

t.test('who talked with whom is remembered only where a flow prefers that agent', async (t) => {
  const lastAgentMs = (prefer: string) => {
    const files = siteFiles(site);
    const steps = `ring: { queue: { name: general,${prefer} no-answer-after: { go: hang-up }, closed: hang-up, answered: hang-up, failed: hang-up } }`;
    const checked = atOnce(
      checkSite({ ...files, 'flows/town.yaml': flow.replace(/ring: \{ dial.*/, steps) }),
    );
    return checked.result === 'checked' ? checked.site.routing.lastAgentMs : checked.findings;
  };
  t.equal(lastAgentMs(''), 0);
  t.equal(lastAgentMs(' prefer: { agent: \'"amal"\' },'), 0);
  t.equal(lastAgentMs(' prefer: last-agent,'), 7 * 86_400_000);
});

t.test('a queue has the dispositions of the site, or its own in their place', async (t) => {
  const checked = check(site);
  if (checked.result !== 'checked') throw new Error(JSON.stringify(checked.findings));
  const { queues } = checked.site.routing;
  t.strictSame(queues.get('general')?.dispositions, { 3: 'parked' });
  t.strictSame(queues.get('second')?.dispositions, { 1: 'solved', 22: 'sent on' });
});

t.test('an agent who dials a code must hear what became of it', async (t) => {
  const silent = whole.replace(/ {2}agent-(disposed|cannot): Well\.\n?/g, '');
  const checked = check(site, silent);
  t.match(checked, { result: 'checked' }, 'the hotline works, though');
  const place = `${(head + site).slice(0, (head + site).indexOf('{ name: Amal')).split('\n').length}:9`;
  t.same(findings(site, silent), [`${place} site/silent-desk`]);
  if (checked.result === 'checked')
    t.match(checked.warnings[0]?.what, /In en, which Amal .*: agent-disposed, agent-cannot\./);
});

t.test('an agent who pauses a recording must hear what became of it', async (t) => {
  const recorded = site.replace('    label: General\n', '$&    record: { say: sorry }\n');
  const mute = whole.replace(/ {2}agent-record-(on|off): Well\.\n?/g, '');
  t.same(findings(site, mute), [], 'where nothing is recorded nothing is paused');
  const checked = check(recorded, mute);
  t.match(checked, { result: 'checked', warnings: [{ code: 'site/silent-desk' }] });
  if (checked.result === 'checked')
    t.match(checked.warnings[0]?.what, /In en, which Amal .*: agent-record-on, agent-record-off\./);
  t.same(findings(recorded), []);
});

t.test('who may answer a queue must hear who waits, in the language of each', async (t) => {
  const without = whole.replace(/ {2}who: .*\n/, '');
  const place = `${(head + site).slice(0, (head + site).indexOf('whisper:')).split('\n').length}:14`;
  t.same(findings(site, without), [`${place} site/unknown-text`]);
  const filled = whole.replace('{queue, select', '{status, select');
  t.same(findings(site, filled), [`${place} site/filled-text`]);
});

t.test('a site without them has none', async (t) => {
  const checked = check('');
  t.match(checked, { result: 'checked', site: { queues: new Map(), callbacks: null, messages: null } });
});

/** Each has one fault, at the mark §. */
const broken: readonly (readonly [string, string])[] = [
  ['site/unrecognized-keys', site.replace('ring: 20', '§rings: 20')],
  ['site/unknown-queue', `${site}transfers: { to: { "1": { queue: §nowhere } } }\n`],
  ['site/unknown-agent', `${site}transfers: { to: { "1": { agent: §nobody } } }\n`],
  ['site/unknown-phone', `${site}transfers: { to: { "1": { phone: §none } } }\n`],
  ['site/unknown-service-number', `${site}transfers: { to: { "1": { number: §"4711" } } }\n`],
  ['site/no-way-outside', `${site}transfers: { to: { "1": { outside: §"+96824123456" } } }\n`],
  ['site/unknown-trunk', `${site}transfers: { outside: { trunk: §nowhere, countries: [OM] } }\n`],
  ['site/ambiguous-code', `${site}desk: { talking: { blind: §"*2", attended: "*21" } }\n`],
  ['site/too-big', site.replace('priority: 7', 'priority: §11')],
  ['site/too-big', site.replace('en: 4', 'en: §6')],
  ['site/too-small', site.replace('max-wait: 600', 'max-wait: §0')],
  ['site/invalid-value', site.replace('music: none', 'music: §jazz')],
  ['site/too-small', site.replace('queues: [general, second]', 'queues: §[]')],
  ['site/invalid-key', site.replace('  water:', '  §9water:').replace(', { water: 1 }', '')],
  ['site/unknown-skill', site.replace('parking: 5', '§roads: 5')],
  ['site/unknown-skill', site.replace('needs: { en: 3 }', 'needs: { §ar: 3 }')],
  ['site/unknown-skill', site.replace('{ water: 1 }', '{ §watr: 1 }')],
  ['site/unknown-skill', site.replace('lower: { en: 1 }', 'lower: { §ar: 1 }')],
  ['site/unknown-skill', site.replace('drop: [en]', 'drop: [§ar]')],
  ['site/unknown-queue', site.replace('[general, second]', '[general, §third]')],
  ['site/unknown-queue', site.replace('add: [second]', 'add: [§third]')],
  ['site/unknown-phone', site.replace('phone: desk', 'phone: §mobile')],
  ['site/unknown-language', site.replace('phone: desk,', 'phone: desk, language: §ar,')],
  ['site/invalid-key', site.replace('{ 1: solved', '{ §x: solved')],
  ['site/code-twice', `${site}desk: { codes: { ready: §"*11" } }\n`],
  [
    'site/code-twice',
    `${site}desk: { codes: { dispose: §"*1" } }\n`.replace('{ 1: solved,', '{ 11: solved, 1: known,'),
  ],
  [
    'site/code-twice',
    `${site}desk: { pauses: { 8: lunch }, codes: { pause: "*4", dispose: §"*4" } }\n`.replace(
      '22: sent',
      '8: sent',
    ),
  ],
  ['site/unknown-calendar', site.replace('calendar: desk', 'calendar: §office')],
  ['site/relax-order', site.replace('after: 60', 'after: §30')],
  ['site/unknown-country', site.replace('[OM, MY]', '[OM, §XX]')],
  ['site/invalid-format', site.replace('only: ["+968"]', 'only: [§"968"]')],
  ['site/untold-recording', site.replace('priority: 7', 'record: §true')],
  ['site/unknown-text', site.replace('priority: 7', 'record: { say: §call-recorded }')],
  ['site/unserved-queue', site.replace('  second:', '  §second:').replace('parking: 5', 'parking: 1')],
  ['site/unserved-queue', site.replace('  second:', '  §second:').replace('[general, second]', '[general]')],
  [
    'site/unserved-queue',
    site
      .replace('  general:', '  §general:')
      .replace(/ {4}relax:[\s\S]* {4}max-wait/, '    max-wait')
      .replace('en: 4', 'en: 2'),
  ],
];

for (const [code, marked] of broken) {
  t.test(
    `${code}: ${marked
      .split('\n')
      .find((line) => line.includes('§'))
      ?.trim()}`,
    async (t) => {
      const before = (head + marked).slice(0, (head + marked).indexOf('§')).split('\n');
      const place = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
      t.same(findings(marked.replace('§', '')), [`${place} ${code}`]);
    },
  );
}

t.test('a queue that is served once its callers have waited needs no finding', async (t) => {
  t.same(findings(site.replace('en: 4', 'en: 1')), [], 'a lower level will do');
  t.same(
    findings(
      site
        .replace('en: 4, ', '')
        .replace('[general, second]', '[second]')
        .replace('drop: [en], add', 'drop: [en], add'),
    ),
    [],
    'the second line will do',
  );
});

t.test('a queue that nobody serves does not keep the site from being used', async (t) => {
  t.equal(check(site.replace('[general, second]', '[general]')).result, 'checked');
});

t.test('a code of a target means what stands in the table, or an allowed number outside', async (t) => {
  const checked = check(`${site}transfers:
  to: { "21": { queue: second }, "31": { agent: amal }, "41": { phone: desk }, "61": { outside: "+96824123456" } }
  outside: { trunk: loopback, countries: [OM], refuse: ["+96890"] }
`);
  if (checked.result !== 'checked') throw new Error(JSON.stringify(checked.findings));
  const { transfers } = checked.site;
  t.ok(transfers);
  if (transfers === null) return;
  t.same(targetOf(transfers, '21'), { type: 'queue', queue: 'second' });
  t.same(targetOf(transfers, '31'), { type: 'agent', agent: 'amal' });
  t.same(targetOf(transfers, '41'), { type: 'phone', phone: 'desk' });
  const outside = { type: 'outside', trunk: 'loopback' };
  t.same(targetOf(transfers, '61'), { ...outside, number: '+96824123456' });
  t.same(targetOf(transfers, '91234567'), { ...outside, number: '+96891234567' });
  t.same(targetOf(transfers, '0096891234567'), { ...outside, number: '+96891234567' });
  for (const digits of ['', '22', '90123456', '00441234567890', '1'.repeat(40), 'sip:me', '+']) {
    t.equal(targetOf(transfers, digits), null, digits);
  }
  t.equal(targetOf({ ...transfers, outside: null }, '91234567'), null);
});
