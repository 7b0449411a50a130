/** Pure. All expressions of a step. */
import type { YamlPath } from '../base/index.js';
import { lastAgent, type QueueStep, type Step } from './ast.js';
import type { Wanted } from './expressions.js';

/** An expression and where the flow has it. */
export interface ExpressionAt {
  readonly text: string;
  readonly wanted: Wanted;
  readonly path: YamlPath;
}

/** `path`: of `prefer`, which may be written in short. */
function preferenceIn({ queue: { prefer } }: QueueStep, path: YamlPath): ExpressionAt[] {
  if (prefer === undefined || prefer.agent === lastAgent) return [];
  return [{ text: prefer.agent, wanted: 'any', path: prefer.short ? path : [...path, 'agent'] }];
}

export function expressionsIn(step: Step): ExpressionAt[] {
  const at = (...path: readonly PropertyKey[]): YamlPath => ['steps', step.name, ...path];
  const map = (named: Readonly<Record<string, string>>, path: YamlPath): ExpressionAt[] =>
    Object.entries(named).map(([name, text]) => ({ text, wanted: 'any', path: [...path, name] }));
  switch (step.kind) {
    case 'menu':
      return Object.entries(step.menu.keys).flatMap(([key, { set }]) =>
        map(set ?? {}, at('menu', 'keys', key, 'set')),
      );
    case 'collect': {
      const text = step.collect.check?.when;
      return text === undefined ? [] : [{ text, wanted: 'bool', path: at('collect', 'check', 'when') }];
    }
    case 'lookup':
      return [
        ...map(step.lookup.with, at('lookup', 'with')),
        ...(step.lookup.account === undefined
          ? []
          : [{ text: step.lookup.account, wanted: 'any', path: at('lookup', 'account') } as const]),
      ];
    case 'decide':
      return step.decide.flatMap((branch, index) =>
        'when' in branch
          ? [{ text: branch.when, wanted: 'bool', path: at('decide', index, 'when') } as const]
          : [],
      );
    case 'set':
      return map(step.set, at('set'));
    case 'case':
      return [
        { text: step.case.subject, wanted: 'text', path: at('case', 'subject') },
        ...map(step.case.details, at('case', 'details')),
      ];
    case 'call':
      return map(step.call.with, at('call', 'with'));
    case 'return':
      return map(step.return, at('return'));
    case 'queue':
      return [...map(step.queue.need, at('queue', 'need')), ...preferenceIn(step, at('queue', 'prefer'))];
    case 'callback':
      return [
        { text: step.callback.subject, wanted: 'text', path: at('callback', 'subject') },
        ...map(step.callback.details, at('callback', 'details')),
        ...map(step.callback['keep-place']?.with ?? {}, at('callback', 'keep-place', 'with')),
      ];
    case 'message':
      return [{ text: step.message.to, wanted: 'any', path: at('message', 'to') }];
    default:
      return [];
  }
}
