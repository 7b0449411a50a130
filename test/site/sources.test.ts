import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { checkSite } from '../../src/site/check.js';
import type { SiteFiles } from '../../src/site/index.js';
import { readSql } from '../../src/site/sql-text.js';
import { readUrlTemplate } from '../../src/site/url-template.js';
import { atOnce } from '../kit/at-once.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const grammar = await readFile(`${project}prompts/say/en.yaml`, 'utf8');

const http = (more: string, url = 'https://permits.example.om/requests/{reference}') =>
  `lookups:\n  permits:\n    http:\n      url: ${url}\n${more.replace(/^(?=.)/gm, '      ')}`;
const sql = (query: string) =>
  `lookups:\n  permits:\n    sql:\n      file: permits.db\n      query: ${query}\n`;

function site(lookups: string, given = '{ reference: \'"1"\' }'): SiteFiles {
  return {
    'onedoor.yaml': `onedoor: 1\nname: A town\nlanguages: [en]\nnumbers: ["100"]\n${lookups}phones: { desk: { label: Desk } }\nfallback: { apology: sorry, unknown-number: sorry }\n`,
    'flows/town.yaml': `onedoor: 1
flow: town
numbers: ["100"]
languages: [en]
start: find
steps:
  find:
    lookup:
      source: permits
      with: ${given}
      into: permit
      found: ring
      not-found: ring
      failed: bye
  ring: { dial: { phone: desk, answered: hang-up, failed: bye } }
  bye: { say: sorry, go: hang-up }
`,
    'prompts/en.yaml': 'onedoor: 1\nlanguage: en\ntexts: { sorry: Sorry. }\n',
    'prompts/say/en.yaml': grammar,
  };
}

const siteOf = (files: SiteFiles) => atOnce(checkSite(files));

function places(lookups: string, given?: string): string[] {
  const check = siteOf(site(lookups, given));
  return check.result === 'checked'
    ? []
    : check.findings.map((f) => `${f.file.replace('flows/', '')}:${f.line}:${f.col} ${f.code}`);
}

t.test('a declaration becomes a source with all its limits', async (t) => {
  const check = siteOf(
    site(
      http(
        'headers: { Accept-Language: ar }\nsecret-headers: { Authorization: permits-token }\nrow: /data/0\nfields: { state: /status, owner: "/owner/full~1name" }\nretries: 1\nbreaker: { rest: 30 }\n',
        'https://permits.example.om:8443/a%20b/{reference}/x?lang=ar&ref={reference}',
      ),
    ),
  );
  if (check.result === 'broken') throw new Error(check.findings.map(findingLine).join('\n'));
  t.same(check.site.sources.get('permits'), {
    kind: 'http',
    secure: true,
    host: 'permits.example.om',
    port: 8443,
    path: ['/a%20b/', { slot: 'reference' }, '/x?lang=ar&ref=', { slot: 'reference' }],
    method: 'GET',
    headers: { 'Accept-Language': 'ar' },
    secretHeaders: { Authorization: 'permits-token' },
    body: {},
    idempotencyHeader: null,
    row: ['data', '0'],
    fields: { state: ['status'], owner: ['owner', 'full/name'] },
    notFound: [404],
    allowPrivate: false,
    limits: { connectMs: 1_000, totalMs: 2_000, retries: 1, atOnce: 16, failures: 5, restMs: 30_000 },
  });
  const other = siteOf(site(sql('SELECT * FROM permits WHERE reference = :reference')));
  t.match(other.result === 'checked' && other.site.sources.get('permits'), {
    kind: 'sql',
    file: 'permits.db',
    parameters: ['reference'],
    limits: { atOnce: 1, totalMs: 2_000 },
  });
});

