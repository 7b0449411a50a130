/** Waiting with a bound: for a promise, or for something to become true. */

/**
 * So long may whatever must happen take on a machine that has much else to do: nobody waits for it in vain but a test
 * that fails.
 */
export const patientMs = 60_000;

/** The promise's value; fails with `what` when it does not settle within `limitMs`. */
export function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms: ${what}`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Looks again and again until there is something; fails with `what` after `limitMs`. Whoever was held up meanwhile has
 * a last look, which begins when the time is over.
 *
 * @param look is told whether it is the last.
 */
export async function eventually<T>(
  look: (isLast: boolean) => T | null | undefined | false | Promise<T | null | undefined | false>,
  limitMs: number,
  what: string | (() => string),
  everyMs = 50,
): Promise<T> {
  for (const began = performance.now(); ; ) {
    const isLast = performance.now() - began > limitMs;
    const found = await look(isLast);
    if (found !== null && found !== undefined && found !== false) return found;
    if (isLast) throw new Error(`not within ${limitMs} ms: ${typeof what === 'string' ? what : what()}`);
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
