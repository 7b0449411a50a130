/** Random callers on the shipped hotline: real switchboard and store, simulated exchange, an engine that dies. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { findingLine, type Random } from '../../src/base/index.js';
import { csvAnswers } from '../../src/lookups/index.js';
import { readScript, runScript, scriptOfCall } from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';
import type { Step } from '../../src/telephony/simulator/index.js';
import { type HotlineOptions, runHotline } from '../kit/simulated-hotline.js';

const check = await loadSite(fileURLToPath(new URL('../../../', import.meta.url)));
if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
const site = {
  ...check.site,
  media: ({ language, name }: { language: string; name: string }) => `${language}/${name}`,
  mediaMs: () => null,
};
const tables = csvAnswers(site.tables);

// A busy machine is given time.
t.setTimeout(300_000);

type Hotline = NonNullable<HotlineOptions['hotline']>;

/** Keys, silence, words and hanging up, as they come. */
function anything(random: Random): Step[] {
  const steps: Step[] = [{ type: 'awaits-answer' }];
  for (let n = random.between(2, 12); n > 0; n--) {
    const entry = random.pick(['123456#', '999999#', '2#', '12345#', '12#', '#']);
    const key = String(random.between(0, 9));
    steps.push({ type: 'waits', ms: random.between(100, random.chance(0.2) ? 30_000 : 2_500) });
    if (random.chance(0.1)) steps.push({ type: 'speaks', ms: random.between(200, 9_000) });
    else steps.push({ type: 'presses', keys: random.chance(0.3) ? entry : random.chance(0.1) ? '*' : key });
  }
  return random.chance(0.5) ? [...steps, { type: 'hangs-up' }] : steps;
}

const evenings = 25;
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

// One number of each flow: it makes no difference which.
const numbers = new Map([...site.numbers].map(([number, flow]) => [flow, number]));
for (const number of numbers.values()) {
  const hotline: Hotline = { site, number, answer: tables, script: anything };

  t.test(`${number}: whatever callers do, none is left in silence, none is kept for ever`, async (t) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const run = await runHotline({ seed, hotline, killAt: [] });
        if (run.broken.length > 0) throw new Error([...run.broken, ...run.trace].join('\n'));
      }),
      { numRuns: evenings },
    );
    t.pass(`${evenings} evenings`);
  });

  t.test(`${number}: nor when lookups fail and the engine dies in between`, async (t) => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.boolean(), async (seed, fails) => {
        const answer: Hotline['answer'] = (request) =>
          fails ? { result: 'failed', why: 'the register is down' } : tables(request);
        const run = await runHotline({ seed, hotline: { ...hotline, answer } });
        if (run.broken.length > 0) throw new Error([...run.broken, ...run.trace].join('\n'));
      }),
      { numRuns: evenings },
    );
    t.pass(`${evenings} evenings`);
  });
}

t.test('a call from the journal becomes a scripted caller who passes', async (t) => {
  const press = (keys: string): Step[] => [
    { type: 'waits', ms: 3_000 },
    { type: 'presses', keys },
  ];
  const ways: readonly Step[][] = [
    [...press('2'), ...press('1'), ...press('456789#'), { type: 'waits', ms: 2_500 }, { type: 'hangs-up' }],
    [
      ...press('1'),
      ...press('2'),
      ...press('9#'),
      ...press('8080#'),
      { type: 'waits', ms: 2_500 },
      { type: 'hangs-up' },
    ],
    // Hangs up before the register has answered.
    [...press('2'), ...press('1'), ...press('456789#'), { type: 'waits', ms: 1 }, { type: 'hangs-up' }],
    [...press('2'), ...press('3'), ...press('3'), ...press('2')],
    [...press('2'), ...press('4'), ...press('3'), ...press('#'), { type: 'speaks', ms: 5_000 }],
  ];
  for (const [i, way] of ways.entries()) {
    const hotline: Hotline = {
      site,
      number: '80077222',
      answer: tables,
      script: () => [{ type: 'awaits-answer' }, ...way],
    };
    const run = await runHotline({ seed: 7 + i, callers: 1, killAt: [], hotline });
    t.same(run.broken, []);
    const [contact] = run.contacts;
    if (contact === undefined) throw new Error('the call left no record');
    const personal = run.personal.get(contact.id) ?? {};
    for (const [kind, used] of [
      ['without personal data', null],
      ['with what was keyed', personal],
    ] as const) {
      const script = scriptOfCall(
        { contact, personal: used },
        { site, rows: (source) => site.tables.get(source)?.rows ?? [] },
      );
      if (script.result === 'differs') return void t.fail(`${kind}: ${script.why}`);
      const reading = readScript('recorded.test.yaml', script.text);
      const [caller] = reading.result === 'read' ? reading.callers : [];
      if (caller === undefined) return void t.fail(script.text);
      const result = runScript(caller, site);
      t.same(result.failures, [], kind, { script: script.text });
      t.same(
        result.path,
        contact.path.map(({ flow, step }) => `${flow}/${step}`),
      );
      t.equal(
        script.text.includes('96891001234'),
        used !== null,
        'who called stands there only when asked for',
      );
      if (i === 0) t.equal(/presses: .456789/.test(script.text), used !== null, script.text);
    }
  }
});
