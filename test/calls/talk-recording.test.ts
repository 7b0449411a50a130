/** Talks that are recorded: told to the caller before, paused by the agent, kept with the contact; never at the talk's cost. */
import t from 'tap';
import { asLegId, asRecordingId, type Key } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  type CallSite,
  callTakenOn,
  decideCall,
  isWanted,
  recordingsOf,
} from '../../src/calls/index.js';
import { arrives, siteWithFlow } from '../kit/decided-call.js';
import { testSite } from '../kit/test-site.js';

const base = testSite();
const leg = asLegId('in');
const waits = `
onedoor: 1
flow: waits
numbers: ["200"]
languages: [en]
start: wait
steps:
  wait:
    queue: { name: general, say: how-was-it, keys: { 1: left }, no-answer-after: { go: tired }, answered: again, failed: failed }
  again:
    queue: { name: general, no-answer-after: { go: tired }, answered: bye, failed: failed }
  bye: { say: goodbye, go: hang-up }
  left: { say: goodbye, go: hang-up }
  tired: { say: unclear, go: hang-up }
  failed: { say: sorry, go: hang-up }
`;

function siteWith(record: { readonly notice: string | null } | null): CallSite {
  const queue = base.queues.get('general');
  if (queue === undefined) throw new Error('no queue');
  return siteWithFlow(waits, { queues: new Map([['general', { ...queue, record }]]) });
}

const silent = siteWith({ notice: null });
const telling = siteWith({ notice: 'please-wait' });

/** What one event after another decides; the facts and commands are those of all. */
function after(site: CallSite, call: Call, ...events: CallEvent[]): CallDecision {
  let now = call;
  const all = { facts: [], commands: [], messages: [], personal: [] } as {
    -readonly [Part in Exclude<keyof CallDecision, 'call'>]: CallDecision[Part][number][];
  };
  for (const event of events) {
    const { call: next, facts, commands, messages, personal } = decideCall(now, event, site, 2_000);
    all.facts.push(...facts);
    all.commands.push(...commands);
    all.messages.push(...messages);
    all.personal.push(...personal);
    now = next;
  }
  return { call: now, ...all };
}

const queued = ({ ticket }: Call): CallEvent => ({ type: 'ticket.queued', ticket: ticket?.id ?? '' });
const offered = ({ ticket }: Call): CallEvent => ({
  type: 'ticket.offered',
  kind: 'call',
  ticket: ticket?.id ?? '',
  agent: 'amal',
  phone: 'agent-1',
  ringMs: 15_000,
});
const phoneOf = ({ phones }: Call) => phones.at(-1)?.leg ?? asLegId('none');
const answered = (call: Call): CallEvent => ({ type: 'leg.answered', leg: phoneOf(call) });
const ended = (of: string): CallEvent => ({
  type: 'leg.ended',
  leg: asLegId(of),
  cause: { q850: 16, sip: null },
});
const heard = ({ speaking }: Call, result: 'done' | 'failed' = 'done'): CallEvent => ({
  type: 'playback.finished',
  leg,
  playback: speaking?.playback ?? ('none' as never),
  result,
});
const due = (id: string): CallEvent => ({ type: 'deadline.due', id, frame: -1 });
const pressed = (of: string, ...keys: Key[]): CallEvent[] =>
  keys.map((key) => ({ type: 'key.pressed', leg: asLegId(of), key, durationMs: 100 }));
const commands = ({ commands: all }: Pick<CallDecision, 'commands'>): string[] =>
  all.map(({ body }) => body.type);
const facts = ({ facts: all }: Pick<CallDecision, 'facts'>): string[] => all.map(({ type }) => type);
const recordingFacts = ({ facts: all }: CallDecision) =>
  all.filter(({ type }) => type.startsWith('recording.'));
const stored = (recording: string | undefined, durationMs: number): CallEvent => ({
  type: 'talk.recorded',
  recording: asRecordingId(recording ?? ''),
  durationMs,
});

/** A caller and an agent who talk, in a queue that records without telling. */
function talk(site = silent): CallDecision {
  const { call } = arrives(site);
  const rung = after(site, call, queued(call), offered(call)).call;
  return after(site, rung, answered(rung));
}

