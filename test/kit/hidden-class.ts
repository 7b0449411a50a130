/** Which objects V8 takes for ones of a kind. */
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');
const haveSameMap = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean;

/** Whether all are of one hidden class: code that reads one of them is quick for all. */
export function ofOneClass(objects: readonly object[]): boolean {
  const [first, ...others] = objects;
  return first !== undefined && others.every((other) => haveSameMap(first, other));
}
