import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { load, SCRIPTS, runNode, writeTree } from './kit.js';

type Log = (line: string) => void;
const { ensureDependencies, dependenciesReady } = await load<{
  ensureDependencies: (
    project: string,
    options: { scratch: string; cache: string; log: Log },
  ) => Promise<void>;
  dependenciesReady: (project: string) => boolean;
}>('dependencies.mjs');
const { ensureBuild, buildReady } = await load<{
  ensureBuild: (project: string, options: { log: Log }) => Promise<void>;
  buildReady: (project: string) => boolean;
}>('build.mjs');
const { LEAST_NODE, nodeTooOld } = await load<{
  LEAST_NODE: string;
  nodeTooOld: (version: string) => string;
}>('node-version.mjs');

const quiet: Log = () => {};

/** Stands for npm: installs a native part that loads, compiles by copying, and notes what it was asked for. */
const NPM = `
import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
const [verb, name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
if (verb === 'config') { console.log('registry=' + (process.env.FAKE_REGISTRY ?? '') + '\\nproxy=null'); process.exit(0); }
appendFileSync(process.env.FAKE_NOTES, verb + '\\n');
if (process.argv.includes('--offline')) { console.error('npm error code ENOTCACHED'); process.exit(1); }
if (process.env.FAKE_NPM) { console.error(process.env.FAKE_NPM); process.exit(1); }
if (process.env.FAKE_WARNING) console.error(process.env.FAKE_WARNING);
if (verb === 'ci') {
  mkdirSync('node_modules/better-sqlite3', { recursive: true });
  writeFileSync('node_modules/better-sqlite3/package.json', '{ "version": "1.0.0" }');
  writeFileSync('node_modules/better-sqlite3/index.js',
    "require('node:fs').readFileSync(__dirname + '/build/Release/better_sqlite3.node'); module.exports = class { exec() {} };");
}
if (verb === 'rebuild') {
  mkdirSync('node_modules/better-sqlite3/build/Release', { recursive: true });
  writeFileSync('node_modules/better-sqlite3/build/Release/better_sqlite3.node', 'compiled');
}
if (verb === 'run') cpSync('src/main.ts', 'dist/src/main.js');
`;

/** A clone with an npm that behaves as asked. */
function clone(t: Test, fault = '') {
  const folder = writeTree(t.testdir(), {
    'npm/npm-cli.js': NPM,
    'npm/package.json': '{ "type": "module" }',
    'clone/package.json': '{ "dependencies": { "better-sqlite3": "1.0.0" } }',
    'clone/package-lock.json':
      '{ "packages": { "": {}, "node_modules/better-sqlite3": { "version": "1.0.0" } } }',
    'clone/src/main.ts': 'export {};',
  });
  const before = { npm_execpath: process.env.npm_execpath, PATH: process.env.PATH };
  Object.assign(process.env, {
    npm_execpath: join(folder, 'npm/npm-cli.js'),
    FAKE_NOTES: join(folder, 'notes'),
    FAKE_NPM: fault,
  });
  t.teardown(() => {
    if (before.npm_execpath === undefined) delete process.env.npm_execpath;
    Object.assign(process.env, Object.fromEntries(Object.entries(before).filter(([, value]) => value)));
    delete process.env.FAKE_NPM;
  });
  const project = join(folder, 'clone');
  const options = { scratch: join(project, '.set-up/packages'), cache: join(folder, 'cache'), log: quiet };
  return {
    project,
    options,
    asked: () =>
      existsSync(join(folder, 'notes')) ? readFileSync(join(folder, 'notes'), 'utf8').trim().split('\n') : [],
  };
}

t.test('packages are installed once, and again when the lock file changes', async (t) => {
  const { project, options, asked } = clone(t);
  t.notOk(dependenciesReady(project));
  await ensureDependencies(project, options);
  t.ok(dependenciesReady(project));
  await ensureDependencies(project, options);
  t.same(asked(), ['ci', 'rebuild']);
  writeFileSync(
    join(project, 'package-lock.json'),
    '{ "packages": { "": {}, "node_modules/new": { "version": "1.0.0" } } }',
  );
  t.notOk(dependenciesReady(project));
  await ensureDependencies(project, options);
  t.same(asked(), ['ci', 'rebuild', 'ci'], 'what was compiled once is taken from the cache');
  t.same(readdirSync(join(project, '.set-up')), []);
});

t.test('a changed script in package.json is no reason to install again', async (t) => {
  const { project, options } = clone(t);
  await ensureDependencies(project, options);
  writeFileSync(
    join(project, 'package.json'),
    '{ "scripts": { "x": "y" }, "dependencies": { "better-sqlite3": "1.0.0" } }',
  );
  t.ok(dependenciesReady(project));
});

t.test('what somebody has installed by hand is kept', async (t) => {
  const { project, options, asked } = clone(t);
  await ensureDependencies(project, options);
  rmSync(join(project, 'node_modules/.onedoor-installed'));
  writeTree(project, {
    'node_modules/.package-lock.json':
      '{ "packages": { "node_modules/better-sqlite3": { "version": "1.0.0" } } }',
  });
  await ensureDependencies(project, options);
  t.same(asked(), ['ci', 'rebuild']);
  t.ok(dependenciesReady(project));
});