t.test('a talk is recorded from the moment in which the two are put together', async (t) => {
  const talking = talk();
  t.same(commands(talking), ['stop-playback', 'bridge', 'record-bridge']);
  const { talkRecording, talk: bridge } = talking.call;
  t.match(talking.commands.at(-1)?.body, { bridge, recording: talkRecording?.id, maxMs: 3_600_000 });
  t.match(recordingFacts(talking), [
    { type: 'recording.started', body: { recording: talkRecording?.id, agent: 'amal' } },
  ]);
});

t.test('a queue that does not record, and a phone that a flow dials, are not recorded', async (t) => {
  const talking = talk(siteWith(null));
  t.same(commands(talking), ['stop-playback', 'bridge']);
  t.equal(talking.call.talkRecording, null);
});

t.test('what was recorded is kept with the contact, whoever hangs up', async (t) => {
  for (const who of ['agent', 'caller'] as const) {
    const { call } = talk();
    const over = after(silent, call, ended(who === 'caller' ? leg : phoneOf(call)));
    t.ok(commands(over).includes('unbridge'), 'which ends the recording');
    t.equal(over.call.talkRecording, null);
    const [recording] = recordingsOf(over.call);
    const kept = after(silent, over.call, stored(recording, 61_000));
    t.match(kept.facts, [
      { type: 'recording.kept', body: { name: 'talk', recording, ms: 61_000, agent: 'amal' } },
    ]);
    t.match(kept.personal, [{ class: 'recording', body: recording }]);
    t.same(recordingsOf(kept.call), []);
    t.notOk(kept.call.deadlines.some(({ id }) => id.startsWith('recorded/')));
    t.equal(kept.call.unheard, false, 'nobody has to hear it');
    t.same(after(silent, kept.call, stored(recording, 61_000)).facts, [], 'once');
  }
});

t.test('a call is not over before it is told what was recorded', async (t) => {
  const { call } = talk();
  let over = after(silent, call, ended(leg), ended(phoneOf(call))).call;
  for (const { id } of over.commands)
    over = after(silent, over, { type: 'command.settled', command: id, outcome: { result: 'done' } }).call;
  t.equal(over.phase, 'ending');
  t.equal(after(silent, over, stored(recordingsOf(over)[0], 1_000)).call.phase, 'over');
});

t.test('an end of which the exchange tells before that of the talk keeps it too', async (t) => {
  const { call } = talk();
  const recording = call.talkRecording?.id ?? undefined;
  const kept = after(silent, call, stored(recording, 5_000), ended(phoneOf(call)));
  t.match(recordingFacts(kept), [{ type: 'recording.kept', body: { recording, ms: 5_000 } }]);
  t.same(recordingsOf(kept.call), []);
  t.notOk(commands(kept).includes('record-bridge'));
});

t.test('a recording of nothing is thrown away, and that is told', async (t) => {
  const { call } = talk();
  const over = after(silent, call, ended(phoneOf(call))).call;
  const [recording] = recordingsOf(over);
  const gone = after(silent, over, stored(recording, 0));
  t.match(gone.facts, [{ type: 'recording.discarded', body: { recording } }]);
  t.match(gone.commands, [{ body: { type: 'discard-recording', recording } }]);
});

t.test('a talk of more than an hour has one recording after the other', async (t) => {
  const { call } = talk();
  const first = call.talkRecording?.id ?? undefined;
  const on = after(silent, call, stored(first, 3_599_500));
  t.same(facts(on), ['recording.kept', 'recording.started']);
  t.not(on.call.talkRecording?.id, first);
  t.equal(on.call.talkRecording?.bridge, call.talk);
});

