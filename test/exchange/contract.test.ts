/** The port's contract on the embedded Asterisk. The same cases run on the simulator, in virtual time. */
import t from 'tap';
import { contractCases } from '../telephony/contract/cases.js';
import { sameStory } from '../telephony/contract/drift.js';
import { type CaseRun, runSimulated } from '../telephony/contract/simulated-world.js';
import { type ContractCase, createStage, type Engine, openEngine } from '../telephony/contract/stage.js';
import { type RealWorld, startRealWorld } from './contract-world.js';

/** Cases at once: enough to make waiting cheap, few enough to leave the machine air. */
const atOnce = 12;
/** As many phones as there are cases that ring one, and some more. */
const phones = 70;

// Some 60 s of waiting for phones that ring and for silence.
t.setTimeout(170_000);

async function run({ world }: RealWorld, contractCase: ContractCase, shared?: Engine): Promise<CaseRun> {
  const stage = createStage(world, shared);
  const result = async (): Promise<unknown> => {
    try {
      if (shared === undefined) await stage.engine.start();
      await contractCase.run(stage);
      return null;
    } catch (error) {
      return error;
    }
  };
  const failure = await result();
  const stories = stage.stories();
  await stage.leave();
  return { failure, stories };
}

/** The case passes, and the simulator tells the same of it: whoever tests on the simulator tests the real thing. */
async function faultsOf(contractCase: ContractCase, { failure, stories }: CaseRun): Promise<string[]> {
  const faults =
    failure === null ? [] : [failure instanceof Error ? failure.message : JSON.stringify(failure)];
  const simulated = await runSimulated(contractCase);
  for (const [nth, story] of stories.entries()) {
    const told = simulated.stories[nth] ?? [];
    if (sameStory(story, told)) continue;
    faults.push(`leg ${nth} is told as ${story.join(' ')}; by the simulator as ${told.join(' ')}`);
  }
  return faults;
}

t.test('the embedded exchange keeps the promises of the port', async (t) => {
  const real = await startRealWorld(phones);
  t.teardown(() => real.stop());
  const engine = openEngine(real.world);
  await engine.start();

  const together = contractCases.filter(({ alone }) => alone !== true);
  const results: { readonly contractCase: ContractCase; readonly result: Promise<CaseRun> }[] = [];
  const lanes: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  for (const [nth, contractCase] of together.entries()) {
    const result = (lanes[nth % atOnce] ?? Promise.resolve()).then(() => run(real, contractCase, engine));
    lanes[nth % atOnce] = result;
    results.push({ contractCase, result });
  }
  await Promise.all(lanes);
  for (const { contractCase, result } of results) {
    await t.test(contractCase.name, async (t) => {
      t.same(await faultsOf(contractCase, await result), []);
    });
  }

  await engine.exchange.close();
  for (const contractCase of contractCases.filter(({ alone }) => alone === true)) {
    await t.test(contractCase.name, async (t) => {
      t.same(await faultsOf(contractCase, await run(real, contractCase)), []);
    });
  }
});
