/** Scenarios: what a file means, and each fault with one finding at its place. */
import t from 'tap';
import { readScenario } from '../../src/site/index.js';
import type { Scenario } from '../../src/staffing/index.js';

const site = {
  'onedoor.yaml': `onedoor: 1
name: A town
languages: [en]
numbers: ["100"]
fallback: { apology: sorry, unknown-number: sorry }
queues:
  parking: { label: Parking, needs: { parking: 3 }, relax: [{ after: 30, lower: { parking: 1 } }], priority: 7 }
`,
};

const whole = `onedoor: 1
scenario: A day
arrivals: { half-hours: { "08:00": 30, "09:00": 60 } }
callers: { parking: 1 }
patience: none
talk: { fixed: 120 }
wrap-up: 15
agents: [{ count: 3, skills: { parking: 2 }, queues: [parking] }]
staff: 2
`;

function read(text: string, files: Readonly<Record<string, string>> = site): Scenario {
  const reading = readScenario('a.yaml', text, files);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings));
  return reading.scenario;
}

function findings(text: string, files: Readonly<Record<string, string>> = site): string[] {
  const reading = readScenario('a.yaml', text, files);
  return reading.result === 'read' ? [] : reading.findings.map((one) => `${one.line}:${one.col} ${one.code}`);
}

t.test('half hours follow one another, also where nobody calls', async (t) => {
  const { halfHours, warmUp, steady } = read(whole);
  t.strictSame(
    halfHours.map(({ start, calls, agents }) => [start / 3_600_000, calls, agents]),
    [
      [8, 30, 2],
      [8.5, 0, 2],
      [9, 60, 2],
    ],
  );
  t.strictSame([warmUp, steady], [0, false]);
});

t.test('calls a day are shared out by the half hours', async (t) => {
  const { halfHours } = read(whole.replace('{ half-hours:', '{ a-day: 900, half-hours:'));
  t.strictSame(
    halfHours.map(({ calls }) => calls),
    [300, 0, 600],
  );
});

t.test('staffing holds from its time on', async (t) => {
  const { halfHours } = read(whole.replace('staff: 2', 'staff: { "08:30": 3, "09:00": 1 }'));
  t.strictSame(
    halfHours.map(({ agents }) => agents),
    [0, 3, 1],
  );
});

t.test('calls an hour come all the time, after a warm-up that does not count', async (t) => {
  const { halfHours, warmUp, steady } = read(
    whole.replace(/arrivals: .*/, 'arrivals: { an-hour: 200, hours: 3, warm-up: 0.5 }'),
  );
  t.strictSame([halfHours.length, warmUp, steady], [7, 1, true]);
  t.ok(halfHours.every(({ calls }) => calls === 100));
});

t.test("queues are the site's, or the scenario's own", async (t) => {
  const { routing } = read(whole);
  t.match(routing.queues.get('parking'), {
    needs: [{ parking: 3 }],
    relax: [{ afterMs: 30_000, lower: { parking: 1 } }],
    priority: 7,
    wrapUpMs: 15_000,
  });
  const own = read(`${whole}queues: { parking: { label: Other } }\n`, {});
  t.match(own.routing.queues.get('parking'), { needs: [{}], priority: 5 });
});

t.test('a queue of the site is simulated as the site has it', async (t) => {
  const more = `, strategy: round-robin, wrap-up: 40, ring: 25, pause-after-misses: 2, most-waiting: 9,
    miss-delay: { no-answer: 7 } }
  general: { label: General }
routing: { priority: 30, grace: 45 }
`;
  const files = { 'onedoor.yaml': site['onedoor.yaml'].replace(', priority: 7 }\n', more) };
  const plain = whole
    .replace('wrap-up: 15\n', '')
    .replace('{ parking: 1 }', '{ parking: 3, general: 1 }')
    .replace('queues: [parking]', 'queues: [parking, general]');
  const { routing, wrapUpMs, backMs } = read(plain, files);
  t.match(routing.queues.get('parking'), {
    strategy: 'round-robin',
    wrapUpMs: 40_000,
    ringMs: 25_000,
    pauseAfterMisses: 2,
    missDelayMs: { 'no-answer': 7_000, busy: 30_000 },
    capacity: 9,
  });
  t.match(routing, { priorityMs: 30_000, graceMs: 45_000 });
  t.equal(wrapUpMs, 35_000, 'for theory: three in four callers cost 40 s, the others 20');
  t.equal(backMs, 60_000);
  const shorter = read(`${plain}wrap-up: 5\nback-after: 300\n`, files);
  t.equal(shorter.routing.queues.get('parking')?.wrapUpMs, 5_000, 'the scenario says otherwise');
  t.equal(shorter.backMs, 300_000);
});

