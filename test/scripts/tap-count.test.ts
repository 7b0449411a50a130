import t from 'tap';
import { load } from './kit.js';

const { tapCounter, tapFilter } = await load<{
  tapCounter: () => { line(text: string): void; counts(): { passed: number; failed: number } };
  tapFilter: () => (line: string) => boolean;
}>('tap-count.mjs');

function count(text: string): { passed: number; failed: number } {
  const counter = tapCounter();
  for (const line of text.split('\n')) counter.line(line);
  return counter.counts();
}

t.test('sentences are counted, not files and not assertions', async (t) => {
  const text = `TAP version 14
1..1
# Subtest: dist/test/a.test.js
    # Subtest: a caller is heard
        ok 1 - should be equal
        # Subtest: deep
            ok 1 - should be equal
            1..1
        ok 2 - deep # time=2ms
        1..2
    ok 1 - a caller is heard # time=7ms
    # Subtest: a caller is lost
        not ok 1 - should be equal
          ---
          source: |
            not ok 9 - this is text
          ...
        1..1
    not ok 2 - a caller is lost # time=7ms
      ---
      source: |
    not ok 9 - this is text
      ...
    1..2
not ok 1 - dist/test/a.test.js # time=37ms
  ---
  exitCode: 1
  ...`;
  t.same(count(text), { passed: 1, failed: 1 });
});

t.test('a file that crashes outside its sentences is a failure, in a stream or in a block', async (t) => {
  const stream = `# Subtest: dist/test/d.test.js
    1..0 # no tests found
not ok 1 - dist/test/d.test.js # time=10ms
# Subtest: dist/test/e.test.js
    ok 1 - fine
    1..1
ok 2 - dist/test/e.test.js # time=10ms`;
  t.same(count(stream), { passed: 1, failed: 1 });
  const block = `not ok 1 - dist/test/d.test.js # time=10ms {
    ok 1 - fine
    1..1
}
not ok 2 - dist/test/e.test.js # time=10ms {
    not ok 1 - sad
    1..1
}
ok 3 - dist/test/f.test.js # time=10ms {
    ok 1 - fine
    1..1
}`;
  t.same(count(block), { passed: 2, failed: 2 });
});

t.test('what was not run is not counted as passed', async (t) => {
  t.same(count('    ok 1 - later # SKIP\n    ok 2 - some day # TODO\n    ok 3 - now'), {
    passed: 1,
    failed: 0,
  });
});

t.test('a runner that bails out has failed', async (t) => {
  t.same(count('    ok 1 - fine\nBail out! no memory'), { passed: 1, failed: 1 });
});

t.test('a person sees the files, and of failures the diagnosis', async (t) => {
  const lines = [
    '# Subtest: f',
    '    ok 1 - x',
    '    not ok 2 - y',
    '      ---',
    '      diff: z',
    '      ...',
    '    1..2',
    'ok 1 - f',
  ];
  t.same(lines.filter(tapFilter()), [
    '    not ok 2 - y',
    '      ---',
    '      diff: z',
    '      ...',
    'ok 1 - f',
  ]);
});
