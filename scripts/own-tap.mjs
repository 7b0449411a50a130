/**
 * Module hooks of a process that runs several test files, one after another: what a file imports as `tap` is a test of
 * its own, which the process has made for it, instead of the one that all files of a process would share.
 */

const SCHEME = 'own-tap:';

/** Key, on `globalThis`, of the tests by their files: hooks run in a thread of their own, and hand over nothing else. */
export const OWN_TESTS = 'onedoor.test-files';

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  return specifier === 'tap' && parentURL?.endsWith('.test.js')
    ? { url: `${SCHEME}${parentURL}`, format: 'module', shortCircuit: true }
    : next(specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith(SCHEME)) return next(url, context);
  const [key, file] = [OWN_TESTS, url.slice(SCHEME.length)].map((text) => JSON.stringify(text));
  return {
    source: `export default globalThis[Symbol.for(${key})].get(${file});`,
    format: 'module',
    shortCircuit: true,
  };
}
