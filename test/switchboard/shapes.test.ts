import t from 'tap';
import { asCallId, asExchangeId, asLegId } from '../../src/base/index.js';
import {
  type CallEvent,
  callTakenOn,
  type CallSite,
  storedCall,
  withoutCommand,
} from '../../src/calls/index.js';
import type { EntityWrite } from '../../src/journal/port.js';
import { noCallbacks } from '../../src/switchboard/callback-book.js';
import type { LiveCall } from '../../src/switchboard/live-call.js';
import { runTurn, type TurnResult, type TurnStart, type TurnWorld } from '../../src/switchboard/turn.js';
import { onePerClass } from '../kit/hidden-class.js';
import { testSite } from '../kit/test-site.js';

const site: CallSite = testSite();
const leg = asLegId('1.1');

function turn(start: TurnStart, at: number): TurnResult {
  const world: TurnWorld = {
    at,
    site: () => site,
    call: () => null,
    queues: () => ({ told: [], facts: [] }),
    attempts: { hash: (text) => text, known: new Map() },
    subjects: { hash: (text) => text, known: new Map() },
    callbacks: noCallbacks(() => site.hash),
    ended: () => null,
    nextCase: 1,
    mark: null,
  };
  return runTurn(start, world);
}

function firstOf({ calls: [first] }: TurnResult): LiveCall {
  if (first === undefined) throw new Error('A turn without a call.');
  return first.live;
}

/** A call from its arrival to its end, as it stands after each turn, and its rows. */
function lifeOf(id: string, called: string): { readonly lives: LiveCall[]; readonly rows: EntityWrite[] } {
  const caller = { number: '+968123', name: null, withheld: false };
  const event = { type: 'leg.arrived', leg, called, caller, trunk: 't', phone: null } as const;
  const arrival = { id: asCallId(id), exchange: asExchangeId('x'), admitted: true, event };
  const results = [turn({ type: 'arrival', arrival, site: site.hash }, 1_000)];
  const events: CallEvent[] = [
    { type: 'key.pressed', leg, key: '1', durationMs: 100 },
    { type: 'key.pressed', leg, key: '4', durationMs: 100 },
    { type: 'call.resumed' },
    { type: 'leg.ended', leg, cause: { q850: 16, sip: null } },
  ];
  for (const [i, event] of events.entries()) {
    const before = results.at(-1);
    if (before === undefined) throw new Error('A call that never arrived.');
    results.push(turn({ type: 'event', live: firstOf(before), event }, 2_000 + i));
  }
  return { lives: results.map(firstOf), rows: results.flatMap((result) => [...result.entities()]) };
}

t.test('a call is of one hidden class, whatever has happened to it', async (t) => {
  const { lives } = lifeOf('first', '100');
  const { lives: others } = lifeOf('second', '100');
  const calls = [...lives, ...others].map(({ call }) => call);
  const command = calls[0]?.commands[0]?.id ?? '';
  t.not(command, '');
  const copies = calls.flatMap((call) => [storedCall(call), withoutCommand(call, command)]);
  t.equal(onePerClass([...calls, ...copies]).length, 1);
});

t.test('a contact and what is live of a call are of one hidden class each', async (t) => {
  const lives = [...lifeOf('first', '100').lives, ...lifeOf('second', '100').lives];
  t.equal(onePerClass(lives).length, 1);
  const contacts = lives.flatMap(({ contact }) => contact ?? []);
  t.equal(contacts.length, lives.length);
  t.equal(onePerClass(contacts).length, 1);
});

t.test('a call loses nothing on the way into its row and out of it', async (t) => {
  const { lives, rows } = lifeOf('first', '100');
  const [first] = lives;
  const row = JSON.parse(JSON.stringify(rows[0]?.body)) as { readonly call: LiveCall['call'] };
  if (first === undefined) throw new Error('A call that never arrived.');
  t.same(callTakenOn(row.call), storedCall(first.call));
  t.same(Object.keys(row.call).sort(), Object.keys(first.call).sort(), 'whatever stands in a call');
});
