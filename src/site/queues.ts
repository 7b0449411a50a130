/** Pure. Queues, agents and the numbers that are reached: what onedoor.yaml declares, and whether it fits together. */
import { type Finding, isCountry, type YamlPath, type YamlSource } from '../base/index.js';
import type { Routing, RoutingAgent, RoutingQueue } from '../acd/index.js';
import type { SiteSettings } from './settings.js';
import type { Agent, CallbackRules, Queue } from './site.js';

type Levels = Readonly<Record<string, number>>;
interface Told extends Finding {
  readonly severity?: 'warning';
}

/** Names of all skills: those that are declared, and the languages of the site. */
export function skillsOf(settings: SiteSettings): ReadonlySet<string> {
  return new Set([...settings.languages, ...Object.keys(settings.skills)]);
}

/**
 * What the router needs of the site.
 *
 * @param prefersLast whether a flow prefers the agent who talked with the caller last: else nobody is remembered.
 */
export function routingOf(settings: SiteSettings, prefersLast: boolean): Routing {
  const agents = Object.entries(settings.agents).map(
    ([name, { phone, skills, queues }]): [string, RoutingAgent] => [name, { name, phone, skills, queues }],
  );
  return {
    queues: queuesOf(settings),
    agents: new Map(agents),
    priorityMs: ms(settings.routing.priority),
    graceMs: ms(settings.routing.grace),
    lastAgentMs: prefersLast ? settings.routing.remember * dayMs : 0,
  };
}

const dayMs = 24 * 60 * 60_000;
const ms = (seconds: number): number => Math.round(seconds * 1000);

/** How callers are called back; null: they are not. */
export function callbacksOf({ callbacks }: SiteSettings): CallbackRules | null {
  if (callbacks === undefined) return null;
  const { trunk = null, show = null, ...rules } = callbacks;
  return { ...rules, trunk, show };
}

export function queuesOf(settings: SiteSettings): ReadonlyMap<string, Queue> {
  return new Map(
    Object.entries(settings.queues).map(([name, queue]): [string, Queue] => {
      const routed = routingQueueOf(name, queue, settings.dispositions);
      const own = {
        ...routed,
        label: queue.label,
        agents: agentsOf(settings, [name]),
        calendar: queue.calendar ?? null,
        whisper: queue.whisper ?? null,
        record: recordOf(queue.record),
        music: queue.music !== 'none',
        callback: {
          ...routed.callback,
          ringMs: ms(queue.callback.ring),
          whenClosed: queue.callback['when-closed'],
        },
      };
      return [name, own];
    }),
  );
}

function recordOf(record: SiteSettings['queues'][string]['record']): Queue['record'] {
  if (typeof record === 'object') return { notice: record.say };
  return record ? { notice: null } : null;
}

/** What the router needs of one queue. */
export function routingQueueOf(
  name: string,
  queue: SiteSettings['queues'][string],
  dispositions: SiteSettings['dispositions'],
): RoutingQueue {
  return {
    name,
    needs: queue.needs,
    relax: queue.relax.map(({ after, ...step }) => ({ ...step, afterMs: ms(after) })),
    priority: queue.priority,
    maxWaitMs: ms(queue['max-wait']),
    ringMs: ms(queue.ring),
    ringAtOnce: queue['ring-at-once'],
    strategy: queue.strategy,
    wrapUpMs: ms(queue['wrap-up']),
    pauseAfterMisses: queue['pause-after-misses'],
    missDelayMs: {
      'no-answer': ms(queue['miss-delay']['no-answer']),
      rejected: ms(queue['miss-delay'].rejected),
      busy: ms(queue['miss-delay'].busy),
      unreachable: ms(queue['miss-delay'].unreachable),
      failed: ms(queue['miss-delay'].failed),
    },
    capacity: queue['most-waiting'] ?? null,
    preferredMs: ms(queue.prefer),
    rejoinMs: ms(queue.rejoin),
    callback: {
      tries: queue.callback.tries,
      pauseMs: ms(queue.callback.pause),
      withinMs: ms(queue.callback.within),
    },
    dispositions: queue.dispositions ?? dispositions,
  };
}

