import t, { type Test } from 'tap';
import { createLog, type Finding } from '../../src/base/index.js';
import { createSimulatedDisk, openSimulatedJournal } from '../../src/journal/index.js';
import { hashSite, type Site, type SiteFiles } from '../../src/site/index.js';
import {
  createPublishing,
  createSiteShelf,
  type DraftCheck,
  type EngineFact,
} from '../../src/switchboard/index.js';
import { noRouting, testDesk } from '../kit/test-routing.js';
import { testSite } from '../kit/test-site.js';

const filesOf = (word: string): SiteFiles => ({ 'onedoor.yaml': `# ${word}\n` });
const by = { who: 'Salma', why: 'a new menu' };

/** A site of these files, as far as publishing looks at one. */
function siteOf(files: SiteFiles): Site {
  return {
    ...testSite(),
    queues: new Map(),
    routing: noRouting,
    desk: testDesk,
    agentLabels: new Map(),
    sources: new Map(),
    hash: hashSite(files),
    name: files['onedoor.yaml'] ?? '',
    testNumbers: new Set(['199']),
    phones: [],
    trunks: [],
    tables: new Map(),
    limits: { calls: 10, callsWhenDegraded: 1 },
  };
}

async function stage(t: Test) {
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  const journal = await openSimulatedJournal({
    disk,
    schedule: (_, step) => step(),
    log: createLog('silent'),
  });
  const first = filesOf('first');
  const shelf = createSiteShelf(siteOf(first));
  const facts: EngineFact[] = [];
  const followed: string[] = [];
  const built: string[] = [];
  let draft: DraftCheck = { result: 'broken', findings: [] };
  let now = 0;
  let inUse = new Set([shelf.current().hash]);
  const publishing = createPublishing({
    journal,
    shelf,
    switchboard: {
      note: (fact) => Promise.resolve(void facts.push(fact)),
      versionsInUse: () => inUse,
      sitePublished: () => undefined,
    },
    now: () => ++now,
    checkDraft: () => Promise.resolve(draft),
    load(files) {
      const site = siteOf(files);
      built.push(site.hash);
      return Promise.resolve({ site });
    },
    follow: (site) => {
      followed.push(site.hash);
      return Promise.resolve([]);
    },
    log: createLog('silent'),
  });
  return {
    publishing,
    shelf,
    facts,
    followed,
    built,
    first: shelf.current().hash,
    begin: () =>
      journal.publish(first, { alias: 'live', action: 'published', hash: hashSite(first), at: 0, ...by }),
    edit: (word: string) => {
      const files = filesOf(word);
      draft = { result: 'sound', hash: hashSite(files), files, warnings: [], callers: 2 };
      return hashSite(files);
    },
    spoil: (broken: Exclude<DraftCheck, { result: 'sound' }>) => {
      draft = broken;
    },
    callsEnd: () => {
      inUse = new Set();
    },
  };
}

t.test('a published version answers new calls, and live ones keep theirs', async (t) => {
  const { publishing, shelf, facts, followed, first, begin, edit } = await stage(t);
  await begin();
  const hash = edit('second');
  const answer = await publishing.publish({ alias: 'live', ...by });
  t.match(answer, { result: 'published', publication: { number: 2, hash, ...by }, callers: 2 });
  t.equal(shelf.forNumber('100').hash, hash);
  t.equal(shelf.version(first).hash, first, 'a call that began before goes on with its own');
  t.same(followed, [hash], 'phones and lookups follow at once');
  t.match(facts, [{ type: 'site.published', body: { hash, action: 'published' } }]);
});

t.test('publishing the same again does nothing', async (t) => {
  const { publishing, facts, begin, edit } = await stage(t);
  await begin();
  edit('first');
  t.match(await publishing.publish({ alias: 'live', ...by }), { result: 'unchanged' });
  t.same(facts, []);
  t.equal((await publishing.history(10)).length, 1);
});

