/** How queues choose: strategies, needs that relax, priorities, preferred agents, limits. */
import t from 'tap';
import { agent, Desk, queue, routing } from './kit.js';

const inOne = (fields: Parameters<typeof queue>[1], ...agents: Parameters<typeof routing>[1][number][]) =>
  new Desk(routing([queue('general', fields)], agents)).begins(...agents.map(({ name }) => name));

/** A call from offer to the end of wrap-up. */
function serves(d: Desk, ticket: string, ms: number): void {
  const [name] = d.with(ticket);
  d.answers(ticket, name ?? '');
  d.at += ms;
  d.ends(ticket, name ?? '');
  d.happens({ type: 'agent.wrap-up-ended', agent: name ?? '' });
}

t.test('the longest idle has the next caller; who misses does not lose that place', async (t) => {
  const d = inOne({ pauseAfterMisses: 0 }, agent('amal', ['general']), agent('bilal', ['general']));
  d.asks('t1', 'general');
  t.same(d.with('t1'), ['amal'], 'amal signed in first');
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'amal', result: 'no-answer' });
  t.same(d.with('t1'), ['bilal'], 'the next one is rung at once');
  serves(d, 't1', 60_000);
  d.passes(60_000);
  d.asks('t2', 'general');
  t.same(d.with('t2'), ['amal']);
});

t.test('the most skilled is the one with the highest levels in what is needed', async (t) => {
  const d = inOne(
    { strategy: 'most-skilled', needs: [{ tax: 2 }] },
    agent('amal', ['general'], { tax: 2, en: 5 }),
    agent('bilal', ['general'], { tax: 4 }),
  );
  d.asks('t1', 'general');
  t.same(d.with('t1'), ['bilal'], 'English does not count');
  d.asks('t2', 'general', { needs: { en: 3 } });
  t.same(d.with('t2'), ['amal'], 'now it does, and bilal has none');
});

t.test('the least occupied is the one with the smallest share: not whoever signed in late', async (t) => {
  const both = new Desk(
    routing(
      [queue('general', { strategy: 'least-occupied' })],
      [agent('amal', ['general']), agent('bilal', ['general'])],
    ),
  ).begins('amal');
  both.asks('t1', 'general');
  serves(both, 't1', 10_000);
  both.passes(990_000);
  both.begins('bilal');
  both.asks('t2', 'general');
  t.same(both.with('t2'), ['bilal'], 'nothing against one hundredth');
  serves(both, 't2', 10_000);
  both.passes(10_000);
  both.asks('t3', 'general');
  t.same(both.with('t3'), ['amal'], 'one hundredth against one half');
});

t.test('round robin goes round, whoever is idle longest', async (t) => {
  const d = inOne(
    { strategy: 'round-robin', wrapUpMs: 0 },
    agent('amal', ['general']),
    agent('bilal', ['general']),
    agent('carla', ['general']),
  );
  const turns = ['t1', 't2', 't3', 't4'].map((ticket) => {
    d.asks(ticket, 'general');
    const [name] = d.with(ticket);
    serves(d, ticket, 1_000);
    return name;
  });
  t.same(turns, ['amal', 'bilal', 'carla', 'amal']);
});

t.test('a tie goes to the agent for whom the queue comes earlier, then by name', async (t) => {
  const agents = [agent('amal', ['other', 'general']), agent('bilal', ['general', 'other'])];
  const d = new Desk(
    routing(
      [queue('general', { strategy: 'round-robin' }), queue('other', { strategy: 'round-robin' })],
      agents,
    ),
  ).begins('amal', 'bilal');
  d.asks('t1', 'general');
  t.same(d.with('t1'), ['bilal']);
  d.asks('t2', 'other');
  t.same(d.with('t2'), ['amal']);
});

t.test('a skill that an agent lacks never matches, at no level', async (t) => {
  const d = inOne({}, agent('amal', ['general'], { en: 5 }));
  t.match(d.asks('t1', 'general', { needs: { ar: 1 } }).messages, [
    { type: 'ticket.ended', result: 'nobody' },
  ]);
  t.match(d.asks('t2', 'general', { needs: { constructor: 1 } }).messages, [
    { type: 'ticket.ended', result: 'nobody' },
  ]);
});

