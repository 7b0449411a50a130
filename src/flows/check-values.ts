/** Pure. Is a value there on every way to the step that needs it? */
import type { YamlPath } from '../base/index.js';
import type { Flow, Step } from './ast.js';
import { expressionsOf } from './expressions.js';
import type { FindingTable, Telling } from './finding.js';
import type { FlowTexts } from './prompt.js';
import { spokenBy } from './spoken.js';
import { valueNames } from './values.js';
import { beginnings, hearsKeys, type Way, waysAnywhere, waysOf } from './way.js';
import { expressionsIn } from './written.js';

export const valueFindings = {
  'flow/maybe-unspoken': {
    severity: 'warning',
    what: 'Text "{text}" speaks {{slot}}, but a caller can come here before "{root}" is there.',
    why: 'The sentence would be spoken with a hole: {chain}.',
    mend: 'Speak another text on that way, or set "{root}" before.',
  },
  'flow/maybe-unset': {
    severity: 'warning',
    what: '`{text}` looks into "{root}", but a caller can come here before it is there.',
    why: 'The call would fail: {chain}.',
    mend: 'Ask `has(...)` first, or set "{root}" before.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof valueFindings>;

export function checkValues(flow: Flow, texts: FlowTexts, tell: Tell): void {
  const names = new Set(valueNames(flow));
  const expressions = expressionsOf([...names]);
  const there = valuesThere(flow);
  for (const step of flow.steps.values()) {
    const before = there.get(step.name);
    // No way leads here.
    if (before === undefined) continue;
    const chain = (root: string): string => wayWithout(flow, step.name, root).join(' > ');
    for (const { text, path } of spokenBy(step)) {
      const inside = hereIn(step, path, before);
      const slots = flow.languages.flatMap((language) =>
        texts.has(language, text) ? texts.slots(language, text) : [],
      );
      const slot = slots.find((name) => isMissing(names, inside, rootOf(name)));
      if (slot === undefined) continue;
      const root = rootOf(slot);
      tell.at(path, 'flow/maybe-unspoken', { text, slot, root, chain: chain(root) });
    }
    for (const { text, wanted, path } of expressionsIn(step)) {
      if (expressions.check(text, wanted) !== null) continue;
      const inside = hereIn(step, path, before);
      const root = expressions.lookedInto(text).find((name) => isMissing(names, inside, name));
      if (root !== undefined) tell.at(path, 'flow/maybe-unset', { text, root, chain: chain(root) });
    }
  }
}

/** Where an entry is checked or confirmed, it is there already; while another number is asked for, none is. */
function hereIn(step: Step, path: YamlPath, here: ReadonlySet<string>): ReadonlySet<string> {
  if (step.kind === 'callback') {
    const asks = path[3] === 'enter' || path[3] === 'no-input' || path[3] === 'no-match';
    return asks && step.callback.enter !== undefined ? here : new Set([...here, step.callback.number]);
  }
  if (step.kind === 'queue') {
    const speaks = path[3] === 'say' || path[3] === 'again';
    return speaks && step.queue.into !== undefined ? new Set([...here, step.queue.into]) : here;
  }
  if (step.kind !== 'collect') return here;
  const knows = path[3] === 'confirm' || (path[3] === 'check' && path[4] === 'when');
  return knows ? new Set([...here, step.collect.into]) : here;
}

function rootOf(slot: string): string {
  return slot.split('.')[0] ?? '';
}

/** What nothing ever sets is another finding. */
function isMissing(names: ReadonlySet<string>, here: ReadonlySet<string>, name: string): boolean {
  return names.has(name) && !here.has(name);
}

interface Edge {
  readonly to: string;
  /** Values that are there for whoever came this way. */
  readonly sets: readonly string[];
}

function edgesOf(flow: Flow, step: Step, anywhere: readonly Way[]): Edge[] {
  const ways = hearsKeys(step) ? [...waysOf(flow, step), ...anywhere] : waysOf(flow, step);
  return ways.filter(({ go }) => flow.steps.has(go)).map((way) => ({ to: way.go, sets: setBy(step, way) }));
}

function setBy(step: Step, { exit, path }: Way): readonly string[] {
  const into = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);
  switch (step.kind) {
    case 'menu': {
      const own =
        path[0] === 'steps' && exit.startsWith('key ')
          ? step.menu.keys[exit.slice('key '.length)]
          : undefined;
      return Object.keys(own?.set ?? {});
    }
    case 'collect':
      return exit === 'go' ? [step.collect.into] : [];
    case 'lookup':
      return exit === 'found' ? into(step.lookup.into) : [];
    case 'case':
      return into(step.case.into);
    case 'hours':
      return into(step.hours.into);
    case 'call':
      return into(step.call.into);
    case 'callback':
      return exit === 'accepted' || exit === 'kept'
        ? [step.callback.number, ...into(step.callback.into)]
        : [];
    case 'set':
      return Object.keys(step.set);
    default:
      return [];
  }
}

/** For each step that can be reached: the values that are there on every way. */
function valuesThere(flow: Flow): ReadonlyMap<string, ReadonlySet<string>> {
  const anywhere = waysAnywhere(flow);
  const queue = beginnings(flow);
  const there = new Map<string, Set<string>>(queue.map((name) => [name, new Set(flow.parameters)]));
  for (const name of queue) {
    const step = flow.steps.get(name);
    if (step === undefined) continue;
    const here = there.get(name) ?? new Set<string>();
    for (const { to, sets } of edgesOf(flow, step, anywhere)) {
      const brought = new Set([...here, ...sets]);
      const before = there.get(to);
      const after =
        before === undefined ? brought : new Set([...before].filter((value) => brought.has(value)));
      if (before !== undefined && after.size === before.size) continue;
      there.set(to, after);
      queue.push(to);
    }
  }
  return there;
}

/** Steps from the start on a shortest way that does not set the value. */
function wayWithout(flow: Flow, target: string, value: string): string[] {
  const anywhere = waysAnywhere(flow);
  const before = new Map<string, string | null>(beginnings(flow).map((name) => [name, null]));
  // A map hands out what is added while one walks it.
  for (const name of before.keys()) {
    const step = flow.steps.get(name);
    if (step === undefined || before.has(target)) break;
    for (const { to, sets } of edgesOf(flow, step, anywhere)) {
      if (!sets.includes(value) && !before.has(to)) before.set(to, name);
    }
  }
  const path = [];
  for (let step: string | null = target; step !== null; step = before.get(step) ?? null) path.unshift(step);
  return path;
}
