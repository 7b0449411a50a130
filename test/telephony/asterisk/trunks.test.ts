/** Trunks that are known by their address: where each finds the called number, and whose numbers it brings. */
import { join } from 'node:path';
import t from 'tap';
import {
  type AsteriskExchange,
  asteriskExchange,
  type EmbeddedExchange,
  runEmbedded,
} from '../../../src/telephony/asterisk/index.js';
import type { HostPort } from '../../../src/telephony/asterisk/index.js';
import {
  exchangeIn,
  type Line,
  loopbackTrunk,
  newLine,
  type RawInvite,
  rawCaller,
  removeFolder,
  silent,
  tempFolder,
} from './kit.js';

const folder = tempFolder();
let sip: HostPort;
let embedded: EmbeddedExchange;
let exchange: AsteriskExchange;
let line: Line;

const carriers = [
  { name: 'direct', host: '127.0.0.21', calledNumber: 'request-uri', country: 'OM' },
  { name: 'aliased', host: '127.0.0.22', calledNumber: 'to-header', country: null },
  { name: 'forwarded', host: '127.0.0.23', calledNumber: 'diversion', country: null },
] as const;

t.before(async () => {
  const settings = await exchangeIn(join(folder, 'x'), {
    trunks: carriers.map((carrier) => ({ ...loopbackTrunk, ...carrier, kind: 'ip' })),
    rtp: { first: 22_340, last: 22_379 },
  });
  ({ sip } = settings);
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

async function arrival(from: string, request: RawInvite) {
  const caller = await rawCaller(sip, from);
  const before = line.events.length;
  const answered = caller.invite(request);
  const told = await line.next('leg.arrived', (event) => line.events.indexOf(event) >= before);
  await exchange.execute({ type: 'hang-up', leg: told.leg, reason: 'busy' });
  await answered;
  caller.close();
  return { trunk: told.trunk, called: told.called, number: told.caller.number };
}

t.test('the called number is where the trunk says that it is', async (t) => {
  const request = {
    user: 'line7',
    from: '<sip:91234567@carrier>',
    to: '"A, B" <sip:80077222@carrier>',
    headers: ['Diversion: "x" <sip:80055500@carrier>;reason=unconditional'],
  };
  t.same(await arrival('127.0.0.21', request), { trunk: 'direct', called: 'line7', number: '+96891234567' });
  t.same(await arrival('127.0.0.22', request), { trunk: 'aliased', called: '80077222', number: '91234567' });
  t.same(await arrival('127.0.0.23', request), {
    trunk: 'forwarded',
    called: '80055500',
    number: '91234567',
  });
});

t.test('a header that is not there or hostile is a call without a called number', async (t) => {
  const plain = { user: '80077222', from: '<sip:1@carrier>' };
  t.equal((await arrival('127.0.0.23', plain)).called, '');
  const hostile = { ...plain, to: '<sip:$SHELL(id),1)&x;y@carrier>' };
  t.equal((await arrival('127.0.0.22', hostile)).called, 'SHELLid1xy');
});

t.test('a caller from an address that is no trunk’s is let in nowhere', async (t) => {
  const caller = await rawCaller(sip, '127.0.0.24');
  t.match(await caller.invite({ user: '80077222', from: '<sip:1@carrier>' }), /^40[13]/);
  caller.close();
});

// The exchange's connection would keep the process waiting for more.
t.end();
