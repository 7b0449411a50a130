/** The port's promises on a real Asterisk, called by a second one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  asBridgeId,
  asExchangeId,
  asLegId,
  asPlaybackId,
  asRecordingId,
  type LegId,
} from '../../../src/base/index.js';
import {
  type AsteriskExchange,
  asteriskExchange,
  type EmbeddedExchange,
  runEmbedded,
} from '../../../src/telephony/asterisk/index.js';
import type { TelephonyCommand } from '../../../src/telephony/port.js';
import {
  exchangeIn,
  type Line,
  loopbackTrunk,
  newLine,
  rawCaller,
  removeFolder,
  silent,
  tempFolder,
  until,
} from './kit.js';

interface Side {
  readonly exchange: AsteriskExchange;
  readonly line: Line;
  readonly embedded: EmbeddedExchange;
}

const folder = tempFolder();
let line: Line;
let city: Side;
let outside: Side;
let recordings: string;
let sip: { host: string; port: number };
let count = 0;
const fresh = (what: string): string => `${what}-${++count}`;

t.before(async () => {
  const citySettings = await exchangeIn(join(folder, 'city'), {
    id: asExchangeId('city'),
    phones: [{ name: 'agent1' }, { name: 'agent2' }],
    trunks: [loopbackTrunk, { ...loopbackTrunk, name: 'gone', kind: 'ip', host: '127.0.0.2:9' }],
    rtp: { first: 22_000, last: 22_099 },
  });
  ({ recordingsFolder: recordings, sip } = citySettings);
  const embedded = await runEmbedded(citySettings, silent);
  const host = `${sip.host}:${sip.port}`;
  const outsideSettings = await exchangeIn(join(folder, 'outside'), {
    id: asExchangeId('outside'),
    trunks: [
      { ...loopbackTrunk, name: 'city', host, codecs: ['alaw'] },
      { ...loopbackTrunk, name: 'agent1', kind: 'registration', host, username: 'agent1', codecs: ['alaw'] },
    ],
    trunkSecrets: { agent1: embedded.secrets.phones['agent1'] ?? '' },
    rtp: { first: 22_100, last: 22_199 },
  });
  const connect = async (running: EmbeddedExchange, settings: typeof citySettings): Promise<Side> => {
    const side = { exchange: asteriskExchange(settings, silent), line: newLine(), embedded: running };
    await side.exchange.start(side.line.listener);
    return side;
  };
  city = await connect(embedded, citySettings);
  outside = await connect(await runEmbedded(outsideSettings, silent), outsideSettings);
  line = city.line;
});

t.after(async () => {
  for (const { exchange, embedded } of [outside, city]) {
    await exchange.close();
    await embedded.stop(0);
  }
  removeFolder(folder);
});

const ask = (command: TelephonyCommand): Promise<{ result: string }> => city.exchange.execute(command);

async function done(t: Test, command: TelephonyCommand, side = city): Promise<void> {
  t.same(await side.exchange.execute(command), { result: 'done' }, command.type);
}

interface Call {
  /** Our leg. */
  readonly leg: LegId;
  /** The caller's. */
  readonly caller: LegId;
}

async function call(t: Test, number = '+80077222'): Promise<Call> {
  const caller = asLegId(fresh('caller'));
  const arrivals = line.events.length;
  await done(
    t,
    {
      type: 'originate',
      leg: caller,
      to: { type: 'number', number, trunk: 'city' },
      callerNumber: '+97150123',
      ringMs: 8000,
    },
    outside,
  );
  const { leg } = await line.next('leg.arrived', (event) => line.events.indexOf(event) >= arrivals);
  return { leg, caller };
}

async function answeredCall(t: Test): Promise<Call> {
  const made = await call(t);
  await done(t, { type: 'answer', leg: made.leg });
  await outside.line.next('leg.answered', ({ leg }) => leg === made.caller);
  return made;
}

