import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { createLog, type JsonObject } from '../../src/base/index.js';
import { exitCodes, runCli } from '../../src/cli/index.js';
import { httpToken, openStateFolder, tokenFile } from '../../src/cli/state-folder.js';
import { lockState } from '../../src/cli/state-lock.js';
import { csvLine, textTable } from '../../src/cli/table.js';
import { buildWeb, listenWeb, type StopRequest, type WebParts } from '../../src/web/index.js';
import { aPublication, fakePublishing } from '../kit/fake-publishing.js';
import { noMeasures, noQueues } from '../kit/no-queues.js';
import { noAgents } from '../kit/no-agents.js';
import { noCalendars } from '../kit/no-calendars.js';
import { cliWorld } from '../kit/cli-world.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));

function shell(stateFolder: string, env: Readonly<Record<string, string>> = {}) {
  const { world, ...said } = cliWorld({
    ONEDOOR_STATE: stateFolder,
    ONEDOOR_CACHE: join(stateFolder, 'cache'),
    ...env,
  });
  return { said, run: (...words: string[]) => runCli(words, world) };
}

const cases: JsonObject[] = ['3', '2', '1'].map((n) => ({
  id: `case-${n}`,
  kind: 'complaint',
  reference: `1234567${n}`,
  subject: n === '2' ? '=HYPERLINK("x")' : 'noise\u001b[2J',
  status: 'received',
  language: 'ar',
  outcome: null,
  openedAt: Date.UTC(2026, 2, 4, Number(n)),
  closedAt: null,
  contacts: [`call-${n}`],
  details: null,
  history: [],
}));
const contact: JsonObject = {
  id: 'call-1',
  channel: 'phone',
  began: 'inbound',
  number: '80077222',
  trunk: 'loopback',
  caller: { number: 'caller.number', name: null, withheld: false },
  site: 'abc',
  flow: 'municipality',
  language: 'ar',
  startedAt: 0,
  answeredAt: 1,
  endedAt: 2,
  path: [],
  case: 'case-1',
  outcome: 'answered',
  termination: { result: 'completed', reason: 'hung-up', by: 'caller' },
};

/** An engine's HTTP API on a state folder, with three cases in pages of two. */
async function engineOn(t: Test, stateFolder: string) {
  const state = openStateFolder(stateFolder);
  const stops: StopRequest[] = [];
  const erasures: unknown[] = [];
  const records: WebParts['records'] = {
    page: async (kind, filter, limit, after) => {
      if (kind === 'contact') return { records: [contact], next: null };
      const all = cases.filter(
        ({ reference }) => filter.reference === undefined || filter.reference === reference,
      );
      const from = Number(after ?? 0);
      const to = from + Math.min(limit, 2);
      return { records: all.slice(from, to), next: to < all.length ? String(to) : null };
    },
    one: async (kind, id) => (kind === 'case' ? (cases.find((one) => one['id'] === id) ?? null) : contact),
    personal: async () => ({ 'caller.number': '+96899123456' }),
  };
  const address = { host: '127.0.0.1', port: 0 };
  const site = fakePublishing();
  let release = (): void => undefined;
  const app = buildWeb({
    records,
    agents: noAgents,
    queues: noQueues,
    measures: noMeasures,
    calendars: noCalendars,
    erasing: {
      erase: async (request) => {
        erasures.push(request);
        return { values: 3, recordings: 1 };
      },
    },
    engine: {
      status: () => ({
        phase: 'running',
        since: 0,
        version: '1.2.3',
        pid: process.pid,
        calls: 1,
        admitting: true,
        journal: 'normal',
        exchanges: [],
        lookups: [],
        site: { name: 'A town', hash: 'abc', test: 'abc', numbers: [] },
      }),
      stop: (request) => {
        stops.push(request);
        release();
      },
      publishing: site.publishing,
    },
    token: httpToken(state),
    address,
    log: createLog('silent'),
  });
  const { host, port } = await listenWeb(app, address);
  const locking = lockState(state.lock, { http: `${host}:${port}`, sip: '127.0.0.1:22631' });
  if (locking.result === 'locked') release = () => locking.lock.release();
  t.teardown(async () => {
    release();
    await app.close();
  });
  return { state, stops, site, erasures };
}

