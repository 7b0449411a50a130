import { join } from 'node:path';
import t from 'tap';
import type { JsonObject } from '../../src/base/index.js';
import {
  createSimulatedDisk,
  openJournal,
  openSimulatedJournal,
  type Turn,
} from '../../src/journal/index.js';
import {
  allEvents,
  openRecords,
  type RecordFold,
  readSimulated,
  rebuildRecords,
} from '../../src/records/index.js';
import { makeEvent, makeTurn, silent, tempFolder } from '../journal/kit.js';

interface Told {
  readonly status?: string;
  readonly language?: string;
  readonly kind?: string;
}

/** A call that came, said its number, and left a contact and a case. */
function makeCall(seq: number, { status = 'closed', language = 'ar', kind = 'enquiry' }: Told = {}): Turn {
  const at = 1_000_000 + seq;
  const contact = `call-${seq}`;
  const caseBody = {
    id: `case-${seq}`,
    status,
    language,
    kind,
    reference: `0000${seq}`,
    outcome: 'answered',
  };
  return makeTurn(seq, {
    events: [makeEvent(contact, { type: 'case.opened', body: caseBody })],
    entities: [],
    personal: [{ contact, key: 'caller.number', class: 'number', body: '+97180077222' }],
    records: [
      {
        kind: 'contact',
        id: contact,
        version: 1,
        at,
        case: `case-${seq}`,
        body: { id: contact, language, outcome: 'answered', number: '80077222' },
      },
      { kind: 'case', id: `case-${seq}`, version: 1, at, case: `case-${seq}`, body: caseBody },
    ],
  });
}

const ids = (page: { readonly records: readonly JsonObject[] }) => page.records.map((record) => record['id']);

