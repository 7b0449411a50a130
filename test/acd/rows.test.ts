import fc from 'fast-check';
import t from 'tap';
import { type Agent, apply, decide, type Ticket } from '../../src/acd/index.js';
import { onePerClass } from '../kit/hidden-class.js';
import { someLife, walk } from './walk.js';

t.test('rows of a kind are of a handful of hidden classes, whatever happens to them', async (t) => {
  let tickets: Ticket[] = [];
  let agents: Agent[] = [];
  let events = 0;
  fc.assert(
    fc.property(someLife, ({ routing, moves }) => {
      walk({ routing, moves }, (router, { event, at }) => {
        const decision = decide(router, event, at);
        apply(router, decision);
        tickets = onePerClass([...tickets, ...router.tickets.values()]);
        agents = onePerClass([...agents, ...router.agents.values()]);
        events += 1;
        return decision;
      });
    }),
    { numRuns: 50 },
  );
  t.ok(events > 1_000);
  // V8 makes another one of it where a field holds something of another kind for the first time.
  t.ok(tickets.length <= 10, `tickets: ${tickets.length}`);
  t.ok(agents.length <= 10, `agents: ${agents.length}`);
});
