import t from 'tap';
import { contractCases } from '../contract/cases.js';
import { runSimulated } from '../contract/simulated-world.js';
import { ContractFailure } from '../contract/stage.js';
import { wrongExchanges } from '../contract/wrong-exchanges.js';

for (const { name, foundBy, worsen } of wrongExchanges) {
  t.test(`an exchange that ${name} is found out`, async (t) => {
    for (const sentence of foundBy) {
      const contractCase = contractCases.find((other) => other.name === sentence);
      if (contractCase === undefined) {
        t.fail(`no case is named: ${sentence}`);
        continue;
      }
      const { failure } = await runSimulated(contractCase, worsen);
      t.ok(failure instanceof ContractFailure, `${sentence}: ${String(failure)}`);
    }
  });
}

t.test('each case finds a wrong exchange of its own out', async (t) => {
  const found = new Set(wrongExchanges.flatMap(({ foundBy }) => foundBy));
  t.same(
    contractCases.map(({ name }) => name).filter((name) => !found.has(name)),
    [],
  );
});

t.test('each case says something of its own', async (t) => {
  t.equal(new Set(contractCases.map(({ name }) => name)).size, contractCases.length);
  t.ok(contractCases.length >= 60);
});
