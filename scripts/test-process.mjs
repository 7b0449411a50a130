/**
 * A process that runs test files, one after another, as it is told them: to load tap and the program anew for each file
 * costs more than most files do. Its TAP has a subtest for each file, and a line of its own when all is told of it.
 */
import { register } from 'node:module';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { OWN_TESTS } from './own-tap.mjs';

/** So long may what a file has closed take to be gone. */
const CLOSING_MS = 5_000;

register('./own-tap.mjs', import.meta.url);

/** @type {Map<string, unknown>} */
const tests = new Map();
Object.assign(globalThis, { [Symbol.for(OWN_TESTS)]: tests });

/** @typedef {{ file: string, limitMs: number }} Order */

process.on('message', async (/** @type {Order | 'end'} */ order) => {
  // Whoever disconnects first is not told when the other has ended.
  if (order === 'end') return process.disconnect();
  const { file, limitMs } = order;
  const url = pathToFileURL(file).href;
  const name = relative(process.cwd(), file);
  const before = open();
  await t.test(name, { timeout: limitMs }, async (own) => {
    // Tap lets go of the channel when it begins to write.
    process.channel?.ref();
    tests.set(url, own);
    await import(url);
  });
  tests.delete(url);
  const left = await leftOpen(before);
  process.stdout.write(`${left.length === 0 ? '' : `# left open: ${left.join(', ')}\n`}# end of ${name}\n`);
  return undefined;
});

/** What keeps the process alive. */
const open = () => process.getActiveResourcesInfo();

/**
 * What a file leaves behind would keep its own process from ending, and here it would get in the way of others.
 * @param {readonly string[]} before what was open before the file began
 * @returns {Promise<readonly string[]>}
 */
async function leftOpen(before) {
  for (const began = performance.now(); ; ) {
    // What was begun last opens in a turn of its own.
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    const left = open();
    for (const one of before) if (left.includes(one)) left.splice(left.indexOf(one), 1);
    if (left.length === 0 || performance.now() - began > CLOSING_MS) return left;
  }
}
