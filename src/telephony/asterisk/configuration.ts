import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OnedoorError } from '../../base/index.js';
import type { ExchangePaths } from './paths.js';
import type { ExchangeSecrets } from './secrets.js';
import {
  type ExchangePhone,
  type ExchangeSettings,
  type ExchangeTrunk,
  HEARTBEAT_SECONDS,
  STASIS_APP,
  TRANSFER_HANDLING,
} from './settings.js';
import { fillTemplate, type Lines, ordinary, type Slots } from './template.js';

/** Name of a file in the configuration's folder -> its text. */
export type Configuration = ReadonlyMap<string, string>;

const TEMPLATES = fileURLToPath(new URL('../../../../asterisk-config/', import.meta.url));

/** Templates that are parts of others, not files of their own. */
const PARTS = new Set([
  'pjsip-nat.conf',
  'pjsip-phone.conf',
  'pjsip-trunk.conf',
  'pjsip-registration.conf',
  'extensions-trunk.conf',
]);

/** Files that Asterisk asks for, and that say nothing. */
const EMPTY = [
  'acl.conf',
  'cli_permissions.conf',
  'features.conf',
  'manager.conf',
  'pjproject.conf',
  'udptl.conf',
  'websocket_client.conf',
];

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$/;
const IPV4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/;

/** How long callers wait for the engine by default, and how often the dialplan looks for it meanwhile. */
const AWAY_SECONDS = 30;
const AWAY_LOOK_SECONDS = 2;

/** What is heard where the settings name no announcement: sounds of Asterisk's own package. */
const PACKAGE_SOUNDS = {
  away: ['pls-hold-while-try'],
  leaveMessage: ['vm-nobodyavail', 'vm-intro'],
  thanks: ['auth-thankyou', 'vm-goodbye'],
};

/**
 * The exchange's whole configuration, rendered from `asterisk-config/`.
 *
 * @throws ONEDOOR_TELEPHONY_SETTING for a name, address or path that a configuration cannot hold.
 */
export function renderConfiguration(
  settings: ExchangeSettings,
  paths: ExchangePaths,
  secrets: ExchangeSecrets,
): Configuration {
  const { sip, ari, rtp } = settings;
  const slots: Slots = {
    exchangeId: named('exchange id', settings.id),
    etcFolder: paths.etc,
    varFolder: paths.var,
    dataFolder: paths.data,
    modulesFolder: paths.modules,
    spoolFolder: paths.spool,
    socketFolder: paths.socket,
    logFolder: paths.log,
    musicFolder: settings.musicFolder ?? paths.music,
    ariHost: address('ARI address', ari.host),
    ariPort: port('ARI port', ari.port),
    ariUser: secrets.ari.name,
    ariPassword: { secret: secrets.ari.password },
    rtpFirst: port('first RTP port', rtp.first),
    rtpLast: port('last RTP port', rtp.last),
    sipHost: address('SIP address', sip.host),
    sipPort: port('SIP port', sip.port),
    nat: nat(settings.trunks),
    trunks: { lines: '' },
    phones: { lines: settings.phones.map((phone) => phoneLines(phone, settings, secrets)).join('\n') },
    app: STASIS_APP,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    awayTries: Math.ceil((settings.announcements.waitSeconds ?? AWAY_SECONDS) / AWAY_LOOK_SECONDS),
    awayLookSeconds: AWAY_LOOK_SECONDS,
    awayAnnouncement: playList('away', settings),
    leaveMessageAnnouncement: playList('leaveMessage', settings),
    thanksAnnouncement: playList('thanks', settings),
    voicemailFolder: settings.voicemailFolder,
    mediaFolder: settings.mediaFolder,
    recordingsFolder: settings.recordingsFolder,
  };
  const trunks = { lines: settings.trunks.map((trunk) => trunkLines(trunk, settings)).join('\n') };
  const contexts = { lines: [...settings.trunks, PHONES_CONTEXT].map(contextLines).join('\n') };
  const files = new Map(EMPTY.map((file) => [file, '']));
  for (const file of readdirSync(TEMPLATES).sort()) {
    if (!file.endsWith('.conf') || PARTS.has(file)) continue;
    files.set(file, filled(file, { ...slots, trunks: file === 'extensions.conf' ? contexts : trunks }));
  }
  return files;
}

/** What a registered phone dials reaches the engine as a trunk named `phones`. */
const PHONES_CONTEXT = { name: 'phones', calledNumber: 'request-uri' } as const;

/** Name of a trunk's endpoint. */
export const trunkEndpoint = (trunk: string): string => `trunk-${trunk}`;

function filled(file: string, slots: Slots): string {
  return fillTemplate(file, readFileSync(join(TEMPLATES, file), 'utf8'), slots);
}

function phoneLines(phone: ExchangePhone, settings: ExchangeSettings, secrets: ExchangeSecrets): string {
  const name = named('phone', phone.name);
  if (name.startsWith('trunk-')) throw unfit('phone', name, 'a name that does not begin with trunk-');
  const password = secrets.phones[name];
  if (password === undefined)
    throw new OnedoorError('ONEDOOR_BASE_BUG', { what: `phone ${name} has no secret` });
  return filled('pjsip-phone.conf', {
    phone: name,
    transfers: phone.transfers === true ? 'yes' : 'no',
    password: { secret: password },
    mediaAddress: reachableAddress(settings.sip.host),
  });
}

