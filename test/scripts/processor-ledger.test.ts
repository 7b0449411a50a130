import t from 'tap';
import { load } from './kit.js';

interface Process {
  readonly parent: number;
  readonly began: number;
  readonly usedMs: number;
}

const { readStat, processorLedger } = await load<{
  readStat: (text: string) => Process;
  processorLedger: (add: (owner: string, usedMs: number) => void) => {
    readonly look: (now: ReadonlyMap<number, Process>, owners: ReadonlyMap<number, string>) => void;
  };
}>('processor-ledger.mjs');

/** Looks at processes, again and again, and tells who has used how much. */
function ledger() {
  const used: Record<string, number> = {};
  const { look } = processorLedger((owner, usedMs) => {
    used[owner] = (used[owner] ?? 0) + usedMs;
  });
  return {
    used,
    /** @param processes id: [parent, usedMs, began] */
    look: (
      processes: Readonly<Record<number, readonly [number, number, number?]>>,
      owners: Readonly<Record<number, string>>,
    ) =>
      look(
        new Map(
          Object.entries(processes).map(([id, [parent, usedMs, began = Number(id)]]) => [
            Number(id),
            { parent, usedMs, began },
          ]),
        ),
        new Map(Object.entries(owners).map(([id, owner]) => [Number(id), owner])),
      ),
  };
}

t.test('a line of the kernel is read, whatever the program is called', async (t) => {
  const line = '77 (a ) b (c) R 12 77 77 0 -1 4194304 1 2 3 4 100 20 3 4 20 0 11 0 5555 1 1';
  t.same(readStat(line), { parent: 12, began: 5555, usedMs: 1_270 });
});

t.test('what was used before anybody looked is left out', async (t) => {
  const { look, used } = ledger();
  look({ 10: [1, 5_000] }, { 10: 'runner' });
  look({ 10: [1, 5_300] }, { 10: 'runner' });
  t.same(used, { runner: 300 });
});

t.test('a process and those that it begins use it for their file; strangers for nobody', async (t) => {
  const { look, used } = ledger();
  look({ 10: [1, 0] }, { 10: 'runner' });
  look({ 10: [1, 10], 20: [10, 100], 21: [20, 40], 90: [1, 999] }, { 10: 'runner', 20: 'calls' });
  t.same(used, { runner: 10, calls: 140 });
});

t.test('a child that is waited for is counted once', async (t) => {
  const { look, used } = ledger();
  look({ 10: [1, 0] }, { 10: 'runner' });
  look({ 10: [1, 0], 20: [10, 100], 21: [20, 40] }, { 10: 'runner', 20: 'calls' });
  // Its 45 ms come again by its parent, which did 5 ms of its own.
  look({ 10: [1, 0], 20: [10, 150] }, { 10: 'runner', 20: 'calls' });
  t.same(used, { runner: 0, calls: 150 });
});

t.test('an exchange that outlives its parent works on for the file that began it', async (t) => {
  const { look, used } = ledger();
  look({ 10: [1, 0] }, { 10: 'runner' });
  look({ 10: [1, 0], 20: [10, 100], 21: [20, 40] }, { 10: 'runner', 20: 'calls' });
  look({ 10: [1, 100], 21: [1, 70] }, { 10: 'runner' });
  t.same(used, { runner: 0, calls: 170 });
});

t.test(
  'a process that goes from file to file counts for each; an id that comes again is another',
  async (t) => {
    const { look, used } = ledger();
    look({ 10: [1, 0] }, { 10: 'runner' });
    look({ 10: [1, 0], 20: [10, 100] }, { 10: 'runner', 20: 'first' });
    look({ 10: [1, 0], 20: [10, 160], 21: [20, 30] }, { 10: 'runner', 20: 'second' });
    look({ 10: [1, 160], 20: [10, 7, 999] }, { 10: 'runner' });
    t.same(used, { runner: 7, first: 100, second: 90 });
  },
);
