import fc from 'fast-check';
import t from 'tap';
import {
  createSimulatedDisk,
  openSimulatedJournal,
  type SimulatedDisk,
  type SimulatedJournal,
  type Timers,
} from '../../src/journal/index.js';
import { createVirtualTimers, makeTurn, silent } from './kit.js';

interface Engine {
  readonly journal: SimulatedJournal;
  /** Steps that the disk has yet to take. */
  readonly steps: { readonly name: string; readonly run: () => void }[];
}

async function startEngine(disk: SimulatedDisk, timers?: Timers): Promise<Engine> {
  const steps: { name: string; run: () => void }[] = [];
  const journal = await openSimulatedJournal({
    disk,
    log: silent,
    ...(timers === undefined ? {} : { timers }),
    schedule: (name, run) => void steps.push({ name, run }),
  });
  return { journal, steps };
}

t.test('an engine killed before the write has lost its turns', async (t) => {
  const disk = createSimulatedDisk();
  const engine = await startEngine(disk);
  void engine.journal.append(makeTurn(1), true);
  t.same(
    engine.steps.map((step) => step.name),
    ['write'],
  );
  const next = await startEngine(disk);
  t.equal(next.journal.recovered.seq, 0);
});

t.test('an engine killed between write and acknowledgement leaves turns that it never knew of', async (t) => {
  const disk = createSimulatedDisk();
  const engine = await startEngine(disk);
  let known = false;
  void engine.journal.append(makeTurn(1), true).then(() => {
    known = true;
  });
  engine.steps.shift()?.run();
  t.same(
    engine.steps.map((step) => step.name),
    ['acknowledge'],
  );
  const next = await startEngine(disk);
  t.equal(next.journal.recovered.seq, 1);
  t.notOk(known);
});

t.test('a write of a killed engine that arrives late is refused', async (t) => {
  const disk = createSimulatedDisk();
  const engine = await startEngine(disk);
  const late = engine.journal.append(makeTurn(1), true);
  const next = await startEngine(disk);
  for (const step of engine.steps.splice(0)) step.run();
  for (const step of engine.steps.splice(0)) step.run();
  await t.rejects(late, { code: 'ONEDOOR_JOURNAL_FENCED' });
  await t.rejects(engine.journal.append(makeTurn(2), true), { code: 'ONEDOOR_JOURNAL_FENCED' });
  t.equal(next.journal.recovered.seq, 0);
});

t.test('turns that come while a commit is under way go together in the next', async (t) => {
  const engine = await startEngine(createSimulatedDisk());
  const order: number[] = [];
  const turns = [1, 2, 3].map((seq) =>
    engine.journal.append(makeTurn(seq), true).then(() => void order.push(seq)),
  );
  t.equal(engine.steps.length, 1);
  for (let step = engine.steps.shift(); step !== undefined; step = engine.steps.shift()) step.run();
  await Promise.all(turns);
  t.same(order, [1, 2, 3]);
});

t.test(
  'whatever point an engine dies at, all that it was told is durable, and nothing is torn',
  async (t) => {
    const acts = fc.constantFrom('turn', 'turn', 'step', 'step', 'step', 'fail', 'mend', 'wait');
    const lives = fc.array(fc.array(acts, { maxLength: 25 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lives, async (lives) => {
        const disk = createSimulatedDisk();
        const known = { acknowledged: 0, lost: 0 };
        for (const life of lives) await live(disk, life, known);
        await live(disk, [], known);
      }),
      { numRuns: 400 },
    );
    t.pass();
  },
);

/** One engine's life, from its takeover to its death after the last act. */
async function live(
  disk: SimulatedDisk,
  acts: readonly string[],
  known: { acknowledged: number; lost: number },
): Promise<void> {
  const timers = createVirtualTimers();
  const { journal, steps } = await startEngine(disk, timers);
  let seq = journal.recovered.seq;
  if (seq < known.acknowledged) throw new Error(`Lost: turn ${known.acknowledged}, found ${seq}.`);
  const count = disk.database.prepare<[], number>('SELECT count(*) FROM event').pluck().get();
  if (count !== seq) throw new Error(`${count} events after turn ${seq}.`);
  const counter = journal.recovered.entities.find((entity) => entity.kind === 'counter');
  if ((counter?.body['value'] ?? 0) !== seq) throw new Error(`Torn at turn ${seq}.`);
  for (const act of acts) {
    if (act === 'turn') {
      const mine = ++seq;
      const entities = [{ kind: 'counter' as const, id: 'turns', body: { value: mine } }];
      journal.append(makeTurn(mine, { entities }), true).then(
        () => {
          known.acknowledged = Math.max(known.acknowledged, mine);
        },
        () => {
          known.lost++;
        },
      );
    } else if (act === 'step') steps.shift()?.run();
    else if (act === 'wait') timers.advance(600);
    else disk.failure = act === 'fail' ? 'the disk is full' : null;
    await Promise.resolve();
    await Promise.resolve();
  }
  disk.failure = null;
}
