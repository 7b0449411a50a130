import t from 'tap';
import { contractCases } from '../contract/cases.js';
import { runSimulated } from '../contract/simulated-world.js';

for (const contractCase of contractCases) {
  t.test(contractCase.name, async (t) => {
    const { failure } = await runSimulated(contractCase);
    t.equal(failure, null, failure instanceof Error ? failure.message : String(failure));
  });
}