t.test('what is wrong with a lookup over HTTP is told with its place', async (t) => {
  const url = (text: string, more = '') => places(http(more, text));
  t.same(url('permits.example.om/{reference}'), ['onedoor.yaml:8:12 site/lookup-url-scheme']);
  t.same(url('ftp://permits.example.om/{reference}'), ['onedoor.yaml:8:12 site/lookup-url-scheme']);
  t.same(url('https://{reference}.example.om/'), ['onedoor.yaml:8:12 site/lookup-url-host']);
  t.same(url('https://user:word@example.om/{reference}'), ['onedoor.yaml:8:12 site/lookup-url-user']);
  t.same(url('"https://example.om/{reference}#x"'), ['onedoor.yaml:8:12 site/lookup-url-fragment']);
  t.same(url('https://example.om/{reference'), ['onedoor.yaml:8:12 site/lookup-url-brace']);
  t.same(url('https://example.om:99999/{reference}'), ['onedoor.yaml:8:12 site/lookup-url']);
  t.same(url('http://example.om/{reference}'), ['onedoor.yaml:8:12 site/lookup-plain-http']);
  t.same(url('https://localhost/{reference}'), ['onedoor.yaml:8:12 site/lookup-private-host']);
  t.same(url('https://0x7f.1/{reference}'), ['onedoor.yaml:8:12 site/lookup-private-host']);
  t.same(url('https://[::ffff:10.0.0.1]/{reference}'), ['onedoor.yaml:8:12 site/lookup-private-host']);
  t.same(url('https://169.254.169.254/{reference}', 'allow-private: true\n'), [
    'onedoor.yaml:8:12 site/lookup-forbidden-host',
  ]);
  t.same(url('http://10.0.0.1/{reference}', 'allow-private: true\n'), []);
  t.same(url('https://example.om/all'), [
    'town.yaml:10:15 site/unknown-parameter',
    'onedoor.yaml:8:12 site/lookup-asks-nothing',
  ]);
  const more = (text: string) => places(http(text));
  t.same(more('method: POST\n'), ['onedoor.yaml:9:15 site/lookup-post']);
  t.same(more('method: PUT\n'), ['onedoor.yaml:9:15 site/invalid-value']);
  t.same(more('body: { a: reference }\n'), ['onedoor.yaml:9:13 site/lookup-get']);
  t.same(more('idempotency-key: X\n'), ['onedoor.yaml:9:24 site/lookup-get']);
  t.same(more('headers: { Authorization: Bearer x }\n'), ['onedoor.yaml:9:33 site/lookup-secret']);
  t.same(more('headers: { A: x }\nsecret-headers: { a: b }\n'), ['onedoor.yaml:10:28 site/lookup-header']);
  t.same(more('headers: { Host: x }\n'), ['onedoor.yaml:9:18 site/invalid-key']);
  t.same(more('headers: { "A B": x }\n'), ['onedoor.yaml:9:18 site/invalid-key']);
  t.same(more('headers: { A: "x\\r\\nB: y" }\n'), ['onedoor.yaml:9:21 site/invalid-format']);
  t.same(more('secret-headers: { A: "../token" }\n'), ['onedoor.yaml:9:28 site/invalid-format']);
  t.same(more('row: data/0\n'), ['onedoor.yaml:9:12 site/invalid-format']);
  t.same(more('fields: { state: /a~2 }\n'), ['onedoor.yaml:9:24 site/invalid-format']);
  t.same(more('fields: { "a-b": /a }\n'), ['onedoor.yaml:9:17 site/invalid-key']);
  t.same(more('not-found: [0]\n'), ['onedoor.yaml:9:19 site/too-small']);
  t.same(more('timeout: 60\n'), ['onedoor.yaml:9:16 site/too-big']);
  t.same(more('retries: -1\n'), ['onedoor.yaml:9:16 site/too-small']);
  t.same(more('at-once: 0\n'), ['onedoor.yaml:9:16 site/too-small']);
  t.same(more('breaker: { failures: 0 }\n'), ['onedoor.yaml:9:28 site/too-small']);
  t.same(more('token: x\n'), ['onedoor.yaml:9:7 site/unrecognized-keys']);
});