t.test('one of the queue’s alternatives is enough, but all of the caller’s own needs', async (t) => {
  const d = inOne(
    { needs: [{ tax: 3 }, { law: 2, tax: 1 }] },
    agent('amal', ['general'], { law: 2, tax: 1, en: 3 }),
    agent('bilal', ['general'], { tax: 3 }),
  );
  d.asks('t1', 'general', { needs: { en: 3 } });
  t.same(d.with('t1'), ['amal']);
  t.same(d.facts.find(({ type }) => type === 'ticket.assigned')?.body, {
    at: d.at,
    waitedMs: 0,
    step: 0,
    needs: [
      { tax: 3, en: 3 },
      { law: 2, tax: 1, en: 3 },
    ],
    strategy: 'longest-idle',
    preferred: false,
    others: [],
    otherCount: 0,
    against: { 'lacks:en>=3': 1 },
    agent: 'amal',
    ticket: 't1',
    queue: 'general',
  });
});

const relaxing = queue('general', {
  needs: [{ ar: 4 }],
  relax: [
    { afterMs: 30_000, lower: { ar: 1 }, drop: [], add: [] },
    { afterMs: 60_000, lower: {}, drop: ['ar'], add: ['second'] },
  ],
});
const relaxingAgents = [
  agent('expert', ['general'], { ar: 5 }),
  agent('novice', ['general'], { ar: 1 }),
  agent('other', ['second']),
];
const relaxingDesk = (...names: readonly string[]) =>
  new Desk(routing([relaxing, queue('second')], relaxingAgents)).begins(...names);

t.test(
  'a caller who has waited long enough needs less, and is served at once by whoever is free',
  async (t) => {
    const d = relaxingDesk('expert', 'novice', 'other');
    d.asks('t1', 'general');
    d.answers('t1', 'expert');
    d.asks('t2', 'general');
    t.same(d.with('t2'), [], 'the novice is free, but not good enough yet');
    d.passes(29_999);
    t.same(d.with('t2'), []);
    d.passes(1);
    t.same(d.with('t2'), ['novice']);
    d.answers('t2', 'novice');
    d.asks('t3', 'general');
    d.passes(60_000);
    t.same(d.with('t3'), ['other'], 'of the queue that was added');
    t.match(
      d.facts.filter(({ type }) => type === 'ticket.relaxed').map(({ body }) => body),
      [
        { ticket: 't2', step: 1 },
        { ticket: 't3', step: 1 },
        { ticket: 't3', step: 2 },
      ],
    );
  },
);

t.test('a step whose agents are all signed out is skipped at once', async (t) => {
  const d = relaxingDesk('novice', 'other');
  d.asks('t1', 'general');
  t.same(d.with('t1'), ['novice'], 'no expert is there to be waited for');
  d.asks('t2', 'general');
  t.equal(d.ticket('t2')?.step, 1);
  d.happens({ type: 'agent.signed-out', agent: 'novice' });
  t.match(
    [d.ticket('t1'), d.ticket('t2')],
    [
      { state: 'offered', step: 2 },
      { state: 'waiting', step: 2 },
    ],
    'the last of those who speak it has gone',
  );
});

t.test('a step is not skipped while somebody of it is signed in, be they paused', async (t) => {
  const d = relaxingDesk('expert', 'novice');
  d.happens({ type: 'agent.paused', agent: 'expert', reason: 'lunch' });
  d.asks('t1', 'general');
  t.match(d.ticket('t1'), { state: 'waiting', step: 0 });
  d.happens({ type: 'agent.signed-out', agent: 'expert' });
  t.same(d.with('t1'), ['novice']);
});

t.test('a queue that changes is judged anew for those who wait already', async (t) => {
  const d = relaxingDesk('expert', 'novice');
  d.asks('t1', 'general');
  d.answers('t1', 'expert');
  d.asks('t2', 'general');
  d.at += 10_000;
  const [first, second] = relaxing.relax;
  const sooner = { ...relaxing, relax: [{ ...first, afterMs: 10_000 }, second] } as typeof relaxing;
  d.happens({ type: 'routing.changed', routing: routing([sooner, queue('second')], relaxingAgents) });
  t.same(d.with('t2'), ['novice'], 'under the old definition 20 s were left');
});

