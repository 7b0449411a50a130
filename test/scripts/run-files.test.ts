import { join } from 'node:path';
import t, { type Test } from 'tap';
import { load, writeTree } from './kit.js';

const { runTestFiles } = await load<{
  runTestFiles: (
    queues: {
      readonly waiting: readonly string[];
      readonly computing: readonly string[];
      readonly alone: ReadonlySet<string>;
    },
    options: {
      readonly jobs: number;
      readonly limitMs: number;
      readonly cwd: string;
      readonly say: (line: string) => void;
    },
  ) => Promise<void>;
}>('run-files.mjs');
const { tapCounter } = await load<{
  tapCounter: () => { line(text: string): void; counts(): { passed: number; failed: number } };
}>('tap-count.mjs');

const tap = "import t from 'tap';\n";
const sound = (name: string): string => `${tap}t.test('${name} of ' + process.pid, async (t) => t.pass());`;

/** Runs files, one after another; those whose names begin with `own` have processes of their own. */
async function run(t: Test, files: Readonly<Record<string, string>>) {
  const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.test.js`, text]));
  const cwd = writeTree(t.testdir(), { 'package.json': '{ "type": "module" }', ...named });
  const computing = Object.keys(named).map((name) => join(cwd, name));
  const alone = new Set(computing.filter((file) => file.includes('/own')));
  const lines: string[] = [];
  const counter = tapCounter();
  const say = (line: string): void => {
    lines.push(line);
    counter.line(line);
  };
  await runTestFiles({ waiting: [], computing, alone }, { jobs: 1, limitMs: 60_000, cwd, say });
  const text = lines.join('\n');
  return {
    text,
    counts: counter.counts(),
    /** Each file's verdict. */
    verdicts: lines.flatMap((line) => {
      const [, verdict, name, why = ''] =
        /^(ok|not ok) \d+ - (.*?)(?:\.test\.js)? # time=\d+ms ?(.*)$/.exec(line) ?? [];
      return verdict === undefined ? [] : [`${verdict} ${name}${why === '' ? '' : `: ${why}`}`];
    }),
    pidOf: (sentence: string) => new RegExp(`ok \\d+ - ${sentence} of (\\d+)`).exec(text)?.[1],
  };
}

t.test('files share a process, and one that wants it has its own', async (t) => {
  const { verdicts, counts, pidOf } = await run(t, {
    first: `${sound('first')} t.teardown(() => console.error = null);`,
    own: sound('own'),
    second: sound('second'),
  });
  t.same(verdicts, ['ok first', 'ok own', 'ok second']);
  t.same(counts, { passed: 3, failed: 0 });
  t.ok(pidOf('first'));
  t.equal(pidOf('first'), pidOf('second'));
  t.not(pidOf('first'), pidOf('own'));
});

t.test('a fault is told of the file that has it, and those after it run', async (t) => {
  const { verdicts, counts, text, pidOf } = await run(t, {
    sad: `${tap}t.test('sadness', async (t) => t.equal(1, 2)); ${sound('gladness').slice(tap.length)}`,
    broken: "import './nowhere.js';",
    empty: tap,
    throws: `${tap}t.test('thrown', (t) => { setTimeout(() => { throw new Error('late'); }, 1); });`,
    leaves: `import { createServer } from 'node:net';\n${sound('left')} createServer().listen(0, '127.0.0.1');`,
    dies: `${tap}t.test('alive', async (t) => t.pass()); t.test('dead', async () => process.kill(process.pid, 'SIGKILL'));`,
    next: sound('next'),
    'own-dies': `${tap}process.exit(3);`,
  });
  t.same(verdicts, [
    'not ok sad: has failed',
    'not ok broken: has failed',
    'not ok empty: holds no test',
    'not ok throws: has failed',
    'not ok leaves: left open: TCPServerWrap',
    'not ok dies: its process ended with SIGKILL',
    'ok next',
    'not ok own-dies: ended with 3',
  ]);
  t.match(text, /not ok 1 - sadness[\s\S]*not ok 1 - sad\.test\.js/, 'what was sad stands with it');
  t.not(pidOf('left'), pidOf('next'));
  t.same(counts, { passed: 4, failed: 7 });
});

t.test('a fault that comes when its file is over makes no run pass', async (t) => {
  const { verdicts, counts } = await run(t, {
    careless: `${tap}t.test('careless', async (t) => { setTimeout(() => { throw new Error('late'); }, 1).unref(); t.pass(); });`,
    patient: `${tap}t.test('patient', (t) => { setTimeout(() => t.end(), 500); });`,
  });
  t.ok(counts.failed > 0, verdicts.join('; '));
});
