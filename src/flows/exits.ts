/** Pure. Every way out that a flow file has, with its place: what scripted callers should have gone. */
import { waysAnywhere, waysOf } from './way.js';
import type { ParsedFlow } from './parse.js';

export interface WrittenExit {
  readonly flow: string;
  /** `keys-anywhere` for a key that means the same everywhere. */
  readonly step: string;
  /** As the event log keeps it, e.g. `key 1`, `when 2`. */
  readonly id: string;
  /** As a person reads it: of a branch, its condition. */
  readonly exit: string;
  readonly go: string;
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** Stands in place of a step for keys that mean the same everywhere: they are counted once a flow. */
export const anywhere = 'keys-anywhere';

/** In the file's order; those that a step takes from `defaults` stand at the step. */
export function exitsOf({ file, flow, source }: ParsedFlow): readonly WrittenExit[] {
  if (flow === null || source === null) return [];
  const own = [...flow.steps.values()].flatMap((step) =>
    waysOf(flow, step).map(({ id, exit, go, path }): WrittenExit => {
      const place = path[0] === 'defaults' ? source.keyAt(['steps', step.name]) : source.keyAt(path);
      return { flow: flow.flow, step: step.name, id, exit, go, file, ...place };
    }),
  );
  const keys = waysAnywhere(flow).map(
    ({ id, exit, go, path }): WrittenExit => ({
      flow: flow.flow,
      step: anywhere,
      id,
      exit,
      go,
      file,
      ...source.keyAt(path),
    }),
  );
  return [...keys, ...own].sort((a, b) => a.line - b.line || a.col - b.col);
}
