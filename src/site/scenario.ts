/** Pure. A scenario's file becomes a scenario, or findings: all at once. */
import type { Levels, Routing, RoutingAgent, RoutingQueue } from '../acd/index.js';
import { byPlace, checkYaml, type Finding, readYaml, type YamlPath } from '../base/index.js';
import { minuteOf, minuteText } from '../calendar/index.js';
import { type Telling, telling } from '../flows/index.js';
import type { CallerKind, Distribution, HalfHour, Scenario, Target } from '../staffing/index.js';
import { checkSettings } from './check.js';
import type { SiteFiles } from './files.js';
import { routingQueueOf } from './queues.js';
import { scenarioFindings } from './scenario-findings.js';
import { type ScenarioSettings, scenarioSchema } from './scenario-schema.js';
import type { SiteSettings } from './settings.js';

export type ScenarioCheck =
  | { readonly result: 'read'; readonly scenario: Scenario }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

type Tell = Telling<typeof scenarioFindings>;
type Centre = Pick<SiteSettings, 'queues' | 'routing'>;
type Queues = Centre['queues'];
type Span = ScenarioSettings['talk'];

/** What onedoor.yaml has where it does not say. */
const usualRouting: Centre['routing'] = { priority: 60, grace: 60, remember: 7 };
const minutesMs = 60_000;
const halfHourMs = 30 * minutesMs;
const mostAgents = 5_000;
const mostCalls = 20_000_000;

/** @param site files of the site, for its queues; read only where the scenario has none of its own. */
export function readScenario(file: string, text: string, site: SiteFiles): ScenarioCheck {
  const reading = readYaml(file, text);
  if (reading.result === 'broken') return reading;
  const { source } = reading;
  const checked = checkYaml(source, scenarioSchema, 'scenario');
  if (checked.result === 'invalid') return { result: 'broken', findings: checked.findings };
  const settings = checked.value;
  const findings: Finding[] = [];
  const tell: Tell = telling(source, scenarioFindings, findings);
  const centre = centreOf(settings, site, tell);
  const halfHours = timesOf(settings, tell);
  const staff = staffOf(settings, centre ?? { queues: {}, routing: usualRouting });
  const callers = callersOf(settings);
  const scenario: Scenario = {
    name: settings.scenario,
    seed: settings.seed,
    replications: settings.replications,
    ...staff,
    ...halfHours,
    callers,
    patience: settings.patience === 'none' ? null : distributionOf(settings.patience),
    talk: distributionOf(settings.talk),
    pickUp: distributionOf(settings['pick-up']),
    wrapUpMs: meanWrapUpMs(callers, staff.routing),
    backMs: settings['back-after'] * 1000,
    withinMs:
      (settings.target !== undefined && 'within' in settings.target ? settings.target.within : 20) * 1000,
    target: targetOf(settings.target),
  };
  check(settings, scenario, centre?.queues ?? null, tell);
  if (findings.length > 0) return { result: 'broken', findings: findings.sort(byPlace) };
  return { result: 'read', scenario };
}

/** Of a queue of the site the site's priorities hold too; null: the site cannot be read. */
function centreOf(settings: ScenarioSettings, site: SiteFiles, tell: Tell): Centre | null {
  if (settings.queues !== undefined) return { queues: settings.queues, routing: usualRouting };
  const reading = checkSettings(site);
  if (reading.result === 'read') return reading.settings;
  tell.at([], 'scenario/broken-site', {});
  return null;
}