/** Rings the agent's phone and has it picked up. */
async function agent(t: Test): Promise<{ leg: LegId; phone: LegId }> {
  const leg = asLegId(fresh('agent'));
  const arrivals = outside.line.events.length;
  await until('the phone is registered', async () => {
    const { result } = await ask({
      type: 'originate',
      leg,
      to: { type: 'phone', phone: 'agent1' },
      callerNumber: '+97150',
      ringMs: 8000,
    });
    return result === 'done';
  });
  const { leg: phone } = await outside.line.next(
    'leg.arrived',
    (event) => outside.line.events.indexOf(event) >= arrivals,
  );
  await done(t, { type: 'answer', leg: phone }, outside);
  await line.next('leg.answered', (event) => event.leg === leg);
  return { leg, phone };
}

async function ended(leg: LegId): Promise<{ q850: number | null; sip: number | null }> {
  return (await line.next('leg.ended', (event) => event.leg === leg)).cause;
}

t.test('a caller arrives with the number dialled and the own one', async (t) => {
  const { leg, caller } = await call(t);
  t.match(await line.next('leg.arrived', (event) => event.leg === leg), {
    called: '+80077222',
    caller: { number: '+97150123', name: null, withheld: false },
    trunk: 'loopback',
  });
  t.match((await city.exchange.inventory()).legs, [
    { leg, direction: 'inbound', state: 'waiting', called: '+80077222' },
  ]);
  t.match(
    await ask({ type: 'play', leg, playback: asPlaybackId('early'), media: [{ type: 'silence', ms: 100 }] }),
    { result: 'refused', why: 'not-answered' },
  );
  await done(t, { type: 'answer', leg });
  await done(t, { type: 'answer', leg });
  await done(t, { type: 'hang-up', leg: caller, reason: 'normal' }, outside);
  t.same(await ended(leg), { q850: 16, sip: null });
  await done(t, { type: 'hang-up', leg, reason: 'normal' });
  t.match(await ask({ type: 'answer', leg }), { result: 'refused', why: 'no-such-leg' });
  t.same((await city.exchange.inventory()).legs, []);
});

t.test('playbacks follow one another, and each finishes once', async (t) => {
  const { leg } = await answeredCall(t);
  const finished = (playback: string) =>
    line.next('playback.finished', (event) => event.playback === playback);
  const play = (playback: string, ms: number): TelephonyCommand => ({
    type: 'play',
    leg,
    playback: asPlaybackId(playback),
    media: [
      { type: 'tone', tone: 'beep' },
      { type: 'silence', ms },
    ],
  });
  await Promise.all([
    done(t, play('first', 10_000)),
    done(t, play('second', 10_000)),
    done(t, play('third', 0)),
  ]);
  t.equal(await city.exchange.playbackState(asPlaybackId('first')), 'live');
  await done(t, { type: 'stop-playback', leg, playback: asPlaybackId('second') });
  await done(t, { type: 'stop-playback', leg, playback: asPlaybackId('first') });
  t.match(await finished('third'), { result: 'done' });
  t.same(
    line.events.flatMap((event) =>
      event.type === 'playback.finished' && event.leg === leg ? event.playback : [],
    ),
    ['first', 'second', 'third'],
  );
  t.equal(await city.exchange.playbackState(asPlaybackId('first')), 'gone');
  await done(t, { type: 'stop-playback', leg, playback: asPlaybackId('first') });
  await done(t, {
    type: 'play',
    leg,
    playback: asPlaybackId('missing'),
    media: [{ type: 'file', path: 'en/none' }],
  });
  t.match(await finished('missing'), { result: 'failed' });
  for (const path of ['../secrets/x', 'a,b', '/etc/passwd', 'a\r\nb', ''])
    t.match(
      await ask({ type: 'play', leg, playback: asPlaybackId('bad'), media: [{ type: 'file', path }] }),
      { result: 'refused', why: 'invalid' },
    );
  await done(t, { type: 'hang-up', leg, reason: 'normal' });
  await ended(leg);
});