t.test('what is wrong with a query is told with its place', async (t) => {
  for (const [query, fault] of [
    ['DELETE FROM permits WHERE reference = :reference', 'kind'],
    ['SELECT 1 WHERE :reference; DROP TABLE permits', 'statements'],
    ['WITH a AS (SELECT 1) DELETE FROM permits WHERE reference = :reference', 'writes'],
    ['SELECT * FROM permits WHERE reference = ?', 'parameter'],
    ['SELECT * FROM permits WHERE reference = $reference', 'parameter'],
    ['SELECT * FROM permits WHERE reference = @reference', 'parameter'],
    ["SELECT 'open WHERE :reference", 'quote'],
    ['PRAGMA table_info(permits)', 'kind'],
  ] as const)
    t.same(places(sql(`"${query}"`)), [`onedoor.yaml:9:14 site/lookup-query-${fault}`], query);
  t.same(places('lookups:\n  permits: {}\n'), ['onedoor.yaml:6:12 site/custom']);
  t.same(places('lookups:\n  permits: { csv: a.csv, sql: { file: a, query: "SELECT :a" } }\n'), [
    'onedoor.yaml:6:12 site/custom',
  ]);
  t.same(places(sql('SELECT 1')), [
    'town.yaml:10:15 site/unknown-parameter',
    'onedoor.yaml:9:14 site/lookup-asks-nothing',
  ]);
  t.same(places('lookups:\n  permits: { sql: { file: "", query: x } }\n'), [
    'onedoor.yaml:6:27 site/invalid-format',
  ]);
  t.same(places('lookups:\n  permits: { ftp: x }\n'), [
    'onedoor.yaml:6:12 site/custom',
    'onedoor.yaml:6:14 site/unrecognized-keys',
  ]);
});

t.test('a flow gives each lookup what it asks by, and no more', async (t) => {
  t.same(places(http(''), '{ reference: \'"1"\', colour: \'"red"\' }'), [
    'town.yaml:10:33 site/unknown-parameter',
  ]);
  t.same(places(http(''), '{ number: \'"1"\' }'), [
    'town.yaml:10:7 site/missing-parameter',
    'town.yaml:10:15 site/unknown-parameter',
  ]);
  t.same(places(sql('SELECT 1 WHERE :reference AND :other')), ['town.yaml:10:7 site/missing-parameter']);
  const post = http('method: POST\nbody: { ref: number }\nidempotency-key: Idempotency-Key\n');
  t.same(places(post), ['town.yaml:10:7 site/missing-parameter'], 'what the body is made of counts too');
});

t.test('every finding says what, why and how to mend it', async (t) => {
  const check = siteOf(site(http('method: POST\n', 'http://127.0.0.1/x')));
  t.same(check.result === 'broken' && check.findings.map(findingLine), [
    'flows/town.yaml:10:15 The lookup "permits" has no slot "reference". The value would never be sent. Take it out, or add it to the lookup in onedoor.yaml. [site/unknown-parameter]',
    'onedoor.yaml:8:12 The URL begins with http://. What callers enter, and secrets, could be read on the way. Write https://, or `allow-private: true` where it stays within your own network. [site/lookup-plain-http]',
    'onedoor.yaml:8:12 The host 127.0.0.1 lies within your own network. Lookups go there only where it is meant. Write `allow-private: true`, or correct the host. [site/lookup-private-host]',
    'onedoor.yaml:8:12 Nothing of the caller is asked by. Every caller would be told the same. Write {name} into the URL, or :name into the query, where a value of the flow belongs. [site/lookup-asks-nothing]',
    'onedoor.yaml:9:15 A POST has no `idempotency-key`. After a crash the question is asked again, and what it does would be done twice. Name the header in which the service takes a key, such as `idempotency-key: Idempotency-Key`; or use GET. [site/lookup-post]',
  ]);
});

const postgres = (more: string, query = 'SELECT status FROM permits WHERE reference = :reference') =>
  `lookups:\n  permits:\n    postgres:\n      host: db.example.om\n      database: town\n      user: asker\n      query: ${query}\n${more.replace(/^(?=.)/gm, '      ')}`;

