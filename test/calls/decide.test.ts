import t from 'tap';
import { asCommandId, asLegId, asPlaybackId, type CommandId } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  type CallSite,
  callTakenOn,
  decideCall,
  dialResultOf,
  rescueCall,
  terminationOf,
} from '../../src/calls/index.js';
import type { CommandOutcome } from '../../src/telephony/port.js';
import { afterEvents, arrives } from '../kit/decided-call.js';
import { testSite } from '../kit/test-site.js';

const site = testSite();
const at = 1_000_000;
const leg = asLegId('1.1');

const arrive = (over: Partial<CallSite> = {}, admitted = true, called = '100'): CallDecision =>
  arrives({ ...site, ...over }, { leg, number: '+968123', admitted, called, at });
const after = (call: Call, ...events: readonly CallEvent[]): CallDecision =>
  afterEvents(site, call, events, at);

const key = (pressed: '0' | '1' | '2' | '3' | '4'): CallEvent => ({
  type: 'key.pressed',
  leg,
  key: pressed,
  durationMs: 100,
});
const types = ({ commands }: CallDecision): string[] => commands.map(({ body }) => body.type);

t.test('a call is answered, and spoken to, in one turn', async (t) => {
  t.same(types(arrive()), ['answer', 'play']);
});

t.test('a call without room is rejected with congestion and still leaves a record', async (t) => {
  const decision = arrive({}, false);
  t.match(decision.commands, [{ body: { type: 'hang-up', reason: 'congestion' } }]);
  const end = after(decision.call, { type: 'leg.ended', leg, cause: { q850: 34, sip: null } });
  t.match(end.facts.at(-1), {
    type: 'call.ended',
    body: { termination: { result: 'refused', by: 'engine' } },
  });
  t.equal(end.call.phase, 'over');
});

t.test('a prompt whose end is never told keeps nobody waiting', async (t) => {
  const { call } = arrive();
  const deadline = call.deadlines.find(({ id }) => id === 'spoken');
  t.equal(deadline?.at, at + 1_400 + 5_000, 'its length, and some grace');
  const due: CallEvent = { type: 'deadline.due', id: 'spoken', frame: -1 };
  const overdue = after(call, due);
  t.same(types(overdue), ['stop-playback'], 'should it be heard after all');
  t.match(overdue.facts, [{ type: 'prompt.overdue' }]);
  t.match(overdue.call.deadlines, [{ event: /first-key/ }], 'the caller may press a key now');
  t.same(after(overdue.call, due).facts, [], 'once');
});

t.test('a prompt that has ended, or was silenced, is awaited no more', async (t) => {
  const { call } = arrive();
  const playback = call.speaking?.playback ?? asPlaybackId('');
  const ended = after(call, { type: 'playback.finished', leg, playback, result: 'done' });
  t.notOk(ended.call.deadlines.some(({ id }) => id === 'spoken'));
  const silenced = after(call, key('4'));
  t.notOk(silenced.call.deadlines.some(({ id }) => id === 'spoken') && silenced.call.speaking === null);
});

t.test('after a gap in the engine’s life a prompt that still plays has its whole time again', async (t) => {
  const { call } = arrive();
  const later = decideCall(call, { type: 'call.resumed' }, site, at + 9_000).call;
  t.equal(later.deadlines.find(({ id }) => id === 'spoken')?.at, at + 9_000 + 6_400);
});

t.test('a key silences the prompt', async (t) => {
  const decision = after(arrive().call, key('1'));
  t.same(types(decision), ['stop-playback', 'play'], 'and the next one begins');
});

t.test('a prompt without media becomes the apology, and without that a beep', async (t) => {
  const bare = arrive({ media: () => null });
  t.match(bare.commands[1]?.body, { type: 'play', media: [{ type: 'tone', tone: 'beep' }] });
  const some = arrive({ media: (piece) => (piece.name === 'sorry' ? 'en/sorry' : null) });
  t.match(some.commands[1]?.body, { type: 'play', media: [{ type: 'file', path: 'en/sorry' }] });
  t.ok(some.facts.some(({ type }) => type === 'prompt.missing'));
});

