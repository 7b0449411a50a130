/** The world of an `onedoor` command in a test: its settings, and what it has said. */
import { fileURLToPath } from 'node:url';
import { readSettings, type World } from '../../src/cli/index.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * @param environment the settings that are set
 * @param folder where the command is given, and the home of who gives it
 */
export function cliWorld(
  environment: Readonly<Record<string, string>> = {},
  folder = project,
): { readonly world: World; readonly out: string[]; readonly err: string[] } {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    world: {
      version: '1.2.3',
      reading: readSettings(environment, { project, workingFolder: folder, home: folder }),
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      watched: false,
      onSignal: () => () => undefined,
    },
    out,
    err,
  };
}
