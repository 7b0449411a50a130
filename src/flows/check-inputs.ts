/** Pure. Menus and entries: can the caller say what is meant, without waiting for nothing? */
import { type Flow, type InputStep, retryOf } from './ast.js';
import type { FindingTable, Telling } from './finding.js';

export const inputFindings = {
  'flow/ambiguous-keys': {
    severity: 'warning',
    what: 'Key "{short}" is also the beginning of "{long}".',
    why: 'Whoever presses {short} waits {seconds} s, because {long} is still possible.',
    mend: 'Give the choices keys of the same length.',
  },
  'flow/unspoken-language': {
    severity: 'error',
    what: 'The flow does not speak "{language}".',
    why: 'The caller would choose a language and hear another.',
    mend: 'Add it to `languages:`, or correct it.',
  },
  'flow/never-heard': {
    severity: 'warning',
    what: 'Texts for try {unheard} and later are never heard.',
    why: 'With {tries} tries, a caller is asked again {again} times.',
    mend: 'Delete them, or raise `tries:`.',
  },
  'flow/end-key-taken': {
    severity: 'warning',
    what: '"{key}" ends the entry here and does not mean "{go}".',
    why: 'Callers learn that {key} means the same everywhere.',
    mend: 'Choose another end key, or none.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof inputFindings>;

const defaultBetweenKeys = 3;

export function checkInputs(flow: Flow, tell: Tell): void {
  for (const step of flow.steps.values()) {
    if (step.kind !== 'menu' && step.kind !== 'collect') continue;
    checkRetries(flow, step, tell);
    if (step.kind === 'collect') {
      const { end } = step.collect.digits;
      const go = flow['keys-anywhere'][end];
      if (go !== undefined) {
        tell.at(['steps', step.name, 'collect', 'digits', 'end'], 'flow/end-key-taken', { key: end, go });
      }
      continue;
    }
    const keys = Object.keys(step.menu.keys);
    for (const long of keys) {
      const short = keys.find((other) => other !== long && long.startsWith(other));
      if (short === undefined) continue;
      const seconds = step.menu['between-keys'] ?? flow.defaults['between-keys'] ?? defaultBetweenKeys;
      tell.key(['steps', step.name, 'menu', 'keys', long], 'flow/ambiguous-keys', { short, long, seconds });
    }
    for (const [key, { language }] of Object.entries(step.menu.keys)) {
      if (language === undefined || flow.languages.includes(language)) continue;
      const path = ['steps', step.name, 'menu', 'keys', key, 'language'];
      tell.at(path, 'flow/unspoken-language', { language });
    }
  }
}

function checkRetries(flow: Flow, step: InputStep, tell: Tell): void {
  const own = step.kind === 'menu' ? step.menu : step.collect;
  for (const which of ['no-input', 'no-match'] as const) {
    const { tries, say } = retryOf(flow, step, which);
    if (own[which]?.say === undefined || say === null || say.length < tries) continue;
    const path = ['steps', step.name, step.kind, which, 'say', tries - 1];
    tell.at(path, 'flow/never-heard', { unheard: tries, tries, again: tries - 1 });
  }
}