t.test('a prompt that the exchange cannot play is replaced once, then the flow goes on', async (t) => {
  const first = arrive().call;
  const failed = (playback: string | undefined): CallEvent => ({
    type: 'playback.finished',
    leg,
    playback: asPlaybackId(playback ?? ''),
    result: 'failed',
  });
  const second = after(first, failed(first.speaking?.playback));
  t.equal(second.call.speaking?.standIn, true);
  const third = after(second.call, failed(second.call.speaking?.playback));
  t.equal(third.call.speaking, null);
  t.ok(third.call.deadlines.length > 0, 'the menu waits for a key');
});

t.test('a caller who hangs up while an agent rings cancels the ring', async (t) => {
  const ringing = after(arrive().call, key('1'), key('3')).call;
  t.equal(ringing.phones[0]?.state, 'ringing');
  const gone = after(ringing, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } });
  t.match(gone.commands, [{ body: { type: 'hang-up', leg: ringing.phones[0]?.leg } }]);
  t.equal(gone.call.phase, 'ending', 'until the phone is gone');
  const settled = after(
    gone.call,
    { type: 'command.settled', command: gone.commands[0]!.id, outcome: { result: 'done' } },
    { type: 'leg.ended', leg: ringing.phones[0]!.leg, cause: { q850: 16, sip: null } },
  );
  t.equal(settled.call.phase, 'over');
});

t.test('a phone that is picked up after the caller is gone is not bridged', async (t) => {
  const ringing = after(arrive().call, key('1'), key('3')).call;
  const gone = after(ringing, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } }).call;
  t.same(after(gone, { type: 'leg.answered', leg: ringing.phones[0]!.leg }).commands, []);
});

t.test('a phone that never decides is let go, and the caller hears so', async (t) => {
  const ringing = after(arrive().call, key('1'), key('3')).call;
  const late = after(ringing, { type: 'deadline.due', id: `ring/${phoneOf(ringing)}`, frame: -1 });
  t.same(
    types(late),
    ['stop-playback', 'hang-up', 'play'].sort((a, b) => types(late).indexOf(a) - types(late).indexOf(b)),
  );
  t.ok(types(late).includes('hang-up'));
  t.match(late.facts[0], { type: 'dial.ended', body: { result: 'no-answer' } });
});

t.test('a phone that is not registered is unreachable at once', async (t) => {
  const asked = after(arrive().call, key('1'), key('3'));
  const originate = asked.commands.find(({ body }) => body.type === 'originate');
  const refused = after(asked.call, {
    type: 'command.settled',
    command: originate!.id,
    outcome: { result: 'refused', why: 'unreachable', detail: '' },
  });
  t.ok(refused.facts.some(({ type, body }) => type === 'dial.ended' && body.result === 'unreachable'));
  t.same(refused.call.phones, []);
});

t.test('a half-entered number is thrown away when keys may have been lost', async (t) => {
  const asked = after(arrive().call, key('1'), key('1'), key('4'), key('4')).call;
  t.equal(asked.frames[0]?.snapshot.context.entered, '44');
  const resumed = after(asked, { type: 'call.resumed' });
  t.equal(resumed.call.frames[0]?.snapshot.context.entered, '');
  t.ok(types(resumed).includes('play'), 'and asked for again');
});

t.test('a step that comes round too often ends in the apology', async (t) => {
  let call = arrive().call;
  call = after(call, key('1')).call;
  for (let n = 0; n < 12 && call.frames[0]?.flow === 'main'; n++) {
    call = after(call, { type: 'key.pressed', leg, key: '9', durationMs: 100 }).call;
  }
  t.equal(call.frames[0]?.flow, '@fallback');
});

t.test('every ending has a culprit', async (t) => {
  const rows: readonly [number | null, number | null, string, string][] = [
    [16, null, 'hung-up', 'caller'],
    [31, null, 'hung-up', 'caller'],
    [38, null, 'network-out-of-order', 'network'],
    [null, 503, 'temporary-failure', 'network'],
    [null, null, 'exchange-gone', 'exchange'],
    [99, null, 'unknown', 'network'],
  ];
  for (const [q850, sip, reason, by] of rows) {
    t.match(terminationOf({ q850, sip }, null), { result: 'abandoned', reason, by });
    t.equal(terminationOf({ q850, sip }, 'answered').result, 'completed');
  }
});

