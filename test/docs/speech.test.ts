/** What docs/speech.md shows is what callers hear. */
import t from 'tap';
import { captionOf } from '../../src/speech/index.js';
import { catalogOf } from '../speech/kit.js';
import { page, rowsOf } from './kit.js';

t.test('every row of the table of values is spoken as it says', async (t) => {
  const languages = new Set<string>();
  const ways = new Set<string>();
  for (const [slot = '', value = '', language = '', heard = ''] of rowsOf(page('docs/speech.md'))) {
    if (!/^`\{v, /.test(slot)) continue;
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
