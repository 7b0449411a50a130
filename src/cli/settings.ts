/** What the environment says: where an engine keeps things, and where it listens. Pure but for looking at files. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

export interface Address {
  readonly host: string;
  /** 1 to 65,535. */
  readonly port: number;
}

export interface Settings {
  /** The folder of onedoor.yaml. */
  readonly siteFolder: string;
  readonly stateFolder: string;
  readonly cacheFolder: string;
  readonly http: Address;
  readonly sip: Address;
  /** UDP ports of media, both included. */
  readonly rtp: { readonly first: number; readonly last: number };
  /** null: a free port of the loopback interface, chosen once and kept in the state folder. */
  readonly ari: Address | null;
  readonly exchange: 'embedded' | 'system' | 'external';
  /** Whom to be at an `external` exchange; null: the user of the configuration that we rendered for it. */
  readonly external: { readonly user: string; readonly passwordFile: string } | null;
  /** Path of the toolbox.json in force; null where none is found. */
  readonly toolbox: string | null;
  /** null: what suits whether a person watches. */
  readonly logLevel: string | null;
  /** Secrets of lookups by name (`permits-token`), from `ONEDOOR_SECRET_<NAME>`. Never printed. */
  readonly secrets: ReadonlyMap<string, string>;
}

export type SettingsReading =
  | { readonly result: 'read'; readonly settings: Settings }
  /** A sentence for each setting that cannot be used. */
  | { readonly result: 'refused'; readonly sentences: readonly string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting, as `onedoor --help` and the documentation list them. */
export const settingsTable = [
  ['ONEDOOR_SITE', 'folder of onedoor.yaml', "the clone's own"],
  ['ONEDOOR_STATE', 'folder of the journal, recordings and secrets', './state'],
  ['ONEDOOR_CACHE', 'folder of the toolbox, shared between clones', '~/.cache/onedoor'],
  ['ONEDOOR_HTTP', 'host:port of the HTTP API', '127.0.0.1:8080'],
  ['ONEDOOR_SIP', 'address:port of SIP', '127.0.0.1:5060'],
  ['ONEDOOR_RTP', 'first-last UDP port of media', '20000-29999'],
  ['ONEDOOR_ARI', 'address:port of the exchange for the engine', 'a free loopback port'],
  ['ONEDOOR_EXCHANGE', 'embedded, system or external', 'embedded'],
  ['ONEDOOR_ARI_USER', 'user at an external exchange', 'onedoor'],
  ['ONEDOOR_ARI_PASSWORD_FILE', "file with that user's password", 'as rendered'],
  ['ONEDOOR_TOOLBOX', 'toolbox.json that describes Asterisk, espeak-ng and sox', 'found in the cache'],
  ['ONEDOOR_LOG', 'level of the log: debug, info, warn, error, silent', 'info, or warn at a terminal'],
] as const;

/** What the places that are not set are reckoned from. */
export interface Surroundings {
  /** The folder of the program: the clone. */
  readonly project: string;
  readonly workingFolder: string;
  readonly home: string;
}

const exchanges = ['embedded', 'system', 'external'] as const;
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Reads all settings; says of each wrong one what is wrong and how to mend it. An empty variable is one not set. */
export function readSettings(
  env: Environment,
  { project, workingFolder, home }: Surroundings,
): SettingsReading {
  const sentences: string[] = [];
  const folder = (name: string, otherwise: string): string => resolve(workingFolder, env[name] || otherwise);
  const address = (name: string, otherwise: Address): Address => {
    const text = env[name];
    if (!text) return otherwise;
    const parsed = parseAddress(text);
    if (parsed !== null) return parsed;
    sentences.push(
      `${name} is "${text}"; write host:port with a port from 1 to 65535, such as 127.0.0.1:8080.`,
    );
    return otherwise;
  };

  const cacheFolder = env['ONEDOOR_CACHE']
    ? folder('ONEDOOR_CACHE', '')
    : // The XDG base directory specification: a path that is not absolute is to be ignored.
      join(
        isAbsolute(env['XDG_CACHE_HOME'] ?? '') ? (env['XDG_CACHE_HOME'] ?? '') : join(home, '.cache'),
        'onedoor',
      );

  const exchange = exchanges.find((one) => one === (env['ONEDOOR_EXCHANGE'] || 'embedded'));
  if (exchange === undefined) {
    sentences.push(
      `ONEDOOR_EXCHANGE is "${env['ONEDOOR_EXCHANGE'] ?? ''}"; it can be ${exchanges.join(', ')}.`,
    );
  }
  if (exchange === 'external' && !env['ONEDOOR_ARI']) {
    sentences.push(
      'ONEDOOR_EXCHANGE is external, so ONEDOOR_ARI is needed: host:port at which that exchange serves ARI.',
    );
  }

  const rtpText = env['ONEDOOR_RTP'] || '20000-29999';
  const rtp = parseRange(rtpText);
  if (rtp === null) {
    sentences.push(
      `ONEDOOR_RTP is "${rtpText}"; write first-last with ports from 1024 to 65535, at least 4 of them, such as 20000-20199 (each call leg takes two).`,
    );
  }

  const logLevel = env['ONEDOOR_LOG'] || null;
  if (logLevel !== null && !levels.includes(logLevel))
    sentences.push(`ONEDOOR_LOG is "${logLevel}"; it can be ${levels.join(', ')}.`);

  const toolbox = findToolbox(env, cacheFolder, workingFolder);
  if (toolbox === undefined) {
    sentences.push(
      `ONEDOOR_TOOLBOX is "${env['ONEDOOR_TOOLBOX'] ?? ''}", which is not there. Run npm start, or name a toolbox.json that exists.`,
    );
  }

  const http = address('ONEDOOR_HTTP', { host: '127.0.0.1', port: 8080 });
  const sip = address('ONEDOOR_SIP', { host: '127.0.0.1', port: 5060 });
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(sip.host)) {
    sentences.push(
      `ONEDOOR_SIP is "${env['ONEDOOR_SIP'] ?? ''}"; the exchange listens at an IPv4 address such as 127.0.0.1 or 0.0.0.0, not at a name.`,
    );
  }
  const settings: Settings = {
    siteFolder: folder('ONEDOOR_SITE', project),
    stateFolder: folder('ONEDOOR_STATE', 'state'),
    cacheFolder,
    http,
    sip,
    rtp: rtp ?? { first: 20_000, last: 29_999 },
    ari: env['ONEDOOR_ARI'] ? address('ONEDOOR_ARI', { host: '127.0.0.1', port: 8088 }) : null,
    exchange: exchange ?? 'embedded',
    external: env['ONEDOOR_ARI_PASSWORD_FILE']
      ? { user: env['ONEDOOR_ARI_USER'] || 'onedoor', passwordFile: folder('ONEDOOR_ARI_PASSWORD_FILE', '') }
      : null,
    toolbox: toolbox ?? null,
    logLevel,
    secrets: secretsIn(env),
  };
  return sentences.length > 0 ? { result: 'refused', sentences } : { result: 'read', settings };
}

