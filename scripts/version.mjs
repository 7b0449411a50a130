/**
 * The numbers of a version: `1:22.10.1+dfsg-1`, `Asterisk 22.10.1`, `v20.20.2`. Debian's epoch is no part of them.
 * @param {string} text
 * @returns {readonly number[] | undefined} undefined: there is no version in it
 */
function versionNumbers(text) {
  const found = /(?:^|[^\d.])(\d+(?:\.\d+)+)/.exec(text.replace(/^\d+:/, ''));
  return found?.[1]?.split('.').map(Number);
}

/**
 * @param {string} text
 * @param {string} least
 */
export function isAtLeast(text, least) {
  const has = versionNumbers(text);
  const needs = versionNumbers(least);
  if (has === undefined || needs === undefined) return false;
  const at = needs.findIndex((need, index) => (has[index] ?? 0) !== need);
  return at === -1 || Number(has[at] ?? 0) > Number(needs[at]);
}
