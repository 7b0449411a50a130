import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { lastWords } from './failure.mjs';
import { isAtLeast } from './version.mjs';

/** The oldest Asterisk that the engine speaks with. */
export const LEAST_ASTERISK = '22.10.1';

/** Languages that the example hotlines speak. */
const VOICES = ['ar', 'en', 'ms'];

/**
 * A program: put the arguments behind `command`, add `env` to the environment.
 * @typedef {object} Tool
 * @property {readonly string[]} command
 * @property {Readonly<Record<string, string>>} env
 */

/**
 * What toolbox.json says. Every path is absolute.
 * @typedef {object} Toolbox
 * @property {1} format
 * @property {string | null} root         null: the programs are the machine's own
 * @property {string | null} loader       the toolbox's own ld.so: its libc is newer than the machine's
 * @property {string | null} libraryPath
 * @property {(Tool & { version: string, modules: string, data: string, sounds: string, documentation: string, restApi: string }) | null} asterisk
 *   null: the exchange is not ours; `sounds` is the folder above the languages' folders
 * @property {Tool} espeak
 * @property {Tool} sox
 */

/**
 * Describes the programs below a root. Pure but for looking at which folders exist.
 * @param {string} at      where the files are now
 * @param {string} root    where they will be when the description is read
 * @returns {Omit<Toolbox, 'asterisk'> & { asterisk: Omit<NonNullable<Toolbox['asterisk']>, 'version'> | null }}
 */
export function describeTools(at, root = at) {
  // Suites before trixie keep libc below /lib, later ones all below /usr/lib.
  const libraries = ['usr/lib', 'lib'].flatMap((folder) =>
    existsSync(join(at, folder))
      ? readdirSync(join(at, folder))
          .filter((name) => /-linux-gnu/.test(name))
          .map((name) => join(folder, name))
      : [],
  );
  const loader = libraries.flatMap((folder) =>
    readdirSync(join(at, folder))
      .filter((name) => /^ld-linux.*\.so\.\d+$/.test(name))
      .map((name) => join(folder, name)),
  )[0];
  if (loader === undefined) throw new Error('the unpacked packages hold no ld-linux.so');
  const main =
    libraries.find((folder) => existsSync(join(at, folder, 'espeak-ng-data'))) ?? String(libraries[0]);
  const libraryPath = libraries
    .flatMap((folder) => ['', 'asterisk', 'sox', 'pulseaudio'].map((name) => join(folder, name)))
    .filter((folder) => existsSync(join(at, folder)))
    .map((folder) => join(root, folder))
    .join(':');
  // Without the machine's ld.so.cache: a library that is missing here must not be taken from there by chance.
  const tool = (/** @type {string} */ program) => [
    join(root, loader),
    '--inhibit-cache',
    '--library-path',
    libraryPath,
    join(root, program),
  ];
  const data = join(root, 'usr/share/asterisk');
  return {
    format: 1,
    root,
    loader: join(root, loader),
    libraryPath,
    asterisk: existsSync(join(at, 'usr/sbin/asterisk'))
      ? {
          command: tool('usr/sbin/asterisk'),
          env: {},
          modules: join(root, main, 'asterisk/modules'),
          data,
          sounds: join(data, 'sounds'),
          documentation: join(data, 'documentation'),
          restApi: join(data, 'rest-api'),
        }
      : null,
    espeak: { command: tool('usr/bin/espeak-ng'), env: { ESPEAK_DATA_PATH: join(root, main) } },
    sox: { command: tool('usr/bin/sox'), env: {} },
  };
}

/**
 * Starts each program once: what was unpacked must also run, before anybody relies on it.
 * @param {ReturnType<typeof describeTools>} tools
 * @param {string} folder for the sound files of the trial
 * @returns {Promise<Toolbox>} the description, with the exchange's version
 */
export async function tryTools(tools, folder) {
  const use = async (
    /** @type {Tool} */ { command: [program = '', ...before], env },
    /** @type {string[]} */ ...args
  ) => {
    const { code, output } = await run(program, [...before, ...args], { env: { ...process.env, ...env } });
    if (code !== 0) throw new Error(`${before.at(-1) ?? program} ${args.join(' ')}: ${lastWords(output)}`);
    return output;
  };
  for (const voice of VOICES) {
    const spoken = join(folder, `${voice}.wav`);
    const small = join(folder, `${voice}.8000.wav`);
    await use(tools.espeak, '-v', voice, '-w', spoken, '1');
    await use(tools.sox, spoken, '-r', '8000', '-c', '1', '-b', '16', small);
    // A WAV file's head alone has 44 bytes: more means that something was said.
    if (statSync(small).size <= 44) throw new Error(`espeak-ng says nothing in the language ${voice}`);
  }
  if (tools.asterisk === null) return { ...tools, asterisk: null };
  const said = await use(tools.asterisk, '-V');
  const version = /\d+\.\d+\.\d+/.exec(said)?.[0] ?? '';
  if (!isAtLeast(version, LEAST_ASTERISK))
    throw new Error(`Asterisk ${version || said} is older than ${LEAST_ASTERISK}`);
  return { ...tools, asterisk: { ...tools.asterisk, version } };
}

/**
 * The machine's own espeak-ng and sox.
 * @param {string} [path] the search path
 * @returns {Toolbox | undefined} undefined: one of them is missing
 */
export function toolsOnPath(path = process.env.PATH ?? '') {
  const find = (/** @type {string} */ name) =>
    path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(isProgram);
  const espeak = find('espeak-ng');
  const sox = find('sox');
  if (espeak === undefined || sox === undefined) return undefined;
  return {
    format: 1,
    root: null,
    loader: null,
    libraryPath: null,
    asterisk: null,
    espeak: { command: [espeak], env: {} },
    sox: { command: [sox], env: {} },
  };
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
