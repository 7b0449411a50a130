/** Pure. Does every text exist in every language, and does someone fill its slots? */
import type { YamlPath } from '../base/index.js';
import type { Flow } from './ast.js';
import type { FindingTable, Telling } from './finding.js';
import type { FlowTexts } from './prompt.js';
import { spokenTexts } from './spoken.js';
import { valueKinds } from './values.js';

export const textFindings = {
  'flow/unknown-text': {
    severity: 'error',
    what: 'There is no text "{text}".',
    why: 'The caller would hear nothing here.',
    mend: 'Write it in {files}, or correct the name.',
  },
  'flow/missing-text': {
    severity: 'error',
    what: 'Text "{text}" is missing in {language}.',
    why: 'Callers who chose {language} would hear nothing here.',
    mend: 'Write it in prompts/{language}.yaml.',
  },
  'flow/unfilled-slot': {
    severity: 'error',
    what: 'Text "{text}" speaks {{slot}}, which nothing in this flow fills.',
    why: 'The sentence would be spoken with a hole.',
    mend: 'Keep the value with `into: {root}` or `set:`, or correct the text in prompts/{language}.yaml.',
  },
  'flow/slot-shape': {
    severity: 'error',
    what: 'Text "{text}" speaks {{slot}}, but "{root}" is {shape}.',
    why: 'The sentence would be spoken with a hole.',
    mend: '{hint}',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof textFindings>;

export function checkTexts(flow: Flow, texts: FlowTexts, tell: Tell): void {
  const kinds = valueKinds(flow);
  const told = new Set<string>();
  for (const { text, path } of spokenTexts(flow)) {
    const missing = flow.languages.filter((language) => !texts.has(language, text));
    if (missing.length === flow.languages.length) {
      const files = flow.languages.map((language) => `prompts/${language}.yaml`).join(', ');
      tell.at(path, 'flow/unknown-text', { text, files });
      continue;
    }
    for (const language of missing) tell.at(path, 'flow/missing-text', { text, language });
    for (const language of flow.languages) {
      if (missing.includes(language)) continue;
      for (const slot of texts.slots(language, text)) {
        // One slot of one text is one fault, however many languages speak it.
        const fault = `${path.map(String).join('.')} ${slot}`;
        if (!told.has(fault) && checkSlot(kinds, { text, language, slot }, path, tell)) told.add(fault);
      }
    }
  }
}

/** Whether the slot has a fault. */
function checkSlot(
  kinds: ReadonlyMap<string, 'text' | 'row' | 'any'>,
  { text, language, slot }: { readonly text: string; readonly language: string; readonly slot: string },
  path: YamlPath,
  tell: Tell,
): boolean {
  const [root = '', ...deeper] = slot.split('.');
  if (root === 'caller') {
    if (deeper.length === 1 && (deeper[0] === 'number' || deeper[0] === 'language')) return false;
    tell.at(path, 'flow/unfilled-slot', { text, slot, root, language });
    return true;
  }
  const kind = kinds.get(root);
  if (kind === undefined) {
    tell.at(path, 'flow/unfilled-slot', { text, slot, root, language });
    return true;
  }
  if (kind === 'text' && deeper.length > 0) {
    const hint = `Write {${root}} in prompts/${language}.yaml.`;
    tell.at(path, 'flow/slot-shape', { text, slot, root, shape: 'one value', hint });
    return true;
  }
  if (kind === 'row' && deeper.length === 0) {
    const hint = `Name one of its values: {${root}.name} in prompts/${language}.yaml.`;
    tell.at(path, 'flow/slot-shape', { text, slot, root, shape: 'several values', hint });
    return true;
  }
  return false;
}
