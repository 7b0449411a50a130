/** An Asterisk of our own: its start, its life without the engine, its death. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { asExchangeId, asLegId } from '../../../src/base/index.js';
import {
  asteriskExchange,
  type EmbeddedEvent,
  type EmbeddedExchange,
  type ExchangeSettings,
  probeExchange,
  runEmbedded,
  stopEmbedded,
} from '../../../src/telephony/asterisk/index.js';
import { runsAsterisk } from '../../../src/telephony/asterisk/run-file.js';
import {
  exchangeIn,
  loopbackTrunk,
  newLine,
  rawCaller,
  removeFolder,
  silent,
  tempFolder,
  until,
} from './kit.js';

const folder = tempFolder();
let settings: ExchangeSettings;
const running: EmbeddedExchange[] = [];

async function run(
  of: ExchangeSettings,
  listener?: (event: EmbeddedEvent) => void,
): Promise<EmbeddedExchange> {
  const embedded = await runEmbedded(of, silent, listener);
  running.push(embedded);
  return embedded;
}

const lives = (pid: number, of = settings): boolean =>
  runsAsterisk(pid, join(of.folder, 'etc', 'asterisk.conf'));

t.before(async () => {
  settings = await exchangeIn(join(folder, 'a'), {
    phones: [{ name: 'agent1' }],
    rtp: { first: 22_200, last: 22_239 },
  });
});

t.teardown(async () => {
  for (const embedded of running) embedded.release();
  await stopEmbedded(settings, 0);
  removeFolder(folder);
});

t.test('an exchange starts, plays and records, and its secrets are its owner’s alone', async (t) => {
  const first = await run(settings);
  t.notOk(first.adopted);
  t.match(await probeExchange(settings), { version: /^22\./, sound: 'heard', why: '' });
  t.equal(statSync(settings.secretsFile).mode & 0o777, 0o600);
  for (const file of ['ari.conf', 'pjsip.conf'])
    t.equal(statSync(join(settings.folder, 'etc', file)).mode & 0o777, 0o600);
  t.equal(
    readFileSync(join(settings.folder, 'log', 'output'), 'utf8').replaceAll(/[^ -~]\[\d*m|\n/g, ''),
    '',
    'it starts without a complaint',
  );
});

t.test('the next engine adopts it, with what changed in phones and trunks', async (t) => {
  const before = running[0];
  before?.release();
  const next = await run(settings);
  t.ok(next.adopted);
  t.equal(next.pid, before?.pid);
  const more = { ...settings, phones: [...settings.phones, { name: 'agent2' }] };
  await next.apply(more);
  const exchange = asteriskExchange(more, silent);
  await exchange.start(() => {});
  const ring = (phone: string) =>
    exchange.execute({
      type: 'originate',
      leg: asLegId(`to-${phone}`),
      to: { type: 'phone', phone },
      callerNumber: null,
      ringMs: 1000,
    });
  await until('the new phone is known', async () =>
    JSON.stringify(await ring('agent2')).includes('unreachable'),
  );
  t.match(await ring('agent1'), { why: 'unreachable' });
  await exchange.close();
  next.release();
  const third = await run(more);
  t.ok(third.adopted);
  t.notOk(third.restartNeeded);
  t.equal(third.pid, before?.pid);
});

t.test(
  'an exchange that dies is started again, and its link comes back as another incarnation',
  async (t) => {
    running.at(-1)?.release();
    const events: EmbeddedEvent[] = [];
    const embedded = await run(settings, (event) => events.push(event));
    const exchange = asteriskExchange(settings, silent);
    const line = newLine();
    await exchange.start(line.listener);
    const caller = await rawCaller(settings.sip);
    t.teardown(() => caller.close());
    const answered = caller.invite({ user: '80077222', from: '<sip:1@example>' });
    const { leg } = await line.next('leg.arrived');
    t.match(await exchange.execute({ type: 'answer', leg }), { result: 'done' });
    await answered;
    const { pid } = embedded;
    process.kill(pid, 'SIGKILL');
    await line.next('link.lost');
    t.match(await exchange.execute({ type: 'hang-up', leg, reason: 'normal' }), { result: 'unknown' });
    await t.rejects(exchange.inventory(), { code: 'ONEDOOR_TELEPHONY_UNAVAILABLE' });
    await until(
      'it is back',
      () => line.events.filter(({ type }) => type === 'link.ready').length === 2,
      20_000,
    );
    const [first, second] = line.events.flatMap((event) =>
      event.type === 'link.ready' ? event.incarnation : [],
    );
    t.not(first, second);
    t.match(await exchange.inventory(), { incarnation: second, legs: [], bridges: [] });
    t.notOk(
      line.events.some(({ type }) => type === 'leg.ended'),
      'who asks for the inventory closes the calls',
    );
    t.not(embedded.pid, pid);
    t.same(
      events.map(({ type }) => type),
      ['exchange.died', 'exchange.restarted'],
    );
    await exchange.close();
  },
);

t.test('a taken port is said, with the setting that mends it', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await until('it listens', () => server.listening);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const other = await exchangeIn(join(folder, 'taken'));
  await t.rejects(runEmbedded({ ...other, ari: { host: '127.0.0.1', port } }, silent), {
    code: 'ONEDOOR_TELEPHONY_PORT_TAKEN',
    message: /ONEDOOR_ARI/,
  });
  await t.rejects(runEmbedded({ ...other, sip: settings.sip }, silent), {
    code: 'ONEDOOR_TELEPHONY_PORT_TAKEN',
    message: /ONEDOOR_SIP/,
  });
});

t.test('two exchanges stand side by side; each is stopped alone, also by another process', async (t) => {
  const long = join(folder, 'b'.repeat(120));
  const other = await exchangeIn(long, {
    id: asExchangeId('other'),
    rtp: { first: 22_240, last: 22_279 },
    trunks: [loopbackTrunk],
  });
  const second = await run(other);
  const first = running.at(-2);
  t.ok(lives(second.pid, other), 'also where a socket’s path would be too long');
  await second.stop(3000);
  t.notOk(lives(second.pid, other));
  t.ok(lives(first?.pid ?? 0));
  first?.release();
  t.equal(await stopEmbedded(settings, 3000), true);
  t.notOk(lives(first?.pid ?? 0));
  t.equal(await stopEmbedded(settings, 0), false);
});

t.test('a process id that now belongs to somebody else is left alone', async (t) => {
  const runFile = join(settings.folder, 'exchange.json');
  writeFileSync(
    runFile,
    JSON.stringify({
      format: 1,
      pid: process.pid,
      version: '22.10.1',
      startupTime: '',
      files: {},
    }),
  );
  t.equal(await stopEmbedded(settings, 0), false);
  t.pass('this test lives on');
});
