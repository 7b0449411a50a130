import { readFileSync } from 'node:fs';

/** Debian's suites in the order of their age. Unknown ones are newer than these. */
const BY_AGE = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'sid'];

/** Released before Asterisk 22.10 was, and a released suite does not change: asking them costs 10 MB for nothing. */
const WITHOUT_ASTERISK = new Set(['buster', 'bullseye', 'bookworm', 'trixie']);

/**
 * The machine's own suite, as os-release(5) tells it.
 * @param {string} [text] the file's text
 * @returns {string | undefined} undefined: not a Debian, or one (sid) that does not say
 */
export function ownSuite(text = osRelease()) {
  const value = (/** @type {string} */ name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1];
  return value('ID') === 'debian' ? value('VERSION_CODENAME') : undefined;
}

function osRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    // No such file: certainly not a Debian of the last ten years.
    return '';
  }
}

/**
 * The suites to look into, in order: the machine's own, then newer ones, the most settled first.
 * @param {string | undefined} own
 * @param {{ asterisk: boolean }} wanted
 * @returns {string[]}
 */
export function suitesToTry(own, { asterisk }) {
  const age = own === undefined ? -1 : BY_AGE.indexOf(own);
  const newer = BY_AGE.slice(age === -1 ? BY_AGE.indexOf('trixie') : age);
  const all = own === undefined || newer.includes(own) ? newer : [own, ...newer];
  return all.filter((suite) => !asterisk || !WITHOUT_ASTERISK.has(suite));
}
