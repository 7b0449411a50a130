/**
 * The router against a slow one that is obviously right, and against what must hold whatever happens. 1,000 lives of
 * random hotlines; ONEDOOR_ROUTER_RUNS sets how many (`npm run test:router`: 100,000).
 */
import fc from 'fast-check';
import t from 'tap';
import { type AcdFact, type AcdMessage, apply, decide, type RouterView } from '../../src/acd/index.js';
import { due } from './reference/deadlines.js';
import { happens } from './reference/reference.js';
import { createReference, type Reference } from './reference/rows.js';
import { someLife, walk } from './walk.js';

const numRuns = Number(process.env['ONEDOOR_ROUTER_RUNS'] ?? 1_000);
// A life takes 5 ms on a machine of its own.
t.setTimeout(Math.max(300_000, numRuns * 100));

/** What a message says, as the reference says it. */
function line(message: AcdMessage): string {
  switch (message.type) {
    case 'ticket.queued':
      return `ticket.queued ${message.ticket}`;
    case 'ticket.offered':
      return `ticket.offered ${message.ticket} ${message.agent} ${message.phone} ${message.kind}`;
    case 'offer.cancelled':
      return `offer.cancelled ${message.ticket} ${message.agent}`;
    case 'ticket.postponed':
      return `ticket.postponed ${message.ticket}`;
    case 'ticket.ended':
      return `ticket.ended ${message.ticket} ${message.result}`;
  }
}

/** What is told of messages that are somebody's, and of talks: nothing else says it. */
function factLine(fact: AcdFact, { tickets }: RouterView): readonly string[] {
  if (fact.type === 'contact.disposed')
    return [`disposed ${fact.body.ticket} ${fact.body.agent} ${fact.body.name}`];
  if (fact.type !== 'ticket.assigned' || tickets.get(fact.body.ticket)?.channel !== 'message') return [];
  return [`given ${fact.body.ticket} ${fact.body.agent}`];
}

/** Where everybody is, as text. */
function picture(of: RouterView | Reference): string {
  const tickets = [...of.tickets.values()]
    .map(
      (one) =>
        `${one.id} of ${one.contact} ${one.channel} ${one.kind} ${one.held ? 'held' : one.state} step ${one.step} joined ${one.joined} with ${[one.agent ?? '', ...one.offers.map(({ agent, until }) => `${agent}<${until}`)].sort().join()} tries ${one.tries} not before ${one.notBefore} only ${one.preferredUntil}`,
    )
    .sort();
  const agents = [...of.agents.values()]
    .map(
      (one) =>
        `${one.name} ${one.state} ${one.reason} since ${one.since} at ${one.phone} wish ${JSON.stringify(one.wish)} ticket ${one.ticket} misses ${one.misses} not before ${one.notBefore} idle ${one.state === 'ready' ? one.idleSince : null} until ${one.until} spoke ${one.spoke?.ticket} ${one.spoke?.queue} ${one.spoke?.code}`,
    )
    .sort();
  const places = [...of.places.values()].map((one) => `${one.queue} ${one.caller} ${one.until}`).sort();
  const lastAgents = [...of.lastAgents.values()]
    .map((one) => `${one.caller} ${one.agent} ${one.contact} ${one.until}`)
    .sort();
  return [...tickets, ...agents, ...places, ...lastAgents].join('\n');
}

t.test('the router does what the plain one does', async (t) => {
  const told = new Map<string, number>();
  fc.assert(
    fc.property(someLife, ({ routing, moves }) => {
      const reference = createReference(routing);
      walk({ routing, moves }, (router, { event, at }) => {
        const decision = decide(router, event, at);
        const refusal = happens(reference, event, at);
        apply(router, decision);
        const here = `after ${JSON.stringify(event)} at ${at}`;
        same(decision.refusal, refusal, here);
        const said = [
          ...decision.messages.map(line),
          ...decision.facts.flatMap((fact) => factLine(fact, router)),
        ];
        for (const one of said) {
          const [what = ''] = one.split(' ');
          told.set(what, (told.get(what) ?? 0) + 1);
        }
        same(said.sort().join('\n'), [...reference.said].sort().join('\n'), here);
        same(picture(router), picture(reference), here);
        same(decision.due, due(reference), here);
        return decision;
      });
    }),
    { numRuns },
  );
  for (const what of ['ticket.offered', 'given', 'disposed'])
    t.ok((told.get(what) ?? 0) > numRuns / 20, `${what}: ${told.get(what)} times in ${numRuns} lives`);
});

function same(real: string | number | null, plain: string | number | null, where: string): void {
  if (real !== plain) throw new Error(`${where}\nthe router:\n${real}\nthe plain one:\n${plain}`);
}
