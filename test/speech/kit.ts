/** The grammars that this repository ships, with texts of a test's own. */
import { readFileSync } from 'node:fs';
import { findingLine } from '../../src/base/index.js';
import { captionOf, readCatalog, type TextCatalog } from '../../src/speech/index.js';
import { atOnce } from '../kit/at-once.js';

const root = new URL('../../../', import.meta.url);

/** A grammar file of the repository. */
export function grammarText(language: string): string {
  return readFileSync(new URL(`prompts/say/${language}.yaml`, root), 'utf8');
}

/** A catalogue of the given lines under `texts:`, by language. */
export function catalogOf(texts: Readonly<Record<string, string>>): TextCatalog {
  const languages = Object.keys(texts);
  const files: Record<string, string> = {};
  for (const language of languages) {
    files[`prompts/say/${language}.yaml`] = grammarText(language);
    files[`prompts/${language}.yaml`] = `onedoor: 1\nlanguage: ${language}\ntexts:\n${texts[language]}\n`;
  }
  const reading = atOnce(readCatalog(files, languages));
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  return reading.catalog;
}

/** What is said, with `|` for a pause. */
export function said(catalog: TextCatalog, language: string, text: string, value: string | number): string {
  return catalog
    .render(language, text, { v: value })
    .pieces.map((piece) => (piece.pauseMs === undefined ? captionOf([piece]) : '|'))
    .join(' ');
}
