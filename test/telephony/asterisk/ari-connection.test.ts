import t, { type Test } from 'tap';
import {
  type AriConnection,
  type AriConnectionListener,
  keepConnected,
} from '../../../src/telephony/asterisk/ari-connection.js';
import { answer, type FakeAri, fakeAri, type FakeTime, fakeTime } from './fake-ari.js';
import { silent, until } from './kit.js';

interface Bench {
  readonly ari: FakeAri;
  readonly time: FakeTime;
  readonly told: string[];
  readonly connection: AriConnection;
}

async function connect(
  t: Test,
  more: Partial<AriConnectionListener> = {},
  prepare: (ari: FakeAri) => void = () => {},
): Promise<Bench> {
  const ari = await fakeAri();
  prepare(ari);
  const time = fakeTime();
  const told: string[] = [];
  const connection = keepConnected(
    ari.address,
    time,
    {
      onUp: (_, incarnation) => Promise.resolve(void told.push(`up ${incarnation}`)),
      onReady: () => told.push('ready'),
      onEvent: (event) => told.push(event.type),
      onLost: (why) => told.push(`lost: ${why}`),
      onReplaced: () => told.push('replaced'),
      proof: () => Promise.resolve(),
      ...more,
    },
    silent,
  );
  t.teardown(async () => {
    connection.close();
    await ari.close();
  });
  return { ari, time, told, connection };
}

const beats = ({ requests }: FakeAri): string[] =>
  requests.filter(({ uri }) => uri.startsWith('asterisk/variable')).map(({ uri }) => uri);

/** Lets time pass on a link that answers its pings. */
async function passAlive({ time, connection }: Bench, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    time.pass(1000);
    await until('the ping comes back', () => connection.socket()?.heardAt() === time.now());
  }
}

t.test(
  'ready means that an event of ours came through; unwanted events are filtered out by name',
  async (t) => {
    const { ari, told, connection } = await connect(t);
    await connection.up;
    t.same(told, ['up then', 'ready']);
    const [filter, phonesFilter, canary] = ari.requests;
    t.match(filter, { method: 'PUT', uri: 'applications/onedoor/eventFilter' });
    t.match(filter?.message_body, '{"disallowed":[');
    t.match(filter?.message_body, 'ChannelVarset');
    t.notMatch(filter?.message_body, 'RESTResponse');
    t.match(phonesFilter, { method: 'PUT', uri: 'applications/onedoor-phones/eventFilter' });
    t.match(phonesFilter?.message_body, 'StasisStart');
    t.notMatch(phonesFilter?.message_body, /PeerStatusChange|RESTResponse/);
    t.match(canary?.uri, /^events\/user\/canary-\d+\?application=onedoor$/);
  },
);

t.test('the heartbeat carries the exchange’s own time, and only after the engine’s proof', async (t) => {
  const proofs: (() => void)[] = [];
  const bench = await connect(t, { proof: () => new Promise((resolve) => proofs.push(resolve)) });
  const { ari, connection } = bench;
  await until('the proof is asked for', () => proofs.length === 1);
  await passAlive(bench, 5);
  await connection.up;
  t.same(beats(ari), [], 'an engine that gives no proof has no heartbeat');
  proofs[0]?.();
  await until('the heartbeat is written', () => beats(ari).length === 1);
  t.same(beats(ari), [
    `asterisk/variable?variable=ONEDOOR_HEARTBEAT&value=${Date.UTC(2026, 2, 4, 10) / 1000}`,
  ]);
});

t.test('what comes in the application of phones as well is told once', async (t) => {
  const { ari, told, connection } = await connect(t);
  await connection.up;
  const channel = { id: 'c1' };
  ari.event({ type: 'ChannelHold', application: 'onedoor-phones', channel });
  ari.event({ type: 'ChannelHold', application: 'onedoor', channel });
  ari.event({ type: 'PeerStatusChange', application: 'onedoor-phones' });
  await until('all is told', () => told.at(-1) === 'PeerStatusChange');
  t.same(told, ['up then', 'ready', 'ChannelHold', 'PeerStatusChange']);
});

t.test('events come in their order, and those from before the inventory after it', async (t) => {
  let taken: (() => void) | undefined;
  const { ari, told, connection } = await connect(t, {
    onUp: () =>
      new Promise((resolve) => {
        taken = resolve;
      }),
  });
  await until('the inventory is asked for', () => taken !== undefined);
  ari.event({ type: 'StasisStart' });
  ari.event({ type: 'ChannelDtmfReceived' });
  await until('both have come', () => ari.requests.length >= 2);
  t.same(told, []);
  taken?.();
  await connection.up;
  ari.event({ type: 'StasisEnd' });
  await until('all are told', () => told.length === 4);
  t.same(told, ['ready', 'StasisStart', 'ChannelDtmfReceived', 'StasisEnd']);
});

