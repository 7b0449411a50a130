/**
 * Pure. Live figures in the text format that Prometheus reads (version 0.0.4). What a formula gives no value for is left
 * out. Agents are counted by state, never named: what one person did is no business of a monitoring system.
 */
import type { Overview } from '../acd/index.js';
import type { UtcMs } from '../base/index.js';
import type { Figure, Unit } from './figure.js';
import { agentFigures, contactFigures, queueFigures } from './figures.js';
import type { Measures } from './measures.js';

/** A time over which figures are told. */
export interface Window {
  /** Value of the label `window`. */
  readonly name: string;
  /** Half hours that begin at or after it count. */
  readonly from: UtcMs;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `Content-Type` of the answer that carries it. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** @param withinMs T of the service levels. */
export function exposition(
  overview: Overview,
  measures: Measures,
  windows: readonly Window[],
  withinMs: number,
  at: UtcMs,
): string {
  return families(overview, measures, windows, withinMs, at).map(familyText).join('');
}

export function families(
  { queues, states }: Overview,
  measures: Measures,
  windows: readonly Window[],
  withinMs: number,
  at: UtcMs,
): readonly Family[] {
  const ofQueues = (
    name: string,
    help: string,
    value: (queue: (typeof queues)[number]) => number,
  ): Family => ({
    name: `onedoor_queue_${name}`,
    help,
    samples: queues.map((one) => ({ labels: { queue: one.queue }, value: value(one) })),
  });
  const now: Family[] = [
    ofQueues('waiting', 'Callers on the line whom nobody has answered yet.', ({ waiting }) => waiting),
    ofQueues(
      'callbacks_waiting',
      'Callers who kept their place and are to be called back.',
      (one) => one.callbacks,
    ),
    ofQueues(
      'longest_wait_seconds',
      'How long the first on the line has waited.',
      (one) => one.longestMs / 1000,
    ),
    {
      name: 'onedoor_queue_waiting_by_skill',
      help: 'Callers who wait, on the line or for a callback, by skill that they need now.',
      samples: queues.flatMap(({ queue, bySkill }) =>
        Object.entries(bySkill).map(([skill, value]) => ({ labels: { queue, skill }, value })),
      ),
    },
    {
      name: 'onedoor_agents',
      help: 'Agents by state.',
      samples: Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
    },
  ];
  const within = String(withinMs / 1000);
  const samples = new Map<string, { readonly figure: Figure; readonly samples: Sample[] }>();
  const add = (prefix: string, figures: Readonly<Record<string, Figure>>, labels: Sample['labels']): void => {
    for (const [name, figure] of Object.entries(figures)) {
      const key = nameOf(prefix, name, figure.unit);
      const family = samples.get(key) ?? { figure, samples: [] };
      samples.set(key, family);
      if (figure.value === null) continue;
      const value = figure.unit === 'ms' ? figure.value / 1000 : figure.value;
      const own = name.startsWith('service-level-') ? { ...labels, within } : labels;
      family.samples.push({ labels: own, value });
    }
  };
  for (const window of windows) {
    const stretch = { from: window.from, to: at + 1 };
    for (const { queue } of queues) {
      const labels = { queue, window: window.name };
      add('onedoor_queue', queueFigures(measures, { name: queue, ...stretch }, withinMs), labels);
      // A name of their own: a contact is of one flow, and of each queue in which it asked for a place.
      add('onedoor_queue_contacts', contactFigures(measures, { flow: null, queue, ...stretch }), labels);
    }
    for (const flow of measures.flows.keys())
      add('onedoor_contacts', contactFigures(measures, { flow, queue: null, ...stretch }), {
        flow,
        window: window.name,
      });
    add('onedoor_agents', agentFigures(measures, { name: null, ...stretch }, at), { window: window.name });
  }
  const figures = [...samples].map(
    ([name, family]): Family => ({
      name,
      help: `${family.figure.formula}.`,
      samples: family.samples,
    }),
  );
  return [...now, ...figures].filter((family) => family.samples.length > 0);
}

const suffixes: Readonly<Record<Unit, string>> = {
  contacts: '',
  offers: '',
  ms: '_seconds',
  share: '_ratio',
  mark: '',
};

function nameOf(prefix: string, figure: string, unit: Unit): string {
  return `${prefix}_${figure.replaceAll('-', '_')}${suffixes[unit]}`;
}

function familyText({ name, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(
      ([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`,
    );
    return `${name}{${pairs.join(',')}} ${value}`;
  });
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