/** `ONEDOOR_SECRET_PERMITS_TOKEN` is the secret `permits-token`. */
function secretsIn(env: Environment): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const [, own] = /^ONEDOOR_SECRET_([A-Z][A-Z0-9_]*)$/.exec(name) ?? [];
    if (own !== undefined && value) secrets.set(own.toLowerCase().replaceAll('_', '-'), value);
  }
  return secrets;
}

/** Pure. `host:port`, or null. IPv6 addresses stand in brackets. */
export function parseAddress(text: string): Address | null {
  const match = /^(?<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.['port']);
  const host = match?.groups?.['host'];
  if (host === undefined || !(port >= 1 && port <= 65_535)) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

/** Pure. The address as a user types it. */
export function showAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function parseRange(text: string): { first: number; last: number } | null {
  const match = /^(\d{4,5})-(\d{4,5})$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  return first >= 1024 && last <= 65_535 && last - first >= 3 ? { first, last } : null;
}

/** undefined: one is named and is not there; null: none is named and none is found. */
function findToolbox(
  env: Environment,
  cacheFolder: string,
  workingFolder: string,
): string | null | undefined {
  const named = env['ONEDOOR_TOOLBOX'];
  if (named) {
    const path = resolve(workingFolder, named);
    return existsSync(path) ? path : undefined;
  }
  const places = ['toolbox', 'voice'].map((kind) =>
    join(cacheFolder, `${kind}-1-${process.arch}`, 'toolbox.json'),
  );
  return places.find((path) => existsSync(path)) ?? null;
}