t.test('a caller who is rung for while the steps are made fewer waits on when nobody answers', async (t) => {
  const d = relaxingDesk('novice', 'other');
  d.asks('t1', 'general');
  t.match(d.ticket('t1'), { state: 'offered', step: 1 });
  const fewer = queue('general', { needs: [{ ar: 1 }], pauseAfterMisses: 0 });
  d.happens({ type: 'routing.changed', routing: routing([fewer, queue('second')], relaxingAgents) });
  t.same(d.with('t1'), ['novice'], 'who rings, rings on');
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'novice', result: 'no-answer' });
  t.match(d.ticket('t1'), { state: 'waiting', step: 0 });
  d.passes(1_000);
  t.same(d.with('t1'), ['novice']);
});

t.test('a message whose agent is taken out together with its steps goes to another', async (t) => {
  const both = { capacity: { voice: 1, message: 1 } };
  const [amal, badr] = [
    { ...agent('amal', ['general'], { ar: 1 }), ...both },
    { ...agent('badr', ['general']), ...both },
  ];
  const d = new Desk(routing([relaxing, queue('second')], [amal, badr])).begins('amal', 'badr');
  d.asks('m1', 'general', { channel: 'message' });
  t.match(d.ticket('m1'), { state: 'connected', agent: 'amal', step: 1 });
  d.happens({ type: 'routing.changed', routing: routing([queue('general')], [badr]) });
  t.same(d.with('m1'), ['badr']);
});

t.test('a message whose agent goes with the queue she was rung for is judged by the new steps', async (t) => {
  const taking = { capacity: { voice: 1, message: 1 } };
  const amal = { ...agent('amal', ['general', 'second'], { ar: 1 }), ...taking };
  const d = new Desk(routing([relaxing, queue('second')], [amal, agent('badr', ['second'])]));
  d.begins('amal', 'badr');
  d.asks('m1', 'general', { channel: 'message' });
  d.happens({ type: 'agent.paused', agent: 'badr', reason: 'lunch' });
  d.asks('t1', 'second');
  t.same([d.with('m1'), d.with('t1'), d.ticket('m1')?.step], [['amal'], ['amal'], 1]);
  d.happens({
    type: 'routing.changed',
    routing: routing([{ ...relaxing, needs: [{}] }], [{ ...agent('badr', ['general']), ...taking }]),
  });
  t.match(d.ticket('m1'), { state: 'waiting', step: 0 });
});

t.test('a queue that is gone ends its tickets; an agent who is gone talks to the end', async (t) => {
  const d = relaxingDesk('expert');
  d.asks('t1', 'general');
  d.answers('t1', 'expert');
  d.asks('t2', 'general');
  const { messages } = d.happens({
    type: 'routing.changed',
    routing: routing([queue('second')], [agent('new', ['second'])]),
  });
  t.match(messages, [{ type: 'ticket.ended', ticket: 't2', result: 'nobody' }]);
  t.match(d.agent('expert'), { state: 'talking' });
  t.match(d.agent('new'), { state: 'offline' });
  d.ends('t1', 'expert');
  t.equal(d.router.agents.has('expert'), false);
  d.begins('new');
  t.match(d.agent('new'), { state: 'ready' }, 'without a restart');
});

t.test('priority is worth time: nobody starves', async (t) => {
  const queues = [queue('general'), queue('urgent', { priority: 1 })];
  const d = new Desk(routing(queues, [agent('amal', ['general', 'urgent'])], { priorityMs: 60_000 }));
  d.begins('amal');
  d.asks('t0', 'general');
  d.answers('t0', 'amal');
  d.asks('early', 'general');
  d.at += 59_999;
  d.asks('urgent', 'urgent');
  d.at += 2;
  d.asks('late', 'urgent');
  d.ends('t0', 'amal');
  const next = (): string | undefined => {
    d.happens({ type: 'agent.readied', agent: 'amal' });
    const [one] = [...d.router.tickets.values()].filter(({ state }) => state === 'offered');
    d.answers(one?.id ?? '', 'amal');
    d.ends(one?.id ?? '', 'amal');
    return one?.id;
  };
  t.same([next(), next(), next()], ['urgent', 'early', 'late'], 'a minute of waiting makes up for a step');
});