/** Half hours without a gap, each with its calls and, where they are given, its agents. */
function timesOf(settings: ScenarioSettings, tell: Tell): Pick<Scenario, 'halfHours' | 'warmUp' | 'steady'> {
  const { arrivals, staff } = settings;
  const agents = staffing(staff, tell);
  if ('an-hour' in arrivals) {
    for (const key of ['hours', 'warm-up'] as const)
      if (!Number.isInteger(arrivals[key] * 2))
        tell.at(['arrivals', key], 'scenario/whole-half-hours', { hours: arrivals[key] });
    const warmUp = Math.round(arrivals['warm-up'] * 2);
    const count = warmUp + Math.round(arrivals.hours * 2);
    const halfHours = Array.from({ length: count }, (_, n): HalfHour => {
      const start = n * halfHourMs;
      return { start, calls: arrivals['an-hour'] / 2, agents: agents(start) };
    });
    return { halfHours, warmUp, steady: true };
  }
  const calls = byStart(arrivals['half-hours'], ['arrivals', 'half-hours'], tell);
  const whole = [...calls.values()].reduce((sum, one) => sum + one, 0);
  if (whole === 0) {
    tell.at(['arrivals'], 'scenario/no-calls', {});
    return { halfHours: [], warmUp: 0, steady: false };
  }
  const scale = (arrivals['a-day'] ?? whole) / whole;
  const [first, last] = [Math.min(...calls.keys()), Math.max(...calls.keys())];
  const halfHours: HalfHour[] = [];
  for (let start = first; start <= last; start += halfHourMs)
    halfHours.push({ start, calls: (calls.get(start) ?? 0) * scale, agents: agents(start) });
  return { halfHours, warmUp: 0, steady: false };
}

/** How many are signed in at a time; null: to be found. */
function staffing(staff: ScenarioSettings['staff'], tell: Tell): (start: number) => number | null {
  if (staff === undefined) return () => null;
  if (typeof staff === 'number') return () => staff;
  const from = [...byStart(staff, ['staff'], tell)].sort(([a], [b]) => a - b);
  return (start) => from.findLast(([at]) => at <= start)?.[1] ?? 0;
}

function byStart(times: Readonly<Record<string, number>>, path: YamlPath, tell: Tell): Map<number, number> {
  const found = new Map<number, number>();
  for (const [text, number] of Object.entries(times)) {
    const minute = minuteOf(text);
    if (minute === null || minute % 30 !== 0 || minute >= 1_440) {
      tell.key([...path, text], 'scenario/half-hour-form', { text });
      continue;
    }
    const start = minute * minutesMs;
    if (found.has(start)) tell.key([...path, text], 'scenario/half-hour-twice', { text: minuteText(minute) });
    found.set(start, number);
  }
  return found;
}

function staffOf(
  settings: ScenarioSettings,
  { queues, routing: all }: Centre,
): Pick<Scenario, 'routing' | 'agents'> {
  const kinds = settings.agents.flatMap(({ count, skills, queues: own }, kind) =>
    Array.from({ length: Math.min(count, mostAgents) }, (_, n) => ({
      // Places of each kind are spread over the whole order, so that any number signed in is mixed as all are.
      place: (n + 0.5) / count,
      agent: { name: `agent-${kind + 1}-${n + 1}`, phone: `phone-${kind + 1}-${n + 1}`, skills, queues: own },
    })),
  );
  const ordered = kinds.sort((a, b) => a.place - b.place).map(({ agent }): RoutingAgent => agent);
  const routing: Routing = {
    queues: new Map(
      Object.entries(queues).map(([name, queue]): [string, RoutingQueue] => [
        name,
        routingQueue(name, queue, settings['wrap-up']),
      ]),
    ),
    agents: new Map(ordered.map((agent): [string, RoutingAgent] => [agent.name, agent])),
    priorityMs: all.priority * 1000,
    graceMs: all.grace * 1000,
    lastAgentMs: 0,
  };
  return { routing, agents: ordered.map(({ name }) => name) };
}

/** Of the queue all is as at the site; the scenario may say another time to wrap up. */
function routingQueue(name: string, queue: Queues[string], wrapUp: number | undefined): RoutingQueue {
  const routed = routingQueueOf(name, queue, {});
  return wrapUp === undefined ? routed : { ...routed, wrapUpMs: wrapUp * 1000 };
}

/** After the calls of all queues, by the share of callers who wait there. */
function meanWrapUpMs(callers: readonly CallerKind[], { queues }: Routing): number {
  return callers.reduce((sum, { queue, share }) => sum + share * (queues.get(queue)?.wrapUpMs ?? 0), 0);
}

function callersOf({ callers, languages }: ScenarioSettings): readonly CallerKind[] {
  const total = (weights: readonly number[]): number => weights.reduce((sum, one) => sum + one, 0);
  const all = total(Object.values(callers));
  const spoken: readonly [string | null, number][] =
    Object.keys(languages).length === 0 ? [[null, 1]] : Object.entries(languages);
  const allSpoken = total(spoken.map(([, weight]) => weight));
  return Object.entries(callers).flatMap(([queue, weight]) =>
    spoken.map(
      ([language, of]): CallerKind => ({
        queue,
        needs: language === null ? {} : { [language]: 1 },
        share: (weight / all) * (of / allSpoken),
      }),
    ),
  );
}