t.test('help and version are no errors; a wrong word is', async (t) => {
  const { run, said } = shell(t.testdir());
  t.equal(await run('--help'), exitCodes.done);
  const help = said.out.join('\n');
  for (const word of [
    'start',
    'stop',
    'doctor',
    'flow',
    'case',
    'contact',
    'publish',
    'history',
    'diff',
    'rollback',
    'calendar',
    'prompts',
    'exchange',
    'ONEDOOR_STATE',
  ]) {
    t.match(help, word);
  }
  t.equal(await run('--version'), exitCodes.done);
  t.equal(said.out.at(-1), '1.2.3');
  t.equal(await run('case', 'list', '--help'), exitCodes.done);
  for (const words of [
    ['bogus'],
    ['case', 'bogus'],
    ['case', 'list', '--bogus'],
    ['case', 'show'],
    ['case', 'list', '--status', 'lost'],
  ]) {
    t.equal(await run(...words), exitCodes.usage, words.join(' '));
  }
  t.equal(await run('case', 'list', '--limit', '0'), exitCodes.usage);
  t.match(said.err.at(-1), /--limit is "0"/);
});

t.test('a setting that cannot be used is told before anything is done', async (t) => {
  const { run, said } = shell(t.testdir(), { ONEDOOR_HTTP: 'nowhere', ONEDOOR_RTP: '1' });
  t.equal(await run('case', 'list'), exitCodes.usage);
  t.match(said.err.join('\n'), /ONEDOOR_RTP is "1".*\nONEDOOR_HTTP is "nowhere"/s);
});

t.test('without an engine a command says how to get one', async (t) => {
  const { run, said } = shell(t.testdir());
  t.equal(await run('case', 'list'), exitCodes.noEngine);
  t.match(said.err, [/^No engine runs on the state folder .*npm start/]);
});

t.test('an engine that does not answer is told', async (t) => {
  const folder = t.testdir();
  const { run, said } = shell(folder);
  const state = openStateFolder(folder);
  httpToken(state);
  const locking = lockState(state.lock, { http: '127.0.0.1:22639', sip: 'x:1' });
  t.equal(await run('case', 'list'), exitCodes.noEngine);
  t.match(said.err, [/does not answer at 127\.0\.0\.1:22639: .*ECONNREFUSED/]);
  if (locking.result === 'locked') locking.lock.release();
});

t.test('a token that the engine does not know is told', async (t) => {
  const folder = t.testdir();
  const { state } = await engineOn(t, folder);
  writeFileSync(tokenFile(state), 'wrong\n');
  const { run, said } = shell(folder);
  t.equal(await run('case', 'list'), exitCodes.failed);
  t.match(said.err, [/needs the token/]);
});

t.test('a version is published, told of, and taken back', async (t) => {
  const folder = t.testdir();
  const { site } = await engineOn(t, folder);
  const { run, said } = shell(folder);
  t.equal(await run('publish'), exitCodes.usage, 'without a reason');
  t.equal(await run('publish', '--why', 'a new menu', '--who', 'Salma'), exitCodes.done);
  t.match(said.out, [
    /^Publication 2: version abcd1234 answers new calls\. 3 scripted callers got through\.$/,
  ]);
  t.match(site.asked, [{ alias: 'live', who: 'Salma', why: 'a new menu' }]);
  await run('publish', '--test', '--why', 'to try');
  await run('rollback', 'abcd', '--why', 'callers complain');
  t.match(site.asked.slice(1), [{ alias: 'test' }, { version: 'abcd' }]);
  said.out.length = 0;
  t.equal(await run('history'), exitCodes.done);
  t.match(said.out, [
    /^number/,
    /^2 +1970-01-01T00:00:05\.000Z +live +published +abcd1234 +Salma +a new menu/,
  ]);
});

t.test('what keeps a draft from being published is printed, with a code for scripts', async (t) => {
  const folder = t.testdir();
  const { site } = await engineOn(t, folder);
  const { run, said } = shell(folder);
  const failures = ['expected to hear main-menu, heard nothing'];
  site.answers({
    result: 'untested',
    failed: [{ file: 'flows/a.test.yaml', line: 7, caller: 'asks', failures }],
  });
  t.equal(await run('publish', '--why', 'x'), exitCodes.findings);
  t.match(said.out, [/^FAILED flows\/a\.test\.yaml:7 asks$/, /heard nothing/, /^Not published/]);
  said.out.length = 0;
  const finding = {
    file: 'flows/a.yaml',
    line: 3,
    col: 5,
    code: 'flow/x',
    what: 'W.',
    why: 'Y.',
    mend: 'M.',
  };
  site.answers({ result: 'broken', findings: [finding] });
  t.equal(await run('publish', '--why', 'x'), exitCodes.findings);
  t.match(said.out[0], /^flows\/a\.yaml:3:5/);
  site.answers({ result: 'unchanged', hash: aPublication.hash });
  t.equal(await run('publish', '--why', 'x'), exitCodes.done);
});