const SENTENCES = [
  {
    name: 'a registry out of reach',
    fault: 'npm error code ENOTFOUND\nnpm error network request to https://registry.example failed',
    says: /npm cannot reach its registry.*Connect to the network and run the same command again/,
  },
  {
    name: 'a lock file that does not fit',
    fault: 'npm error code EUSAGE\nnpm error A complete log of this run can be found in: /x.log',
    says: /package\.json and package-lock\.json do not fit together/,
  },
  {
    name: 'a package that refuses this Node',
    fault: 'npm error code EBADENGINE\nnpm error engine Not compatible',
    says: /does not run on Node v.*Install Node 20\.20, 22 or 24/,
  },
];
for (const { name, fault, says } of SENTENCES)
  t.test(`${name} is told in a sentence, and the packages that were there stay`, async (t) => {
    const { project, options } = clone(t, fault);
    writeTree(project, { 'node_modules/old/index.js': 'old' });
    await t.rejects(ensureDependencies(project, options), { name: 'SetUpFailure', message: says });
    t.ok(existsSync(join(project, 'node_modules/old/index.js')));
    t.same(readdirSync(join(project, '.set-up')), []);
  });

t.test(
  'a registry that cannot be connected to is told by the reason, without the minutes that npm would try',
  async (t) => {
    const { project, options, asked } = clone(t);
    // Port 1 of the loopback has nobody behind it.
    process.env['FAKE_REGISTRY'] = 'http://127.0.0.1:1/';
    t.teardown(() => delete process.env['FAKE_REGISTRY']);
    await t.rejects(ensureDependencies(project, options), {
      name: 'SetUpFailure',
      message: /npm cannot reach its registry \(.*ECONNREFUSED.*\)\. Connect to the network/,
    });
    t.same(asked(), ['ci']);
    t.notOk(existsSync(join(project, 'node_modules')));
  },
);

t.test(
  'packages that npm could not write whole do not count, although npm says that it is done',
  async (t) => {
    const { project, options } = clone(t);
    process.env['FAKE_WARNING'] = 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write';
    t.teardown(() => delete process.env['FAKE_WARNING']);
    await t.rejects(ensureDependencies(project, options), {
      name: 'SetUpFailure',
      message: /^No space left on device\. Free some space/,
    });
    t.notOk(existsSync(join(project, 'node_modules')));
  },
);

t.test('the sources are compiled once, and again when one of them changes', async (t) => {
  const { project, asked } = clone(t);
  writeTree(project, { 'dist/test/gone.test.js': 'a test whose source was deleted' });
  await ensureBuild(project, { log: quiet });
  t.ok(buildReady(project));
  t.notOk(existsSync(join(project, 'dist/test/gone.test.js')));
  await ensureBuild(project, { log: quiet });
  t.same(asked(), ['run']);
  writeFileSync(join(project, 'src/main.ts'), 'export const x = 1;');
  t.notOk(buildReady(project));
});

t.test(
  'sources that do not compile are shown with what the compiler says, and do not count as built',
  async (t) => {
    const { project } = clone(t, 'src/main.ts(1,1): error TS1005');
    await t.rejects(ensureBuild(project, { log: quiet }), {
      name: 'SetUpFailure',
      message: /^The sources do not compile:\nsrc\/main\.ts\(1,1\): error TS1005$/,
    });
    t.notOk(buildReady(project));
  },
);

t.test('a Node that is too old is told which one to install', async (t) => {
  t.match(
    nodeTooOld('v18.19.0'),
    /needs Node 20\.20 or newer, and this is Node v18\.19\.0\. Install Node 20, 22 or 24/,
  );
  t.match(nodeTooOld('v20.9.0'), /needs Node 20\.20/);
  for (const version of ['v20.20.0', 'v20.20.2', 'v21.0.0', 'v22.1.0', 'v24.0.0'])
    t.equal(nodeTooOld(version), '', version);
  const { engines } = JSON.parse(readFileSync(join(SCRIPTS, '../package.json'), 'utf8'));
  t.equal(engines.node, `>=${LEAST_NODE}`);
});

t.test('under a Node that is too old both commands end with the sentence alone', async (t) => {
  for (const command of ['start.mjs', 'test.mjs']) {
    const { code, stdout, stderr } = await runNode(`
      Object.defineProperty(process, 'version', { value: 'v18.19.0' });
      await import(${JSON.stringify(join(SCRIPTS, command))});`);
    t.equal(code, 1);
    t.equal(stdout, '');
    t.match(stderr, /^onedoor: Onedoor needs Node 20\.20 or newer[^\n]*\n$/);
  }
});

t.test('an exchange of an unknown kind is refused by name', async (t) => {
  const source = `
    import { endWith } from ${JSON.stringify(join(SCRIPTS, 'failure.mjs'))};
    import { setUp } from ${JSON.stringify(join(SCRIPTS, 'set-up.mjs'))};
    await setUp({ project: '/nowhere' }).catch(endWith);`;
  const { code, stderr } = await runNode(source, { ...process.env, ONEDOOR_EXCHANGE: 'freeswitch' });
  t.equal(code, 1);
  t.equal(stderr, 'onedoor: ONEDOOR_EXCHANGE is "freeswitch"; it can be embedded, system, external.\n');
});
