/** Pure. Are all conditions and values right, as far as one can know before they run? */
import type { Flow } from './ast.js';
import { expressionsOf } from './expressions.js';
import type { FindingTable, Telling } from './finding.js';
import { expressionsIn } from './written.js';
import { valueNames } from './values.js';

export const expressionFindings = {
  'flow/expression-syntax': {
    severity: 'error',
    what: '`{text}` cannot be read: {detail}.',
    why: 'The flow would fail here.',
    mend: 'Correct it; a literal text needs quotes of its own: \'"general"\'.',
  },
  'flow/expression-name': {
    severity: 'error',
    what: '`{text}` names what is not there: {detail}.',
    why: 'The flow would fail here.',
    mend: 'Correct the name, or keep a value under it before; a literal text needs quotes of its own: \'"general"\'.',
  },
  'flow/expression-type': {
    severity: 'error',
    what: '`{text}` does not fit: {detail}.',
    why: 'The flow would fail here.',
    mend: 'Compare or convert what is of the same kind, for instance with string() or int().',
  },
  'flow/expression-matches': {
    severity: 'error',
    what: '`{text}` uses matches().',
    why: 'A pattern can take seconds on what a hostile caller enters, and hold up every call.',
    mend: 'Use fits("pattern"), which holds the whole text against a pattern and takes no longer for a hostile one.',
  },
  'flow/expression-pattern': {
    severity: 'error',
    what: 'The pattern in `{text}` cannot be used: {detail}.',
    why: 'The flow would fail here.',
    mend: 'Write it in quotes, in the syntax of RE2 (no look-ahead, no references back), at most 100 characters.',
  },
  'flow/expression-too-long': {
    severity: 'error',
    what: '`{text}` does too much.',
    why: 'It could take long enough to hold up other calls.',
    mend: 'Split it over several `set:` steps, or walk over one list only, and over none within another.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof expressionFindings>;

const longestShown = 80;

export function checkExpressions(flow: Flow, tell: Tell): void {
  const expressions = expressionsOf(valueNames(flow));
  for (const step of flow.steps.values()) {
    for (const { text, wanted, path } of expressionsIn(step)) {
      const problem = expressions.check(text, wanted);
      if (problem === null) continue;
      const shown = text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
      const detail = 'detail' in problem ? problem.detail : '';
      const code =
        ({ 'unknown-name': 'name' } as Readonly<Record<string, string>>)[problem.problem] ?? problem.problem;
      tell.at(path, `flow/expression-${code}` as keyof typeof expressionFindings, { text: shown, detail });
    }
  }
}