t.test('records of a journal', async (t) => {
  const folder = tempFolder();
  const journal = await openJournal({ folder, log: silent, reserveSize: 1 << 20 });
  const records = openRecords(folder);
  t.teardown(async () => {
    await records.close();
    await journal.close();
  });
  const told: Told[] = [
    {},
    { status: 'received', kind: 'complaint' },
    { language: 'en' },
    { status: 'received', language: 'en' },
    {},
  ];
  for (const [index, its] of told.entries()) await journal.append(makeCall(index + 1, its), true);

  await t.test('a turn that was acknowledged can be read at once', async (t) => {
    for (let seq = 6; seq <= 30; seq++) {
      await journal.append(makeCall(seq), true);
      t.equal((await records.one('contact', `call-${seq}`))?.['id'], `call-${seq}`);
    }
  });

  await t.test('lists are newest first, page by page, each record once', async (t) => {
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const page = await records.page('contact', {}, 7, after);
      seen.push(...ids(page));
      after = page.next;
    } while (after !== null);
    t.same(
      seen,
      Array.from({ length: 30 }, (_, index) => `call-${30 - index}`),
    );
  });

  await t.test('a page is never longer than 1000 and never empty by its limit', async (t) => {
    t.equal((await records.page('case', {}, 0, null)).records.length, 1);
    t.equal((await records.page('case', {}, 5_000, null)).records.length, 30);
  });

  await t.test('filters narrow a list', async (t) => {
    t.same(ids(await records.page('case', { status: 'received' }, 10, null)), ['case-4', 'case-2']);
    t.same(ids(await records.page('case', { status: 'received', kind: 'complaint' }, 10, null)), ['case-2']);
    t.same(ids(await records.page('case', { reference: '00003' }, 10, null)), ['case-3']);
    t.same(ids(await records.page('contact', { case: 'case-9' }, 10, null)), ['call-9']);
    t.same(ids(await records.page('contact', { language: 'en' }, 10, null)), ['call-4', 'call-3']);
    t.same(ids(await records.page('contact', { since: 1_000_002, until: 1_000_004 }, 10, null)), [
      'call-3',
      'call-2',
    ]);
    t.equal(
      (await records.page('case', { status: 'closed', outcome: 'answered' }, 100, null)).records.length,
      28,
    );
    t.same(ids(await records.page('case', { outcome: "x' OR 1=1 --" }, 10, null)), []);
  });

  await t.test('personal data comes only when it is asked for', async (t) => {
    const [plain] = (await records.page('contact', {}, 1, null)).records;
    t.notOk(JSON.stringify(plain).includes('+97180077222'));
    const [whole] = (await records.page('contact', {}, 1, null, { withPersonal: true })).records;
    t.same(whole?.['personal'], { 'caller.number': '+97180077222' });
    t.same(await records.personal('call-2'), { 'caller.number': '+97180077222' });
  });

  await t.test('a place that never was is refused', async (t) => {
    await t.rejects(records.page('case', {}, 10, 'nowhere'), { code: 'ONEDOOR_RECORDS_CURSOR' });
  });

  await t.test('a record shows its newest version', async (t) => {
    const [contact] = makeCall(31).records;
    if (contact === undefined) throw new Error('No contact.');
    const write = (version: number) => ({ ...contact, version, body: { id: contact.id, version } });
    await journal.append(makeTurn(31, { records: [write(2)] }), true);
    await journal.append(makeTurn(32, { records: [write(1)] }), true);
    t.same(await records.one('contact', contact.id), { id: contact.id, version: 2 });
  });

  await t.test('events of a subject come in order', async (t) => {
    const events = await records.events({ subject: 'call-3' });
    t.same(
      events.map((event) => [event.turn, event.type]),
      [[3, 'case.opened']],
    );
    t.same(await records.events({ subject: 'nobody' }), []);
    t.equal((await records.events({ after: 2, limit: 3 }))[0]?.turn, 3);
  });

  await t.test('records recompute from the event log, and erasing changes none', async (t) => {
    const fold: RecordFold<JsonObject[]> = {
      apply: (cases, event) => (event.type === 'case.opened' ? [...cases, event.body] : cases),
      records: (cases) => cases.map((body) => ({ kind: 'case', id: body['id'] as string, body })),
    };
    await journal.append(makeTurn(33, { events: [], entities: [], erased: ['call-2'] }), true);
    t.same(await records.personal('call-2'), {});
    const rebuilt = await rebuildRecords(allEvents(records), [], fold);
    t.equal(rebuilt.size, 30);
    for (const [key, body] of rebuilt) t.same(await records.one('case', key.replace('case ', '')), body);
  });

  await t.test('what is there no more is null', async (t) => {
    t.equal(await records.one('case', 'case-999'), null);
  });
});

t.test('records of a folder without a journal say so', async (t) => {
  const records = openRecords(join(tempFolder(), 'nothing'));
  await t.rejects(records.one('case', 'case-1'), { code: 'ONEDOOR_RECORDS_READ' });
  await records.close();
});

t.test('a simulated disk is read like a real one', async (t) => {
  const disk = createSimulatedDisk();
  const journal = await openSimulatedJournal({ disk, log: silent, schedule: (_step, run) => run() });
  await journal.append(makeCall(1), true);
  const records = readSimulated(disk);
  t.same(ids(await records.page('contact', {}, 10, null)), ['call-1']);
  t.same(await records.personal('call-1'), { 'caller.number': '+97180077222' });
  await records.close();
  await journal.close();
});

t.test('open cases are found by their index, however many are closed', async (t) => {
  const plan = createSimulatedDisk()
    .database.prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM record INDEXED BY case_open
       WHERE kind = 'case' AND json_extract(body, '$.status') = 'received'
         AND json_extract(body, '$.status') <> 'closed' ORDER BY at DESC, id DESC LIMIT 10`,
    )
    .all() as { detail: string }[];
  t.match(plan[0]?.detail, /USING INDEX case_open/);
  t.notOk(plan.some((step) => step.detail.includes('TEMP B-TREE')));
});