t.test('what is broken or does not pass its tests is not published, and is told why', async (t) => {
  const { publishing, shelf, first, begin, spoil } = await stage(t);
  await begin();
  const finding = { file: 'flows/a.yaml', line: 3, col: 1 } as Finding;
  spoil({ result: 'broken', findings: [finding] });
  t.match(await publishing.publish({ alias: 'live', ...by }), { result: 'broken', findings: [finding] });
  spoil({ result: 'untested', failed: [{ file: 'a', line: 1, caller: 'c', failures: ['heard nothing'] }] });
  t.match(await publishing.publish({ alias: 'live', ...by }), { result: 'untested' });
  t.equal(shelf.current().hash, first);
});

t.test('a rollback goes to the version before, or to any that was in force', async (t) => {
  const { publishing, shelf, first, begin, edit } = await stage(t);
  await begin();
  const second = edit('second');
  await publishing.publish({ alias: 'live', ...by });
  edit('third');
  await publishing.publish({ alias: 'live', ...by });
  t.match(await publishing.rollback({ version: null, ...by }), {
    result: 'published',
    publication: { action: 'rolled-back', hash: second },
  });
  t.match(await publishing.rollback({ version: first.slice(0, 8), ...by }), { publication: { hash: first } });
  t.equal(shelf.current().hash, first);
  t.match(await publishing.rollback({ version: 'ffff', ...by }), { result: 'no-version' });
  t.match(await publishing.rollback({ version: '', ...by }), { result: 'ambiguous' });
  t.same(
    (await publishing.history(10)).map(({ action }) => action),
    ['rolled-back', 'rolled-back', 'published', 'published', 'published'],
  );
  t.same((await publishing.files(second))?.files, filesOf('second'));
});

t.test('a test number answers with what is published for testing, until a version goes live', async (t) => {
  const { publishing, shelf, followed, first, begin, edit } = await stage(t);
  await begin();
  t.equal(shelf.forNumber('199').hash, first, 'nothing is being tested');
  const hash = edit('draft');
  t.match(await publishing.publish({ alias: 'test', ...by }), { publication: { alias: 'test' } });
  t.equal(shelf.forNumber('199').hash, hash);
  t.equal(shelf.forNumber('1-99;x').hash, hash, 'however a trunk writes it');
  t.equal(shelf.forNumber('100').hash, first, 'callers notice nothing');
  t.same(followed, []);
  await publishing.publish({ alias: 'live', ...by });
  edit('later');
  await publishing.publish({ alias: 'live', ...by });
  t.equal(shelf.forNumber('199').hash, shelf.current().hash);
});

t.test('a version is built once, however often it comes into force', async (t) => {
  const { publishing, built, first, begin, edit } = await stage(t);
  await begin();
  const hash = edit('draft');
  await publishing.publish({ alias: 'test', ...by });
  t.match(await publishing.publish({ alias: 'live', ...by }), { result: 'published' });
  t.match(await publishing.rollback({ version: first, ...by }), { publication: { hash: first } });
  t.same(built, [hash], 'a call is up with the first one, so it is there');
  edit('first');
  t.match(await publishing.publish({ alias: 'live', ...by }), { result: 'unchanged' });
  t.same(built, [hash]);
});

t.test('versions that nobody uses any more are forgotten, and found in the journal again', async (t) => {
  const { publishing, shelf, first, begin, edit, callsEnd } = await stage(t);
  await begin();
  edit('second');
  await publishing.publish({ alias: 'live', ...by });
  t.ok(shelf.find(first), 'a call is up with it');
  callsEnd();
  edit('third');
  await publishing.publish({ alias: 'live', ...by });
  t.notOk(shelf.find(first));
  t.match(await publishing.rollback({ version: first, ...by }), { result: 'published' });
  t.equal(shelf.current().hash, first);
});

t.test('two publications at once: the second is told to wait', async (t) => {
  const { publishing, begin, edit } = await stage(t);
  await begin();
  edit('second');
  const both = [publishing.publish({ alias: 'live', ...by }), publishing.rollback({ version: null, ...by })];
  t.match(await Promise.all(both), [{ result: 'published' }, { result: 'busy' }]);
});
