/** Ringing a phone in two steps, and its end: what is asked of Asterisk, in which order, and what is told of it. */
import t from 'tap';
import { asLegId } from '../../../src/base/index.js';
import type { AriAnswer } from '../../../src/telephony/asterisk/ari-http.js';
import type { AriEvent } from '../../../src/telephony/asterisk/ari-model.js';
import { carryOut } from '../../../src/telephony/asterisk/commands.js';
import type { Desk } from '../../../src/telephony/asterisk/desk.js';
import { translate } from '../../../src/telephony/asterisk/events.js';
import { noLegs } from '../../../src/telephony/asterisk/legs.js';
import type { TelephonyEvent } from '../../../src/telephony/port.js';
import { fakeTime } from './fake-ari.js';
import { plainSettings, silent } from './kit.js';

const leg = asLegId('l1');
const channel = { id: 'onedoor-out-l1', state: 'Up' };
const originate = {
  type: 'originate',
  leg,
  to: { type: 'phone', phone: 'agent1' },
  callerNumber: '+96891234567',
  ringMs: 20_000,
} as const;

/** An Asterisk that answers requests when the test says so. */
function deskOf({ reachable = true } = {}) {
  const asked: { readonly uri: string; readonly answer: (answer: AriAnswer) => void }[] = [];
  const told: TelephonyEvent[] = [];
  const time = fakeTime();
  const request = (method: string, uri: string): Promise<AriAnswer> =>
    new Promise((resolve) => asked.push({ uri: `${method} ${uri.replace(/\?.*/, '')}`, answer: resolve }));
  const desk: Desk = {
    settings: { ...plainSettings('/none'), phones: [{ name: 'agent1' }] },
    soundsFolder: '/none',
    legs: noLegs(),
    reachable: new Map([['agent1', reachable]]),
    bridgeRecordings: new Map(),
    entering: new Map(),
    log: silent,
    emit: (event) => told.push(event),
    http: () => ({ request, close: () => {} }),
    socket: () => ({ request, ping: () => {}, heardAt: () => 0, drop: () => {} }),
    enterDeadlines: time.deadlines(3_000),
    patience: time.deadlines(2_000),
  };
  const hear = (event: object): void => translate(desk, event as AriEvent);
  return {
    desk,
    told,
    time,
    asked: () => asked.map(({ uri }) => uri),
    hear,
    async answer(status = 200, body?: unknown) {
      asked.shift()?.answer({ status, body });
      await settle();
    },
    enters: async () => {
      hear({ type: 'StasisStart', channel, args: [] });
      await settle();
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const create = 'POST channels/create';
const dial = 'POST channels/onedoor-out-l1/dial';

type Bench = ReturnType<typeof deskOf>;

/** A phone that was rung and picked up. */
async function pickedUp(): Promise<Bench> {
  const it = deskOf();
  const outcome = carryOut(it.desk, originate);
  await it.answer();
  await it.enters();
  await it.answer();
  it.hear({ type: 'Dial', peer: channel, dialstatus: 'RINGING' });
  it.hear({ type: 'Dial', peer: channel, dialstatus: 'ANSWER' });
  t.same(await outcome, { result: 'done' });
  return it;
}

const types = ({ told }: Bench): string[] => told.map(({ type }) => type);

t.test('a phone is rung once its channel has entered our application', async (t) => {
  const it = deskOf();
  const outcome = carryOut(it.desk, originate);
  t.same(it.asked(), [create]);
  await it.answer();
  t.same(it.asked(), []);
  await it.enters();
  t.same(it.asked(), [dial]);
  await it.answer();
  t.same(await outcome, { result: 'done' });
});

t.test('what cannot be created is told, and leaves nothing behind', async (t) => {
  const it = deskOf();
  const outcome = carryOut(it.desk, originate);
  await it.answer(500, { error: 'Allocation failed' });
  t.match(await outcome, { result: 'refused', why: 'unreachable' });
  t.same([it.desk.legs.byId.size, it.desk.legs.byChannel.size, it.desk.entering.size], [0, 0, 0]);
  t.same(it.told, []);
});

t.test('a phone whose channel ended undialled does not ring', async (t) => {
  const it = deskOf();
  const outcome = carryOut(it.desk, originate);
  await it.answer();
  it.hear({ type: 'StasisStart', channel, args: [] });
  it.hear({ type: 'ChannelDestroyed', channel, cause: 16 });
  t.match(await outcome, { result: 'refused', why: 'unreachable' });
  t.same(it.told, [], 'nothing is told of a leg that never was');
});

t.test('a phone that is not registered is refused without asking', async (t) => {
  const it = deskOf({ reachable: false });
  t.match(await carryOut(it.desk, originate), { result: 'refused', why: 'unreachable' });
  t.same(it.asked(), []);
});

t.test('a phone that hangs up is free at once, and its channel’s end is not told again', async (t) => {
  const it = await pickedUp();
  it.hear({ type: 'ChannelHangupRequest', channel, cause: 16 });
  t.match(it.told.at(-1), { type: 'leg.ended', cause: { q850: 16, sip: null } });
  it.hear({ type: 'StasisEnd', channel });
  it.hear({ type: 'ChannelDestroyed', channel, cause: 16 });
  t.same(types(it), ['leg.ringing', 'leg.answered', 'leg.ended']);
});

t.test('a phone that hangs up while it is recorded is over when the recording is', async (t) => {
  const it = await pickedUp();
  void carryOut(it.desk, {
    type: 'record',
    leg,
    recording: 'r1' as never,
    maxMs: 60_000,
    silenceMs: 0,
    beep: false,
  });
  await it.answer();
  it.hear({ type: 'ChannelHangupRequest', channel, cause: 16 });
  it.hear({ type: 'RecordingFinished', recording: { name: 'r1', target_uri: 'channel:onedoor-out-l1' } });
  it.hear({ type: 'ChannelDestroyed', channel, cause: 16 });
  t.same(types(it).slice(2), ['recording.finished', 'leg.ended']);
});

t.test('a phone that rejects, and what we end ourselves, is over when its channel is', async (t) => {
  const it = deskOf();
  void carryOut(it.desk, originate);
  await it.answer();
  await it.enters();
  it.hear({ type: 'ChannelHangupRequest', channel, cause: 21, tech_cause: 403 });
  t.same(types(it), []);
  it.hear({ type: 'ChannelDestroyed', channel, cause: 21, tech_cause: 403 });
  t.match(it.told, [{ type: 'leg.ended', cause: { q850: 21, sip: 403 } }]);
  const other = await pickedUp();
  other.hear({ type: 'ChannelHangupRequest', channel, soft: true, cause: 16 });
  t.same(types(other), ['leg.ringing', 'leg.answered']);
});
