/** Pure. The lookups that are asked outside: from settings to declarations, and whether flows ask them rightly. */
import { addressKind, type Finding, type YamlPath, type YamlSource } from '../base/index.js';
import { type FlowFinding, type ParsedFlow, telling } from '../flows/index.js';
import type {
  HttpSource,
  OutsideSource,
  Pointer,
  PostgresSource,
  SourceLimits,
  SqlSource,
} from '../lookups/index.js';
import type { SiteSettings } from './settings.js';
import type { HttpSettings, PostgresSettings, SqlSettings } from './sources-schema.js';
import { type SourceFault, sourceFindings } from './source-findings.js';
import { readSql } from './sql-text.js';
import { readUrlTemplate } from './url-template.js';

/** Tells a finding at the value of a path below the source's own. */
type Tell = (path: YamlPath, fault: SourceFault, fields: Readonly<Record<string, string>>) => void;

export function outsideSources(
  settings: SiteSettings,
  source: YamlSource,
): { readonly sources: ReadonlyMap<string, OutsideSource>; readonly findings: readonly Finding[] } {
  const sources = new Map<string, OutsideSource>();
  const findings: FlowFinding[] = [];
  const tell = telling(source, sourceFindings, findings);
  for (const [name, lookup] of Object.entries(settings.lookups)) {
    const below =
      (kind: 'http' | 'sql' | 'postgres'): Tell =>
      (path, fault, fields) =>
        tell.at(['lookups', name, kind, ...path], fault, fields);
    const declared =
      lookup.http !== undefined
        ? httpSource(lookup.http, below('http'))
        : lookup.sql !== undefined
          ? sqlSource(lookup.sql, below('sql'))
          : lookup.postgres !== undefined
            ? postgresSource(lookup.postgres, below('postgres'))
            : lookup.cases !== undefined
              ? ({ kind: 'cases', kinds: lookup.cases.kinds, limits: recordLimits } as const)
              : null;
    if (declared !== null) sources.set(name, declared);
  }
  return { sources, findings };
}

function httpSource(settings: HttpSettings, tell: Tell): HttpSource | null {
  const reading = readUrlTemplate(settings.url);
  if (reading.result === 'broken') {
    tell(['url'], reading.fault, {});
    return null;
  }
  const { slots, ...place } = reading.template;
  const { method, body, 'allow-private': allowPrivate, 'idempotency-key': idempotencyHeader } = settings;
  if (!place.secure && !allowPrivate) tell(['url'], 'site/lookup-plain-http', {});
  checkHost(place.host, allowPrivate, (fault) => tell(['url'], fault, { host: place.host }));
  if (method === 'POST' && idempotencyHeader === undefined) tell(['method'], 'site/lookup-post', {});
  if (method === 'GET' && (body !== undefined || idempotencyHeader !== undefined))
    tell([body === undefined ? 'idempotency-key' : 'body'], 'site/lookup-get', {});
  if (slots.length === 0 && Object.keys(body ?? {}).length === 0)
    tell(['url'], 'site/lookup-asks-nothing', {});
  const seen = new Set<string>();
  for (const [group, headers] of [
    ['headers', settings.headers],
    ['secret-headers', settings['secret-headers']],
  ] as const) {
    for (const header of Object.keys(headers)) {
      const own = header.toLowerCase();
      if (seen.has(own)) tell([group, header], 'site/lookup-header', { header });
      seen.add(own);
      if (group === 'headers' && /^(?:authorization|cookie|proxy-authorization|x-api-key)$/.test(own))
        tell([group, header], 'site/lookup-secret', { header });
    }
  }
  return {
    kind: 'http',
    ...place,
    method,
    headers: settings.headers,
    secretHeaders: settings['secret-headers'],
    body: body ?? {},
    idempotencyHeader: idempotencyHeader ?? null,
    row: pointerOf(settings.row),
    fields:
      settings.fields === undefined
        ? null
        : Object.fromEntries(Object.entries(settings.fields).map(([name, at]) => [name, pointerOf(at)])),
    notFound: settings['not-found'],
    allowPrivate,
    limits: limitsOf(settings, settings['at-once']),
  };
}

function sqlSource(settings: SqlSettings, tell: Tell): SqlSource | null {
  const { file, query } = settings;
  const reading = readSql(query);
  if (reading.result === 'broken') {
    tell(['query'], reading.fault, reading.fields);
    return null;
  }
  const { parameters } = reading;
  if (parameters.length === 0) tell(['query'], 'site/lookup-asks-nothing', {});
  return { kind: 'sql', file, query, parameters, limits: limitsOf(settings, 1) };
}