t.test('what became of a phone follows from its cause, or from the SIP answer', async (t) => {
  const rows: readonly [number | null, number | null, string][] = [
    [17, 486, 'busy'],
    [21, 403, 'rejected'],
    [null, 603, 'rejected'],
    [19, 480, 'no-answer'],
    [null, 486, 'busy'],
    [20, null, 'unreachable'],
    [34, 503, 'failed'],
    [null, null, 'failed'],
  ];
  for (const [q850, sip, result] of rows) t.equal(dialResultOf({ q850, sip }), result, `${q850} ${sip}`);
});

t.test('a source that neither answers nor fails in its time is given up', async (t) => {
  const entered = Array.from({ length: 4 }, () => key('4'));
  const asked = after(arrive().call, key('1'), key('1'), ...entered, {
    type: 'key.pressed',
    leg,
    key: '#',
    durationMs: 100,
  });
  t.ok(asked.commands.some(({ body }) => body.type === 'look-up'));
  const late = after(asked.call, { type: 'deadline.due', id: 'lookup', frame: -1 });
  t.match(late.facts[0], { type: 'lookup.answered', body: { result: 'failed' } });
  t.ok(types(late).includes('play'), 'the caller hears the flow go on');
});

const gone = (of: string, q850: number | null = 16): CallEvent => ({
  type: 'leg.ended',
  leg: asLegId(of),
  cause: { q850, sip: null },
});
const settledAs = (
  command: { readonly id: CommandId } | undefined,
  outcome: CommandOutcome,
): Extract<CallEvent, { type: 'command.settled' }> => ({
  type: 'command.settled',
  command: command?.id ?? asCommandId('none'),
  outcome,
});
const noSuchLeg: CommandOutcome = { result: 'refused', why: 'no-such-leg', detail: '' };
const find = (call: Call, type: string): Call['commands'][number] | undefined =>
  call.commands.find(({ body }) => body.type === type);
const dialling = (): Call => after(arrive().call, key('1'), key('3')).call;
const phoneOf = (call: Call): string => call.phones[0]?.leg ?? 'none';
const due = (id: string): CallEvent => ({ type: 'deadline.due', id, frame: -1 });
const ids = (call: Call): string[] => call.deadlines.filter(({ frame }) => frame === -1).map(({ id }) => id);

t.test('a phone that was asked for and never rang does not keep a call that is over', async (t) => {
  const ringing = dialling();
  const over = after(ringing, gone(leg)).call;
  t.same(ids(over), [`let-go/${phoneOf(over)}`]);
  const told = after(over, ...over.commands.map((command) => settledAs(command, { result: 'done' })));
  t.equal(told.call.phase, 'ending', 'its end may still come');
  t.equal(after(told.call, due(`let-go/${phoneOf(over)}`)).call.phase, 'over');
});

t.test('a phone that is refused after the caller is gone is gone too', async (t) => {
  const ringing = dialling();
  const over = after(ringing, gone(leg)).call;
  const refused = settledAs(find(over, 'originate'), { result: 'refused', why: 'unreachable', detail: '' });
  const hungUp = settledAs(find(over, 'hang-up'), { result: 'done' });
  t.equal(after(over, refused, hungUp).call.phase, 'over');
});

t.test('a phone that is picked up although it was let go is let go again', async (t) => {
  const ringing = dialling();
  const over = after(ringing, gone(leg)).call;
  const told = after(over, settledAs(find(over, 'hang-up'), { result: 'done' })).call;
  const late = after(told, { type: 'leg.answered', leg: asLegId(phoneOf(told)) });
  t.match(late.commands, [{ body: { type: 'hang-up', leg: phoneOf(told) } }]);
});

t.test('the bridge of an older phone says nothing of the one that rings now', async (t) => {
  const ringing = dialling();
  const talking = after(ringing, { type: 'leg.answered', leg: asLegId(phoneOf(ringing)) }).call;
  const bridge = find(talking, 'bridge');
  // The first phone is gone, and the caller asks for an agent again before the bridge's fate is known.
  const again = after(talking, gone(phoneOf(talking))).call;
  const second: Call = { ...again, phones: ringing.phones };
  t.equal(after(second, settledAs(bridge, noSuchLeg)).call.phones[0]?.state, 'ringing');
});