t.test('the preferred agent is waited for, but not longer than stated, and not when gone', async (t) => {
  const d = inOne({ preferredMs: 20_000 }, agent('amal', ['general']), agent('bilal', ['general']));
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: null } });
  t.same(d.with('t1'), ['bilal'], 'though amal is idle longer');
  d.answers('t1', 'bilal');
  d.asks('t2', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: null } });
  t.same(d.with('t2'), [], 'amal is free, and passed over');
  d.passes(20_000);
  t.same(d.with('t2'), ['amal']);
  d.answers('t2', 'amal');
  d.ends('t2', 'amal');
  d.asks('t3', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: null } });
  d.happens({ type: 'agent.readied', agent: 'amal' });
  t.same(d.with('t3'), []);
  d.happens({ type: 'agent.signed-out', agent: 'bilal' });
  d.ends('t1', 'bilal');
  d.passes(20_000);
  t.same(d.with('t3'), ['amal']);
});

t.test('whom a caller prefers may go and come back while the caller is held', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { preferredMs: 120_000, wrapUpMs: 0 })],
      [agent('amal', ['general']), agent('badr', ['general'])],
    ),
  ).begins('amal', 'badr');
  d.asks('t0', 'general');
  d.answers('t0', 'amal');
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: 'amal', forMs: null } });
  t.same(d.with('t1'), []);
  d.happens({ type: 'ticket.held', ticket: 't1' });
  d.ends('t0', 'amal');
  d.happens({ type: 'agent.signed-out', agent: 'amal' });
  t.match(d.ticket('t1'), { state: 'waiting', held: true });
  d.happens({ type: 'agent.signed-in', agent: 'amal', phone: null });
  d.happens({ type: 'ticket.reached', ticket: 't1' });
  t.same(d.with('t1'), ['amal']);
});

t.test('who talked with the caller last is preferred, by whatever queue they met', async (t) => {
  const d = new Desk(
    routing(
      [queue('general', { preferredMs: 20_000, wrapUpMs: 0 }), queue('office', { wrapUpMs: 0 })],
      [agent('amal', ['general']), agent('bilal', ['general', 'office'])],
      { lastAgentMs: 3_600_000 },
    ),
  ).begins('amal', 'bilal');
  const last = { caller: 'h1', preferred: { whom: 'last-agent', forMs: null } } as const;
  d.asks('t1', 'office', { caller: 'h1' });
  d.answers('t1', 'bilal');
  d.ends('t1', 'bilal');
  d.passes(60_000);
  d.asks('t2', 'general', last);
  t.same(d.with('t2'), ['bilal'], 'though amal is idle longer');
  t.equal(d.ticket('t2')?.preferred, 'bilal');
  d.happens({ type: 'ticket.withdrawn', ticket: 't2', why: 'left' });
  d.asks('t3', 'general', { ...last, caller: 'h2' });
  t.same(d.with('t3'), ['amal'], 'of another caller nothing is known');
  d.happens({ type: 'ticket.withdrawn', ticket: 't3', why: 'left' });
  d.asks('t4', 'general', { ...last, caller: null });
  t.same(d.with('t4'), ['amal'], 'nor of one who withholds the number');
});

