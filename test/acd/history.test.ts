/** What a queue remembers of its calls, and of rows that were stored before it remembered how agents pick up. */
import t from 'tap';
import { apply } from '../../src/acd/index.js';
import { pickUpOf } from '../../src/acd/handling.js';
import { withHandled, withWait } from '../../src/acd/history.js';
import { agent, Desk, queue, routing } from './kit.js';

const before = {
  handled: 40,
  handledMs: 6_000_000,
  handledSquares: 1_200_000,
  waitedMs: 500_000,
  abandoned: 4,
};

t.test('a row of before goes on, with nothing known of picking up', async (t) => {
  t.match(withHandled(before, 100_000), { handled: 40.6, pickedUp: 0, pickUpLogs: 0 });
  t.match(withWait(before, 10_000, null), { abandoned: 4.96, pickedUp: 0, pickUpLogs: 0 });
  t.match(withWait(before, 10_000, 5_000), { abandoned: 3.96, pickedUp: 1, pickUpLogs: Math.log(5_000) });
});

t.test(
  'agents pick up as half of them did, of the queue or, where it had too few calls, of all',
  async (t) => {
    const d = new Desk(routing([queue('general'), queue('tax')], [agent('amal', ['general'])]));
    t.equal(pickUpOf(d.router, 'general'), 3_000, 'nobody has yet');
    let row = before;
    for (const ms of [2_000, 4_000, 8_000, 4_000]) row = withWait(row, 60_000, ms);
    apply(d.router, { changes: [{ kind: 'queue', id: 'general', row }], routing: null });
    for (const name of ['general', 'tax']) t.ok(Math.abs(pickUpOf(d.router, name) - 4_000) < 50, name);
    for (let n = 0; n < 500; n++) row = withWait(row, 60_000, 0);
    apply(d.router, { changes: [{ kind: 'queue', id: 'general', row }], routing: null });
    t.equal(pickUpOf(d.router, 'general'), 1_000, 'who answers by machine still takes a second');
  },
);