function postgresSource(settings: PostgresSettings, tell: Tell): PostgresSource | null {
  const { host, port, database, user, secret, tls, ca, query, 'allow-private': allowPrivate } = settings;
  const reading = readSql(query, 'postgres');
  if (reading.result === 'broken') {
    tell(['query'], reading.fault, reading.fields);
    return null;
  }
  const { parameters, positional } = reading;
  if (parameters.length === 0) tell(['query'], 'site/lookup-asks-nothing', {});
  checkHost(host, allowPrivate, (fault) => tell(['host'], fault, { host }));
  if (!tls && !allowPrivate) tell(['tls'], 'site/lookup-no-tls', {});
  if (!tls && ca !== undefined) tell(['ca'], 'site/lookup-ca-unused', {});
  return {
    kind: 'postgres',
    host,
    port,
    database,
    user,
    secret: secret ?? null,
    tls,
    ca: ca ?? null,
    allowPrivate,
    query: positional,
    parameters,
    limits: limitsOf(settings, 1),
  };
}

function checkHost(
  host: string,
  allowPrivate: boolean,
  tell: (fault: 'site/lookup-private-host' | 'site/lookup-forbidden-host') => void,
): void {
  const kind = hostKind(host);
  if (kind === 'own' && !allowPrivate) tell('site/lookup-private-host');
  if (kind === 'none') tell('site/lookup-forbidden-host');
}

/** The engine's own records, read on a thread of their own. */
const recordLimits: SourceLimits = {
  connectMs: 1_000,
  totalMs: 2_000,
  retries: 0,
  atOnce: 16,
  failures: 5,
  restMs: 10_000,
};

/** @param atOnce of a SQL source 1: its reader does one thing at a time. */
function limitsOf(
  settings: Pick<SqlSettings, 'connect-timeout' | 'timeout' | 'retries' | 'breaker'>,
  atOnce: number,
): SourceLimits {
  const { timeout, retries, breaker } = settings;
  return {
    connectMs: Math.min(settings['connect-timeout'], timeout) * 1_000,
    totalMs: timeout * 1_000,
    retries,
    atOnce,
    failures: breaker.failures,
    restMs: breaker.rest * 1_000,
  };
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
function pointerOf(text: string): Pointer {
  return text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whose a host is as far as its name shows; what a name leads to is checked with each connection. */
function hostKind(host: string): ReturnType<typeof addressKind> {
  if (/^[\d.]+$|:/.test(host)) return addressKind(host);
  return /(?:^|\.)(?:localhost|local|internal)$/.test(host) ? 'own' : 'public';
}

/** The names that a source is asked by. */
function namesOf(source: OutsideSource): readonly string[] {
  if (source.kind === 'sql' || source.kind === 'postgres') return source.parameters;
  if (source.kind === 'cases') return ['reference'];
  const slots = source.path.flatMap((part) => (typeof part === 'string' ? [] : [part.slot]));
  return [...new Set([...slots, ...Object.values(source.body)])];
}

/** Does the flow give each source what it is asked by, and no more? */
export function checkQuestions(
  { file, flow, source }: ParsedFlow,
  sources: ReadonlyMap<string, OutsideSource>,
): readonly Finding[] {
  if (flow === null || source === null) return [];
  const findings: Finding[] = [];
  for (const step of flow.steps.values()) {
    if (step.kind !== 'lookup') continue;
    const asked = sources.get(step.lookup.source);
    if (asked === undefined) continue;
    const path = ['steps', step.name, 'lookup'];
    const names = namesOf(asked);
    const place = asked.kind === 'http' ? 'slot' : 'parameter';
    const given = Object.keys(step.lookup.with);
    for (const name of given.filter((one) => !names.includes(one)))
      findings.push({
        file,
        ...source.keyAt([...path, 'with', name]),
        code: 'site/unknown-parameter',
        what: `The lookup "${step.lookup.source}" has no ${place} "${name}".`,
        why: 'The value would never be sent.',
        mend: 'Take it out, or add it to the lookup in onedoor.yaml.',
      });
    for (const name of names.filter((one) => !given.includes(one)))
      findings.push({
        file,
        ...source.keyAt([...path, 'with']),
        code: 'site/missing-parameter',
        what: `The lookup "${step.lookup.source}" is not given "${name}".`,
        why: 'Every question to it would fail.',
        mend: `Add \`${name}:\` under \`with:\`.`,
      });
  }
  return findings;
}
