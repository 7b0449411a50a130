import t from 'tap';
import { exitsOf, parseFlow } from '../../src/flows/index.js';
import {
  exitCoverage,
  readScript,
  runScript,
  type ScriptedResult,
  transcriptLines,
} from '../../src/rehearsal/index.js';
import { testFlows, testSite } from '../kit/test-site.js';

const written = Object.entries(testFlows).flatMap(([name, text]) =>
  exitsOf(parseFlow(text, `flows/${name}.yaml`)),
);

function calls(...scripts: readonly (readonly string[])[]): readonly ScriptedResult[] {
  const text = scripts
    .map(
      (script, i) =>
        `- caller: number ${i}\n  dials: "100"\n  at: 2026-03-04T10:00+04:00\n  script:\n${script.map((step) => `    - ${step}`).join('\n')}\n`,
    )
    .join('');
  const reading = readScript('x.test.yaml', text);
  if (reading.result !== 'read') throw new Error(JSON.stringify(reading.findings));
  return reading.callers.map((caller) => runScript(caller, testSite()));
}

const coverageOf = (results: readonly ScriptedResult[]) =>
  exitCoverage(
    written,
    results.flatMap(({ exits }) => exits),
  );

t.test('an exit that a caller takes is tested, another one is not', async (t) => {
  const { exits, tested, percent } = coverageOf(
    calls(['hears: choose-language', 'presses: "1"', 'is silent: 2', 'hangs up']),
  );
  const taken = exits.filter((exit) => exit.taken > 0).map(({ step, exit }) => `${step}: ${exit}`);
  t.same(taken, ['choose-language: key 1']);
  t.equal(tested, 1);
  t.equal(percent, 100 / exits.length);
});

t.test('silence, wrong keys and keys that mean the same everywhere are exits of their own', async (t) => {
  const { exits } = coverageOf(
    calls(
      ['hears: choose-language', 'presses: "1"', 'presses: "*"', 'is silent: 2', 'hangs up'],
      ['is silent: 120'],
    ),
  );
  const taken = new Set(exits.filter((exit) => exit.taken > 0).map(({ step, id }) => `${step}: ${id}`));
  t.ok(taken.has('choose-language: no-input'), [...taken].join());
  t.ok(taken.has('keys-anywhere: key *'), [...taken].join());
});

t.test('each exit stands at its line of the file', async (t) => {
  for (const { flow, file, line, step } of written) {
    const text = (testFlows[flow] ?? '').split('\n');
    t.ok(line >= 1 && line <= text.length, `${file}:${line} ${step}`);
  }
  t.same(exitCoverage([], []).percent, 100, 'nothing to test is tested');
});

t.test('a test that fails shows what was expected beside what happened', async (t) => {
  const [result] = calls(['hears: choose-language', 'presses: "1"', 'hears: nonsense', 'presses: "2"']);
  if (result === undefined) throw new Error('no result');
  t.equal(result.passed, false);
  const lines = transcriptLines(result.transcript, 100);
  t.match(lines[0], /time +expected +happened/);
  const wrong = lines.find((line) => line.startsWith('>')) ?? '';
  t.match(wrong, /0:\d\d\.\d +hears nonsense +hears \S+ \(en\)/);
  t.match(lines.join('\n'), /presses 2/, 'what was not reached is shown too');
});