t.test('a recording is stored when it is stopped, and before the end of its leg is told', async (t) => {
  const { leg, caller } = await answeredCall(t);
  const [stopped, cut] = [asRecordingId(fresh('stopped')), asRecordingId(fresh('cut'))];
  // An idle caller of Asterisk's sends no sound at all, so this one listens to itself.
  await done(t, { type: 'start-music', leg: caller }, outside);
  await done(t, { type: 'record', leg, recording: stopped, maxMs: 60_000, silenceMs: 0, beep: false });
  t.match(await ask({ type: 'record', leg, recording: stopped, maxMs: 60_000, silenceMs: 0, beep: false }), {
    result: 'refused',
    why: 'duplicate',
  });
  t.match(await city.exchange.recordingState(stopped), { state: 'live' });
  await until('something is recorded', () => existsSync(join(recordings, `${stopped}.wav`)));
  await done(t, { type: 'stop-recording', leg, recording: stopped });
  await line.next('recording.finished', ({ recording }) => recording === stopped);
  t.match(await city.exchange.recordingState(stopped), { state: 'stored' });
  await done(t, {
    type: 'play',
    leg,
    playback: asPlaybackId('again'),
    media: [{ type: 'recording', recording: stopped }],
  });
  await line.next('playback.finished', ({ playback }) => playback === 'again');

  await done(t, { type: 'record', leg, recording: cut, maxMs: 60_000, silenceMs: 0, beep: false });
  await done(t, { type: 'hang-up', leg: caller, reason: 'normal' }, outside);
  await ended(leg);
  const order = line.events.filter((event) => 'leg' in event && event.leg === leg).map(({ type }) => type);
  t.same(order.slice(-2), ['recording.finished', 'leg.ended']);
  for (const recording of [stopped, cut]) {
    await done(t, { type: 'discard-recording', recording });
    await done(t, { type: 'discard-recording', recording });
    t.match(await city.exchange.recordingState(recording), { state: 'gone' });
  }
});

t.test('an agent’s phone rings, is picked up and talks to the caller', async (t) => {
  const { leg } = await answeredCall(t);
  await done(t, {
    type: 'play',
    leg,
    playback: asPlaybackId('ringing'),
    media: [{ type: 'tone', tone: 'ringing' }],
  });
  const { leg: agentLeg, phone } = await agent(t);
  t.match(await outside.line.next('leg.arrived', (event) => event.leg === phone), {
    caller: { number: '+97150' },
  });
  const bridge = asBridgeId(fresh('bridge'));
  await done(t, { type: 'bridge', bridge, legs: [leg, agentLeg] });
  await line.next('playback.finished', ({ playback }) => playback === 'ringing');
  t.same(
    (await city.exchange.inventory()).bridges.map(({ bridge, legs }) => [bridge, [...legs].sort()]),
    [[bridge, [agentLeg, leg].sort()]],
  );
  t.match(
    await ask({
      type: 'originate',
      leg: agentLeg,
      to: { type: 'phone', phone: 'agent1' },
      callerNumber: null,
      ringMs: 8000,
    }),
    { result: 'refused', why: 'duplicate' },
  );
  await done(t, { type: 'unbridge', bridge });
  await done(t, {
    type: 'play',
    leg,
    playback: asPlaybackId('after'),
    media: [{ type: 'tone', tone: 'beep' }],
  });
  t.match(await ask({ type: 'bridge', bridge, legs: [leg, agentLeg] }), {
    result: 'refused',
    why: 'duplicate',
  });
  await line.next('playback.finished', ({ playback }) => playback === 'after');
  await done(t, { type: 'hang-up', leg: agentLeg, reason: 'normal' });
  t.match(await ended(agentLeg), { q850: 16 });
  await done(t, { type: 'hang-up', leg, reason: 'normal' });
  t.match(await ended(leg), { q850: 16 });
});