function trunkLines(trunk: ExchangeTrunk, settings: ExchangeSettings): string {
  const name = named('trunk', trunk.name);
  if (name === PHONES_CONTEXT.name) throw unfit('trunk', name, 'another name: this one is the phones’ own');
  const host = trunk.host === null ? null : farSide(name, trunk.host);
  const domain = host?.replace(/:\d+$/, '') ?? null;
  if (host === null && trunk.kind !== 'loopback')
    throw unfit(`host of trunk ${name}`, '', 'a host or host:port');
  const registration =
    trunk.kind === 'registration' ? registrationLines(trunk, name, host ?? '', domain ?? '', settings) : '';
  const endpoint = filled('pjsip-trunk.conf', {
    trunk: name,
    codecs: { lines: trunk.codecs.map((codec) => `allow = ${ordinary('codec', codec)}`).join('\n') },
    mediaAddress: reachableAddress(settings.sip.host),
    identity: identityLines(trunk, name, domain, settings),
    contact: {
      lines:
        host === null
          ? 'max_contacts = 0'
          : `contact = sip:${host}${trunk.kind === 'loopback' ? '' : '\nqualify_frequency = 60'}`,
    },
    matches: { lines: `match = ${trunk.kind === 'loopback' ? '127.0.0.0/8' : domain}` },
  });
  return `${endpoint}\n${registration}`;
}

function identityLines(
  trunk: ExchangeTrunk,
  name: string,
  domain: string | null,
  settings: ExchangeSettings,
): Lines {
  if (trunk.kind !== 'registration') return { lines: `from_domain = ${reachableAddress(settings.sip.host)}` };
  return {
    lines: [
      `from_domain = ${domain}`,
      `from_user = ${ordinary(`user name of trunk ${name}`, trunk.username ?? '')}`,
      `outbound_auth = ${trunkEndpoint(name)}`,
    ].join('\n'),
  };
}

function registrationLines(
  trunk: ExchangeTrunk,
  name: string,
  host: string,
  domain: string,
  settings: ExchangeSettings,
): string {
  const secret = settings.trunkSecrets[name];
  if (trunk.username === null || !/^[A-Za-z0-9_.+-]{1,64}$/.test(trunk.username))
    throw unfit(`user name of trunk ${name}`, trunk.username ?? '', 'letters, digits and _ . + -');
  if (secret === undefined) throw new OnedoorError('ONEDOOR_TELEPHONY_TRUNK_SECRET', { trunk: name });
  return filled('pjsip-registration.conf', {
    trunk: name,
    host,
    domain,
    username: trunk.username,
    password: { secret },
  });
}

/**
 * The called number is read, then filtered: nothing but digits and letters of it goes on. A phone is told by its
 * endpoint, which it had to prove to be; what it says of itself does not count.
 */
function contextLines(trunk: Pick<ExchangeTrunk, 'name' | 'calledNumber'>): string {
  const read = {
    'request-uri': { before: [], number: '${EXTEN:0:64}' },
    'to-header': {
      before: [
        ' same => n,Set(ONEDOOR_TO=${CHANNEL(pjsip,local_uri)})',
        ' same => n,Set(ONEDOOR_USER=${PJSIP_PARSE_URI_FROM(ONEDOOR_TO,user)})',
      ],
      number: '${ONEDOOR_USER:0:64}',
    },
    diversion: { before: [], number: '${REDIRECTING(from-num):0:64}' },
  }[trunk.calledNumber];
  const lines = [
    ...read.before,
    ` same => n,Set(ONEDOOR_CALLED=\${FILTER(0-9A-Za-z+*#,${read.number})})`,
  ].join('\n');
  const phone = [
    ' same => n,Set(ONEDOOR_PHONE=${CHANNEL(endpoint)})',
    ` same => n,Set(${TRANSFER_HANDLING}=ari-only)`,
  ].join('\n');
  return filled('extensions-trunk.conf', {
    trunk: named('trunk', trunk.name),
    calledNumber: { lines },
    phone: { lines: trunk === PHONES_CONTEXT ? phone : '' },
  });
}

function nat(trunks: readonly ExchangeTrunk[]): Lines {
  const addresses = [...new Set(trunks.flatMap(({ externalAddress }) => externalAddress ?? []))];
  const [externalAddress] = addresses;
  if (externalAddress === undefined) return { lines: '' };
  if (addresses.length > 1)
    throw unfit('external address', addresses.join(', '), 'one address for all trunks');
  return {
    lines: filled('pjsip-nat.conf', { externalAddress: address('external address', externalAddress) }),
  };
}

function playList(which: keyof typeof PACKAGE_SOUNDS, { announcements }: ExchangeSettings): Lines {
  const own = announcements[which];
  return {
    lines: (own.length > 0 ? own : PACKAGE_SOUNDS[which])
      .map((sound) => ordinary('announcement', sound))
      .join('&'),
  };
}

function named(what: string, name: string): string {
  if (!NAME.test(name)) throw unfit(`name of the ${what}`, name, 'letters, digits and -, at most 40');
  return name;
}

function farSide(trunk: string, host: string): string {
  if (!HOST.test(host)) throw unfit(`host of trunk ${trunk}`, host, 'a host or host:port');
  return host;
}

function address(setting: string, host: string): string {
  if (!IPV4.test(host)) throw unfit(setting, host, 'an IPv4 address');
  return host;
}

/** The address that others can send to: our own first one when we listen at all of them. */
function reachableAddress(host: string): string {
  if (host !== '0.0.0.0') return host;
  const outward = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return outward.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

function port(setting: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw unfit(setting, String(value), '1 to 65535');
  return value;
}

function unfit(setting: string, value: string, allowed: string): OnedoorError {
  return new OnedoorError('ONEDOOR_TELEPHONY_SETTING', { setting, value: JSON.stringify(value), allowed });
}