t.test('kinds of agents are mixed in the order of signing in', async (t) => {
  const { agents } = read(
    whole.replace(
      /agents: .*/,
      'agents: [{ count: 4, skills: { parking: 5 }, queues: [parking] }, { count: 2, queues: [parking] }]',
    ),
  );
  t.strictSame(agents, ['agent-1-1', 'agent-2-1', 'agent-1-2', 'agent-1-3', 'agent-2-2', 'agent-1-4']);
});

t.test('callers are shared between queues, and within each between languages', async (t) => {
  const { callers } = read(
    `${whole.replace('callers: { parking: 1 }', 'callers: { parking: 3, general: 1 }\nlanguages: { ms: 80, en: 20 }').replace(/agents: .*/, 'agents: [{ count: 3, skills: { ms: 5, en: 5 }, queues: [parking, general] }]')}queues: { parking: { label: P }, general: { label: G } }\n`,
  );
  t.strictSame(
    callers.map(({ queue, needs, share }) => [queue, needs, Number(share.toFixed(6))]),
    [
      ['parking', { ms: 1 }, 0.6],
      ['parking', { en: 1 }, 0.15],
      ['general', { ms: 1 }, 0.2],
      ['general', { en: 1 }, 0.05],
    ],
  );
});

t.test('a target is a service level or an average answer', async (t) => {
  t.strictSame(read(`${whole}target: { service-level: 80, within: 30 }\n`).target, {
    type: 'service-level',
    formula: 'early-abandons-left-out',
    share: 0.8,
    of: 'half-hour',
  });
  t.equal(read(`${whole}target: { service-level: 80, within: 30 }\n`).withinMs, 30_000);
  t.strictSame(read(`${whole}target: { speed-of-answer: 7.5, of: day }\n`).target, {
    type: 'speed-of-answer',
    ms: 7_500,
    of: 'day',
  });
});

t.test('each fault has one finding, at its place', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['"09:00": 60', '"09:10": 60', '3:40 scenario/half-hour-form'],
    ['"09:00": 60', '"8:00": 60', '3:40 scenario/half-hour-twice'],
    ['"08:00": 30, "09:00": 60', '"08:00": 0', '3:11 scenario/no-calls'],
    ['callers: { parking: 1 }', 'callers: { water: 1 }', '4:12 scenario/unknown-queue'],
    ['queues: [parking]', 'queues: [water]', '8:55 scenario/unknown-queue'],
    ['skills: { parking: 2 }', 'skills: { water: 2 }', '4:12 scenario/nobody-can'],
    ['callers: { parking: 1 }', 'callers: { parking: 1 }\nlanguages: { ms: 1 }', '4:12 scenario/nobody-can'],
    ['staff: 2', 'staff: 4', '9:8 scenario/too-many-staff'],
    ['staff: 2\n', '', '1:1 scenario/nothing-asked'],
    [
      'count: 3',
      'count: 4000, skills: { parking: 2 }, queues: [parking] }, { count: 4000',
      '8:9 scenario/too-many-agents',
    ],
    ['wrap-up: 15', 'wrap-up: 15\npick-up: { fixed: 20 }', '8:10 scenario/slow-pick-up'],
    [
      '{ half-hours: { "08:00": 30, "09:00": 60 } }',
      '{ a-day: 1000000, half-hours: { "08:00": 30 } }\nreplications: 1000',
      '4:15 scenario/too-much',
    ],
    ['talk: { fixed: 120 }', 'talk: { fixed: forever }', '6:16 scenario/invalid-type'],
    ['patience: none', 'patience: endless', '5:11 scenario/invalid-union'],
    ['wrap-up: 15', 'wrapup: 15', '7:1 scenario/unrecognized-keys'],
    ['onedoor: 1', 'onedoor: 2', '1:10 scenario/invalid-value'],
  ];
  for (const [from, to, expected] of cases) {
    const text = whole.replace(from, to);
    t.not(text, whole, from);
    t.strictSame(findings(text), [expected], to);
  }
});

t.test('a scenario that needs a broken site says so; one with its own queues does not', async (t) => {
  t.strictSame(findings(whole, { 'onedoor.yaml': 'onedoor: 7' }), ['1:1 scenario/broken-site']);
  t.strictSame(findings(`${whole}queues: { parking: { label: Other } }\n`, {}), []);
});

t.test('hostile files are findings too', async (t) => {
  t.match(findings(`${'['.repeat(50_000)}`)[0], /yaml\/too-much/);
  t.match(findings(whole.replace('count: 3', 'count: 1000000000'))[0], /too-big/);
  t.match(findings(whole.replace('"08:00": 30', '"__proto__": 30'))[0], /yaml\/key/);
  t.match(findings(whole.replace('callers: { parking: 1 }', 'callers: {}'))[0], /scenario\/no-calls/);
});
