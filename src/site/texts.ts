import type { Finding, YamlSource } from '../base/index.js';
import {
  type CatalogLanguage,
  createCatalog,
  readSayGrammar,
  readTexts,
  type TextCatalog,
} from '../speech/index.js';
import type { SiteFiles } from './files.js';
import type { SiteSettings } from './settings.js';

/** Pure. The site's texts in all its languages; null where a finding stands in the way. */
export function readCatalog(
  settings: SiteSettings,
  source: YamlSource,
  files: SiteFiles,
): { readonly texts: TextCatalog | null; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const languages: CatalogLanguage[] = [];
  settings.languages.forEach((language, index) => {
    if (settings.languages.indexOf(language) !== index) {
      findings.push({
        file: source.file,
        ...source.at(['languages', index]),
        code: 'site/duplicate-language',
        what: `The language ${language} stands here a second time.`,
        why: 'Each is offered once.',
        mend: 'Delete one.',
      });
      return;
    }
    const paths = { texts: `prompts/${language}.yaml`, grammar: `prompts/say/${language}.yaml` };
    const missing = Object.values(paths).filter((path) => files[path] === undefined);
    for (const path of missing) {
      findings.push({
        file: source.file,
        ...source.at(['languages', index]),
        code: 'site/missing-language',
        what: `The language ${language} has no file ${path}.`,
        why: 'Nothing could be said in it.',
        mend: 'Add the file, or take the language out.',
      });
    }
    const texts = files[paths.texts] === undefined ? null : readTexts(paths.texts, files[paths.texts] ?? '');
    const grammar =
      files[paths.grammar] === undefined ? null : readSayGrammar(paths.grammar, files[paths.grammar] ?? '');
    if (texts?.result === 'broken') findings.push(...texts.findings);
    if (grammar?.result === 'broken') findings.push(...grammar.findings);
    for (const [path, said] of [
      [paths.texts, texts?.result === 'read' ? texts.texts.language : language],
      [paths.grammar, grammar?.result === 'read' ? grammar.grammar.language : language],
    ] as const) {
      if (said === language) continue;
      findings.push({
        file: path,
        line: 1,
        col: 1,
        code: 'site/wrong-language',
        what: `The file says that its language is ${said}.`,
        why: `Its name says ${language}.`,
        mend: 'Correct one of them.',
      });
    }
    if (texts?.result === 'read' && grammar?.result === 'read') {
      languages.push({ texts: texts.texts, grammar: grammar.grammar });
    }
  });
  if (findings.length > 0) return { texts: null, findings };
  const catalog = createCatalog(languages);
  if (catalog.result === 'broken') return { texts: null, findings: catalog.findings };
  return { texts: catalog.catalog, findings: checkFallback(settings, source, catalog.catalog) };
}

/** The texts that the engine itself speaks must exist, and must need nothing that only a flow knows. */
function checkFallback(settings: SiteSettings, source: YamlSource, texts: TextCatalog): readonly Finding[] {
  const findings: Finding[] = [];
  const find = (key: string, code: string, what: string, why: string, mend: string): void => {
    findings.push({
      file: source.file,
      ...source.at(['fallback', key]),
      code: `site/${code}`,
      what,
      why,
      mend,
    });
  };
  for (const key of ['apology', 'unknown-number'] as const) {
    const name = settings.fallback[key];
    const lacking = settings.languages.filter((language) => !texts.has(language, name));
    if (lacking.length > 0) {
      find(
        key,
        'unknown-text',
        `The text "${name}" is missing in ${lacking.join(' and ')}.`,
        'A caller in trouble would hear nothing.',
        'Add it to the prompts, or name another.',
      );
      continue;
    }
    const slots = new Set(settings.languages.flatMap((language) => texts.slots(language, name)));
    if (slots.size > 0) {
      find(
        key,
        'filled-text',
        `The text "${name}" needs values (${[...slots].join(', ')}).`,
        'It is spoken when a flow has failed and no values are known.',
        'Name a text without slots.',
      );
    }
  }
  return findings;
}
