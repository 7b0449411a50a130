/** While the engine is away the exchange looks after callers by itself: none is dropped, none waits in silence. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openAriHttp } from '../../../src/telephony/asterisk/ari-http.js';
import type { AriModel } from '../../../src/telephony/asterisk/ari-model.js';
import {
  asteriskExchange,
  type EmbeddedExchange,
  type ExchangeSettings,
  runEmbedded,
} from '../../../src/telephony/asterisk/index.js';
import { exchangePaths } from '../../../src/telephony/asterisk/paths.js';
import {
  exchangeIn,
  newLine,
  type RawCaller,
  rawCaller,
  removeFolder,
  silent,
  tempFolder,
  until,
} from './kit.js';

const folder = tempFolder();
let settings: ExchangeSettings;
let embedded: EmbeddedExchange;

t.before(async () => {
  const plain = await exchangeIn(folder, { rtp: { first: 22_300, last: 22_339 } });
  const beep = join(exchangePaths(plain.folder, '').sounds, 'beep');
  settings = {
    ...plain,
    announcements: { away: [beep], leaveMessage: [beep], thanks: [beep], waitSeconds: 2 },
  };
  embedded = await runEmbedded(settings, silent);
});

t.teardown(async () => {
  await embedded.stop(0);
  removeFolder(folder);
});

/** A caller to whom the exchange itself has answered. */
async function caller(t: Test): Promise<RawCaller> {
  const raw = await rawCaller(settings.sip);
  t.teardown(() => raw.close());
  t.match(await raw.invite({ user: '80077222', from: '<sip:050123;x@example>' }), '200');
  return raw;
}

t.test('a caller hears that it takes a moment, may leave a message, and the message is kept', async (t) => {
  const raw = await caller(t);
  const http = openAriHttp({ ...settings.ari, user: embedded.secrets.ari });
  t.teardown(() => http.close());
  const application = async (): Promise<string | undefined> => {
    const { body } = await http.request('GET', 'channels');
    return (body as readonly AriModel['Channel'][])[0]?.dialplan.app_name;
  };
  await until('the announcement is played', async () => (await application()) === 'Playback');
  await until('the caller waits', async () => (await application()) === 'MusicOnHold');
  await until('a message is recorded', async () => (await application()) === 'Record');
  await until('there is a file', () => readdirSync(settings.voicemailFolder).length === 1);
  await raw.bye();
  await until('the caller is gone', async () => (await application()) === undefined);
  t.match(readdirSync(settings.voicemailFolder), [/^\d{10}_80077222_050123_test-[0-9.]+\.wav$/]);
});

t.test(
  'an engine that is connected but dead gets no callers; when it is well again, they are handed over',
  async (t) => {
    let revive: () => void = () => {};
    const proof = new Promise<void>((resolve) => {
      revive = resolve;
    });
    const exchange = asteriskExchange(settings, silent, { proof: () => proof });
    const line = newLine();
    await exchange.start(line.listener);
    t.teardown(() => exchange.close());
    await caller(t);
    t.notOk(line.events.some(({ type }) => type === 'leg.arrived'));
    revive();
    const { leg, called } = await line.next('leg.arrived');
    t.equal(called, '80077222');
    t.match((await exchange.inventory()).legs, [{ leg, state: 'answered' }]);
    t.same(await exchange.execute({ type: 'answer', leg }), { result: 'done' });
    await exchange.execute({ type: 'hang-up', leg, reason: 'normal' });
    await line.next('leg.ended');
  },
);
