import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { pino } from 'pino';
import t from 'tap';
import { asSiteHash } from '../../src/base/index.js';
import { openJournal, type OwnedJournal } from '../../src/journal/index.js';
import { format } from '../../src/journal/schema.js';
import { makeTurn, silent, tempFolder } from './kit.js';

const open = (folder: string): Promise<OwnedJournal> =>
  openJournal({ folder, log: silent, reserveSize: 1 << 16 });

async function makeJournal(folder: string, turns: number): Promise<void> {
  const journal = await open(folder);
  for (let seq = 1; seq <= turns; seq++) await journal.append(makeTurn(seq), true);
  await journal.close();
}

/** Overwrites what is in the middle of a file. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 100);
  writeFileSync(file, bytes);
}

const publicationOf = (hash: string, at: number) =>
  ({ alias: 'live', action: 'published', hash: asSiteHash(hash), at, who: 'me', why: 'so' }) as const;

t.test('each owner has a higher epoch, and an older one is refused', async (t) => {
  const folder = tempFolder();
  const first = await open(folder);
  await first.append(makeTurn(1), true);
  const second = await open(folder);
  t.ok(second.recovered.epoch > first.recovered.epoch);
  await t.rejects(first.append(makeTurn(2), true), { code: 'ONEDOOR_JOURNAL_FENCED' });
  await t.rejects(first.publish({}, publicationOf('abc', 1)), {
    code: 'ONEDOOR_JOURNAL_FENCED',
  });
  await second.append(makeTurn(2), true);
  await first.close();
  await second.close();
});

t.test('a journal of a newer engine is refused and left as it is', async (t) => {
  const folder = tempFolder();
  await makeJournal(folder, 1);
  const file = join(folder, 'journal.db');
  const database = new Sqlite(file);
  database.pragma(`user_version = ${format + 1}`);
  database.close();
  await t.rejects(open(folder), {
    code: 'ONEDOOR_JOURNAL_NEWER',
    fields: { folder, found: format + 1, known: format },
  });
  t.same(
    readdirSync(folder).filter((name) => name.includes('damaged')),
    [],
  );
});

t.test('a folder that cannot be written is said to be so', async (t) => {
  const folder = join(tempFolder(), 'journal');
  writeFileSync(folder, 'a file');
  await t.rejects(open(folder), { code: 'ONEDOOR_JOURNAL_UNWRITABLE' });
});

t.test('a damaged journal without a backup is set aside, loudly, and a new one begins', async (t) => {
  const folder = tempFolder();
  await makeJournal(folder, 20);
  damage(join(folder, 'journal.db'));
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const journal = await openJournal({ folder, log, reserveSize: 1 << 16 });
  t.equal(journal.recovered.seq, 0);
  t.equal(journal.recovered.epoch, 2, 'epochs go on');
  await journal.append(makeTurn(1), true);
  await journal.close();
  t.match(lines.join(''), /set aside/);
  t.equal(readdirSync(folder).filter((name) => name.startsWith('journal.db.damaged-')).length, 1);
});

t.test('a file that is no database at all is set aside', async (t) => {
  const folder = tempFolder();
  writeFileSync(
    join(folder, 'journal.db'),
    'not a database, and longer than a header of one hundred bytes'.repeat(9),
  );
  const journal = await open(folder);
  t.equal(journal.recovered.seq, 0);
  await journal.close();
});

t.test('of a damaged journal the newest good backup is restored', async (t) => {
  const folder = tempFolder();
  const backups = join(folder, 'backups');
  const journal = await open(folder);
  for (let seq = 1; seq <= 9; seq++) {
    await journal.append(makeTurn(seq), true);
    if (seq % 3 === 0) await journal.backup(join(backups, `2026-01-0${seq}.db`));
  }
  await journal.close();
  damage(join(folder, 'journal.db'));
  damage(join(backups, '2026-01-09.db'));
  const next = await open(folder);
  t.equal(next.recovered.seq, 6);
  t.equal(next.recovered.entities.length, 6);
  t.equal(next.recovered.epoch, 2);
  await next.append(makeTurn(7), true);
  await next.close();
});

t.test('a backup is taken beside turns that go on', async (t) => {
  const folder = tempFolder();
  const journal = await open(folder);
  await journal.append(makeTurn(1), true);
  const backup = journal.backup(join(folder, 'backups', 'one.db'));
  for (let seq = 2; seq <= 20; seq++) await journal.append(makeTurn(seq), true);
  await backup;
  await journal.close();
  const copy = new Sqlite(join(folder, 'backups', 'one.db'), { readonly: true });
  t.equal(copy.pragma('integrity_check', { simple: true }), 'ok');
  const seq = copy.prepare<[], number>('SELECT seq FROM meta').pluck().get() ?? 0;
  t.equal(copy.prepare('SELECT count(*) FROM event').pluck().get(), seq);
  copy.close();
});

t.test('a check finds nothing in a sound journal', async (t) => {
  const folder = tempFolder();
  const journal = await open(folder);
  await journal.append(makeTurn(1), true);
  t.equal(await journal.check(), null);
  await journal.close();
});

t.test('a check that finds damage has the next start restore a backup', async (t) => {
  const folder = tempFolder();
  await makeJournal(folder, 50);
  const file = join(folder, 'journal.db');
  const bytes = readFileSync(file);
  // A page that a start does not read.
  const database = new Sqlite(file, { readonly: true });
  const root = database.prepare<[], number>(
    "SELECT rootpage FROM sqlite_master WHERE name = 'event_by_subject'",
  );
  const page = root.pluck().get() ?? 0;
  database.close();
  bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(file, bytes);

  const journal = await open(folder);
  t.equal(journal.recovered.seq, 50);
  t.type(await journal.check(), 'string');
  await journal.close();
  t.ok(existsSync(join(folder, 'damaged')));
  const next = await open(folder);
  t.equal(next.recovered.seq, 0);
  t.notOk(existsSync(join(folder, 'damaged')));
  await next.close();
});

t.test('site versions are found by hash, and publications say what was in force', async (t) => {
  const folder = tempFolder();
  const journal = await open(folder);
  t.same(await journal.publications({ limit: 9 }), []);
  const one = { hash: 'one' as never, at: 1, files: { 'onedoor.yaml': 'onedoor: 1\n' } };
  const two = { hash: 'two' as never, at: 2, files: { 'onedoor.yaml': 'onedoor: 1 # ٢\n' } };
  t.match(await journal.publish(one.files, publicationOf('one', 1)), { number: 1, hash: 'one' });
  await journal.publish(two.files, { ...publicationOf('two', 2), alias: 'test' });
  t.same(await journal.site(one.hash), one);
  t.equal(await journal.site('three' as never), null);
  await journal.publish(one.files, { ...publicationOf('one', 3), action: 'rolled-back' });
  t.match(await journal.site(one.hash), { at: 1 }, 'stored once');
  t.match(await journal.publications({ limit: 2 }), [
    { number: 3, hash: 'one', action: 'rolled-back', who: 'me', why: 'so' },
    { number: 2, hash: 'two', alias: 'test' },
  ]);
  t.match(await journal.publications({ alias: 'test', limit: 1 }), [{ number: 2 }]);
  await journal.close();
});

t.test('personal data goes when its time is over, and by request, and nothing else does', async (t) => {
  const folder = tempFolder();
  mkdirSync(folder, { recursive: true });
  const journal = await openJournal({
    folder,
    log: silent,
    reserveSize: 1 << 16,
    retention: { digits: 1, number: 10, recording: 5 },
  });
  const secret = 'Number-0501234567-of-a-caller';
  for (let seq = 1; seq <= 3; seq++)
    await journal.append(
      makeTurn(seq, {
        personal: [
          { contact: `call-${seq}`, key: 'caller.number', class: 'number', body: secret },
          { contact: `call-${seq}`, key: 'keyed.1', class: 'digits', body: '123456' },
          { contact: `call-${seq}`, key: 'recording.1', class: 'recording', body: `sound-${seq}` },
        ],
      }),
      true,
    );
  const forgotten: string[] = [];
  const forget = async (recordings: readonly string[]) => {
    forgotten.push(...recordings);
    return new Set(recordings.filter((name) => name === 'sound-2'));
  };
  const day = 86_400_000;
  t.equal(await journal.expire(1_000_000, forget), 0);
  t.equal(await journal.expire(1_000_003 + day, forget), 3);
  t.same(forgotten, []);
  t.equal(await journal.expire(1_000_003 + 5 * day, forget), 2, 'a name stays while its sound cannot go');
  t.same([...new Set(forgotten)].sort(), ['sound-1', 'sound-2', 'sound-3']);
  t.equal(await journal.expire(1_000_003 + 5 * day, async () => new Set()), 1);
  await journal.append(makeTurn(4, { erased: ['call-1'] }), true);
  t.equal(await journal.expire(1_000_003 + 10 * day, forget), 2);
  const file = new Sqlite(join(folder, 'journal.db'), { readonly: true });
  t.equal(file.prepare('SELECT count(*) FROM event').pluck().get(), 4);
  file.close();
  await journal.close();
});

t.test('what was erased is in no file of the journal any more', async (t) => {
  const folder = tempFolder();
  const journal = await open(folder);
  const secret = 'Number-0501234567-of-a-caller';
  await journal.append(
    makeTurn(1, { personal: [{ contact: 'call-1', key: 'caller.number', class: 'number', body: secret }] }),
    true,
  );
  const holds = () =>
    readdirSync(folder)
      .filter((name) => readFileSync(join(folder, name)).includes(secret))
      .sort();
  t.not(holds().length, 0);
  // The call held it too while it lived, at more length and at less.
  let seq = 1;
  for (const repeated of [400, 3_000, 10, 900]) {
    const body = { told: secret.repeat(repeated) };
    await journal.append(makeTurn(++seq, { entities: [{ kind: 'call', id: 'call-1', body }] }), true);
  }
  await journal.append(makeTurn(++seq, { entities: [{ kind: 'call', id: 'call-1', body: null }] }), true);
  await journal.append(makeTurn(++seq, { entities: [], erased: ['call-1'] }), true);
  // Answered when the write-ahead log has been emptied.
  await journal.publications({ limit: 1 });
  t.same(holds(), []);
  await journal.close();
});
