import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { type Fault, openJournal, type OwnedJournal, type ReserveMedium } from '../../src/journal/index.js';
import { openRecords } from '../../src/records/index.js';
import { makeTurn, silent, tempFolder, until } from './kit.js';

const limits = { slowMs: 150, probeMs: 10, stalledMs: 400 };

/** A turn that needs new pages, so that a store that may not grow refuses it. */
const makeBulk = (seq: number) =>
  makeTurn(seq, {
    personal: [{ contact: `call-${seq}`, key: 'text', class: 'text', body: 'x'.repeat(20_000) }],
  });

async function openFaulty(folder: string, reserve?: ReserveMedium): Promise<OwnedJournal> {
  return openJournal({
    folder,
    log: silent,
    limits,
    faults: true,
    reserveSize: 1 << 20,
    ...(reserve === undefined ? {} : { reserve }),
  });
}

/** Holds the next commit until it is opened. */
function createGate(): { readonly fault: Fault; open(): void } {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  return {
    fault: { gate },
    open() {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    },
  };
}

/** Turns of the store, once it has caught up. */
async function eventTurns(journal: OwnedJournal, folder: string): Promise<number[]> {
  await until(() => journal.state === 'normal', 'a normal journal');
  const records = openRecords(folder);
  const events = await records.events({});
  await records.close();
  return events.map((event) => event.turn);
}

t.test(
  'a disk that stands still: turns go on through the reserve, and into the store when it moves again',
  async (t) => {
    const folder = tempFolder();
    const journal = await openFaulty(folder);
    const states: string[] = [];
    journal.onState((state) => void states.push(state));
    await journal.append(makeTurn(1), true);
    const gate = createGate();
    await journal.inject(gate.fault);
    await Promise.all([journal.append(makeTurn(2), true), journal.append(makeTurn(3), false)]);
    t.equal(journal.state, 'degraded');
    await journal.append(makeTurn(4), true);
    gate.open();
    await until(() => journal.state === 'normal', 'a normal journal');
    t.same(states, ['degraded', 'normal']);
    await journal.append(makeTurn(5), true);
    t.same(await eventTurns(journal, folder), [1, 2, 3, 4, 5]);
    await journal.close();
  },
);

t.test('an engine killed while its disk stands still: the next one replays the reserve', async (t) => {
  const folder = tempFolder();
  const journal = await openFaulty(folder);
  await journal.append(makeTurn(1), true);
  const gate = createGate();
  await journal.inject(gate.fault);
  for (let seq = 2; seq <= 6; seq++) await journal.append(makeTurn(seq), true);
  t.equal(journal.state, 'degraded');

  const next = await openFaulty(folder);
  t.equal(next.recovered.seq, 6);
  t.equal(next.recovered.entities.length, 6);
  await next.append(makeTurn(7), true);

  await t.test('and the first one, when it wakes, writes nothing more', async (t) => {
    const late = journal.append(makeTurn(7), true);
    gate.open();
    await t.rejects(late, { code: 'ONEDOOR_JOURNAL_FENCED' });
    await journal.close();
    t.same(await eventTurns(next, folder), [1, 2, 3, 4, 5, 6, 7]);
  });
  await next.close();
});

t.test('a full disk: turns go on through the reserve, and all is normal once there is space', async (t) => {
  const folder = tempFolder();
  const journal = await openFaulty(folder);
  await journal.append(makeTurn(1), true);
  await journal.inject({ fullAt: 2 });
  for (let seq = 2; seq <= 12; seq++) await journal.append(makeBulk(seq), true);
  t.equal(journal.state, 'degraded');
  await journal.inject({});
  await until(() => journal.state === 'normal', 'a normal journal');
  await journal.append(makeTurn(13), true);
  t.same(
    await eventTurns(journal, folder),
    Array.from({ length: 13 }, (_, index) => index + 1),
  );
  await journal.close();
});