t.test('a difference is shown between what is in force and the folder', async (t) => {
  const siteFolder = t.testdir({ 'onedoor.yaml': 'onedoor: 1\nname: A town\n' });
  const folder = join(siteFolder, 'state');
  await engineOn(t, folder);
  const { run, said } = shell(folder, { ONEDOOR_SITE: siteFolder });
  t.equal(await run('diff'), exitCodes.done);
  t.match(said.out.join('\n'), /--- onedoor\.yaml {2}abcd1234[\s\S]* onedoor: 1\n\+name: A town/);
  said.out.length = 0;
  t.equal(await run('diff', 'abcd1234', 'abcd1234'), exitCodes.done);
  t.same(said.out, []);
  t.match(said.err.at(-1), /Nothing differs/);
});

t.test('cases are listed, shown and exported', async (t) => {
  const folder = t.testdir();
  await engineOn(t, folder);
  const ask = async (...words: string[]) => {
    const { run, said } = shell(folder);
    t.equal(await run(...words), exitCodes.done, words.join(' '));
    return said.out;
  };
  t.same(JSON.parse((await ask('case', 'list', '--json')).join('\n')), cases, 'all pages');
  t.same(JSON.parse((await ask('case', 'list', '--json', '--limit', '1')).join('\n')), cases.slice(0, 1));
  const table = await ask('case', 'list');
  t.equal(table.length, 4);
  t.match(table[1], /^12345673 {3}complaint {2}received {2}2026-03-04T03:00:00\.000Z {2}ar .*noise\[2J/);
  t.notMatch(table.join(''), /\p{Cc}/u, 'nothing that a caller said can steer the terminal');

  const shown = JSON.parse((await ask('case', 'show', '12345671', '--json')).join('\n')) as JsonObject;
  t.same(shown, { ...cases[2], contacts: [contact] }, 'by its reference');
  t.match(
    (await ask('case', 'show', 'case-1')).join('\n'),
    /reference: 12345671[\s\S]*termination:\n\s+result: completed/,
  );

  t.same(
    (await ask('case', 'export')).map((line) => JSON.parse(line) as JsonObject),
    cases,
  );
  const csv = await ask('case', 'export', '--csv');
  t.equal(csv.length, 4);
  t.match(csv[2], `"'=HYPERLINK(""x"")"`, 'no cell is a formula');

  t.same(JSON.parse((await ask('contact', 'list', '--json')).join('\n')), [contact]);
  t.match(
    (await ask('contact', 'list'))[1],
    /municipality +ar +answered +completed +hung-up +caller +case-1 +call-1/,
  );
  const personal = JSON.parse(
    (await ask('contact', 'show', 'call-1', '--personal', '--json')).join('\n'),
  ) as JsonObject;
  t.same(personal['personal'], { 'caller.number': '+96899123456' });
});

t.test('personal data of a case is erased, contact by contact, with who and why', async (t) => {
  const folder = t.testdir();
  const { erasures } = await engineOn(t, folder);
  const { run, said } = shell(folder);
  t.equal(await run('case', 'erase', '12345671'), exitCodes.usage, 'without a reason');
  t.equal(await run('case', 'erase', '12345671', '--why', 'by letter', '--who', 'Salma'), exitCodes.done);
  t.same(said.out, ['call-1: 3 values, 1 recordings']);
  t.equal(await run('contact', 'erase', 'call-1', '--why', 'again', '--who', 'Salma', '--json'), 0);
  t.same(JSON.parse(said.out.slice(1).join('\n')), [{ contact: 'call-1', values: 3, recordings: 1 }]);
  t.same(erasures, [
    { contact: 'call-1', who: 'Salma', why: 'by letter' },
    { contact: 'call-1', who: 'Salma', why: 'again' },
  ]);
});

t.test('a case that is not there is told', async (t) => {
  const folder = t.testdir();
  await engineOn(t, folder);
  const { run, said } = shell(folder);
  t.equal(await run('case', 'show', '999'), exitCodes.failed);
  t.equal(await run('case', 'show', 'case-9'), exitCodes.failed);
  t.same(said.err, ['There is no case with the reference 999.', 'There is no case with this id.']);
});

t.test('a second start says who runs, and is no error', async (t) => {
  const folder = t.testdir();
  await engineOn(t, folder);
  const { run, said } = shell(folder);
  t.equal(await run('start'), exitCodes.done);
  t.match(said.out[0], `Onedoor runs already on ${folder}: process ${process.pid}, since 2`);
});

t.test('a start off loopback is refused before anything is made', async (t) => {
  const { run, said } = shell(join(t.testdir(), 'state'), { ONEDOOR_HTTP: '0.0.0.0:22640' });
  t.equal(await run('start'), exitCodes.failed);
  t.match(said.err.at(-1), /ONEDOOR_WEB_OFF_LOOPBACK/);
});

t.test('stop asks the engine and waits until it has gone', async (t) => {
  const folder = t.testdir();
  const { stops } = await engineOn(t, folder);
  const { run, said } = shell(folder);
  t.equal(await run('stop', '--drain', '5', '--keep-exchange'), exitCodes.done);
  t.same(stops, [{ drainMs: 5_000, exchange: 'keep' }]);
  t.same(said.out, ['The engine is stopped; the exchange is up.']);
  t.equal(await run('stop', '--drain', 'soon'), exitCodes.usage);
});

t.test('stop where nothing ran is no error, and makes nothing', async (t) => {
  const folder = join(t.testdir(), 'state');
  const { run, said } = shell(folder);
  t.equal(await run('stop'), exitCodes.done);
  t.same(said.out, [`Nothing runs on ${folder}.`]);
  t.notOk(existsSync(folder));
});

t.test('doctor says what is lacking', async (t) => {
  const { run, said } = shell(join(t.testdir(), 'state'), {
    ONEDOOR_HTTP: '127.0.0.1:22641',
    ONEDOOR_SIP: '127.0.0.1:22642',
    ONEDOOR_RTP: '22650-22699',
  });
  t.equal(await run('doctor', '--json'), exitCodes.failed, 'there is no toolbox');
  const signs = JSON.parse(said.out.join('\n')) as { name: string; state: string; what: string }[];
  const ill = signs.filter(({ state }) => state === 'ill');
  t.same(
    ill.map(({ name }) => name),
    ['toolbox', 'asterisk'],
  );
  t.match(ill[0]?.what, /npm start/);
});

t.test('the program itself: a good word and a bad one', async (t) => {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };
  const run = promisify(execFile);
  t.equal((await run(process.execPath, [main, '--version'])).stdout, `${version}\n`);
  await t.rejects(run(process.execPath, [main, 'bogus']), {
    code: exitCodes.usage,
    stderr: /unknown command 'bogus'/,
  });
});

