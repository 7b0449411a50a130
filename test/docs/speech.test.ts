/** What docs/speech.md shows is what callers hear. */
import t from 'tap';
import { parse } from 'yaml';
import { captionOf } from '../../src/speech/index.js';
import { catalogOf, grammarText } from '../speech/kit.js';
import { page, rowsOf } from './kit.js';

t.test('every row of the table of values is spoken as it says', async (t) => {
  const languages = new Set<string>();
  const ways = new Set<string>();
  for (const [slot = '', value = '', language = '', heard = ''] of rowsOf(page('docs/speech.md'))) {
    if (!slot.startsWith('`{v, ')) continue;
    const text = slot.replaceAll('`', '');
    const catalog = catalogOf({ [language]: `  t: '${text}'` });
    const { pieces, missing } = catalog.render(language, 't', { v: value.replaceAll('`', '') });
    t.same(missing, []);
    t.equal(captionOf(pieces), heard.replaceAll(',', ''), `${language} ${slot}`);
    languages.add(language);
    ways.add(/^\{v, (\w+)/.exec(text)?.[1] ?? '');
  }
  t.same([...languages].sort(), ['ar', 'en', 'ms']);
  const all = ['date', 'digits', 'duration', 'money', 'number', 'ordinal', 'plural', 'spell', 'time'];
  t.same([...ways].sort(), all);
});

interface Numbers {
  readonly and: unknown;
  readonly words: Readonly<Record<string, string>>;
  readonly sets: {
    readonly number: { readonly words: Readonly<Record<string, string>>; readonly rules: unknown[] };
  };
}

t.test('the excerpt of a grammar is of the one that ships', async (t) => {
  const excerpt = page('docs/speech.md').examples.find(({ text }) =>
    text.startsWith('# prompts/say/en.yaml'),
  );
  const shown = (parse(excerpt?.text ?? '') as { readonly numbers: Numbers }).numbers;
  const ships = (parse(grammarText('en')) as { readonly numbers: Numbers }).numbers;
  t.same(shown.and, ships.and);
  t.match(ships.words, shown.words);
  t.match(ships.sets.number.words, shown.sets.number.words);
  t.same(shown.sets.number.rules, ships.sets.number.rules.slice(0, shown.sets.number.rules.length));
});
