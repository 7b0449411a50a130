import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { checkSite } from '../../src/site/check.js';
import {
  chooseSite,
  hashSite,
  loadSite,
  readSite,
  type SiteCheck,
  type SiteFiles,
  siteFromFiles,
} from '../../src/site/index.js';
import { atOnce } from '../kit/at-once.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const grammar = await readFile(join(project, 'prompts/say/en.yaml'), 'utf8');

const settings = `onedoor: 1
name: A town
languages: [en]
numbers: ["100"]
phones:
  desk: { label: Front desk }
lookups:
  requests: { csv: data/requests.csv }
fallback: { apology: sorry, unknown-number: sorry, phone: desk }
`;
const flow = `onedoor: 1
flow: town
numbers: ["100"]
languages: [en]
start: greet
steps:
  greet:
    say: welcome
    go: find
  find:
    lookup:
      source: requests
      with: { reference: '"1"' }
      into: request
      found: ring
      not-found: ring
      failed: ring
  ring:
    dial: { phone: desk, answered: hang-up, failed: hang-up }
`;
const texts = `onedoor: 1
language: en
texts:
  welcome: Welcome.
  sorry: Sorry.
  counted: "You have {n, number} cases."
`;
const good: SiteFiles = {
  'onedoor.yaml': settings,
  'flows/town.yaml': flow,
  'prompts/en.yaml': texts,
  'prompts/say/en.yaml': grammar,
  'data/requests.csv': 'reference,status\n1,approved\n',
};

const siteOf = (files: SiteFiles) => atOnce(checkSite(files));

