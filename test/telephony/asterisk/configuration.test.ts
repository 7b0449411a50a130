import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { OnedoorError } from '../../../src/base/index.js';
import { renderConfiguration } from '../../../src/telephony/asterisk/configuration.js';
import { type ExchangeSettings, renderExchange } from '../../../src/telephony/asterisk/index.js';
import { exchangePaths } from '../../../src/telephony/asterisk/paths.js';
import { fillTemplate } from '../../../src/telephony/asterisk/template.js';
import { loopbackTrunk, plainSettings, removeFolder, tempFolder } from './kit.js';

const secrets = { ari: { name: 'onedoor', password: 'p;a' }, phones: { agent1: 'secret' } };
const plain: ExchangeSettings = { ...plainSettings('/srv/onedoor/state'), phones: [{ name: 'agent1' }] };
const registration = {
  ...loopbackTrunk,
  name: 'carrier',
  kind: 'registration',
  host: 'sip.carrier.example:5070',
  username: '97145550100',
} as const;

function render(more: Partial<ExchangeSettings> = {}): (file: string) => string {
  const files = renderConfiguration(
    { ...plain, ...more },
    exchangePaths(plain.folder, '/lib/modules'),
    secrets,
  );
  return (file) => files.get(file) ?? '';
}

/** The configuration as Asterisk reads it: sections with their lines, comments gone. */
function sections(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(?<!\\);.*/, '').trim())
    .filter((line) => line.startsWith('['));
}

const refuses = (t: Test, more: Partial<ExchangeSettings>, setting: RegExp): void => {
  t.throws(() => render(more), { code: 'ONEDOOR_TELEPHONY_SETTING', fields: { setting } });
};

t.test('a slot that nothing fills, and a slot of another name, are errors of the template', async (t) => {
  t.throws(() => fillTemplate('x.conf', 'a = {{none}}', {}), { code: 'ONEDOOR_TELEPHONY_TEMPLATE' });
  t.throws(() => fillTemplate('x.conf', 'a = {{toString}}', {}), { code: 'ONEDOOR_TELEPHONY_TEMPLATE' });
  t.throws(() => fillTemplate('x.conf', 'a = {{ none }}', { none: 'x' }), {
    code: 'ONEDOOR_TELEPHONY_TEMPLATE',
  });
  t.equal(fillTemplate('x.conf', 'a = {{b}}/{{c}}', { b: '/srv', c: 1 }), 'a = /srv/1');
});

t.test('no value whatever adds a line, a comment, a section or an expression', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'a\nb',
      'a;b',
      '[x]',
      '${SHELL(id)}',
      '$[1]',
      'a,b',
      'a&b',
      'a)',
      '\\',
      '#exec x',
      '\u2028',
    ),
  );
  fc.assert(
    fc.property(value, (text) => {
      let filled: string;
      try {
        filled = fillTemplate('x.conf', 'key = {{value}}', { value: text });
      } catch (error) {
        return error instanceof OnedoorError && error.code === 'ONEDOOR_TELEPHONY_SETTING';
      }
      return filled === `key = ${text}` && !/[\n\r;[\]$,&()|"\\{}#\u0080-\uffff]/.test(text);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', minLength: 1 }), (secret) => {
      try {
        const filled = fillTemplate('x.conf', 'password = {{secret}}', { secret: { secret } });
        return (
          !/[\s]/.test(secret) &&
          filled.replaceAll('\\;', ';') === `password = ${secret}` &&
          !/(?<!\\);/.test(filled)
        );
      } catch (error) {
        return error instanceof OnedoorError && !error.message.includes(`is ${secret};`);
      }
    }),
  );
});

