import t from 'tap';
import { contractCases } from '../contract/cases.js';
import { runSimulated } from '../contract/simulated-world.js';

for (const contractCase of contractCases) {
  t.test(contractCase.name, async (t) => {
    const failure = await runSimulated(contractCase);
    if (failure !== null) throw failure;
    t.pass();
  });
}
