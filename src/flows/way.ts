/** Pure. The ways out of a step: where they lead, and where they stand in the file. */
import type { YamlPath } from '../base/index.js';
import { secretsOfLookup } from './secrets.js';
import { confirmRetryOf, type Flow, retryOf, reviewRetryOf, type Step } from './ast.js';

export interface Way {
  /** The exit's name, e.g. `key 1`, `no-input`, `found`. */
  readonly exit: string;
  /** How the machine tells of it, and the event log keeps it: short, and the same in every call. */
  readonly id: string;
  /** A step, or a fixed word. */
  readonly go: string;
  readonly path: YamlPath;
  /**
   * What takes it: a caller's key, a caller's silence, a wrong entry, two people who have talked, or the step
   * itself.
   */
  readonly by: 'key' | 'silence' | 'mistake' | 'talk' | 'step';
}

/** The ways that are written; those missing are {@link missingExits}. */
export function waysOf(flow: Flow, step: Step): Way[] {
  const at = (...path: readonly PropertyKey[]): YamlPath => ['steps', step.name, ...path];
  const way = (
    exit: string,
    go: string | undefined | null,
    path: YamlPath,
    by: Way['by'] = 'step',
    id = exit,
  ): Way[] => (go === undefined || go === null ? [] : [{ exit, id, go, path, by }]);
  const onward = (): Way[] => ('go' in step ? way('go', step.go, at('go')) : []);
  const retries = (kind: 'menu' | 'collect'): Way[] =>
    (['no-input', 'no-match'] as const).flatMap((which) => {
      const own =
        step.kind === 'menu' ? step.menu[which] : step.kind === 'collect' ? step.collect[which] : undefined;
      const path = own?.go === undefined ? ['defaults', which, 'go'] : at(kind, which, 'go');
      const fallback = flow.defaults[which];
      return way(which, own?.go ?? fallback?.go, path, which === 'no-input' ? 'silence' : 'mistake');
    });

  switch (step.kind) {
    case 'menu':
      return [
        ...Object.entries(step.menu.keys).flatMap(([key, { go }]) =>
          way(`key ${key}`, go, at('menu', 'keys', key, 'go'), 'key'),
        ),
        ...retries('menu'),
      ];
    case 'collect':
      return [
        ...onward().map((entered): Way => ({ ...entered, by: 'key' })),
        ...retries('collect'),
        ...(['no-input', 'no-match'] as const).flatMap((which) =>
          step.collect.confirm?.[which]?.go === undefined
            ? []
            : way(
                `confirm ${which}`,
                confirmRetryOf(flow, step, which).go,
                at('collect', 'confirm', which, 'go'),
                which === 'no-input' ? 'silence' : 'mistake',
              ),
        ),
      ];
    case 'lookup':
      return (['found', 'not-found', 'failed', 'locked'] as const).flatMap((exit) =>
        way(exit, step.lookup[exit], at('lookup', exit)),
      );
    case 'record':
      return [
        ...onward().map((on): Way => (step.record.review === undefined ? on : { ...on, by: 'key' })),
        ...(['no-input', 'no-match'] as const).flatMap((which) =>
          step.record.review === undefined
            ? []
            : way(
                `review ${which}`,
                reviewRetryOf(flow, step, which).go,
                step.record.review[which]?.go === undefined
                  ? ['defaults', which, 'go']
                  : at('record', 'review', which, 'go'),
                which === 'no-input' ? 'silence' : 'mistake',
              ),
        ),
        ...way('too-short', retryOf(flow, step, 'no-match').go, at('record', 'too-short', 'go'), 'mistake'),
        ...way('failed', step.record.failed, at('record', 'failed')),
      ];
    case 'decide':
      return step.decide.flatMap((branch, index) =>
        'else' in branch
          ? way('else', branch.else, at('decide', index, 'else'))
          : way(branch.when, branch.go, at('decide', index, 'go'), 'step', branchId(index)),
      );
    case 'dial':
      return (['answered', 'busy', 'no-answer', 'rejected', 'unreachable', 'failed'] as const).flatMap(
        (exit) => way(exit, step.dial[exit], at('dial', exit), exit === 'answered' ? 'talk' : 'step'),
      );
    case 'hours':
      return (['open', 'closed', 'holiday', 'emergency'] as const).flatMap((exit) =>
        way(exit, step.hours[exit], at('hours', exit)),
      );
    case 'queue':
      return [
        ...Object.entries(step.queue.keys).flatMap(([key, go]) =>
          way(`key ${key}`, go, at('queue', 'keys', key), 'key'),
        ),
        ...(step.queue['keep-place'] === undefined
          ? []
          : way(
              `key ${step.queue['keep-place'].key}`,
              step.queue['keep-place'].go,
              at('queue', 'keep-place', 'go'),
              'key',
            )),
        ...way('answered', step.queue.answered, at('queue', 'answered'), 'talk'),
        ...way(
          'no-answer-after',
          step.queue['no-answer-after']?.go,
          at('queue', 'no-answer-after', 'go'),
          'silence',
        ),
        ...(['closed', 'full', 'nobody', 'failed'] as const).flatMap((exit) =>
          way(exit, step.queue[exit], at('queue', exit)),
        ),
      ];
    case 'callback':
      return [
        ...way('kept', step.callback.kept, at('callback', 'kept'), 'key'),
        ...way('accepted', step.callback.accepted, at('callback', 'accepted'), 'key'),
        ...way('refused', step.callback.refused, at('callback', 'refused')),
        ...way('withheld', step.callback.withheld, at('callback', 'withheld'), 'silence'),
      ];
    case 'message':
      return (['sent', 'failed', 'no-number'] as const).flatMap((exit) =>
        way(exit, step.message[exit], at('message', exit)),
      );
    case 'survey':
      return onward().map((asked): Way => ({ ...asked, by: 'silence' }));
    case 'say':
    case 'set':
    case 'case':
    case 'call':
      return onward();
    case 'return':
    case 'hang-up':
      return [];
    default:
      return step satisfies never;
  }
}