/** Findings of the good site with other files in it; null takes a file away. */
function places(change: Readonly<Record<string, string | null>>): string[] {
  const entries = Object.entries({ ...good, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const check = siteOf(Object.fromEntries(entries));
  return check.result === 'checked'
    ? []
    : check.findings.map((f) => `${f.file}:${f.line}:${f.col} ${f.code}`);
}
function sound(check: SiteCheck) {
  if (check.result === 'checked') return check;
  throw new Error(check.findings.map(findingLine).join('\n'));
}
const inSettings = (from: string, to: string) => places({ 'onedoor.yaml': settings.replace(from, to) });

t.test('the files of a site become a site', async (t) => {
  const { site, warnings } = sound(siteOf(good));
  t.same(warnings, []);
  t.equal(site.name, 'A town');
  t.same([...site.numbers], [['100', 'town']]);
  t.same([...site.flows.keys()], ['town']);
  t.same(site.phones, [{ name: 'desk', label: 'Front desk', transfers: false }]);
  t.same(site.tables.get('requests')?.rows, [{ reference: '1', status: 'approved' }]);
  t.same(site.fallback, { apology: 'sorry', unknownNumber: 'sorry', phone: 'desk' });
  t.same(site.limits, { calls: 2_000, callsWhenDegraded: 50 });
  t.equal(site.texts.has('en', 'welcome'), true);
  t.same(
    site.trunks.map(({ name, kind, codecs }) => [name, kind, codecs]),
    [['loopback', 'loopback', ['alaw', 'ulaw']]],
    'the loopback trunk is on by default',
  );
});

t.test('what this repository ships is a site without faults', async (t) => {
  t.equal(sound(await loadSite(project)).site.numbers.get('80077222'), 'municipality');
});

t.test('the same files give the same hash, whatever their order; any change gives another', async (t) => {
  const turned = Object.fromEntries(Object.entries(good).reverse());
  t.equal(hashSite(turned), hashSite(good));
  t.match(hashSite(good), /^[0-9a-f]{64}$/);
  t.not(hashSite({ ...good, 'prompts/en.yaml': `${texts} ` }), hashSite(good));
  t.not(hashSite({ a: 'b', c: '' }), hashSite({ a: '', c: 'b' }), 'contents do not run into one another');
});

t.test('settings that cannot be used are told with their place', async (t) => {
  t.same(inSettings('onedoor: 1', 'onedoor: 2'), ['onedoor.yaml:1:10 site/invalid-value']);
  t.same(inSettings('name: A town\n', ''), ['onedoor.yaml:1:1 site/invalid-type']);
  t.same(
    inSettings('"100"', '0100'),
    ['onedoor.yaml:4:11 site/invalid-type'],
    'a number without quotation marks',
  );
  t.same(inSettings('A town', '"A; town"'), ['onedoor.yaml:2:7 site/invalid-format']);
  t.same(inSettings('desk: {', 'Desk: {'), ['onedoor.yaml:6:3 site/invalid-key']);
  t.same(inSettings('label: Front', 'lable: Front'), [
    'onedoor.yaml:6:9 site/invalid-type',
    'onedoor.yaml:6:11 site/unrecognized-keys',
  ]);
  t.same(inSettings('data/requests.csv', '../../etc/passwd.csv'), ['onedoor.yaml:8:20 site/invalid-format']);
  t.same(inSettings('data/requests.csv', '/etc/passwd.csv'), ['onedoor.yaml:8:20 site/invalid-format']);
  t.match(inSettings('languages: [en]', 'languages: [en')[0], /^onedoor\.yaml:\d+:\d+ yaml\//);
  t.same(places({ 'onedoor.yaml': null }), ['onedoor.yaml:1:1 site/missing-file']);
});

t.test('what onedoor.yaml names must be there', async (t) => {
  t.same(inSettings('apology: sorry', 'apology: pardon'), ['onedoor.yaml:9:22 site/unknown-text']);
  t.same(inSettings('apology: sorry', 'apology: counted'), ['onedoor.yaml:9:22 site/filled-text']);
  t.same(inSettings('phone: desk', 'phone: hall'), ['onedoor.yaml:9:59 site/unknown-phone']);
  t.same(inSettings('[en]', '[en, ms]'), [
    'prompts/ms.yaml:1:1 prompt/missing-file',
    'prompts/say/ms.yaml:1:1 prompt/missing-file',
  ]);
  t.same(inSettings('[en]', '[en, en]'), ['onedoor.yaml:3:17 site/duplicate-language']);
  t.same(places({ 'data/requests.csv': null }), ['onedoor.yaml:8:20 site/missing-table']);
  t.same(places({ 'prompts/en.yaml': texts.replace('language: en', 'language: ms') }), [
    'prompts/en.yaml:1:1 prompt/language',
  ]);
});

t.test('each number is answered by one flow', async (t) => {
  t.same(inSettings('["100"]', '["100", "200"]'), ['onedoor.yaml:4:18 site/unanswered-number']);
  t.same(inSettings('["100"]', '[{ number: "100", also: ["+100", "100"] }]'), [
    'onedoor.yaml:4:43 site/duplicate-number',
  ]);
  t.same(places({ 'flows/town.yaml': flow.replace('"100"', '"100", "300"') }), [
    'onedoor.yaml:4:10 site/unlisted-number',
  ]);
  const second = flow.replace('flow: town', 'flow: village');
  t.same(places({ 'flows/village.yaml': second }), ['onedoor.yaml:4:11 site/contested-number']);
  const same = flow.replace('numbers: ["100"]', 'numbers: []');
  t.same(
    places({ 'flows/other.yaml': same, 'flows/town.yaml': flow }).filter((one) => one.includes('site/')),
    ['flows/town.yaml:2:7 site/duplicate-flow'],
  );
});

t.test('trunks: by address, by registration, and the loopback switched off', async (t) => {
  const trunks = (text: string) => `${settings}trunks:\n${text}`;
  const { site } = sound(
    siteOf({
      ...good,
      'onedoor.yaml': trunks(`  loopback: { kind: loopback, enabled: false }
  carrier: { kind: ip, host: "sip.example.net:5070", codecs: [ulaw], country: OM, called-number: to-header }
  other: { kind: registration, host: 192.0.2.7, username: town-1, external-address: 198.51.100.4 }
`),
    }),
  );
  t.same(site.trunks, [
    {
      name: 'carrier',
      kind: 'ip',
      host: 'sip.example.net:5070',
      username: null,
      codecs: ['ulaw'],
      externalAddress: null,
      calledNumber: 'to-header',
      country: 'OM',
    },
    {
      name: 'other',
      kind: 'registration',
      host: '192.0.2.7',
      username: 'town-1',
      codecs: ['alaw', 'ulaw'],
      externalAddress: '198.51.100.4',
      calledNumber: 'request-uri',
      country: null,
    },
  ]);
  const wrong = (text: string) => places({ 'onedoor.yaml': trunks(text) });
  t.same(wrong('  a: { kind: ip, host: x.example }\n  b: { kind: ip, host: X.example }\n'), [
    'onedoor.yaml:12:3 site/same-trunk',
  ]);
  t.same(wrong('  a: { kind: ip, host: "x;exec" }\n'), ['onedoor.yaml:11:24 site/invalid-format']);
  t.same(wrong('  a: { kind: registration, host: x.example }\n'), ['onedoor.yaml:11:6 site/invalid-type']);
  t.same(wrong('  phones: { kind: loopback }\n'), ['onedoor.yaml:11:3 site/reserved-name']);
});

t.test('findings of all files come at once, in order', async (t) => {
  t.same(
    places({
      'onedoor.yaml': settings.replace('phone: desk', 'phone: hall'),
      'flows/town.yaml': flow.replace('say: welcome', 'say: welcom').replace('{ reference:', '{ colour:'),
      'data/requests.csv': 'reference,status\n1\n',
      'prompts/en.yaml': texts,
    }),
    [
      'data/requests.csv:2:1 csv/row-length',
      'flows/town.yaml:8:10 flow/unknown-text',
      'onedoor.yaml:9:59 site/unknown-phone',
    ],
  );
  t.same(places({ 'flows/town.yaml': flow.replace('{ reference:', '{ colour:') }), [
    'flows/town.yaml:13:15 site/unknown-column',
  ]);
  t.same(
    places({ 'flows/town.yaml': flow.replace('languages: [en]', 'languages: [en, ms]') }).filter((one) =>
      one.includes('site/'),
    ),
    ['flows/town.yaml:4:17 site/unknown-language'],
  );
});

async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onedoor-site-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

t.test('a folder is read: recordings by their hash, scripted callers left out', async (t) => {
  const folder = await folderOf({
    ...good,
    'flows/town.test.yaml': '[]',
    'flows/notes.txt': 'x',
    'prompts/en/welcome.wav': Buffer.from('RIFF'),
    'prompts/en/say/digit-7.wav': Buffer.from('RIFF'),
  });
  const { site, files } = sound(await loadSite(folder));
  const hash = createHash('sha256').update('RIFF').digest('hex');
  t.equal(files['prompts/en/welcome.wav'], `sha256:${hash}`);
  t.same(
    Object.keys(files).filter((path) => !(path in good)),
    ['prompts/en/say/digit-7.wav', 'prompts/en/welcome.wav'],
  );
  t.equal(site.hash, hashSite(files));
  const again = sound(await siteFromFiles(JSON.parse(JSON.stringify(files)) as SiteFiles));
  t.equal(again.site.hash, site.hash, 'what was stored becomes the same site again');
});

t.test(
  'no piece reads more than a file, and each flow is read, checked and compiled in its own',
  async (t) => {
    const { files } = await readSite(project);
    const flows = Object.keys(files).filter((path) => path.startsWith('flows/'));
    let read = new Set<string>();
    const watched = new Proxy(files, {
      get(target, path, receiver) {
        if (typeof path === 'string') read.add(path);
        return Reflect.get(target, path, receiver) as unknown;
      },
    });
    const pieces: string[][] = [];
    const work = checkSite(watched);
    for (let step = work.next(); step.done !== true; step = work.next()) {
      pieces.push([...read].filter((path) => path.endsWith('.yaml')));
      read = new Set();
    }
    t.same(
      pieces.filter((paths) => paths.length > 1),
      [],
    );
    const yaml = Object.keys(files).filter((path) => path.endsWith('.yaml'));
    t.same(pieces.flat().sort(), yaml.sort());
    const least = yaml.length + 2 * flows.length;
    t.ok(pieces.length >= least, `${pieces.length} pieces, at least ${least}`);

    let turns = 0;
    let running = true;
    const call = (): void => {
      turns += 1;
      if (running) setImmediate(call);
    };
    setImmediate(call);
    sound(await siteFromFiles(files));
    running = false;
    t.ok(turns >= pieces.length, `calls had ${turns} turns meanwhile`);
  },
);

t.test('files that cannot be read are findings', async (t) => {
  const folder = await folderOf({ ...good, 'prompts/en.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]) });
  const check = await loadSite(folder);
  t.equal(check.result, 'broken');
  const codes = check.result === 'broken' ? check.findings.map((f) => `${f.file} ${f.code}`) : [];
  t.ok(codes.includes('prompts/en.yaml site/encoding'), codes.join(' '));
  const empty = await loadSite(await folderOf({}));
  t.match(empty.result === 'broken' && empty.findings[0], {
    file: 'onedoor.yaml',
    code: 'site/missing-file',
  });
});

t.test('what cannot be read is a finding', async (t) => {
  const { 'data/requests.csv': _, ...others } = good;
  const folder = await folderOf({
    ...others,
    'data/requests.csv/inside.txt': 'a folder where a file should be',
  });
  const check = await loadSite(folder);
  t.match(check.result === 'broken' && check.findings[0], {
    file: 'data/requests.csv',
    code: 'site/unreadable-file',
  });
});

t.test('the published version is in force, whatever the folder has become', async (t) => {
  const broken = siteOf({ ...good, 'onedoor.yaml': settings.replace('phone: desk', 'phone: hall') });
  const edited = siteOf({ ...good, 'prompts/en.yaml': `${texts} ` });
  const folder = (check: SiteCheck) => () => Promise.resolve(check);
  t.match(await chooseSite(good, folder(edited)), {
    result: 'published',
    check: { site: { hash: hashSite(good) } },
  });
  t.match(await chooseSite(null, folder(edited)), {
    result: 'folder',
    check: { site: { hash: hashSite(sound(edited).files) } },
    findings: [],
  });
  t.match(
    await chooseSite(null, folder(broken)),
    { result: 'none', findings: [{ code: 'site/unknown-phone' }] },
    'the very first start',
  );
  const ancient = { 'onedoor.yaml': 'from: another age' };
  t.match(await chooseSite(ancient, folder(edited)), {
    result: 'folder',
    findings: [{ file: 'onedoor.yaml' }],
  });
  t.match(await chooseSite(ancient, folder(broken)), { result: 'none' });
});