/** Agents of queues, in the order of onedoor.yaml. */
export function agentsOf(settings: SiteSettings, queues: readonly string[]): readonly Agent[] {
  return Object.entries(settings.agents)
    .filter(([, agent]) => agent.queues.some((queue) => queues.includes(queue)))
    .map(([name, { name: label, phone, skills, language }]) => ({
      name,
      label,
      phone,
      skills,
      language: language ?? settings.languages[0] ?? 'en',
    }));
}

/** The highest level of each skill that an agent of the queue has, or of one that is added in time. */
export function levelsOf(settings: SiteSettings, queue: string): ReadonlyMap<string, number> {
  const added = settings.queues[queue]?.relax.flatMap(({ add }) => add) ?? [];
  const highest = new Map<string, number>();
  for (const { skills } of agentsOf(settings, [queue, ...added]))
    for (const [skill, level] of Object.entries(skills))
      highest.set(skill, Math.max(highest.get(skill) ?? 0, level));
  return highest;
}

/** Everything that is wrong with them, as far as onedoor.yaml alone tells. */
export function checkQueues(settings: SiteSettings, source: YamlSource): readonly Finding[] {
  const findings: Told[] = [];
  const find = (
    path: YamlPath,
    code: string,
    what: string,
    why: string,
    mend: string,
    place: 'at' | 'keyAt' = 'at',
  ): number =>
    findings.push({ file: source.file, ...source[place](path), code: `site/${code}`, what, why, mend });

  const known = skillsOf(settings);
  const checkSkills = (skills: readonly string[], path: YamlPath, byKey: boolean): void => {
    skills.forEach((skill, index) => {
      if (known.has(skill)) return;
      find(
        [...path, byKey ? skill : index],
        'unknown-skill',
        `There is no skill "${skill}".`,
        'Nobody can have it, and a caller who needs it is never answered.',
        'Declare it under `skills`, or correct the name; a language is a skill by its tag.',
        byKey ? 'keyAt' : 'at',
      );
    });
  };
  const checkQueueNames = (names: readonly string[], path: YamlPath): void => {
    names.forEach((queue, index) => {
      if (Object.hasOwn(settings.queues, queue)) return;
      find(
        [...path, index],
        'unknown-queue',
        `There is no queue "${queue}".`,
        'Nobody ever waits there.',
        'Name one of `queues`.',
      );
    });
  };

  for (const [name, agent] of Object.entries(settings.agents)) {
    const path = ['agents', name];
    checkSkills(Object.keys(agent.skills), [...path, 'skills'], true);
    checkQueueNames(agent.queues, [...path, 'queues']);
    if (Object.hasOwn(settings.phones, agent.phone)) continue;
    find(
      [...path, 'phone'],
      'unknown-phone',
      `There is no phone "${agent.phone}".`,
      'The agent could not be rung.',
      'Name one of `phones`.',
    );
  }
  for (const [name, queue] of Object.entries(settings.queues)) {
    const path = ['queues', name];
    if (queue.calendar !== undefined && !Object.hasOwn(settings.calendars, queue.calendar)) {
      find(
        [...path, 'calendar'],
        'unknown-calendar',
        `There is no calendar "${queue.calendar}".`,
        'The queue would count as open at any hour.',
        'Name one of `calendars`, or leave it out.',
      );
    }
    const written = source.value as { queues?: Record<string, { needs?: unknown }> };
    const isList = Array.isArray(written.queues?.[name]?.needs);
    queue.needs.forEach((need, index) => {
      checkSkills(Object.keys(need), [...path, 'needs', ...(isList ? [index] : [])], true);
    });
    queue.relax.forEach((step, index) => {
      const here = [...path, 'relax', index];
      checkSkills(Object.keys(step.lower), [...here, 'lower'], true);
      checkSkills(step.drop, [...here, 'drop'], false);
      checkQueueNames(step.add, [...here, 'add']);
      if (step.after > (queue.relax[index - 1]?.after ?? 0)) return;
      find(
        [...here, 'after'],
        'relax-order',
        `The step after ${step.after} s does not come later than the one before it.`,
        'Steps are taken one after another.',
        'Write them in the order of their times, each later than the one before.',
      );
    });
  }
  for (const key of ['callbacks', 'messages'] as const) {
    settings[key]?.countries.forEach((country, index) => {
      if (isCountry(country)) return;
      find(
        [key, 'countries', index],
        'unknown-country',
        `Numbers of "${country}" are not known.`,
        'Nobody could be reached there.',
        'Write the ISO 3166 code of a country, such as OM or MY.',
      );
    });
  }
  findings.push(...trunkless(settings, source));
  for (const [name, { record }] of Object.entries(settings.queues)) {
    if (record !== true) continue;
    findings.push({
      file: source.file,
      ...source.at(['queues', name, 'record']),
      code: 'site/untold-recording',
      severity: 'warning',
      what: `The queue "${name}" records talks without telling its callers.`,
      why: 'Many laws demand that callers are told before.',
      mend: 'Name a text that says so: `record: { say: talk-is-recorded }`; or tell callers in the flow, and leave it so.',
    });
  }
  // Where names are wrong, nothing is known of who could answer.
  const isWrong = findings.some(({ severity }) => severity !== 'warning');
  return isWrong ? findings : [...findings, ...unserved(settings, source)];
}

