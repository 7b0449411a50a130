/** Waiting with a bound: for a promise, or for something to become true. */

/** The promise's value; fails with `what` when it does not settle within `limitMs`. */
export function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms: ${what}`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Looks again and again until there is something; fails with `what` after `limitMs`. */
export async function eventually<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  limitMs: number,
  what: string,
  everyMs = 50,
): Promise<T> {
  for (const began = performance.now(); ; ) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() - began > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, everyMs);
    });
  }
}

/** Something that is waited for later: until then, its failure is nobody's. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
