/** Which objects V8 takes for ones of a kind. */
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');
const haveSameMap = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean;

/** One object of each hidden class: code that reads them is quick while these are few. */
export function onePerClass<Of extends object>(objects: readonly Of[]): Of[] {
  const found: Of[] = [];
  for (const object of objects) if (!found.some((other) => haveSameMap(other, object))) found.push(object);
  return found;
}