function distributionOf(span: Span): Distribution {
  if ('fixed' in span) return { type: 'fixed', meanMs: span.fixed * 1000 };
  if ('exponential' in span) return { type: 'exponential', meanMs: span.exponential * 1000 };
  const { mean, deviation } = span.lognormal;
  return { type: 'lognormal', meanMs: mean * 1000, deviationMs: deviation * 1000 };
}

function targetOf(target: ScenarioSettings['target']): Target | null {
  if (target === undefined) return null;
  if ('speed-of-answer' in target)
    return { type: 'speed-of-answer', ms: target['speed-of-answer'] * 1000, of: target.of };
  return {
    type: 'service-level',
    formula: target.formula,
    share: target['service-level'] / 100,
    of: target.of,
  };
}

function check(settings: ScenarioSettings, scenario: Scenario, queues: Queues | null, tell: Tell): void {
  const { halfHours, target } = scenario;
  const count = settings.agents.reduce((sum, one) => sum + one.count, 0);
  if (count > mostAgents) tell.at(['agents'], 'scenario/too-many-agents', { agents: count });
  const staff = Math.max(...halfHours.map((one) => one.agents ?? 0), 0);
  if (staff > count) tell.at(['staff'], 'scenario/too-many-staff', { staff, agents: count });
  if (settings.staff === undefined && target === null) tell.at([], 'scenario/nothing-asked', {});
  const calls = Math.round(halfHours.reduce((sum, one) => sum + one.calls, 0) * scenario.replications);
  if (calls > mostCalls) tell.at(['replications'], 'scenario/too-much', { calls });
  if (scenario.callers.length === 0) tell.at(['callers'], 'scenario/no-calls', {});
  if (queues !== null) checkQueues(settings, scenario, queues, tell);
}

function checkQueues(settings: ScenarioSettings, scenario: Scenario, queues: Queues, tell: Tell): void {
  const known = Object.keys(queues).join(', ');
  let isKnown = true;
  const named = (queue: string, path: YamlPath, place: 'at' | 'key'): void => {
    if (Object.hasOwn(queues, queue)) return;
    isKnown = false;
    tell[place](path, 'scenario/unknown-queue', { queue, known });
  };
  for (const queue of Object.keys(settings.callers)) named(queue, ['callers', queue], 'key');
  settings.agents.forEach((one, kind) => {
    one.queues.forEach((queue, index) => {
      named(queue, ['agents', kind, 'queues', index], 'at');
    });
  });
  // With names that are wrong, who can answer whom is not known.
  if (!isKnown) return;
  for (const queue of Object.keys(settings.callers)) {
    const ring = queues[queue]?.ring ?? 0;
    const seconds = scenario.pickUp.meanMs / 1000;
    if (seconds >= ring) tell.at(['pick-up'], 'scenario/slow-pick-up', { seconds, queue, ring });
  }
  const told = new Set<string>();
  for (const { queue, needs } of scenario.callers) {
    if (told.has(queue) || isServed(scenario.routing, queue, needs)) continue;
    told.add(queue);
    const language = Object.keys(needs).map((one) => ` who need ${one}`);
    tell.key(['callers', queue], 'scenario/nobody-can', { queue, language: language.join('') });
  }
}

/** Whether any agent could, once every step has been taken that makes the caller need less. */
function isServed({ queues, agents }: Routing, name: string, own: Levels): boolean {
  const { needs = [], relax = [] } = queues.get(name) ?? {};
  const served = new Set([name, ...relax.flatMap(({ add }) => add)]);
  return [...agents.values()].some(
    (agent) =>
      agent.queues.some((queue) => served.has(queue)) &&
      needs.some((need) =>
        Object.entries({ ...own, ...need }).every(([skill, level]) => {
          if (relax.some(({ drop }) => drop.includes(skill))) return true;
          const lowest = relax.reduce((least, { lower }) => Math.min(least, lower[skill] ?? least), level);
          return (agent.skills[skill] ?? 0) >= lowest;
        }),
      ),
  );
}
