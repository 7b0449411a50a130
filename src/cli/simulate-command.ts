/** `onedoor simulate`: how many agents are enough, for the people who staff a hotline. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Command } from 'commander';
import { findingLine } from '../base/index.js';
import { readScenario, readSite } from '../site/index.js';
import { type Report, report, type Scenario, searchStaffing } from '../staffing/index.js';
import { reportLines, shownReport } from './simulate-show.js';
import { openSimulation, type Simulation } from './simulation.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Asked {
  readonly find?: true;
  readonly seed?: string;
  readonly replications?: string;
  readonly json?: true;
}

export function addSimulateCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('simulate <file>')
    .description('how many agents are enough: a scenario in virtual time, by the router itself')
    .option('--find', 'find the staffing for the target, also where the scenario has one')
    .option('--seed <number>', "another than the scenario's")
    .option('--replications <number>', "more or fewer than the scenario's")
    .option('--json', 'print one JSON object')
    .action(async (file: string, asked: Asked) => ends(await simulate(world, file, asked)));
}

async function simulate(world: World, file: string, asked: Asked): Promise<ExitCode> {
  const scenario = changed(await scenarioIn(world, file), asked);
  const staff = scenario.halfHours.map(({ agents }) => agents);
  const given = asked.find === true ? null : staff.flatMap((agents) => agents ?? []);
  const simulation = openSimulation(scenario);
  const began = performance.now();
  try {
    const found =
      given === null || given.length < staff.length
        ? await search(world, scenario, simulation)
        : report(scenario, given, await simulation.run(given));
    if (asked.json) printJson(world, shownReport(scenario, found));
    else for (const line of reportLines(scenario, found)) world.out(line);
    if (world.watched) world.err(`${((performance.now() - began) / 1000).toFixed(1)} s`);
    return found.isGood === false ? exitCodes.failed : exitCodes.done;
  } finally {
    await simulation.close();
  }
}

async function search(world: World, scenario: Scenario, simulation: Simulation): Promise<Report> {
  const { target } = scenario;
  if (target === null)
    throw new CliFailure(exitCodes.usage, 'The scenario has no `target`: nothing says what is good enough.');
  const searching = searchStaffing(scenario, target);
  let step = searching.next();
  for (let nth = 1; !step.done; nth++) {
    if (world.watched) world.err(`Staffing ${nth}: ${sum(step.value) / 2} agent hours…`);
    step = searching.next(await simulation.run(step.value));
  }
  return step.value.report;
}

const sum = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0);

async function scenarioIn(world: World, file: string): Promise<Scenario> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliFailure(exitCodes.usage, `${file} cannot be read: ${why}.`, cause);
  }
  const { files } = await readSite(settingsOf(world).siteFolder);
  const reading = readScenario(relative(process.cwd(), file), text, files);
  if (reading.result === 'read') return reading.scenario;
  throw new CliFailure(exitCodes.findings, reading.findings.map(findingLine).join('\n'));
}

function changed(scenario: Scenario, { seed, replications }: Asked): Scenario {
  return {
    ...scenario,
    seed: whole('--seed', seed, 0, 2_147_483_647) ?? scenario.seed,
    replications: whole('--replications', replications, 2, 1_000) ?? scenario.replications,
  };
}

function whole(option: string, text: string | undefined, least: number, most: number): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new CliFailure(
    exitCodes.usage,
    `${option} is "${text}"; write a whole number from ${least} to ${most}.`,
  );
}
