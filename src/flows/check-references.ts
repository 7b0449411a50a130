/** Pure. Does the site have what the flow refers to? */
import { type Flow, ledTo } from './ast.js';
import type { SiteFacts } from './site-facts.js';
import type { FindingTable, Telling } from './finding.js';
import { mostDeep } from './flow.js';
import { meant } from './nearest.js';

export const referenceFindings = {
  'flow/unknown-phone': {
    severity: 'error',
    what: 'There is no phone "{name}".',
    why: 'The caller would wait for a phone that never rings.',
    mend: '{meant}Declare it under `phones:` in onedoor.yaml, or correct the name.',
  },
  'flow/unknown-lookup': {
    severity: 'error',
    what: 'There is no lookup "{name}".',
    why: 'Nothing could be found.',
    mend: '{meant}Declare it under `lookups:` in onedoor.yaml, or correct the name.',
  },
  'flow/unknown-calendar': {
    severity: 'error',
    what: 'There is no calendar "{name}".',
    why: 'Nobody could tell the caller whether somebody is there.',
    mend: '{meant}Declare it under `calendars:` in onedoor.yaml, or correct the name.',
  },
  'flow/unknown-flow': {
    severity: 'error',
    what: 'There is no flow "{name}".',
    why: 'The caller could not be led there.',
    mend: '{meant}Write it in flows/{name}.yaml, or correct the name.',
  },
  'flow/called-language': {
    severity: 'error',
    what: 'Flow "{name}" does not speak {language}, which this flow does.',
    why: 'Callers who chose {language} would hear another language there.',
    mend: 'Add {language} to the `languages:` of flow "{name}", or take it out here.',
  },
  'flow/missing-parameter': {
    severity: 'error',
    what: 'Flow "{name}" needs "{parameter}".',
    why: 'It would go on without the value.',
    mend: 'Add `{parameter}:` under `with:`.',
  },
  'flow/unknown-parameter': {
    severity: 'error',
    what: 'Flow "{name}" does not take "{parameter}".',
    why: 'The value would be lost.',
    mend: '{meant}Add it to the `parameters:` of flow "{name}", or delete it here.',
  },
  'flow/too-deep': {
    severity: 'error',
    what: 'Flow "{name}" leads {depth} flows deep: {chain}.',
    why: 'A call holds at most {most} flows; it would fail there.',
    mend: 'Return before going on, or write some of them as one.',
  },
  'flow/calls-itself': {
    severity: 'error',
    what: 'Flow "{name}" comes back to this flow: {chain}.',
    why: 'Callers would go deeper and deeper until the call fails.',
    mend: 'Return instead, and go on here.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof referenceFindings>;

export function checkReferences(flow: Flow, facts: SiteFacts, tell: Tell): void {
  for (const step of flow.steps.values()) {
    const at = (...path: readonly string[]): readonly string[] => ['steps', step.name, step.kind, ...path];
    if (step.kind === 'dial' && !facts.phones.has(step.dial.phone)) {
      const name = step.dial.phone;
      tell.at(at('phone'), 'flow/unknown-phone', { name, meant: meant(name, facts.phones) });
    }
    if (step.kind === 'lookup' && !facts.lookups.has(step.lookup.source)) {
      const name = step.lookup.source;
      tell.at(at('source'), 'flow/unknown-lookup', { name, meant: meant(name, facts.lookups) });
    }
    if (step.kind === 'hours' && !facts.calendars.has(step.hours.calendar)) {
      const name = step.hours.calendar;
      tell.at(at('calendar'), 'flow/unknown-calendar', { name, meant: meant(name, facts.calendars) });
    }
    const led = ledTo(step);
    if (led === null) continue;
    const { name, given, within } = led;
    const there = (...path: readonly string[]): readonly string[] => [...led.path, ...path];
    const called = name === flow.flow ? flow : facts.flows.get(name);
    if (called === undefined) {
      tell.at(there('flow'), 'flow/unknown-flow', { name, meant: meant(name, facts.flows.keys()) });
      continue;
    }
    for (const language of flow.languages) {
      if (!called.languages.includes(language))
        tell.at(there('flow'), 'flow/called-language', { name, language });
    }
    for (const parameter of called.parameters) {
      if (!Object.hasOwn(given, parameter)) tell.key(there(), 'flow/missing-parameter', { name, parameter });
    }
    for (const parameter of Object.keys(given)) {
      if (called.parameters.includes(parameter)) continue;
      const fields = { name, parameter, meant: meant(parameter, called.parameters) };
      tell.key(there('with', parameter), 'flow/unknown-parameter', fields);
    }
    if (!within) continue;
    const chain = chainBack(flow, called, facts.flows);
    if (chain !== null) tell.at(at('flow'), 'flow/calls-itself', { name, chain: chain.join(' > ') });
    else {
      const deepest = [flow.flow, ...deepestFrom(called, facts.flows)];
      const fields = { name, depth: deepest.length, chain: deepest.join(' > '), most: mostDeep };
      if (deepest.length > mostDeep) tell.at(at('flow'), 'flow/too-deep', fields);
    }
  }
}

/** The longest row of flows that call one another, beginning with this one. A circle is another finding. */
function deepestFrom(
  flow: Flow,
  flows: SiteFacts['flows'],
  known: Map<string, readonly string[]> = new Map(),
): readonly string[] {
  const found = known.get(flow.flow);
  if (found !== undefined) return found;
  // While it is looked for, a flow that comes round to itself adds nothing.
  known.set(flow.flow, [flow.flow]);
  let below: readonly string[] = [];
  for (const step of flow.steps.values()) {
    const next = step.kind === 'call' ? flows.get(step.call.flow) : undefined;
    if (next === undefined) continue;
    const deeper = deepestFrom(next, flows, known);
    if (deeper.length > below.length) below = deeper;
  }
  const deepest = [flow.flow, ...below];
  known.set(flow.flow, deepest);
  return deepest;
}

/** Names of the flows from the called one back to the calling one; null where it never comes back. */
function chainBack(flow: Flow, called: Flow, flows: SiteFacts['flows']): string[] | null {
  const seen = new Set<string>();
  const search = (here: Flow, chain: readonly string[]): string[] | null => {
    if (here.flow === flow.flow) return [...chain, here.flow];
    if (seen.has(here.flow)) return null;
    seen.add(here.flow);
    for (const step of here.steps.values()) {
      if (step.kind !== 'call') continue;
      const next = step.call.flow === flow.flow ? flow : flows.get(step.call.flow);
      const back = next === undefined ? null : search(next, [...chain, here.flow]);
      if (back !== null) return back;
    }
    return null;
  };
  return search(called, [flow.flow]);
}