t.test('a reserve that was used and emptied takes turns again', async (t) => {
  const folder = tempFolder();
  const journal = await openFaulty(folder);
  let seq = 0;
  for (let round = 0; round < 3; round++) {
    await journal.inject({ fullAt: 1 });
    for (let n = 0; n < 5; n++) await journal.append(makeBulk(++seq), true);
    t.equal(journal.state, 'degraded');
    await journal.inject({});
    await until(() => journal.state === 'normal', 'a normal journal');
  }
  await journal.close();
  const next = await openFaulty(folder);
  t.equal(next.recovered.seq, 15);
  await next.close();
});

t.test('a store whose thread dies is given a new one', async (t) => {
  const folder = tempFolder();
  const journal = await openFaulty(folder);
  await journal.inject({ dieAt: 2 });
  for (let seq = 1; seq <= 5; seq++) await journal.append(makeTurn(seq), true);
  await until(() => journal.state === 'normal', 'a normal journal');
  t.same(await eventTurns(journal, folder), [1, 2, 3, 4, 5]);
  await journal.close();
});

t.test('with neither store nor reserve turns wait, and are written when the store is back', async (t) => {
  const folder = tempFolder();
  const broken: ReserveMedium = {
    size: 1 << 20,
    write: (_offset, _bytes, done) => done(new Error('EIO')),
    close: () => Promise.resolve(),
  };
  const journal = await openFaulty(folder, broken);
  const gate = createGate();
  await journal.inject(gate.fault);
  const waits = [journal.append(makeTurn(1), true), journal.append(makeTurn(2), true)];
  await until(() => journal.state === 'stalled', 'a stalled journal');
  waits.push(journal.append(makeTurn(3), true));
  gate.open();
  await Promise.all(waits);
  t.same(await eventTurns(journal, folder), [1, 2, 3]);
  await journal.close();
});

t.test('with neither store nor reserve a journal that is closed says what it loses', async (t) => {
  const journal = await openFaulty(tempFolder(), {
    size: 1 << 20,
    write: (_offset, _bytes, done) => done(new Error('EIO')),
    close: () => Promise.resolve(),
  });
  const gate = createGate();
  await journal.inject(gate.fault);
  const waits = journal.append(makeTurn(1), true);
  await until(() => journal.state === 'stalled', 'a stalled journal');
  const closed = journal.close();
  await t.rejects(waits, { code: 'ONEDOOR_JOURNAL_LOST' });
  gate.open();
  await closed;
});

t.test('a store that is damaged while it runs is waited for only as long as the reserve lasts', async (t) => {
  const folder = tempFolder();
  const journal = await openFaulty(folder);
  await journal.append(makeTurn(1), true);
  const database = new Sqlite(join(folder, 'journal.db'));
  database.exec('DROP TABLE event');
  database.close();
  await journal.inject({});
  await journal.append(makeTurn(2), true);
  t.equal(journal.state, 'degraded');
  const lost = (async () => {
    for (let seq = 3; seq < 200; seq++) await journal.append(makeBulk(seq), true);
  })();
  await t.rejects(lost, { code: 'ONEDOOR_JOURNAL_LOST' });
  await journal.close();
});

t.test(
  'what is erased while only the reserve works is erased in the store, and does not come back',
  async (t) => {
    const folder = tempFolder();
    const journal = await openFaulty(folder);
    await journal.inject({ fullAt: 1 });
    await journal.append(makeBulk(1), true);
    await journal.append(makeBulk(2), true);
    t.equal(journal.state, 'degraded');
    await journal.append(makeTurn(3, { erased: ['call-1'] }), true);
    await journal.inject({});
    await until(() => journal.state === 'normal', 'a normal journal');
    const records = openRecords(folder);
    t.same(await records.personal('call-1'), {});
    t.same(Object.keys(await records.personal('call-2')), ['text']);
    await records.close();
    await journal.close();
    const next = await openFaulty(folder);
    await next.close();
    const file = new Sqlite(join(folder, 'journal.db'), { readonly: true });
    t.same(file.prepare('SELECT contact FROM personal').pluck().all(), ['call-2']);
    file.close();
  },
);