t.test('a phone that rejects, is busy or is not there', async (t) => {
  for (const [reason, sip, q850] of [
    ['busy', 486, 17],
    ['rejected', 403, 21],
  ] as const) {
    const leg = asLegId(fresh('agent'));
    const arrivals = outside.line.events.length;
    await done(t, {
      type: 'originate',
      leg,
      to: { type: 'phone', phone: 'agent1' },
      callerNumber: null,
      ringMs: 8000,
    });
    const phone = await outside.line.next(
      'leg.arrived',
      (event) => outside.line.events.indexOf(event) >= arrivals,
    );
    await done(t, { type: 'hang-up', leg: phone.leg, reason }, outside);
    t.same(await ended(leg), { q850, sip });
  }
  const originate = { type: 'originate', callerNumber: null, ringMs: 8000 } as const;
  t.match(await ask({ ...originate, leg: asLegId(fresh('agent')), to: { type: 'phone', phone: 'agent2' } }), {
    why: 'unreachable',
  });
  t.match(await ask({ ...originate, leg: asLegId(fresh('agent')), to: { type: 'phone', phone: 'nobody' } }), {
    why: 'no-such-phone',
  });
  t.match(
    await ask({
      ...originate,
      leg: asLegId(fresh('agent')),
      to: { type: 'number', number: '500&PJSIP/agent1', trunk: 'loopback' },
    }),
    { why: 'invalid' },
  );
  t.match(
    await ask({
      ...originate,
      leg: asLegId(fresh('agent')),
      to: { type: 'phone', phone: 'agent1' },
      callerNumber: '"x" <1>',
    }),
    { why: 'invalid' },
  );
});

t.test('what a hostile caller sends has no effect but a call', async (t) => {
  const long = 'x'.repeat(1000);
  const hostile: readonly {
    user: string;
    from: string;
    called: string;
    number: string | null;
    name: string | null;
  }[] = [
    {
      user: '80077222',
      from: '"Sara" <sip:050123@example>',
      called: '80077222',
      number: '050123',
      name: 'Sara',
    },
    { user: '500&PJSIP/agent1', from: '<sip:1@example>', called: '500PJSIPagent1', number: '1', name: null },
    {
      user: '%24%7BSHELL(id)%7D',
      from: '"${SHELL(id)}" <sip:a@example>',
      called: 'SHELLid',
      number: 'a',
      name: '${SHELL(id)}',
    },
    {
      user: '1%29%2C2%22%3B',
      from: '"a,b)\\"&|;" <sip:7,8@example>',
      called: '12',
      number: '7,8',
      name: 'a,b)"&|;',
    },
    {
      user: long,
      from: `"${long}" <sip:${'9'.repeat(300)}@example>`,
      called: 'x'.repeat(64),
      number: '9'.repeat(79),
      name: 'x'.repeat(79),
    },
    { user: 'h', from: '<sip:1@example>', called: 'h', number: '1', name: null },
    { user: '*', from: '<sip:1@example>', called: '*', number: '1', name: null },
  ];
  for (const { user, from, ...heard } of hostile) {
    const caller = await rawCaller(sip);
    const arrivals = line.events.length;
    const answered = caller.invite({ user, from });
    const arrival = await line.next('leg.arrived', (event) => line.events.indexOf(event) >= arrivals);
    t.same(
      { called: arrival.called, number: arrival.caller.number, name: arrival.caller.name },
      heard,
      user.slice(0, 30),
    );
    await done(t, { type: 'answer', leg: arrival.leg });
    t.match(await answered, '200');
    await caller.bye();
    await ended(arrival.leg);
    caller.close();
  }
});

t.test('a withheld number stays withheld', async (t) => {
  const callers = [
    { from: '"Anonymous" <sip:anonymous@anonymous.invalid>', headers: [] },
    { from: '<sip:050123@example>', headers: ['P-Asserted-Identity: <sip:050123@example>', 'Privacy: id'] },
  ];
  for (const request of callers) {
    const caller = await rawCaller(sip);
    const arrivals = line.events.length;
    const answered = caller.invite({ user: '80077222', ...request });
    const arrival = await line.next('leg.arrived', (event) => line.events.indexOf(event) >= arrivals);
    t.same(arrival.caller, { number: null, name: null, withheld: true });
    t.match((await city.exchange.inventory()).legs, [{ caller: arrival.caller }]);
    await done(t, { type: 'hang-up', leg: arrival.leg, reason: 'unallocated' });
    t.match(await answered, /^404/);
    t.match(await ended(arrival.leg), { q850: 1 });
    caller.close();
  }
});

t.test('a caller without credentials who uses an agent’s number is challenged', async (t) => {
  const caller = await rawCaller(sip);
  t.match(await caller.invite({ user: '80077222', from: '<sip:agent1@127.0.0.1>' }), /^401/);
  caller.close();
});

// The exchanges' connections would keep the process waiting for more.
t.end();
