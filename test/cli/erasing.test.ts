/** Personal data that is deleted by request, or because its time is over, with the sound of its recordings. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createLog, type JsonObject } from '../../src/base/index.js';
import { erasing } from '../../src/cli/erasing.js';
import { recordedSound } from '../../src/cli/recorded-sound.js';
import { keepRetention } from '../../src/cli/retention.js';
import { createSimulatedDisk, openSimulatedJournal } from '../../src/journal/index.js';
import { readSimulated } from '../../src/records/index.js';

const log = createLog('silent');
const day = 86_400_000;

/** A journal with two contacts, each with a number and a complaint by voice. */
async function stage(t: Test) {
  const folder = t.testdir();
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  const journal = await openSimulatedJournal({ disk, log, schedule: (_step, run) => run() });
  let seq = 0;
  for (const contact of ['call-1', 'call-2']) {
    const body: JsonObject = {
      id: contact,
      recordings: [{ name: 'complaint', recording: `${contact}-r1`, ms: 9 }],
    };
    seq += 1;
    await journal.append(
      {
        seq,
        at: seq,
        events: [{ type: 'call.ended', version: 1, subject: contact, body: {} }],
        entities: [],
        personal: [
          { contact, key: 'caller.number', class: 'number', body: '+96891234567' },
          { contact, key: 'recording.complaint.1', class: 'recording', body: `${contact}-r1` },
        ],
        records: [{ kind: 'contact', id: contact, version: 1, at: seq, case: 'case-1', body }],
      },
      true,
    );
    writeFileSync(join(folder, `${contact}-r1.wav`), 'sound');
  }
  const records = readSimulated(disk);
  const sound = recordedSound(folder, log);
  const desk = erasing({
    records,
    sound,
    switchboard: {
      erase: (contact, told) => {
        seq += 1;
        const event = { type: 'personal.erased', version: 1, subject: contact, body: told };
        return journal.append(
          { seq, at: seq, events: [event], entities: [], personal: [], records: [], erased: [contact] },
          false,
        );
      },
    },
  });
  return { folder, journal, records, sound, desk };
}

const by = { who: 'Salma', why: 'asked for by letter' };

t.test('an erased contact leaves its record, its events and the fact that it was erased', async (t) => {
  const { desk, records, folder } = await stage(t);
  const before = await records.one('contact', 'call-1');
  t.same(await desk.erase({ contact: 'call-1', ...by }), { values: 2, recordings: 1 });
  t.same(await records.personal('call-1'), {});
  t.same(await records.one('contact', 'call-1'), before);
  t.match(await records.events({ subject: 'call-1' }), [
    { type: 'call.ended' },
    { type: 'personal.erased', body: { values: 2, recordings: 1, ...by } },
  ]);
  t.same(readdirSync(folder), ['call-2-r1.wav'], 'and nobody else is touched');
  t.equal(Object.keys(await records.personal('call-2')).length, 2);
});

t.test('erasing again finds nothing, and says nothing more', async (t) => {
  const { desk, records } = await stage(t);
  await desk.erase({ contact: 'call-1', ...by });
  t.same(await desk.erase({ contact: 'call-1', ...by }), { values: 0, recordings: 0 });
  t.equal((await records.events({ subject: 'call-1' })).length, 2);
});

t.test('a contact that is not there, or not over, is told', async (t) => {
  const { desk } = await stage(t);
  t.equal(await desk.erase({ contact: 'call-9', ...by }), null);
});

t.test(
  'where the sound cannot be deleted nothing is, and the names are still there to ask again',
  async (t) => {
    const { desk, records, folder } = await stage(t);
    const file = join(folder, 'call-1-r1.wav');
    await recordedSound(folder, log).remove(['call-1-r1']);
    mkdirSync(join(file, 'in the way'), { recursive: true });
    await t.rejects(desk.erase({ contact: 'call-1', ...by }), { code: 'ONEDOOR_CLI_RECORDING' });
    t.equal(Object.keys(await records.personal('call-1')).length, 2);
    t.equal((await records.events({ subject: 'call-1' })).length, 1);
  },
);

t.test('a recording whose time is over goes with its sound; what is kept longer stays', async (t) => {
  const { journal, records, sound, folder } = await stage(t);
  const mine = join(folder, 'call-1-r1.wav');
  let at = 90 * day;
  const expire = (): Promise<number> => journal.expire(at, (names) => sound.forget(names));
  t.equal(await expire(), 0);
  t.ok(existsSync(mine));
  at += 1;
  t.equal(await expire(), 1);
  t.notOk(existsSync(mine));
  t.same(await records.personal('call-1'), { 'caller.number': '+96891234567' });
  t.ok(existsSync(join(folder, 'call-2-r1.wav')));
});

t.test('an engine that starts deletes at once what is overdue', async (t) => {
  const { journal, records, sound, folder } = await stage(t);
  let over = (): void => undefined;
  const expired = new Promise<void>((resolve) => {
    over = resolve;
  });
  const watched = {
    expire: async (...asked: Parameters<typeof journal.expire>): Promise<number> => {
      const count = await journal.expire(...asked);
      over();
      return count;
    },
  };
  const retention = keepRetention(watched, sound, () => 400 * day, log);
  await expired;
  retention.stop();
  t.same(await records.personal('call-1'), {});
  t.same(readdirSync(folder), []);
});