t.test('a bridge that failed is ended, or the caller would stay alone in it', async (t) => {
  const ringing = dialling();
  const talking = after(ringing, { type: 'leg.answered', leg: asLegId(phoneOf(ringing)) }).call;
  const failed = after(talking, settledAs(find(talking, 'bridge'), { result: 'unknown', detail: '' }));
  t.ok(types(failed).includes('unbridge') && types(failed).includes('hang-up'), types(failed).join(' '));
});

t.test('a leg that a command no longer finds was ended by whom its end says', async (t) => {
  const call = arrive().call;
  const missed = after(call, settledAs(find(call, 'play'), noSuchLeg));
  t.equal(missed.call.phase, 'live');
  t.match(
    after(missed.call, gone(leg)).facts.find(({ type }) => type === 'call.ended'),
    { body: { termination: { reason: 'hung-up', by: 'caller' } } },
  );
  t.match(
    after(missed.call, due('gone')).facts.find(({ type }) => type === 'call.ended'),
    { body: { termination: { reason: 'exchange-gone', by: 'exchange' } } },
    'and where its end never comes, the call is closed without',
  );
});

t.test('a caller whose line we end does not stay in silence when the command is lost', async (t) => {
  const ending = after(arrive({}, true, '12345').call, {
    type: 'playback.finished',
    leg,
    playback: asPlaybackId(arrive({}, true, '12345').call.speaking?.playback ?? ''),
    result: 'done',
  }).call;
  t.same(ids(ending), ['hang-up']);
  const lost = after(ending, settledAs(find(ending, 'hang-up'), { result: 'unknown', detail: '' })).call;
  t.same(types(after(lost, due('hang-up'))), ['hang-up']);
  t.same(ids(after(lost, due('hang-up')).call), ['hang-up'], 'and so on until it ends');
});

t.test('after a gap, a lookup that is repeated has its whole time again', async (t) => {
  const entered = Array.from({ length: 4 }, () => key('4'));
  const hash: CallEvent = { type: 'key.pressed', leg, key: '#', durationMs: 100 };
  const asked = after(arrive().call, key('1'), key('1'), ...entered, hash).call;
  const late = at + 60_000;
  const resumed = decideCall(asked, { type: 'call.resumed' }, site, late).call;
  t.ok(resumed.deadlines.some(({ id, at: when }) => id === 'lookup' && when > late));
});

t.test('what a caller keyed does not reach the event log by way of a fault', async (t) => {
  const why = 'in find.looking-up, on key: `row[reference]`: No such key: 12345678';
  const flows = new Map(
    [...site.flows].map(([name, flow]) => [
      name,
      { ...flow, step: () => ({ result: 'failed', why }) as const },
    ]),
  );
  const broken = decideCall(arrive().call, key('1'), { ...site, flows }, at);
  t.notMatch(JSON.stringify(broken.facts), /12345678/);
  t.match(JSON.stringify(broken.facts), /row\[reference\]/, 'where it failed is told');
  t.match(JSON.stringify(broken.personal), /12345678/, 'the rest can be erased');
});

t.test('a flow that fails while a phone rings ends that phone, on record too', async (t) => {
  const failed = rescueCall(dialling(), 'a bug', site, at);
  t.ok(failed.facts.some(({ type }) => type === 'dial.ended'));
  t.ok(types(failed).includes('hang-up'));
});

t.test('a call that an older engine stored, with one phone, is taken on with it', async (t) => {
  const ringing = dialling();
  const { phones: _, talk: __, ...rest } = ringing;
  const phone = ringing.phones[0]!;
  const older = (bridge: string | null, state: string): Call =>
    callTakenOn({
      ...rest,
      dial: { ...phone, state, bridge },
      deadlines: [{ id: 'ring', frame: -1, at: 9, event: 'ring-overdue' }],
    } as never);
  t.match(older(null, 'ringing'), {
    phones: [phone],
    talk: null,
    deadlines: [{ id: `ring/${phone.leg}`, frame: -1, at: 9 }],
  });
  const talking = older('call-b9', 'talking');
  t.notOk('dial' in talking);
  t.match(after(talking, gone(phone.leg)).commands, [{ body: { type: 'unbridge', bridge: 'call-b9' } }]);
  t.same(callTakenOn({ ...rest, dial: null }).phones, []);
});
