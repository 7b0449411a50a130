/** A Dockerfile as the steps that one can follow in a plain folder. Pure. */
import { DockerfileParser } from 'dockerfile-ast';

/**
 * @typedef {object} Step
 * @property {number} line
 * @property {string} keyword in capitals
 * @property {readonly string[]} words   its arguments, quotes taken off
 * @property {Readonly<Record<string, string>>} flags e.g. `from` of a COPY
 * @property {string} text what stands behind keyword and flags, in one line
 */

/** @typedef {{ name: string, image: string, steps: readonly Step[] }} Stage */

/**
 * @param {string} dockerfile
 * @returns {readonly Stage[]}
 */
export function stagesOf(dockerfile) {
  /** @type {{ name: string, image: string, steps: Step[] }[]} */
  const stages = [];
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const keyword = instruction.getKeyword();
    const words = instruction.getArguments().map((argument) => argument.getValue());
    if (keyword === 'FROM') {
      stages.push({ name: words[2] ?? String(stages.length), image: words[0] ?? '', steps: [] });
      continue;
    }
    const flags = 'getFlags' in instruction ? /** @type {any} */ (instruction).getFlags() : [];
    stages.at(-1)?.steps.push({
      line: (instruction.getRange().start.line ?? 0) + 1,
      keyword,
      words,
      flags: Object.fromEntries(
        flags.map((/** @type {any} */ flag) => [flag.getName(), flag.getValue() ?? '']),
      ),
      text: instruction
        .getTextContent()
        .replace(/\\\n/g, ' ')
        .replace(/^\w+\s+(--[\w-]+(=\S+)?\s+)*/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    });
  }
  return stages;
}

/**
 * The words of an instruction in exec form, `["node", "x"]`; undefined where it is a shell's line.
 * @param {string} text
 * @returns {readonly string[] | undefined}
 */
export function execForm(text) {
  if (!text.startsWith('[')) return undefined;
  return JSON.parse(text);
}

/**
 * Names of the build's folder that .dockerignore lets through. It must leave everything out first (`*`).
 * @param {string} dockerignore
 * @returns {readonly string[]}
 */
export function admitted(dockerignore) {
  const lines = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*' || lines.slice(1).some((line) => !/^![\w.-]+$/.test(line)))
    throw new Error('.dockerignore must leave out everything (*) and let single names in again (!name)');
  return lines.slice(1).map((line) => line.slice(1));
}