t.test('a flow is checked and its scripted callers are run', async (t) => {
  const { run, said } = shell(t.testdir());
  t.equal(await run('flow', 'check'), exitCodes.done);
  t.match(said.err.at(-1), /^The site is sound/);
  const site = t.testdir({ 'onedoor.yaml': 'onedoor: 2\n', flows: { 'a.yaml': 'onedoor: 1\nflow: [\n' } });
  const broken = shell(t.testdirName, { ONEDOOR_SITE: site });
  t.equal(await broken.run('flow', 'check', '--json'), exitCodes.findings);
  const files = (JSON.parse(broken.said.out.join('\n')) as { file: string }[]).map(({ file }) => file);
  t.same([...new Set(files)].sort(), ['flows/a.yaml', 'onedoor.yaml'], 'findings of all files');
  t.equal(await broken.run('flow', 'test'), exitCodes.findings);
  t.equal(await run('flow', 'test', 'nowhere.yaml'), exitCodes.usage);
});

t.test('a table lines up, CSV quotes', async (t) => {
  t.same(
    textTable(
      ['a', 'long'],
      [
        ['1', 'x'],
        ['22', ''],
      ],
    ),
    ['a   long', '1   x', '22'],
  );
  t.equal(csvLine(['a', 'b,c', 'd"e', '+1', '@x', 'f\ng']), `a,"b,c","d""e",'+1,'@x,"f\ng"`);
});

t.test('the configuration of an exchange is rendered for somebody else', async (t) => {
  const folder = t.testdir();
  const target = join(folder, 'asterisk');
  mkdirSync(target);
  const { run, said } = shell(join(folder, 'state'));
  t.equal(await run('exchange', 'render', target), exitCodes.done);
  t.ok(said.out.includes('etc/pjsip.conf'));
  t.match(said.err.at(-1), /ONEDOOR_EXCHANGE=external ONEDOOR_ARI=127\.0\.0\.1:\d+/);
});