t.test('a PostgreSQL server is declared with host, role and one reading query', async (t) => {
  const check = siteOf(site(postgres('secret: town-password\nca: /etc/town.pem\ntimeout: 1\n')));
  if (check.result === 'broken') throw new Error(check.findings.map(findingLine).join('\n'));
  t.same(check.site.sources.get('permits'), {
    kind: 'postgres',
    host: 'db.example.om',
    port: 5432,
    database: 'town',
    user: 'asker',
    secret: 'town-password',
    tls: true,
    ca: '/etc/town.pem',
    allowPrivate: false,
    query: 'SELECT status FROM permits WHERE reference = $1',
    parameters: ['reference'],
    limits: { connectMs: 1_000, totalMs: 1_000, retries: 0, atOnce: 1, failures: 5, restMs: 10_000 },
  });
  for (const [more, query, ...found] of [
    ['tls: false\n', undefined, '12:12 site/lookup-no-tls'],
    ['tls: false\nallow-private: true\nca: a.pem\n', undefined, '14:11 site/lookup-ca-unused'],
    ['', 'SELECT 1', '11:14 site/lookup-asks-nothing'],
    ['', 'DELETE FROM permits WHERE a = :reference', '11:14 site/lookup-query-kind'],
    ['', 'SELECT 1 INTO x WHERE :reference', '11:14 site/lookup-query-writes'],
    ['', 'WITH a AS (DELETE FROM permits) SELECT :reference', '11:14 site/lookup-query-writes'],
    ['', 'SELECT 1; SELECT :reference', '11:14 site/lookup-query-statements'],
    ['', 'SELECT $$a$$, :reference', '11:14 site/lookup-query-parameter'],
    ['', 'SELECT $1', '11:14 site/lookup-query-parameter'],
  ] as const)
    t.same(
      places(postgres(more, query)).filter((place) => place.startsWith('onedoor.yaml')),
      found.map((place) => `onedoor.yaml:${place}`),
      `${more} ${query}`,
    );
  for (const host of ['127.0.0.1', 'localhost', 'db.internal', '10.1.2.3'])
    t.same(
      places(postgres('').replace('db.example.om', host)),
      ['onedoor.yaml:8:13 site/lookup-private-host'],
      host,
    );
  t.same(places(postgres('').replace('db.example.om', '169.254.169.254')), [
    'onedoor.yaml:8:13 site/lookup-forbidden-host',
  ]);
});

t.test('texts, casts and operators of PostgreSQL hide no parameter', async (t) => {
  for (const [query, positional] of [
    [
      'SELECT a::text FROM t WHERE b = :x AND c = :y AND d = :x',
      'SELECT a::text FROM t WHERE b = $1 AND c = $2 AND d = $1',
    ],
    ["SELECT ':x' FROM t WHERE b = :x -- :y", "SELECT ':x' FROM t WHERE b = $1 -- :y"],
    ["SELECT E'it\\'s :x' FROM t WHERE b = :x", "SELECT E'it\\'s :x' FROM t WHERE b = $1"],
    ['SELECT ":x" FROM t WHERE b @> :x AND c ? \'k\'', 'SELECT ":x" FROM t WHERE b @> $1 AND c ? \'k\''],
  ] as const) {
    const reading = readSql(query, 'postgres');
    t.equal(reading.result === 'read' ? reading.positional : reading.fault, positional);
  }
});

t.test('parameters are found where they are, not in texts, names and comments', async (t) => {
  const read = (query: string) => {
    const reading = readSql(query);
    return reading.result === 'read' ? reading.parameters : reading.fault;
  };
  t.same(
    read(`SELECT ':a', ":b", [c :c], \`:d\` -- :e\n /* :f; */ FROM t WHERE x = :g AND y=:h OR z = :g ;`),
    ['g', 'h'],
  );
  t.same(read("select 'it''s :a' where b = :b"), ['b']);
  t.same(read('SELECT replace(a, :x, :y) FROM t'), ['x', 'y'], 'replace() is a function too');
  t.same(read('SELECT "update" FROM t WHERE "delete" = :a'), ['a']);
  t.match(read('SELECT 1 /* never closed'), []);
});

t.test('a URL is taken apart at its slots', async (t) => {
  const path = (text: string) => {
    const reading = readUrlTemplate(text);
    return reading.result === 'read' ? reading.template.path : reading.fault;
  };
  t.same(path('https://a.om'), ['/']);
  t.same(path('https://a.om/{x}{y}'), ['/', { slot: 'x' }, { slot: 'y' }]);
  t.same(path('https://a.om/../b/./{x}.json'), ['/b/', { slot: 'x' }, '.json']);
  t.same(path('https://a.om/é?q={x}&z=é'), ['/%C3%A9?q=', { slot: 'x' }, '&z=%C3%A9']);
  t.same(path('https://a.om/%7Bx%7D'), ['/%7Bx%7D']);
});
