/** The `onedoor` command: its words, and how each ends. */
import { Command, CommanderError } from 'commander';
import { OnedoorError } from '../base/index.js';
import { settingsTable } from './settings.js';
import { textTable } from './table.js';
import { CliFailure, type ExitCode, exitCodes, type World } from './world.js';

/** Adds a command to the program; `ends` is called with what the shell is told, where that is not 0. */
type AddCommand = (program: Command, world: World, ends: (code: ExitCode) => void) => void;

/** Only what is asked for is loaded: a list of cases needs no exchange. */
const commands: readonly { readonly word: string; readonly load: () => Promise<AddCommand> }[] = [
  { word: 'start', load: async () => (await import('./start-command.js')).addStartCommand },
  { word: 'stop', load: async () => (await import('./stop-command.js')).addStopCommand },
  { word: 'doctor', load: async () => (await import('./doctor-command.js')).addDoctorCommand },
  { word: 'flow', load: async () => (await import('./flow-commands.js')).addFlowCommands },
  { word: 'publish', load: async () => (await import('./publish-commands.js')).addPublishCommand },
  { word: 'history', load: async () => (await import('./publish-commands.js')).addHistoryCommand },
  { word: 'diff', load: async () => (await import('./publish-commands.js')).addDiffCommand },
  { word: 'rollback', load: async () => (await import('./publish-commands.js')).addRollbackCommand },
  { word: 'rehearse', load: async () => (await import('./rehearse-command.js')).addRehearseCommand },
  { word: 'call', load: async () => (await import('./call-command.js')).addCallCommand },
  { word: 'case', load: async () => (await import('./records-commands.js')).addCaseCommand },
  { word: 'contact', load: async () => (await import('./records-commands.js')).addContactCommand },
  { word: 'queue', load: async () => (await import('./queue-commands.js')).addQueueCommands },
  { word: 'figures', load: async () => (await import('./figures-command.js')).addFiguresCommand },
  { word: 'agent', load: async () => (await import('./agent-commands.js')).addAgentCommands },
  { word: 'calendar', load: async () => (await import('./calendar-commands.js')).addCalendarCommands },
  { word: 'prompts', load: async () => (await import('./prompts-commands.js')).addPromptsCommands },
  { word: 'simulate', load: async () => (await import('./simulate-command.js')).addSimulateCommand },
  { word: 'exchange', load: async () => (await import('./exchange-command.js')).addExchangeCommand },
];

/**
 * Runs one command line.
 *
 * @param words behind the program's name
 * @returns what the shell is told
 */
export async function runCli(words: readonly string[], world: World): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const ends = (with_: ExitCode): void => {
    code = with_;
  };
  const program = new Command('onedoor')
    .description('One number, no wrong door: a call centre for public hotlines.')
    .version(world.version)
    .showHelpAfterError('(onedoor --help lists the commands)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.out(text.trimEnd()),
      writeErr: (text) => world.err(text.trimEnd()),
    })
    .addHelpText('after', () => `\n${settingsHelp()}\n\n${exitCodesHelp}`);
  const named = commands.filter(({ word }) => word === words[0]);
  for (const { load } of named.length > 0 ? named : commands) (await load())(program, world, ends);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return tellError(error, world);
  }
}

function tellError(error: unknown, world: World): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has printed it already; help that was asked for is no error.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof CliFailure) {
    world.err(error.message);
    return error.code;
  }
  if (error instanceof OnedoorError) {
    world.err(`${error.message} [${error.code}]`);
    const unreachable = error.code === 'ONEDOOR_CLI_NO_ENGINE' || error.code === 'ONEDOOR_CLI_ENGINE_SILENT';
    return unreachable ? exitCodes.noEngine : exitCodes.failed;
  }
  world.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}

function settingsHelp(): string {
  const rows = settingsTable.map(([name, what, otherwise]) => [`  ${name}`, what, otherwise]);
  return ['Settings come from the environment:', ...textTable(['  name', 'what', 'otherwise'], rows)].join(
    '\n',
  );
}

const exitCodesHelp = `Exit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} a wrong word or setting, ${exitCodes.findings} the site has findings or a scripted caller did not get through, ${exitCodes.noEngine} no engine runs.`;