t.test(
  'every setting that lands in a configuration is refused where it could break out of its line',
  async (t) => {
    for (const name of ['a\nb', 'a]', 'a b', '', '-a', 'a'.repeat(41), '${X}']) {
      refuses(t, { phones: [{ name }] }, /phone/);
      refuses(t, { trunks: [{ ...loopbackTrunk, name }] }, /trunk/);
    }
    refuses(t, { phones: [{ name: 'trunk-a' }] }, /phone/);
    refuses(t, { trunks: [{ ...loopbackTrunk, name: 'phones' }] }, /trunk/);
    for (const host of ['a b', 'a;b', 'a\nb', 'sip:x', 'x:99999999', null])
      refuses(t, { trunks: [{ ...loopbackTrunk, kind: 'ip', host }] }, /host of trunk/);
    refuses(t, { sip: { host: 'localhost', port: 5060 } }, /SIP address/);
    refuses(t, { ari: { host: '127.0.0.1', port: 0 } }, /ARI port/);
    refuses(t, { announcements: { ...plain.announcements, away: ['/a,b'] } }, /announcement/);
    refuses(t, { voicemailFolder: '/srv/$(x)' }, /voicemailFolder/);
    const addressed = (externalAddress: string) => ({
      ...loopbackTrunk,
      name: `t${externalAddress.length}`,
      externalAddress,
    });
    refuses(t, { trunks: [addressed('203.0.113.1'), addressed('203.0.113.20')] }, /external address/);
    t.throws(() => render({ trunks: [registration] }), { code: 'ONEDOOR_TELEPHONY_TRUNK_SECRET' });
  },
);

t.test('every endpoint keeps Asterisk from looking up names, and none is anonymous', async (t) => {
  const file = render({ trunks: [loopbackTrunk, registration], trunkSecrets: { carrier: 'x;y' } });
  const pjsip = file('pjsip.conf');
  const endpoints = pjsip.match(/type = endpoint/g)?.length;
  t.equal(endpoints, 3);
  t.equal(pjsip.match(/^media_address = 127\.0\.0\.1$/gm)?.length, endpoints);
  t.equal(pjsip.match(/^bind_rtp_to_media_address = yes$/gm)?.length, endpoints);
  t.match(pjsip, /password = x\\;y\n/);
  t.match(pjsip, 'match = sip.carrier.example\n');
  t.match(pjsip, 'server_uri = sip:sip.carrier.example:5070');
  t.notMatch(pjsip, 'anonymous');
  t.match(pjsip, 'endpoint_identifier_order = username,ip');
  t.match(file('ari.conf'), 'password = p\\;a');
  t.match(file('asterisk.conf'), 'live_dangerously = no');
});

t.test('everything that a caller supplies passes a filter in the dialplan', async (t) => {
  const trunks = (['request-uri', 'to-header', 'diversion'] as const).map((calledNumber) => ({
    ...loopbackTrunk,
    name: calledNumber,
    calledNumber,
  }));
  const dialplan = render({ trunks })('extensions.conf');
  for (const line of dialplan.split('\n')) {
    if (!/EXTEN|CALLERID|REDIRECTING|ONEDOOR_USER:/.test(line)) continue;
    t.match(
      line,
      /FILTER\([a-zA-Z0-9+*#_-]+,\$\{(EXTEN|ONEDOOR_USER|CALLERID\(num(-pres)?\)|REDIRECTING\(from-num\))(:0:\d+)?\}\)/,
      line.trim(),
    );
  }
  t.same(
    sections(dialplan).sort(),
    [
      '[general]',
      '[onedoor-arrive]',
      '[onedoor-away]',
      '[onedoor-probe]',
      '[trunk-diversion]',
      '[trunk-phones]',
      '[trunk-request-uri]',
      '[trunk-to-header]',
    ].sort(),
  );
});

t.test('a network behind an address translation is announced by its outer address', async (t) => {
  t.match(
    render({ trunks: [{ ...loopbackTrunk, externalAddress: '203.0.113.9' }] })('pjsip.conf'),
    /external_media_address = 203\.0\.113\.9/,
  );
  t.notMatch(render()('pjsip.conf'), 'external_media_address');
});

t.test('a configuration for somebody else’s Asterisk is written whole', async (t) => {
  const folder = tempFolder();
  t.teardown(() => removeFolder(folder));
  const written = renderExchange(join(folder, 'out'), { ...plainSettings(folder), mode: 'external' });
  t.ok(written.includes('etc/pjsip.conf'));
  for (const file of written) t.notMatch(readFileSync(join(folder, 'out', file), 'utf8'), '{{');
});
