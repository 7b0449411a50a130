/** Pure. Confirming, checking and reviewing: can the caller answer, and can an answer be right? */
import type { YamlPath } from '../base/index.js';
import {
  type CollectStep,
  confirmRetryOf,
  type Flow,
  type RecordStep,
  type ResolvedRetry,
  reviewRetryOf,
} from './ast.js';
import { leastDigits } from './entry-check.js';
import type { FindingTable, Telling } from './finding.js';
import type { FlowTexts } from './prompt.js';

export const answerFindings = {
  'flow/check-never-passes': {
    severity: 'error',
    what: 'An entry of {min} to {max} digits cannot have {wanted}.',
    why: 'Every caller would be told that the entry is wrong.',
    mend: 'Correct `digits:` or `check:`.',
  },
  'flow/confirm-unspoken': {
    severity: 'warning',
    what: 'Text "{text}" does not speak {{name}} in {language}.',
    why: 'The caller confirms what was entered, and does not hear it.',
    mend: 'Write {{name}, digits} in prompts/{language}.yaml.',
  },
  'flow/answer-key-taken': {
    severity: 'warning',
    what: '"{key}" is an answer here and does not mean "{go}".',
    why: 'Callers learn that {key} means the same everywhere.',
    mend: 'Choose another key for the answer.',
  },
  'flow/answer-never-heard': {
    severity: 'warning',
    what: 'Texts for try {unheard} and later are never heard.',
    why: 'With {tries} tries, a caller is asked again {again} times.',
    mend: 'Delete them, or raise `tries:`.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof answerFindings>;

export function checkAnswers(flow: Flow, texts: FlowTexts, tell: Tell): void {
  for (const step of flow.steps.values()) {
    if (step.kind === 'collect') {
      checkCheck(step, tell);
      checkConfirm(flow, step, texts, tell);
    } else if (step.kind === 'record') checkReview(flow, step, tell);
  }
}

function checkCheck(step: CollectStep, tell: Tell): void {
  const { check, digits } = step.collect;
  if (check === undefined) return;
  const { min, max } = digits;
  const tellWanted = (wanted: string): void =>
    tell.at(['steps', step.name, 'collect', 'check'], 'flow/check-never-passes', { min, max, wanted });
  if (check.digits !== undefined && max < leastDigits[check.digits])
    tellWanted(`check digits of ${check.digits}`);
  else if (check.length !== undefined && !check.length.some((length) => length >= min && length <= max))
    tellWanted(`${check.length.join(' or ')} of them`);
}

function checkConfirm(flow: Flow, step: CollectStep, texts: FlowTexts, tell: Tell): void {
  const { confirm, into, secret } = step.collect;
  // Of a secret, to confirm it is itself the fault.
  if (confirm === undefined || secret) return;
  const at = (...path: readonly PropertyKey[]): YamlPath => [
    'steps',
    step.name,
    'collect',
    'confirm',
    ...path,
  ];
  const [text = ''] = confirm.say;
  const silentIn = flow.languages.find(
    (language) =>
      confirm.say.every((name) => texts.has(language, name)) &&
      !confirm.say.some((name) => texts.slots(language, name).includes(into)),
  );
  if (silentIn !== undefined)
    tell.at(at('say'), 'flow/confirm-unspoken', { text, name: into, language: silentIn });
  for (const which of ['yes', 'no'] as const) checkKey(flow, confirm[which], at(which), tell);
  for (const which of ['no-input', 'no-match'] as const)
    checkTries(confirmRetryOf(flow, step, which), confirm[which]?.say, at(which, 'say'), tell);
}

function checkReview(flow: Flow, step: RecordStep, tell: Tell): void {
  const { review } = step.record;
  if (review === undefined) return;
  const at = (...path: readonly PropertyKey[]): YamlPath => ['steps', step.name, 'record', 'review', ...path];
  for (const which of ['replay', 'again', 'accept'] as const) checkKey(flow, review[which], at(which), tell);
  for (const which of ['no-input', 'no-match'] as const)
    checkTries(reviewRetryOf(flow, step, which), review[which]?.say, at(which, 'say'), tell);
}

function checkKey(flow: Flow, key: string, path: YamlPath, tell: Tell): void {
  const go = flow['keys-anywhere'][key];
  if (go !== undefined) tell.at(path, 'flow/answer-key-taken', { key, go });
}

function checkTries({ tries, say }: ResolvedRetry, own: unknown, path: YamlPath, tell: Tell): void {
  if (own === undefined || say === null || say.length < tries) return;
  tell.at([...path, tries - 1], 'flow/answer-never-heard', { unheard: tries, tries, again: tries - 1 });
}