t.test('who talked with a caller is forgotten in time, or when the contact is erased', async (t) => {
  const d = new Desk(
    routing([queue('general', { wrapUpMs: 0 })], [agent('amal', ['general'])], { lastAgentMs: 60_000 }),
  ).begins('amal');
  for (const caller of ['h1', 'h2']) {
    d.asks(`t-${caller}`, 'general', { caller });
    d.answers(`t-${caller}`, 'amal');
    d.ends(`t-${caller}`, 'amal');
  }
  t.same([...d.router.lastAgents.keys()], ['h1', 'h2']);
  t.same(
    d.happens({ type: 'contact.erased', contact: 'contact-t-h1' }).changes,
    [{ kind: 'last-agent', id: 'h1', row: null }],
    'its row goes from the disk too',
  );
  t.same([...d.router.lastAgents.keys()], ['h2']);
  d.passes(59_999);
  t.equal(d.router.lastAgents.size, 1);
  d.passes(1);
  t.equal(d.router.lastAgents.size, 0);
});

t.test('where no flow asks for it, nobody is remembered', async (t) => {
  const d = inOne({ wrapUpMs: 0 }, agent('amal', ['general']));
  d.asks('t1', 'general', { caller: 'h1' });
  d.answers('t1', 'amal');
  d.ends('t1', 'amal');
  t.equal(d.router.lastAgents.size, 0);
});

t.test('the time that a flow states goes before that of the queue', async (t) => {
  const d = inOne({ preferredMs: 20_000 }, agent('amal', ['general']), agent('bilal', ['general']));
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: null } });
  d.answers('t1', 'bilal');
  d.asks('t2', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: 5_000 } });
  t.same(d.with('t2'), []);
  d.passes(5_000);
  t.same(d.with('t2'), ['amal']);
});

t.test('what names no agent is kept nowhere, and waited for by nobody', async (t) => {
  const d = inOne({ preferredMs: 20_000 }, agent('amal', ['general']));
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: '9876543210', forMs: null } });
  t.same(d.with('t1'), ['amal']);
  t.match(d.ticket('t1'), { preferred: null, preferredUntil: null });
});

t.test('a preferred agent who misses the call is waited for no longer', async (t) => {
  const d = inOne(
    { preferredMs: 60_000, pauseAfterMisses: 0 },
    agent('amal', ['general']),
    agent('bilal', ['general']),
  );
  d.asks('t1', 'general', { preferred: { whom: 'agent', agent: 'bilal', forMs: null } });
  d.happens({ type: 'offer.ended', ticket: 't1', agent: 'bilal', result: 'rejected' });
  t.same(d.with('t1'), ['amal']);
});

t.test('a full queue says so; a queue that is not there too', async (t) => {
  const d = inOne({ capacity: 1 }, agent('amal', ['general']));
  d.asks('t1', 'general');
  d.answers('t1', 'amal');
  d.asks('t2', 'general');
  t.match(d.asks('t3', 'general').messages, [{ type: 'ticket.ended', ticket: 't3', result: 'full' }]);
  t.match(d.asks('t4', 'nowhere').messages, [{ type: 'ticket.ended', ticket: 't4', result: 'failed' }]);
  t.same([...d.router.tickets.keys()], ['t1', 't2']);
});

t.test('ten thousand callers of one queue wait, and leave in their order', async (t) => {
  const d = inOne({ wrapUpMs: 0 }, agent('amal', ['general']));
  d.asks('t0', 'general');
  d.answers('t0', 'amal');
  for (let n = 1; n <= 10_000; n++) d.asks(`t${n}`, 'general');
  for (let n = 0; n < 50; n++) {
    d.ends(`t${n}`, 'amal');
    t.same(d.with(`t${n + 1}`), ['amal']);
    d.answers(`t${n + 1}`, 'amal');
  }
});

t.test('an explanation names twenty of the others, the next one first, and counts all', async (t) => {
  const names = Array.from({ length: 30 }, (_, i) => `agent-${String(i).padStart(2, '0')}`);
  // Those who sign in last are the best.
  const d = inOne(
    { strategy: 'most-skilled', needs: [{ tax: 1 }] },
    ...names.map((name, i) => agent(name, ['general'], { tax: 1 + i / 10 })),
  );
  d.asks('t1', 'general');
  const { body } = d.facts.find(({ type }) => type === 'ticket.assigned') ?? {};
  t.match(body, { agent: 'agent-29', otherCount: 29, others: [...names].reverse().slice(1, 21) });
  t.same(body, { ...body, against: {} });
});