t.test('a request without an answer is unknown after its deadline; others are not held up', async (t) => {
  const bench = await connect(t);
  const { ari, connection } = bench;
  await connection.up;
  await until('the first heartbeat', () => beats(ari).length === 1);
  ari.behaviour = (request, socket) => {
    if (request.uri !== 'channels/stuck/answer') ari.usual(request, socket);
  };
  const socket = connection.socket();
  const stuck = socket?.request('POST', 'channels/stuck/answer');
  t.match(await socket?.request('POST', 'channels/fine/answer'), { status: 200 });
  await passAlive(bench, 6);
  t.match(await stuck, { status: 0 });
  t.equal(connection.socket(), socket, 'the link lives on');
});

t.test('a lost link settles what is under way as unknown, and is made again', async (t) => {
  const { ari, told, connection } = await connect(t);
  await connection.up;
  ari.behaviour = () => {};
  const fate = connection.socket()?.request('POST', 'channels/1/answer');
  ari.links[0]?.terminate();
  t.match(await fate, { status: 0 });
  t.equal(connection.socket(), undefined);
  ari.behaviour = ari.usual;
  await until('it is ready again', () => told.filter((word) => word === 'ready').length === 2);
  t.match(told, ['up then', 'ready', /^lost/, 'up then', 'ready']);
});

t.test('a half-open link is noticed within three seconds', async (t) => {
  const { ari, time, told, connection } = await connect(t);
  await connection.up;
  ari.links[0]?.pause();
  time.pass(3000);
  t.match(told.at(-1), /^lost: nothing is heard/);
});

t.test('a socket whose thread is stuck is given up though events still come', async (t) => {
  const { ari, time, told, connection } = await connect(t);
  await connection.up;
  await until('the first heartbeat', () => beats(ari).length === 1);
  const socket = connection.socket();
  ari.behaviour = () => {};
  ari.links[0]?.pause();
  const fate = socket?.request('POST', 'channels/stuck/answer');
  for (let i = 0; i < 3; i++) {
    ari.event({ type: 'ChannelDtmfReceived', digit: String(i) });
    await until(
      'the event has come',
      () =>
        told.filter((type) => type === 'ChannelDtmfReceived').length === i + 1 ||
        told.some((word) => word.startsWith('lost')),
    );
    time.pass(1000);
  }
  t.match(await fate, { status: 0 });
  t.match(told.at(-1), /^lost: nothing is heard/);
});

t.test('an application that is deaf is noticed though its socket answers', async (t) => {
  const { ari, time, told, connection } = await connect(t);
  await connection.up;
  await until('the first heartbeat', () => beats(ari).length === 1);
  ari.behaviour = (request, socket) => answer(socket, request, 200);
  for (let i = 0; i < 4 && told.at(-1) === 'ready'; i++) {
    time.pass(1000);
    await until(
      'a sign of life, or none more',
      () => connection.socket()?.heardAt() === time.now() || connection.socket() === undefined,
    );
  }
  await until('it is noticed', () => told.length === 3);
  t.match(told, ['up then', 'ready', /^lost: .*its events do not reach us/]);
});

t.test('an engine that is replaced stops acting at once and does not come back', async (t) => {
  const { ari, time, told, connection } = await connect(t);
  await connection.up;
  ari.event({ type: 'ApplicationReplaced', application: 'onedoor' });
  await until('it is told', () => told.includes('replaced'));
  t.equal(connection.socket(), undefined);
  time.pass(5000);
  await new Promise(setImmediate);
  t.equal(ari.links.length, 1);
});

t.test('after a pause the news is read before anything is sent', async (t) => {
  const { ari, time, told, connection } = await connect(t);
  await connection.up;
  await until('the first heartbeat', () => beats(ari).length === 1);
  const socket = connection.socket();
  time.pause = true;
  const fate = socket?.request('POST', 'channels/1/answer');
  ari.event({ type: 'ApplicationReplaced', application: 'onedoor' });
  await until('it is told', () => told.includes('replaced'));
  await fate;
  t.pass('settled');
});

t.test('wrong credentials and an Asterisk that is too old are said at once', async (t) => {
  const denied = await connect(t, {}, (ari) => {
    ari.handshake = 401;
  });
  await t.rejects(denied.connection.up, { code: 'ONEDOOR_TELEPHONY_DENIED' });
  const old = await connect(t, {}, (ari) => {
    ari.version = '20.9.2';
  });
  await t.rejects(old.connection.up, { code: 'ONEDOOR_TELEPHONY_OLD_ASTERISK', message: /20\.9\.2/ });
});
