/** Live figures for Prometheus. The oracle is prom-client: of the same families it writes the same lines. */
import { Gauge, Registry } from 'prom-client';
import t from 'tap';
import type { Overview } from '../../src/acd/index.js';
import { families } from '../../src/measures/exposition.js';
import { createMeasures, exposition, expositionType, measure } from '../../src/measures/index.js';

const at = Date.parse('2026-03-04T10:20Z');
const zone = { wallTime: (ms: number) => ({ day: 0, minute: Math.floor(ms / 60_000) % 1440 }) };
const overview: Overview = {
  queues: [
    { queue: 'general', waiting: 3, callbacks: 1, longestMs: 61_500, bySkill: { en: 2, ms: 2 } },
    { queue: 'odd "name" with \\ and\nline', waiting: 0, callbacks: 0, longestMs: 0, bySkill: {} },
  ],
  agents: [],
  states: { offline: 4, ready: 0, offered: 0, ringing: 1, talking: 2, hold: 0, 'wrap-up': 0, paused: 1 },
};
const windows = [
  { name: 'half-hour', from: Date.parse('2026-03-04T10:00Z') },
  { name: 'day', from: Date.parse('2026-03-04T00:00Z') },
];

const measures = createMeasures({ zone, keepDays: 2, shortMs: 5_000 });
for (const [queue, ticket, minutes, wait] of [
  ['general', 'a', -60, 7_500],
  ['general', 'b', -5, 30_250],
  ['general', 'c', -5, 1_000],
] as const) {
  const from = at + minutes * 60_000;
  measure(measures, { type: 'ticket.requested', subject: `of-${ticket}`, body: { queue, ticket } }, from);
  measure(measures, { type: 'ticket.connected', body: { ticket } }, from + wait);
}

measure(measures, { type: 'call.arrived', subject: 'c1', body: { flow: 'municipality' } }, at - 60_000);
measure(
  measures,
  { type: 'ticket.requested', subject: 'c1', body: { queue: 'general', ticket: 'd' } },
  at - 40_000,
);
measure(measures, { type: 'ticket.ended', body: { ticket: 'd', result: 'closed' } }, at - 40_000);
measure(measures, { type: 'outcome.reached', subject: 'c1', body: { contained: true } }, at);
measure(measures, { type: 'call.ended', subject: 'c1' }, at);

const text = exposition(overview, measures, windows, 20_000, at);
const lines = text.split('\n');

t.test('prom-client writes the same lines', async (t) => {
  const registry = new Registry();
  for (const { name, help, samples } of families(overview, measures, windows, 20_000, at)) {
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
  const theirs = (await registry.metrics()).split('\n').filter((line) => line !== '');
  t.strictSame(
    lines.filter((line) => line !== ''),
    theirs,
  );
  t.equal(expositionType, registry.contentType);
});

t.test('what waits now, and agents by state', async (t) => {
  for (const line of [
    'onedoor_queue_waiting{queue="general"} 3',
    'onedoor_queue_longest_wait_seconds{queue="general"} 61.5',
    'onedoor_queue_waiting_by_skill{queue="general",skill="en"} 2',
    'onedoor_agents{state="talking"} 2',
    'onedoor_agents{state="ready"} 0',
  ])
    t.ok(lines.includes(line), line);
});

t.test('figures of the half hour and of the day, in seconds and ratios', async (t) => {
  for (const line of [
    'onedoor_queue_answered{queue="general",window="half-hour"} 2',
    'onedoor_queue_answered{queue="general",window="day"} 3',
    'onedoor_queue_speed_of_answer_seconds{queue="general",window="half-hour"} 15.625',
    'onedoor_queue_service_level_answered_only_ratio{queue="general",window="half-hour",within="20"} 0.5',
  ])
    t.ok(lines.includes(line), line);
});

t.test('whole contacts by the flow that they began with', async (t) => {
  for (const line of [
    'onedoor_contacts_containment_ratio{flow="municipality",window="day"} 1',
    'onedoor_contacts_ended{flow="municipality",window="half-hour"} 1',
    '# HELP onedoor_contacts_containment_ratio contained / ended.',
  ])
    t.ok(lines.includes(line), line);
  t.notOk(lines.some((line) => line.startsWith('onedoor_contacts_satisfaction{')));
});

t.test('and by the queues in which they asked for a place, under a name of its own', async (t) => {
  for (const line of [
    'onedoor_queue_contacts_containment_ratio{queue="general",window="day"} 1',
    'onedoor_queue_contacts_arrived{queue="general",window="half-hour"} 1',
  ])
    t.ok(lines.includes(line), line);
});

t.test('what nobody knows is left out, and every family says its formula', async (t) => {
  t.notOk(text.includes('NaN') || text.includes('null'));
  t.notOk(
    lines.some((line) => line.startsWith('onedoor_queue_handling_time')),
    'nothing was handled yet',
  );
  t.ok(
    lines.includes(
      '# HELP onedoor_queue_speed_of_answer_seconds ASA: sum of the waits of answered callers / answered.',
    ),
  );
});
