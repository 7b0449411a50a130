/** Unicode's spelt-out numbers (rule-based number format, UTS 35 part 3) as far as whole numbers need it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface RbnfRule {
  readonly base: number;
  readonly divisor: number;
  readonly text: string;
}

type RuleSets = ReadonlyMap<string, readonly RbnfRule[]>;
type RbnfFile = {
  readonly rbnf: { readonly rbnf: { readonly SpelloutRules: Readonly<Record<string, unknown>> } };
};

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('cldr-rbnf/package.json'));

/** @returns a speaker of whole numbers by a rule set of the language, e.g. `%spellout-cardinal`. */
export function spellout(language: string): (set: string, n: number) => string {
  const file = JSON.parse(readFileSync(join(folder, 'rbnf', `${language}.json`), 'utf8')) as RbnfFile;
  const sets: RuleSets = new Map(
    Object.entries(file.rbnf.rbnf.SpelloutRules).flatMap(([name, rules]) =>
      Array.isArray(rules) ? [[name, rules.flatMap((rule: readonly [string, string]) => ruleOf(rule))]] : [],
    ),
  );
  return (set, n) => speak(sets, set, n);
}

/** None for rules of fractions and negative numbers. */
function ruleOf([key, text]: readonly [string, string]): readonly RbnfRule[] {
  const [, written, radixWritten = '10'] = /^(\d+)(?:\/(\d+))?$/.exec(key) ?? [];
  if (written === undefined) return [];
  const [base, radix] = [Number(written), Number(radixWritten)];
  let divisor = 1;
  while (divisor * radix <= base) divisor *= radix;
  return [{ base, divisor, text: text.replace(/;$/, '').replace(/^'/, '') }];
}

function speak(sets: RuleSets, set: string, n: number): string {
  const rules = sets.get(set) ?? [];
  const at = rules.findLastIndex(({ base }) => base <= n);
  const found = rules[at];
  if (found === undefined) throw new Error(`${set} has no rule for ${n}`);
  const both = found.text.includes('←') && found.text.includes('→');
  const back = both && n % found.divisor === 0 && found.base % found.divisor !== 0;
  const { text, divisor } = (back ? rules[at - 1] : undefined) ?? found;
  const rest = n % divisor;
  return text
    .replace(/\[([^\]]*)\]/g, (_, optional: string) => (rest === 0 ? '' : optional))
    .replace(/([←→=])([^←→=]*)\1/g, (_, sign: string, named: string) => {
      const part = sign === '→' ? rest : sign === '←' ? Math.floor(n / divisor) : n;
      return speak(sets, named === '' ? set : named, part);
    });
}
