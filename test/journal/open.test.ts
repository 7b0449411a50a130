import t from 'tap';
import { openJournal } from '../../src/journal/index.js';
import { makeTurn, silent, tempFolder } from './kit.js';

t.test('what was appended is found by the next owner', async (t) => {
  const folder = tempFolder();
  const first = await openJournal({ folder, log: silent });
  t.same(first.recovered, { epoch: 1, seq: 0, at: 0, entities: [] });
  await Promise.all([first.append(makeTurn(1), false), first.append(makeTurn(2), true)]);
  await first.append(makeTurn(3, { entities: [{ kind: 'call', id: 'call-1', body: null }] }), true);
  await first.close();

  const second = await openJournal({ folder, log: silent });
  t.equal(second.recovered.epoch, 2);
  t.equal(second.recovered.seq, 3);
  t.equal(second.recovered.at, 1_000_003);
  t.same(second.recovered.entities, [{ kind: 'call', id: 'call-2', body: { seq: 2 } }]);
  await second.close();
});
