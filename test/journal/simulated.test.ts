import fc from 'fast-check';
import t from 'tap';
import {
  createSimulatedDisk,
  openSimulatedJournal,
  type SimulatedDisk,
  type SimulatedJournal,
} from '../../src/journal/index.js';
import { makeTurn, silent } from './kit.js';

interface Engine {
  readonly journal: SimulatedJournal;
  /** Steps that the disk has yet to take. */
  readonly steps: { readonly name: string; readonly run: () => void }[];
}

async function startEngine(disk: SimulatedDisk): Promise<Engine> {
  const steps: { name: string; run: () => void }[] = [];
  const journal = await openSimulatedJournal({
    disk,
    log: silent,
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
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom('turn', 'step', 'fail', 'mend'), { maxLength: 12 }), {
          maxLength: 6,
        }),
        async (lives) => {
          const disk = createSimulatedDisk();
          let acknowledged = 0;
          for (const life of lives) {
            const { journal, steps } = await startEngine(disk);
            let seq = journal.recovered.seq;
            if (seq < acknowledged) throw new Error(`Lost: turn ${acknowledged}, found ${seq}.`);
            const counter = journal.recovered.entities.find((entity) => entity.kind === 'counter');
            if ((counter?.body['value'] ?? 0) !== seq) throw new Error(`Torn at turn ${seq}.`);
            for (const act of life) {
              if (act === 'turn') {
                const mine = ++seq;
                journal
                  .append(
                    makeTurn(mine, { entities: [{ kind: 'counter', id: 'turns', body: { value: mine } }] }),
                    true,
                  )
                  .then(
                    () => {
                      acknowledged = Math.max(acknowledged, mine);
                    },
                    (error: unknown) => {
                      throw error;
                    },
                  );
              } else if (act === 'step') steps.shift()?.run();
              else disk.failure = act === 'fail' ? 'the disk is full' : null;
              await Promise.resolve();
              await Promise.resolve();
            }
          }
        },
      ),
      { numRuns: 500 },
    );
    t.pass();
  },
);