t.test(
  'the agent pauses it by a code, and goes on by another; the codes of others mean nothing',
  async (t) => {
    const { call } = talk();
    const phone = phoneOf(call);
    const recording = call.talkRecording?.id;
    t.same(after(silent, call, ...pressed(leg, '*', '9', '0')).facts, [], 'a caller’s keys');
    const paused = after(silent, call, ...pressed(phone, '5', '*', '*', '9', '0'));
    t.match(paused.facts, [{ type: 'recording.paused', body: { recording, agent: 'amal', by: 'agent' } }]);
    t.match(paused.commands, [{ body: { type: 'pause-recording', recording, on: true } }]);
    t.same(after(silent, paused.call, ...pressed(phone, '*', '9', '0')).facts, [], 'it is paused');
    const wrong = after(silent, paused.call, ...pressed(phone, '*', '9', '5', '1'));
    t.same(wrong.facts, [], 'no code');
    const on = after(silent, wrong.call, ...pressed(phone, '*', '9', '1'));
    t.match(on.facts, [{ type: 'recording.resumed', body: { recording } }]);
    t.match(on.commands, [{ body: { type: 'pause-recording', recording, on: false } }]);
  },
);

t.test('it is paused from the desk too, for the agent who talks', async (t) => {
  const { call } = talk();
  const ask = (agent: string, on: boolean): CallEvent => ({ type: 'recording.asked', agent, on, by: 'desk' });
  t.same(after(silent, call, ask('omar', false)).facts, []);
  t.match(after(silent, call, ask('amal', false)).facts, [
    { type: 'recording.paused', body: { by: 'desk' } },
  ]);
});

t.test('two who are put together again are recorded anew, and stay paused where they were', async (t) => {
  const { call } = talk();
  const first = call.talkRecording?.id;
  const again = after(silent, call, { type: 'bridge.lost', bridge: call.talk! });
  t.match(commands(again), ['bridge', 'record-bridge']);
  t.equal(again.call.talkRecording?.bridge, again.call.talk);
  t.same(recordingsOf(again.call).length, 2, 'the first is still to be told of');
  t.ok(recordingsOf(again.call).includes(first!));
  const paused = after(silent, call, ...pressed(phoneOf(call), '*', '9', '0')).call;
  const quiet = after(silent, paused, { type: 'bridge.lost', bridge: paused.talk! });
  t.match(commands(quiet), ['bridge']);
  t.match(quiet.call.talkRecording, { on: false, id: null });
  const on = after(silent, quiet.call, ...pressed(phoneOf(call), '*', '9', '1'));
  t.match(commands(on), ['record-bridge'], 'it begins when it is wanted');
});

t.test('the next talk of a call is recorded by itself, though the first was paused', async (t) => {
  const { call } = talk();
  const second = after(silent, call, ...pressed(phoneOf(call), '*', '9', '0'), ended(phoneOf(call))).call;
  const rung = after(silent, second, queued(second), offered(second)).call;
  const talking = after(silent, rung, answered(rung));
  t.match(talking.call.talkRecording, { on: true });
  t.ok(commands(talking).includes('record-bridge'));
});

// --- what goes wrong

