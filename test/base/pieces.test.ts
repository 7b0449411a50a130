import t from 'tap';
import { pieceByPiece, type Pieces } from '../../src/base/index.js';

function* work(done: string[], fault: Error | null = null): Pieces<string> {
  for (const piece of ['first', 'second', 'third']) {
    done.push(piece);
    yield;
  }
  if (fault !== null) throw fault;
  return 'whole';
}

t.test('between two pieces, whoever else waits has a turn', async (t) => {
  const done: string[] = [];
  const call = (): void => {
    done.push('a call');
    if (done.length < 8) setImmediate(call);
  };
  setImmediate(call);
  t.equal(await pieceByPiece(work(done)), 'whole');
  t.same(done, ['first', 'a call', 'second', 'a call', 'third', 'a call']);
});

t.test('a fault in a piece is whose work it is', async (t) => {
  await t.rejects(pieceByPiece(work([], new Error('no'))), { message: 'no' });
});