/** A condition can be long; in the event log its place among the branches does. */
export function branchId(index: number): string {
  return `when ${index + 1}`;
}

/** Steps with which something begins: the flow, and what is done when it is left. */
export function beginnings(flow: Flow): string[] {
  const end = flow['at-end'];
  return end === undefined || end === flow.start ? [flow.start] : [flow.start, end];
}

/** Ways by keys that mean the same everywhere; they lead out of every step that hears keys. */
export function waysAnywhere(flow: Flow): Way[] {
  return Object.entries(flow['keys-anywhere']).map(([key, go]) => ({
    exit: `key ${key}`,
    id: `key ${key}`,
    go,
    path: ['keys-anywhere', key],
    by: 'key',
  }));
}

const asksKeys: ReadonlySet<Step['kind']> = new Set([
  'menu',
  'collect',
  'queue',
  'callback',
  'survey',
] as const);

/** Whether keys that mean the same everywhere can be pressed here. */
export function hearsKeys(step: Step): boolean {
  if (step.kind === 'say') return step.interruptible;
  if (step.kind === 'record') return step.record.review !== undefined;
  return asksKeys.has(step.kind);
}

/** Exits that the step must have and has not; `path` is where they belong. */
export function missingExits(flow: Flow, step: Step): { readonly exit: string; readonly path: YamlPath }[] {
  const locks = step.kind === 'lookup' && secretsOfLookup(flow, step).size > 0;
  const needed: readonly string[] = locks ? [...neededExits(step), 'locked'] : neededExits(step);
  const there = new Set(waysOf(flow, step).map(({ exit }) => exit));
  const inside = step.kind === 'say' || step.kind === 'set' ? [] : [step.kind];
  return needed
    .filter((exit) => !there.has(exit))
    .map((exit) => ({ exit, path: ['steps', step.name, ...(exit === 'go' ? [] : inside)] }));
}

function neededExits(step: Step): readonly string[] {
  switch (step.kind) {
    case 'menu':
      return ['no-input', 'no-match'];
    case 'collect':
      return ['go', 'no-input', 'no-match'];
    case 'lookup':
      return ['found', 'not-found', 'failed'];
    case 'record':
      return step.record.review === undefined
        ? ['go', 'too-short']
        : ['go', 'too-short', 'review no-input', 'review no-match'];
    case 'decide':
      return ['else'];
    case 'dial':
      return ['answered', 'failed'];
    case 'hours':
      return ['open', 'closed'];
    case 'queue':
      return ['answered', 'no-answer-after', 'failed'];
    case 'callback':
      return step.callback['keep-place'] === undefined
        ? ['accepted', 'refused', 'withheld']
        : ['kept', 'accepted', 'refused', 'withheld'];
    case 'message':
      return ['sent', 'failed', 'no-number'];
    case 'say':
    case 'set':
    case 'case':
    case 'call':
    case 'survey':
      return ['go'];
    case 'return':
    case 'hang-up':
      return [];
    default:
      return step satisfies never;
  }
}
