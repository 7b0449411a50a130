/** Pure. A simulation as people read it, and as programs do. */
import { minuteText } from '../calendar/index.js';
import type { Estimate, Figures, HalfHourReport, Report, Scenario } from '../staffing/index.js';
import { harmless, textTable } from './table.js';

export function reportLines(scenario: Scenario, found: Report): readonly string[] {
  const { target, steady } = scenario;
  const title = `${harmless(scenario.name)}: ${found.replications} replications, ${found.calls.toLocaleString('en')} calls, seed ${scenario.seed}.`;
  const columns = [
    steady ? '' : 'from',
    'calls',
    'agents',
    'answered in s',
    `in ${scenario.withinMs / 1000} s, %`,
    'hung up %',
    'occupied %',
    'Erlang C: s',
    '%',
    ...(scenario.patience === null ? [] : ['Erlang A: s', '%', 'hung up %']),
    ...(target === null ? [] : ['agents by C', ...(scenario.patience === null ? [] : ['by A'])]),
  ];
  const [first] = found.halfHours;
  const rows = steady ? [] : found.halfHours.map((one) => rowOf(scenario, timeOf(one.start), one, one));
  const all = steady && first !== undefined ? rowOf(scenario, '', first, found.all) : dayRow(found);
  return [
    title,
    ...textTable(columns, [...rows, all]),
    `After ±: half of the 95 % confidence interval. ${found.agentHours} agent hours.`,
    ...verdict(scenario, found),
  ];
}

function rowOf(
  { patience, target }: Scenario,
  name: string,
  one: HalfHourReport,
  figures: Figures,
): string[] {
  const { 'erlang-c': c, 'erlang-a': a } = one.theory;
  return [
    name,
    figures.calls.toFixed(1),
    String(one.agents),
    ...simulated(figures),
    c === null ? '-' : (c.speedOfAnswerMs / 1000).toFixed(1),
    c === null ? '-' : percent(c.serviceLevel),
    ...(patience === null
      ? []
      : [
          a === null ? '-' : (a.speedOfAnswerMs / 1000).toFixed(1),
          a === null ? '-' : percent(a.serviceLevel),
          a === null ? '-' : percent(a.abandonment),
        ]),
    ...(target === null || one.needed === null
      ? []
      : [number(one.needed['erlang-c']), ...(patience === null ? [] : [number(one.needed['erlang-a'])])]),
  ];
}

function dayRow({ all, agentHours }: Report): string[] {
  return ['all', all.calls.toFixed(1), `${agentHours} h`, ...simulated(all)];
}

function simulated({ speedOfAnswerMs, serviceLevel, abandonment, occupancy }: Figures): string[] {
  return [
    spread(speedOfAnswerMs, (ms) => (ms / 1000).toFixed(1)),
    spread(serviceLevel, percent),
    spread(abandonment, percent),
    spread(occupancy, percent),
  ];
}

function verdict({ target }: Scenario, { isGood }: Report): readonly string[] {
  if (target === null || isGood === null) return [];
  const wanted =
    target.type === 'speed-of-answer'
      ? `an average answer in ${target.ms / 1000} s`
      : `${target.share * 100} % (${target.formula})`;
  const where = target.of === 'day' ? 'over the whole time' : 'in each half hour';
  return [`The target, ${wanted} ${where}, is ${isGood ? 'reached' : 'MISSED'}.`];
}

const percent = (share: number): string => (share * 100).toFixed(1);
const number = (value: number | null): string => (value === null ? '-' : String(value));
const timeOf = (start: number): string => minuteText((start / 60_000) % 1_440);

function spread({ value, within }: Estimate, shown: (value: number) => string): string {
  if (value === null) return '-';
  return within === null ? shown(value) : `${shown(value)} ±${shown(within)}`;
}

/** Milliseconds and shares, with the interval's half width; what is not known is null. */
export function shownReport(scenario: Scenario, found: Report): object {
  const { name, seed, target, withinMs } = scenario;
  const { halfHours, all, agentHours, isGood, replications, calls } = found;
  return {
    scenario: name,
    seed,
    replications,
    calls,
    withinMs,
    target,
    reached: isGood,
    agentHours,
    all,
    halfHours: halfHours.map(({ start, ...figures }) => ({ from: timeOf(start), ...figures })),
  };
}
