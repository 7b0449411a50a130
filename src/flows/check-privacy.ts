/** Pure. Personal data: is it told only to whom it belongs, and does it stay out of the event log? */
import type { YamlPath } from '../base/index.js';
import { type Flow, ledTo, type LookupStep, type Step } from './ast.js';
import { expressionsOf } from './expressions.js';
import type { FindingTable, Telling } from './finding.js';
import { type Origin, type Origins, originsOf } from './origins.js';
import type { SiteFacts } from './site-facts.js';
import { spokenBy } from './spoken.js';
import { valueNames } from './values.js';
import { expressionsIn } from './written.js';

export const privacyFindings = {
  'flow/caller-id-alone': {
    severity: 'warning',
    what: 'Text "{text}" speaks {{slot}}, which step "{lookup}" found by the number that calls alone.',
    why: 'Anybody can show a number that is not theirs: caller id is not identity.',
    mend: 'Ask for something that only the right caller knows, and give it to the lookup under `with:`.',
  },
  'flow/unproven': {
    severity: 'error',
    what: 'Text "{text}" speaks {{slot}} of the personal lookup "{source}", which step "{lookup}" asks without proof.',
    why: 'What is `personal` is told to whoever gave a PIN, or at least two entries that fit together.',
    mend: 'Collect a PIN (`secret: true`) or a second entry, and give it to the lookup under `with:`.',
  },
  'flow/personal-subject': {
    severity: 'error',
    what: 'The subject of the case is made of personal data: `{value}`.',
    why: 'Subjects stand in the event log, from which nothing can be erased.',
    mend: 'Write a fixed word, such as \'"status-question"\', and give the data under `details:`.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof privacyFindings>;

export function checkPrivacy(flow: Flow, facts: SiteFacts, tell: Tell): void {
  const expressions = expressionsOf(valueNames(flow));
  // What cannot be read is told elsewhere; where values come from is then not known.
  const readable = [...flow.steps.values()].every((step) =>
    expressionsIn(step).every(({ text, wanted }) => expressions.check(text, wanted) === null),
  );
  if (!readable) return;
  const origins = originsOf(flow);
  for (const step of flow.steps.values()) {
    checkSpoken(flow, step, origins, facts, tell);
    checkSubjects(flow, step, origins, facts, tell);
    checkGiven(flow, step, origins, facts, tell);
  }
}

function checkSpoken(flow: Flow, step: Step, origins: Origins, facts: SiteFacts, tell: Tell): void {
  for (const { text, path } of spokenBy(step)) {
    // What is written to the number that calls reaches its owner, whoever is on the line.
    const toOwner = step.kind === 'message' && path[3] === 'text' && step.message.to === 'caller.number';
    const slots = flow.languages.flatMap((language) =>
      facts.texts.has(language, text) ? facts.texts.slots(language, text) : [],
    );
    for (const slot of new Set(slots)) {
      if (checkSlot(flow, { text, slot, path, toOwner }, origins, facts, tell)) break;
    }
  }
}

interface Spoken {
  readonly text: string;
  readonly slot: string;
  readonly path: YamlPath;
  readonly toOwner: boolean;
}

/** Whether something is wrong; one finding a text. */
function checkSlot(
  flow: Flow,
  { text, slot, path, toOwner }: Spoken,
  origins: Origins,
  facts: SiteFacts,
  tell: Tell,
): boolean {
  for (const origin of origins.ofValue(slot.split('.')[0] ?? '')) {
    const found = rowOf(flow, origin);
    if (found === null) continue;
    const { source } = found.lookup;
    const proof = origins.proofOf(found);
    if (facts.personalLookups?.has(source)) {
      if (isProof(proof)) continue;
      tell.at(path, 'flow/unproven', { text, slot, source, lookup: found.name });
      return true;
    }
    if (toOwner || proof.size !== 1 || !proof.has('caller.number')) continue;
    tell.at(path, 'flow/caller-id-alone', { text, slot, lookup: found.name });
    return true;
  }
  return false;
}

function rowOf(flow: Flow, origin: Origin): LookupStep | null {
  const step = origin.startsWith('row:') ? flow.steps.get(origin.slice('row:'.length)) : undefined;
  return step?.kind === 'lookup' ? step : null;
}

/** A PIN, or two entries; a parameter counts as one, since the flow that gives it has asked for it. */
function isProof(proof: ReadonlySet<Origin>): boolean {
  const of = (...kinds: readonly string[]): number =>
    [...proof].filter((origin) => kinds.some((kind) => origin.startsWith(kind))).length;
  return of('secret:') > 0 || of('keyed:', 'given:') > 1;
}

function checkSubjects(flow: Flow, step: Step, origins: Origins, facts: SiteFacts, tell: Tell): void {
  const subject = step.kind === 'case' || step.kind === 'callback' ? subjectOf(step) : null;
  if (subject !== null) {
    if (isPersonal(flow, origins.of(subject.text), facts))
      tell.at(subject.path, 'flow/personal-subject', { value: subject.text });
  }
}

function checkGiven(flow: Flow, step: Step, origins: Origins, facts: SiteFacts, tell: Tell): void {
  const led = ledTo(step);
  if (led === null) return;
  const told = parametersTold(facts, led.name, []);
  for (const [name, text] of Object.entries(led.given)) {
    if (!told.has(name) || !isPersonal(flow, origins.of(text), facts)) continue;
    tell.at([...led.path, 'with', name], 'flow/personal-subject', { value: text });
  }
}

function subjectOf(step: Extract<Step, { kind: 'case' | 'callback' }>): {
  readonly text: string;
  readonly path: YamlPath;
} {
  return step.kind === 'case'
    ? { text: step.case.subject, path: ['steps', step.name, 'case', 'subject'] }
    : { text: step.callback.subject, path: ['steps', step.name, 'callback', 'subject'] };
}

/** Rows are, where their lookup is declared so; a PIN is refused anywhere but in a lookup. */
function isPersonal(flow: Flow, origins: ReadonlySet<Origin>, facts: SiteFacts): boolean {
  return [...origins].some(
    (origin) => origin === 'caller.number' || origin.startsWith('keyed:') || personalRow(flow, origin, facts),
  );
}

function personalRow(flow: Flow, origin: Origin, { personalLookups }: SiteFacts): boolean {
  const source = rowOf(flow, origin)?.lookup.source;
  return source !== undefined && (personalLookups?.has(source) ?? false);
}

/** Parameters of a flow that come to stand in a subject, there or in the flows that it calls. */
function parametersTold(facts: SiteFacts, name: string, within: readonly string[]): ReadonlySet<string> {
  const flow = facts.flows.get(name);
  const told = new Set<string>();
  if (flow === undefined || within.includes(name)) return told;
  const expressions = expressionsOf(valueNames(flow));
  const origins = originsOf(flow);
  const take = (text: string): void => {
    if (expressions.check(text, 'any') !== null) return;
    for (const origin of origins.of(text))
      if (origin.startsWith('given:')) told.add(origin.slice('given:'.length));
  };
  for (const step of flow.steps.values()) {
    if (step.kind === 'case' || step.kind === 'callback') take(subjectOf(step).text);
    const led = ledTo(step);
    if (led === null) continue;
    const further = parametersTold(facts, led.name, [...within, name]);
    for (const [parameter, text] of Object.entries(led.given)) if (further.has(parameter)) take(text);
  }
  return told;
}
