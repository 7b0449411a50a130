/** Phones that register at a real exchange, fall silent, and come and go with the site. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import {
  type AsteriskExchange,
  asteriskExchange,
  type EmbeddedExchange,
  type ExchangeSettings,
  findProgram,
  runEmbedded,
} from '../../../src/telephony/asterisk/index.js';
import { exchangeIn, type Line, newLine, rawCaller, removeFolder, silent, tempFolder } from './kit.js';
import { type RawPhone, rawPhone } from './raw-phone.js';

const folder = tempFolder();
let settings: ExchangeSettings;
let embedded: EmbeddedExchange;
let exchange: AsteriskExchange;
let line: Line;

t.before(async () => {
  settings = await exchangeIn(join(folder, 'x'), {
    phones: ['agent1', 'agent2', 'agent3'].map((name) => ({ name })),
    rtp: { first: 22_620, last: 22_639 },
  });
  embedded = await runEmbedded(settings, silent);
  exchange = asteriskExchange(settings, silent);
  line = newLine();
  await exchange.start(line.listener);
});

t.teardown(async () => {
  await exchange.close();
  await embedded.stop(0);
  removeFolder(folder);
});

async function phone(t: Test, name: string): Promise<RawPhone> {
  const made = await rawPhone(settings.sip, name, embedded.secrets.phones[name] ?? '');
  t.teardown(() => made.close());
  return made;
}

const told = (name: string, reachable: boolean) =>
  line.next('phone.changed', (event) => event.phone === name && event.reachable === reachable);

const reachable = async (name: string): Promise<boolean | undefined> =>
  (await exchange.inventory()).phones.find(({ phone }) => phone === name)?.reachable;

/** Has the exchange ask after a phone now; it does so every 30 s. */
async function askAfter(name: string): Promise<void> {
  const { command, env } = findProgram(settings);
  const [file, ...args] = [
    ...command,
    '-C',
    join(settings.folder, 'etc', 'asterisk.conf'),
    '-rx',
    `pjsip qualify ${name}`,
  ];
  await promisify(execFile)(file, args, { env: { ...process.env, ...env } });
}

t.test('a phone that does not answer the exchange is not there, however well it registered', async (t) => {
  const own = await phone(t, 'agent1');
  own.answers = false;
  t.match(await own.register(120), /^200/);
  t.equal(await reachable('agent1'), false);
  own.answers = true;
  await askAfter('agent1');
  await told('agent1', true);
  own.answers = false;
  await askAfter('agent1');
  await told('agent1', false);
  t.equal(await reachable('agent1'), false);
});

t.test('a phone that registers anew, as it must every few minutes, is not told again', async (t) => {
  const own = await phone(t, 'agent2');
  await own.register(120);
  await told('agent2', true);
  await own.register(120);
  await own.register(0);
  await told('agent2', false);
  const all = line.events.filter((event) => event.type === 'phone.changed' && event.phone === 'agent2');
  t.equal(all.length, 2);
});

t.test('whoever knows a phone’s name and not its secret neither registers nor calls as it', async (t) => {
  const thief = await rawPhone(settings.sip, 'agent3', 'guessed');
  t.teardown(() => thief.close());
  t.match(await thief.register(120), /^40[13]/);
  const caller = await rawCaller(settings.sip);
  const { host } = settings.sip;
  t.match(await caller.invite({ user: '*11', from: `"agent3" <sip:agent3@${host}>` }), /^40[13]/);
  caller.close();
  t.equal(await reachable('agent3'), false);
  t.notOk(line.events.some(({ type }) => type === 'leg.arrived'));
});

t.test(
  'a transfer that would end an exchange before 22.11 is refused where the site does not allow any',
  async (t) => {
    const own = await phone(t, 'agent2');
    const calling = own.call('*11');
    const { leg, phone: dials } = await line.next('leg.arrived');
    t.equal(dials, 'agent2');
    t.same(await exchange.execute({ type: 'answer', leg }), { result: 'done' });
    const call = await calling;
    const { host, port } = settings.sip;
    const refer = `Refer-To: <sip:201@${host}:${port}>`;
    t.match(await call.ask('REFER', [refer, 'Refer-Sub: false']), /^603/);
    t.match(await call.ask('REFER', [refer]), /^603/);
    t.match(await call.ask('BYE', []), /^200/);
    await line.next('leg.ended', (event) => event.leg === leg);
    t.notOk(line.events.some(({ type }) => type === 'transfer.requested' || type === 'link.lost'));
  },
);

t.test('phones of a site that is published come and go without a restart', async (t) => {
  const publish = async (...names: readonly string[]): Promise<void> => {
    const next = { ...settings, phones: names.map((name) => ({ name })) };
    await embedded.apply(next);
    exchange.reconfigure(next);
  };
  await publish('agent2', 'agent3', 'agent4');
  t.same(
    (await exchange.inventory()).phones.map(({ phone }) => phone),
    ['agent2', 'agent3', 'agent4'],
  );
  const fourth = await phone(t, 'agent4');
  t.match(await fourth.register(120), /^200/);
  await told('agent4', true);

  // It registers before the engine takes the new site over.
  const next = { ...settings, phones: ['agent2', 'agent5'].map((name) => ({ name })) };
  await embedded.apply(next);
  const fifth = await phone(t, 'agent5');
  t.match(await fifth.register(120), /^200/);
  t.equal(await reachable('agent5'), undefined);
  exchange.reconfigure(next);
  await told('agent5', true);
  await told('agent4', false);
  t.same((await exchange.inventory()).phones, [
    { phone: 'agent2', reachable: false },
    { phone: 'agent5', reachable: true },
  ]);

  // One that comes back is another phone to the exchange, and is heard of all the same.
  await publish('agent2', 'agent4');
  await told('agent5', false);
  t.match(await fourth.register(0), /^200/);
  const before = line.events.length;
  t.match(await fourth.register(120), /^200/);
  await line.next(
    'phone.changed',
    (event) => event.phone === 'agent4' && event.reachable && line.events.indexOf(event) >= before,
  );
});
