/**
 * A set-up that cannot go on, told as one sentence that says what to do. Everything else that is thrown
 * here is a bug and keeps its stack.
 */
export class SetUpFailure extends Error {
  /**
   * @param {string} sentence what is wrong and how to mend it
   * @param {{ cause?: unknown }} [options]
   */
  constructor(sentence, options) {
    super(sentence, options);
    this.name = 'SetUpFailure';
  }
}

/** Lines that npm and node-gyp put after what matters. */
const NO_WORDS =
  /A complete log of this run|For a full report see|gyp (ERR!|verb|info)|Run "npm help|^npm error\s*$/;

/** Lines of apt and npm that name the cause; what follows them is about its consequences. */
const TELLING =
  /^([EW]: |npm (error|ERR!) ).*(Failed to fetch|Temporary failure|Could not (resolve|connect)|is expired|not valid yet|No space left|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT)/;

/**
 * The line of a program's output that the user needs to see: the cause, else the last error, else the last line.
 * @param {string} output
 */
export function lastWords(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !NO_WORDS.test(line));
  const telling = lines.filter((line) => TELLING.test(line));
  const errors = lines.filter((line) => /^(E:|npm (error|ERR!)|.*\b[Ee]rror\b)/.test(line));
  return telling[0] ?? errors.at(-1) ?? lines.filter((line) => line !== '').at(-1) ?? 'it said nothing';
}

/**
 * Whether a program's output or an exception says that a disk is full.
 * @param {unknown} reason
 */
export function saysDiskFull(reason) {
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
  const text = reason instanceof Error ? reason.message : String(reason);
  return (
    code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|ENOSPC|Disk quota exceeded/.test(text)
  );
}

/**
 * @param {string} [folder] on the disk in question, where it is known
 */
export const diskFull = (folder) =>
  new SetUpFailure(
    `No space left on device${folder === undefined ? '' : ` for ${folder}`}. Free some space and run the same command again.`,
  );

/**
 * Ends the process as a failure should end: the sentence alone for what the user can mend, the stack for bugs.
 * @param {unknown} reason
 * @returns {never}
 */
export function endWith(reason) {
  if (reason instanceof SetUpFailure) process.stderr.write(`onedoor: ${reason.message}\n`);
  else if (saysDiskFull(reason)) endWith(diskFull());
  else process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
  process.exit(1);
}