/** A trunk for callbacks that is none, or makes no calls. */
function trunkless({ callbacks, trunks }: SiteSettings, source: YamlSource): readonly Told[] {
  const name = callbacks?.trunk;
  if (name === undefined) return [];
  const trunk = Object.hasOwn(trunks, name) ? trunks[name] : undefined;
  const place = { file: source.file, ...source.at(['callbacks', 'trunk']) };
  if (trunk === undefined)
    return [
      {
        ...place,
        code: 'site/unknown-trunk',
        what: `There is no trunk "${name}".`,
        why: 'Nobody could be called back by it.',
        mend: 'Name one of `trunks`.',
      },
    ];
  if (trunk.kind !== 'loopback' || (trunk.enabled && trunk.host !== undefined)) return [];
  return [
    {
      ...place,
      code: 'site/trunk-makes-no-calls',
      what: `The trunk "${name}" makes no calls.`,
      why: 'Callers who keep their place would wait for a call in vain.',
      mend: 'Give it a `host:` of this machine, or name a trunk to a carrier.',
    },
  ];
}

/** Queues that no agent can ever answer, however long a caller waits. */
function unserved(settings: SiteSettings, source: YamlSource): readonly Told[] {
  return Object.entries(settings.queues).flatMap(([name, queue]): Told[] => {
    let needs: readonly Levels[] = queue.needs;
    const served = [name];
    const canServe = (): boolean =>
      agentsOf(settings, served).some(({ skills }) =>
        needs.some((need) => Object.entries(need).every(([skill, level]) => (skills[skill] ?? 0) >= level)),
      );
    if (canServe()) return [];
    for (const { lower, drop, add } of queue.relax) {
      needs = needs.map((need) => relaxed(need, lower, drop));
      served.push(...add);
      if (canServe()) return [];
    }
    const nobody = agentsOf(settings, served).length === 0;
    return [
      {
        file: source.file,
        ...source.keyAt(['queues', name]),
        code: 'site/unserved-queue',
        severity: 'warning',
        what: nobody
          ? `The queue "${name}" has no agent.`
          : `No agent of the queue "${name}" has what it needs.`,
        why: 'Its callers are never answered.',
        mend: 'Give an agent the queue and the skills that it needs, or let it need less.',
      },
    ];
  });
}

function relaxed(need: Levels, lower: Levels, drop: readonly string[]): Levels {
  return Object.fromEntries(
    Object.entries(need)
      .filter(([skill]) => !drop.includes(skill))
      .map(([skill, level]) => [skill, Math.min(level, lower[skill] ?? level)]),
  );
}