const settled = (
  { commands: all }: Pick<CallDecision, 'commands'>,
  type: string,
  outcome: Extract<CallEvent, { type: 'command.settled' }>['outcome'],
): CallEvent => {
  const found = all.find(({ body }) => body.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return { type: 'command.settled', command: found.id, outcome };
};
const refused = { result: 'refused', why: 'invalid', detail: '' } as const;
const unknown = { result: 'unknown', detail: '' } as const;

t.test('a recording that cannot be begun costs the talk nothing, and can be tried again', async (t) => {
  const talking = talk();
  const failed = after(silent, talking.call, settled(talking, 'record-bridge', refused));
  t.same(facts(failed), ['command.refused', 'recording.failed']);
  t.same(failed.commands, []);
  t.ok(failed.call.phones.some(({ state }) => state === 'talking'));
  const again = after(silent, failed.call, ...pressed(phoneOf(failed.call), '*', '9', '1'));
  t.same(commands(again), ['record-bridge', 'play'], 'she hears that it is so');
});

t.test('a recording that fails midway is told, and the talk goes on', async (t) => {
  const { call } = talk();
  const recording = call.talkRecording?.id ?? asRecordingId('');
  const failed = after(silent, call, { type: 'talk.record-failed', recording, why: 'exchange' });
  t.match(failed.facts, [{ type: 'recording.failed', body: { recording, why: 'exchange' } }]);
  t.same(failed.commands, [], 'it is not begun again and again');
  t.same(after(silent, failed.call, ended(phoneOf(call))).call.endedRecordings, []);
});

t.test('of one whose beginning is unknown, what there is of it is stopped and told', async (t) => {
  const talking = talk();
  const lost = after(silent, talking.call, settled(talking, 'record-bridge', unknown));
  t.same(commands(lost), ['stop-recording']);
  t.match(lost.call, {
    talkRecording: { id: null },
    endedRecordings: [{ id: talking.call.talkRecording?.id }],
  });
});

t.test('what may not be paused is stopped: who asked for silence is not recorded', async (t) => {
  const { call } = talk();
  const paused = after(silent, call, ...pressed(phoneOf(call), '*', '9', '0'));
  const stopped = after(silent, paused.call, settled(paused, 'pause-recording', unknown));
  t.same(commands(stopped), ['stop-recording']);
  t.match(stopped.call.talkRecording, { id: null, on: false });
  const on = after(silent, stopped.call, ...pressed(phoneOf(call), '*', '9', '1'));
  t.same(commands(on), ['record-bridge', 'play']);
});

t.test('one that is over when it is to go on is followed by another', async (t) => {
  const { call } = talk();
  const paused = after(silent, call, ...pressed(phoneOf(call), '*', '9', '0')).call;
  const on = after(silent, paused, ...pressed(phoneOf(call), '*', '9', '1'));
  const gone = { result: 'refused', why: 'no-such-recording', detail: '' } as const;
  const next = after(silent, on.call, settled(on, 'pause-recording', gone));
  t.same(commands(next), ['record-bridge']);
  t.equal(next.call.endedRecordings.length, 1, 'the first is still to be told of');
});

t.test('an end that is never told is asked for once more, then given up', async (t) => {
  const { call } = talk();
  const over = after(silent, call, ended(phoneOf(call))).call;
  const [recording] = recordingsOf(over);
  t.ok(over.deadlines.some(({ id, at }) => id === `recorded/${recording}` && at === 17_000));
  const asked = after(silent, over, due(`recorded/${recording}`));
  t.match(asked.commands, [{ body: { type: 'stop-recording', leg: null, recording } }]);
  const given = after(silent, asked.call, due(`recorded/${recording}`));
  t.match(given.facts, [{ type: 'recording.failed', body: { recording, why: 'overdue' } }]);
  t.match(given.personal, [{ class: 'recording', body: recording }], 'what may lie there is deleted in time');
  t.same(recordingsOf(given.call), []);
});

t.test('after a break only what is still wanted is commanded again', async (t) => {
  const talking = talk();
  const record = talking.commands.find(({ body }) => body.type === 'record-bridge')!;
  t.ok(isWanted(talking.call, record));
  const paused = after(silent, talking.call, ...pressed(phoneOf(talking.call), '*', '9', '0'));
  t.notOk(isWanted(paused.call, record), 'it must not begin while it is paused');
  t.ok(isWanted(paused.call, paused.commands[0]!));
  const on = after(silent, paused.call, ...pressed(phoneOf(talking.call), '*', '9', '1'));
  t.notOk(isWanted(on.call, paused.commands[0]!));
  const over = after(silent, talking.call, ended(phoneOf(talking.call))).call;
  t.notOk(isWanted(over, record));
});

t.test('a call that was stored before talks were recorded is taken on', async (t) => {
  const { notice: _n, talkRecording: _t, endedRecordings: _e, ...old } = talk(siteWith(null)).call;
  t.match(callTakenOn(old as Call), { notice: null, talkRecording: null, endedRecordings: [] });
});

// --- the caller is told

t.test('a caller hears that the talk is recorded before anything else, then waits as ever', async (t) => {
  const { call } = arrives(telling);
  const told = after(telling, call, queued(call));
  t.match(told.commands, [{ body: { type: 'play', leg, media: [{ path: 'en/please-wait' }] } }]);
  const waits = after(telling, told.call, heard(told.call));
  t.match(waits.commands, [{ body: { type: 'play', leg, media: [{ path: 'en/how-was-it' }] } }]);
  t.equal(waits.call.notice, 'told');
  const second = after(telling, waits.call, offered(call)).call;
  const talking = after(telling, second, answered(second));
  t.same(commands(talking), ['stop-playback', 'bridge', 'record-bridge']);
});

t.test('keys do not cut it short, and leave no queue', async (t) => {
  const { call } = arrives(telling);
  const told = after(telling, call, queued(call)).call;
  const same = after(telling, told, ...pressed(leg, '1'));
  t.same(commands(same), []);
  t.equal(same.call.ticket?.state, 'waiting');
});

t.test('an agent who picks up meanwhile waits until the caller was told', async (t) => {
  const { call } = arrives(telling);
  const rung = after(telling, call, queued(call), offered(call)).call;
  const up = after(telling, rung, answered(rung));
  t.same(commands(up), [], 'not yet');
  t.match(up.messages, [{ type: 'offer-answered' }]);
  t.match(up.call.phones, [{ state: 'briefing' }]);
  const talking = after(telling, up.call, heard(up.call));
  t.same(commands(talking), ['bridge', 'record-bridge']);
  t.match(talking.call.ticket, { state: 'connected' });
  t.equal(talking.call.lastStep, 'waits/wait');
  const bye = after(telling, talking.call, ended(phoneOf(talking.call)));
  t.equal(bye.call.lastStep, 'waits/again', 'the flow has followed');
});

t.test('an agent who hangs up before that has turned the caller down, who goes on waiting', async (t) => {
  const { call } = arrives(telling);
  const rung = after(telling, call, queued(call), offered(call)).call;
  const up = after(telling, rung, answered(rung)).call;
  const down = after(telling, up, ended(phoneOf(up)));
  t.match(down.messages, [{ type: 'offer-ended', result: 'rejected' }]);
  const waits = after(telling, down.call, heard(down.call));
  t.match(waits.commands, [{ body: { type: 'play', media: [{ path: 'en/how-was-it' }] } }]);
});

t.test('who was told once is not told again, and is recorded in the next queue too', async (t) => {
  const { call } = arrives(telling);
  const told = after(telling, call, queued(call)).call;
  const rung = after(telling, told, heard(told), offered(told)).call;
  const talking = after(telling, rung, answered(rung)).call;
  const next = after(telling, talking, ended(phoneOf(talking))).call;
  const waits = after(telling, next, queued(next));
  t.same(commands(waits), ['start-music']);
  const other = after(telling, waits.call, offered(waits.call)).call;
  t.ok(commands(after(telling, other, answered(other))).includes('record-bridge'));
});

t.test('whom nobody could tell is not recorded, and talks all the same', async (t) => {
  for (const how of ['failed', 'overdue', 'missing'] as const) {
    const site = how === 'missing' ? siteWith({ notice: 'no-such-text' }) : telling;
    const { call } = arrives(site);
    let now = after(site, call, queued(call));
    if (how === 'failed') now = after(site, now.call, heard(now.call, 'failed'));
    if (how === 'overdue') now = after(site, now.call, due('spoken'));
    t.match(recordingFacts(now), [
      { type: 'recording.failed', body: { recording: null, why: 'caller-not-told' } },
    ]);
    t.match(now.commands.at(-1)?.body, { type: 'play', media: [{ path: 'en/how-was-it' }] }, 'and waits');
    const rung = after(site, now.call, offered(call)).call;
    t.same(commands(after(site, rung, answered(rung))), ['stop-playback', 'bridge'], how);
  }
});

t.test('a caller who hangs up while being told is gone', async (t) => {
  const { call } = arrives(telling);
  const told = after(telling, call, queued(call), offered(call)).call;
  const up = after(telling, told, answered(told)).call;
  const gone = after(telling, up, ended(leg));
  t.ok(facts(gone).includes('call.ended'));
  t.match(gone.messages, [{ type: 'withdraw-ticket' }, { type: 'offer-ended' }, { type: 'end-contact' }]);
});
