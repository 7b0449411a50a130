import t from 'tap';
import { type ServiceLevel, serviceLevel, serviceLevels } from '../../src/measures/service-level.js';

/** 1,000 answered, 860 of them in 20 s; 60 abandoned, 20 of them in 20 s, 10 in 5 s. */
const counts = {
  answered: 1000,
  abandoned: 60,
  answeredWithin: 860,
  abandonedWithin: 20,
  shortAbandoned: 10,
};

t.test('the same calls have five service levels, by the five formulas in use', async (t) => {
  const percent = (name: ServiceLevel): string => ((serviceLevel(name, counts) ?? 0) * 100).toFixed(1);
  t.strictSame(
    Object.fromEntries((Object.keys(serviceLevels) as ServiceLevel[]).map((name) => [name, percent(name)])),
    {
      'early-abandons-met': '83.0',
      'answered-only': '86.0',
      'all-offered': '81.1',
      'early-abandons-left-out': '82.7',
      'short-abandons-met': '82.1',
    },
  );
});

t.test('where nobody called there is no service level', async (t) => {
  const nobody = { answered: 0, abandoned: 0, answeredWithin: 0, abandonedWithin: 0, shortAbandoned: 0 };
  for (const name of Object.keys(serviceLevels) as ServiceLevel[])
    t.equal(serviceLevel(name, nobody), null, name);
});

t.test('whoever hung up early does not count at all in the default', async (t) => {
  const early = { answered: 0, abandoned: 3, answeredWithin: 0, abandonedWithin: 3, shortAbandoned: 1 };
  t.equal(serviceLevel('early-abandons-left-out', early), null);
  t.equal(serviceLevel('all-offered', early), 0);
});
