import type { AriOperations } from './ari-model.js';

/** A path of Asterisk's API description with something in each of its `{slots}`. */
type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Path;

type Operation<Method> = Extract<AriOperations[keyof AriOperations], { readonly method: Method }>;

/** What may be asked for with a method: a path that Asterisk describes, with its query; all parts encoded. */
export type AriUri<Method> =
  | Filled<Operation<Method>['path']>
  | `${Filled<Operation<Method>['path']>}?${string}`;
