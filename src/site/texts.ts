import type { Finding, Pieces, YamlSource } from '../base/index.js';
import { readCatalog, type TextCatalog } from '../speech/index.js';
import type { SiteFiles } from './files.js';
import type { SiteSettings } from './settings.js';

/** Pure, a file at a time. The site's texts in all its languages; null where a finding stands in the way. */
export function* siteTexts(
  settings: SiteSettings,
  source: YamlSource,
  files: SiteFiles,
): Pieces<{ readonly texts: TextCatalog | null; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  settings.languages.forEach((language, index) => {
    if (settings.languages.indexOf(language) === index) return;
    findings.push({
      file: source.file,
      ...source.at(['languages', index]),
      code: 'site/duplicate-language',
      what: `The language ${language} stands here a second time.`,
      why: 'Each is offered once.',
      mend: 'Delete one.',
    });
  });
  const reading = yield* readCatalog(files, [...new Set(settings.languages)]);
  if (reading.result === 'broken') return { texts: null, findings: [...findings, ...reading.findings] };
  return {
    texts: reading.catalog,
    findings: [
      ...findings,
      ...checkFallback(settings, source, reading.catalog),
      ...checkNotices(settings, source, reading.catalog),
    ],
  };
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

/** The text by which callers are told that they are recorded needs no values; in which languages, flows say. */
function checkNotices(settings: SiteSettings, source: YamlSource, texts: TextCatalog): readonly Finding[] {
  return Object.entries(settings.queues).flatMap(([queue, { record }]): Finding[] => {
    if (typeof record !== 'object') return [];
    const { say } = record;
    const place = { file: source.file, ...source.at(['queues', queue, 'record', 'say']) };
    if (!settings.languages.some((language) => texts.has(language, say)))
      return [
        {
          ...place,
          code: 'site/unknown-text',
          what: `There is no text "${say}".`,
          why: 'Callers could not be told that they are recorded, and so they would not be.',
          mend: 'Add it to the prompts, or name another.',
        },
      ];
    const slots = new Set(settings.languages.flatMap((language) => texts.slots(language, say)));
    if (slots.size === 0) return [];
    return [
      {
        ...place,
        code: 'site/filled-text',
        what: `The text "${say}" needs values (${[...slots].join(', ')}).`,
        why: 'Nobody gives it any when a caller begins to wait.',
        mend: 'Name a text without slots.',
      },
    ];
  });
}
