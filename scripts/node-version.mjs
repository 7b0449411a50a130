// The first import of every script that a user types. It must be understood by Nodes that are too old for all
// the others, hence nothing modern here; it says so in a sentence where a SyntaxError would come otherwise.

/** @public */
export const LEAST_NODE = '20.20.0';

/**
 * @public
 * @param {string} version as process.version has it
 * @returns {string} what to do about a Node that is too old; empty when it will do
 */
export function nodeTooOld(version) {
  const has = version.replace(/^v/, '').split('.').map(Number);
  const needs = LEAST_NODE.split('.').map(Number);
  const at = needs.findIndex((need, i) => has[i] !== need);
  if (at === -1 || Number(has[at]) > Number(needs[at])) return '';
  const least = LEAST_NODE.replace(/\.0$/, '');
  return `Onedoor needs Node ${least} or newer, and this is Node ${version}. Install Node 20, 22 or 24 (from nodejs.org, or your distribution) and run the same command again.`;
}

const sentence = nodeTooOld(process.version);
if (sentence !== '') {
  process.stderr.write(`onedoor: ${sentence}\n`);
  process.exit(1);
}
