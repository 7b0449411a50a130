import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Environment, parseAddress, readSettings, showAddress } from '../../src/cli/settings.js';

const surroundings = { project: '/srv/clone', workingFolder: '/home/ali', home: '/home/ali' };
const read = (env: Environment) => {
  const reading = readSettings(env, surroundings);
  if (reading.result === 'refused') throw new Error(reading.sentences.join('\n'));
  return reading.settings;
};
const refused = (env: Environment): readonly string[] => {
  const reading = readSettings(env, surroundings);
  return reading.result === 'refused' ? reading.sentences : [];
};

t.test('without any setting an engine keeps to this machine and this folder', async (t) => {
  t.match(read({}), {
    siteFolder: '/srv/clone',
    stateFolder: '/home/ali/state',
    cacheFolder: '/home/ali/.cache/onedoor',
    http: { host: '127.0.0.1', port: 8080 },
    sip: { host: '127.0.0.1', port: 5060 },
    rtp: { first: 20_000, last: 29_999 },
    ari: null,
    exchange: 'embedded',
    external: null,
    toolbox: null,
    logLevel: null,
  });
});

t.test('every folder and port can be set', async (t) => {
  const settings = read({
    ONEDOOR_SITE: 'town',
    ONEDOOR_STATE: '/var/lib/onedoor',
    ONEDOOR_CACHE: '/var/cache/onedoor',
    ONEDOOR_HTTP: '[::1]:9000',
    ONEDOOR_SIP: '0.0.0.0:5070',
    ONEDOOR_RTP: '30000-30199',
    ONEDOOR_ARI: '127.0.0.1:9088',
    ONEDOOR_LOG: 'debug',
  });
  t.equal(settings.siteFolder, '/home/ali/town');
  t.equal(settings.stateFolder, '/var/lib/onedoor');
  t.equal(settings.cacheFolder, '/var/cache/onedoor');
  t.same(settings.http, { host: '::1', port: 9000 });
  t.same(settings.sip, { host: '0.0.0.0', port: 5070 });
  t.same(settings.rtp, { first: 30_000, last: 30_199 });
  t.same(settings.ari, { host: '127.0.0.1', port: 9088 });
  t.equal(settings.logLevel, 'debug');
});

t.test('an empty variable is one that is not set; a relative XDG folder is ignored', async (t) => {
  t.same(read({ ONEDOOR_HTTP: '', ONEDOOR_EXCHANGE: '', ONEDOOR_STATE: '' }), read({}));
  t.equal(read({ XDG_CACHE_HOME: 'cache' }).cacheFolder, '/home/ali/.cache/onedoor');
  t.equal(read({ XDG_CACHE_HOME: '/c' }).cacheFolder, '/c/onedoor');
});

t.test('what cannot be used is said in a sentence each, all at once', async (t) => {
  const sentences = refused({
    ONEDOOR_HTTP: '8080',
    ONEDOOR_SIP: 'localhost:5060',
    ONEDOOR_RTP: '20000',
    ONEDOOR_ARI: '127.0.0.1:99999',
    ONEDOOR_EXCHANGE: 'freeswitch',
    ONEDOOR_LOG: 'loud',
    ONEDOOR_TOOLBOX: '/nowhere/toolbox.json',
  });
  const names = ['EXCHANGE', 'RTP', 'LOG', 'TOOLBOX', 'HTTP', 'SIP', 'ARI'].map((name) => `ONEDOOR_${name}`);
  t.same(new Set(sentences.map((sentence) => sentence.split(' ')[0])), new Set(names));
  for (const sentence of sentences) t.match(sentence, /^ONEDOOR_[A-Z]+ is .*[.)]$/);
  for (const rtp of ['80-90', '20001-20002', '20010-20000', '20000-70000', 'a-b']) {
    t.equal(refused({ ONEDOOR_RTP: rtp }).length, 1, rtp);
  }
});

t.test(
  'an external exchange needs its address; its user is the one that was rendered, or another',
  async (t) => {
    t.match(refused({ ONEDOOR_EXCHANGE: 'external' }), [/ONEDOOR_ARI is needed/]);
    const rendered = read({ ONEDOOR_EXCHANGE: 'external', ONEDOOR_ARI: 'pbx.example:8088' });
    t.equal(rendered.external, null);
    const own = { ONEDOOR_ARI_USER: 'town', ONEDOOR_ARI_PASSWORD_FILE: '/run/secrets/ari' };
    t.same(read({ ONEDOOR_EXCHANGE: 'external', ONEDOOR_ARI: 'pbx.example:8088', ...own }).external, {
      user: 'town',
      passwordFile: '/run/secrets/ari',
    });
  },
);

t.test('the toolbox is found in the cache, the one with an exchange first', async (t) => {
  const cache = t.testdir();
  const place = (kind: string): string => {
    const folder = join(cache, `${kind}-1-${process.arch}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'toolbox.json'), '{}');
    return join(folder, 'toolbox.json');
  };
  t.equal(read({ ONEDOOR_CACHE: cache }).toolbox, null);
  const voice = place('voice');
  t.equal(read({ ONEDOOR_CACHE: cache }).toolbox, voice);
  const whole = place('toolbox');
  t.equal(read({ ONEDOOR_CACHE: cache }).toolbox, whole);
  t.equal(read({ ONEDOOR_CACHE: cache, ONEDOOR_TOOLBOX: voice }).toolbox, voice);
});

t.test('an address is read and shown', async (t) => {
  t.same(parseAddress('[::1]:80'), { host: '::1', port: 80 });
  t.equal(showAddress({ host: '::1', port: 80 }), '[::1]:80');
  t.equal(showAddress({ host: '127.0.0.1', port: 5060 }), '127.0.0.1:5060');
  for (const text of [
    '',
    ':80',
    'host',
    'host:',
    'host:0',
    'host:65536',
    'a b:80',
    '::1:80',
    'host:80/path',
  ]) {
    t.equal(parseAddress(text), null, text);
  }
});

t.test('secrets of lookups are read by their names', async (t) => {
  const { secrets } = read({
    ONEDOOR_SECRET_PERMITS_TOKEN: 'Bearer x',
    ONEDOOR_SECRET_EMPTY: '',
    ONEDOOR_SECRET_lower: 'y',
    OTHER_SECRET: 'z',
  });
  t.same([...secrets], [['permits-token', 'Bearer x']]);
});
