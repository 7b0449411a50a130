/** Pure. A PIN: is it used for nothing but to prove who calls, and are wrong ones counted? */
import type { YamlPath } from '../base/index.js';
import type { Flow, LookupStep, Step } from './ast.js';
import { expressionsOf } from './expressions.js';
import type { FindingTable, Telling } from './finding.js';
import type { FlowTexts } from './prompt.js';
import { secretsOf, secretsOfLookup } from './secrets.js';
import { spokenTexts } from './spoken.js';
import { valueNames, valuesSetBy } from './values.js';
import { expressionsIn } from './written.js';

export const secretFindings = {
  'flow/secret-used': {
    severity: 'error',
    what: '"{name}" is secret, and is used here.',
    why: 'It would be stored or spoken: a secret is forgotten as soon as a lookup has it.',
    mend: 'Give it, alone, to a lookup: `with: { {name}: {name} }`.',
  },
  'flow/secret-set': {
    severity: 'error',
    what: '"{name}" is secret, and is set here too.',
    why: 'After a restart of the engine nobody would know where to ask for it again.',
    mend: 'Use another name here; one step alone collects a secret.',
  },
  'flow/secret-shown': {
    severity: 'error',
    what: 'A secret entry has no `{word}`.',
    why: 'Its value is kept from texts and conditions.',
    mend: 'Delete it; `check: { length: 4 }` is possible.',
  },
  'flow/secret-unused': {
    severity: 'warning',
    what: 'No lookup gets the secret "{name}".',
    why: 'Callers would be asked for it in vain.',
    mend: 'Give it to a lookup under `with:`, or leave `secret:` out.',
  },
  'flow/nothing-secret': {
    severity: 'error',
    what: '`{word}` counts wrong PINs, and this lookup gets none.',
    why: 'It would never have any effect.',
    mend: 'Give the lookup an entry that is collected with `secret: true`, or delete the word.',
  },
  'flow/account-uncounted': {
    severity: 'warning',
    what: 'The lookup does not say whose PIN it gets.',
    why: 'Who calls from ever other numbers could try the PINs of one account without end.',
    mend: 'Add `account:` with the value that names it, such as `account: customer`.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof secretFindings>;

export function checkSecrets(flow: Flow, texts: FlowTexts, tell: Tell): void {
  const secrets = secretsOf(flow);
  const used = new Set<string>();
  for (const step of flow.steps.values()) {
    if (step.kind === 'lookup') {
      const given = secretsOfLookup(flow, step);
      for (const name of given.values()) used.add(name);
      checkLookup(step, given.size > 0, tell);
    }
    if (step.kind === 'collect' && step.collect.secret) checkEntry(step, tell);
    if (secrets.size > 0) checkSetting(step, secrets, tell);
  }
  flow.parameters.forEach((name, index) => {
    if (secrets.has(name)) tell.at(['parameters', index], 'flow/secret-set', { name });
  });
  if (secrets.size > 0) checkUses(flow, secrets, texts, tell);
  for (const [name, step] of secrets) {
    if (!used.has(name)) tell.at(['steps', step.name, 'collect', 'into'], 'flow/secret-unused', { name });
  }
}

function checkLookup({ name, lookup }: LookupStep, secret: boolean, tell: Tell): void {
  const path = ['steps', name, 'lookup'];
  if (secret && lookup.account === undefined) tell.key(path, 'flow/account-uncounted', {});
  if (secret) return;
  for (const word of ['account', 'attempts', 'locked'] as const) {
    if (lookup[word] !== undefined) tell.key([...path, word], 'flow/nothing-secret', { word });
  }
}

function checkEntry(step: Extract<Step, { kind: 'collect' }>, tell: Tell): void {
  const path: YamlPath = ['steps', step.name, 'collect'];
  const { confirm, check } = step.collect;
  if (confirm !== undefined) tell.key([...path, 'confirm'], 'flow/secret-shown', { word: 'confirm' });
  if (check?.when !== undefined) tell.key([...path, 'check', 'when'], 'flow/secret-shown', { word: 'when' });
}

function checkSetting(step: Step, secrets: ReturnType<typeof secretsOf>, tell: Tell): void {
  for (const [name] of valuesSetBy(step)) {
    const own = secrets.get(name);
    if (own !== undefined && own !== step) tell.key(['steps', step.name], 'flow/secret-set', { name });
  }
}

function checkUses(flow: Flow, secrets: ReturnType<typeof secretsOf>, texts: FlowTexts, tell: Tell): void {
  const expressions = expressionsOf(valueNames(flow));
  for (const step of flow.steps.values()) {
    for (const { text, path } of expressionsIn(step)) {
      if (expressions.check(text, 'any') !== null) continue;
      // The entry's own check is told as such.
      if (step.kind === 'collect' && step.collect.secret) continue;
      if (step.kind === 'lookup' && path[3] === 'with' && secrets.has(text)) continue;
      const name = expressions.names(text).find((one) => secrets.has(one));
      if (name !== undefined) tell.at(path, 'flow/secret-used', { name });
    }
  }
  for (const { text, path } of spokenTexts(flow)) {
    const slots = flow.languages.flatMap((language) =>
      texts.has(language, text) ? texts.slots(language, text) : [],
    );
    const name = slots.map((slot) => slot.split('.')[0] ?? '').find((root) => secrets.has(root));
    if (name !== undefined) tell.at(path, 'flow/secret-used', { name });
  }
}
