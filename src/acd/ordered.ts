/**
 * A list that is kept in order, with the rank of an entry: what is waiting, and what is due. Chunks of bounded length,
 * so that an entry in the middle of 50,000 costs no more than one of 500; see docs/decisions/0022.
 */
export interface Ordered<T> {
  /** Total: 0 only for the same entry. */
  readonly compare: (a: T, b: T) => number;
  /** None is empty. */
  readonly chunks: T[][];
  size: number;
}

const longest = 256;

export function createOrdered<T>(compare: (a: T, b: T) => number): Ordered<T> {
  return { compare, chunks: [], size: 0 };
}

/** Index of the first chunk whose last entry is not before `entry`. */
function chunkOf<T>({ chunks, compare }: Ordered<T>, entry: T): number {
  let [low, high] = [0, chunks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle] as T[];
    if (compare(chunk[chunk.length - 1] as T, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many entries of the chunk are before `entry`. */
function indexIn<T>(chunk: readonly T[], entry: T, compare: Ordered<T>['compare']): number {
  let [low, high] = [0, chunk.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(chunk[middle] as T, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An entry that is there already stays as it is. */
export function addTo<T>(list: Ordered<T>, entry: T): void {
  const { chunks, compare } = list;
  // What comes last goes to the end of the last chunk: the usual case.
  const at = Math.min(chunkOf(list, entry), Math.max(0, chunks.length - 1));
  const chunk = chunks[at];
  if (chunk === undefined) {
    chunks.push([entry]);
    list.size = 1;
    return;
  }
  const index = indexIn(chunk, entry, compare);
  if (index < chunk.length && compare(chunk[index] as T, entry) === 0) return;
  chunk.splice(index, 0, entry);
  list.size += 1;
  if (chunk.length > longest) chunks.splice(at + 1, 0, chunk.splice(longest / 2));
}

/** An entry that is not there is nothing to take away. */
export function removeFrom<T>(list: Ordered<T>, entry: T): void {
  const { chunks, compare } = list;
  const at = chunkOf(list, entry);
  const chunk = chunks[at];
  if (chunk === undefined) return;
  const index = indexIn(chunk, entry, compare);
  if (index >= chunk.length || compare(chunk[index] as T, entry) !== 0) return;
  chunk.splice(index, 1);
  list.size -= 1;
  if (chunk.length === 0) chunks.splice(at, 1);
}

/** How many entries are before this one, whether it is there itself or not. */
export function rankIn<T>(list: Ordered<T>, entry: T): number {
  const at = chunkOf(list, entry);
  let before = 0;
  for (let i = 0; i < at; i++) before += (list.chunks[i] as T[]).length;
  const chunk = list.chunks[at];
  return chunk === undefined ? before : before + indexIn(chunk, entry, list.compare);
}

/** The first entry that is wanted. */
export function firstOf<T>({ chunks }: Ordered<T>, isWanted: (entry: T) => boolean): T | null {
  for (const chunk of chunks) for (const entry of chunk) if (isWanted(entry)) return entry;
  return null;
}

/** All entries in order; the list must not change meanwhile. */
export function* inOrder<T>({ chunks }: Ordered<T>): Generator<T> {
  for (const chunk of chunks) yield* chunk;
}
