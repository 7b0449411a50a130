// Writes src/telephony/asterisk/ari-model.ts from the API description that Asterisk installs with itself.
// Usage: node scripts/ari-types.mjs [folder with rest-api JSON]; without one: the toolbox's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, PROJECT } from './folders.mjs';

/** Events that the exchange listens to; all others are disallowed by a filter. */
const EVENTS = [
  'StasisStart',
  'StasisEnd',
  'ChannelDtmfReceived',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelUserevent',
  'Dial',
  'PlaybackFinished',
  'RecordingFinished',
  'RecordingFailed',
  'PeerStatusChange',
  'ChannelTransfer',
  'ApplicationReplaced',
  'RESTResponse',
];

/** Requests that the exchange makes, as `<resource>.<nickname>`. */
const OPERATIONS = [
  'applications.filter',
  'applications.subscribe',
  'asterisk.getInfo',
  'asterisk.setGlobalVar',
  'bridges.list',
  'bridges.createWithId',
  'bridges.destroy',
  'bridges.addChannel',
  'bridges.removeChannel',
  'bridges.record',
  'channels.list',
  'channels.create',
  'channels.hangup',
  'channels.answer',
  'channels.startMoh',
  'channels.stopMoh',
  'channels.playWithId',
  'channels.record',
  'channels.dial',
  'channels.transfer_progress',
  'endpoints.get',
  'events.userEvent',
  'playbacks.get',
  'playbacks.stop',
  'recordings.getLive',
  'recordings.stop',
  'recordings.pause',
  'recordings.unpause',
  'recordings.getStored',
  'recordings.deleteStored',
];

/** Models that answers carry. */
const ANSWERS = [
  'Channel',
  'Bridge',
  'Endpoint',
  'AsteriskInfo',
  'LiveRecording',
  'StoredRecording',
  'Playback',
];

const folder =
  process.argv[2] ?? join(cacheFolder(), `toolbox-1-${process.arch}`, 'usr/share/asterisk/rest-api');
const resources = [
  'applications',
  'asterisk',
  'bridges',
  'channels',
  'endpoints',
  'events',
  'playbacks',
  'recordings',
];
const descriptions = new Map(
  resources.map((name) => [name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))]),
);
const models = new Map([...descriptions.values()].flatMap(({ models }) => Object.entries(models)));

const wanted = new Set();
const want = (name) => {
  const model = models.get(name);
  if (model === undefined || wanted.has(name)) return;
  wanted.add(name);
  for (const { type } of Object.values(model.properties)) want(/^List\[(\w+)\]$/.exec(type)?.[1] ?? type);
};
for (const name of [...EVENTS, ...ANSWERS]) want(name);

const scalars = {
  string: 'string',
  Date: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  object: 'unknown',
};
function typeOf(type, values) {
  const list = /^List\[(\w+)\]$/.exec(type);
  if (list) return `readonly ${typeOf(list[1])}[]`;
  if (wanted.has(type)) return `AriModel['${type}']`;
  if (values?.valueType === 'LIST') return values.values.map((value) => `'${value}'`).join(' | ');
  const scalar = scalars[type];
  if (scalar === undefined) throw new Error(`A type that this script does not know: ${type}`);
  return scalar;
}

const supertype = models.get('Event').properties;
const body = (name) => {
  const own = models.get(name).properties;
  const all = EVENTS.includes(name) ? { ...supertype, ...own } : own;
  const lines = Object.entries(all).map(
    ([key, { type, required, allowableValues }]) =>
      `    readonly ${key}${required ? '' : '?'}: ${typeOf(type, allowableValues)};`,
  );
  if (EVENTS.includes(name)) lines.unshift(`    readonly type: '${name}';`);
  return lines.length === 0
    ? `  readonly ${name}: object;`
    : `  readonly ${name}: {\n${lines.join('\n')}\n  };`;
};

const operations = OPERATIONS.map((id) => {
  const [resource, nickname] = id.split('.');
  for (const { path, operations } of descriptions.get(resource).apis)
    for (const operation of operations)
      if (operation.nickname === nickname)
        return `  readonly '${id}': { readonly method: '${operation.httpMethod}'; readonly path: '${path.slice(1)}' };`;
  throw new Error(`No operation ${id}`);
});

const all = [...new Set(models.get('Event').subTypes)].sort();
writeFileSync(
  join(PROJECT, 'src/telephony/asterisk/ari-model.ts'),
  `// Made by scripts/ari-types.mjs from Asterisk's own API description; do not edit.

/** What Asterisk's REST interface says and answers, as far as the exchange reads it. */
export interface AriModel {
${[...wanted].sort().map(body).join('\n')}
}

/** The events that the exchange listens to. */
export type AriEvent = AriModel[
${EVENTS.map((name) => `  | '${name}'`).join('\n')}];

/** Every type of event that Asterisk knows. */
export const ariEventTypes = [
${all.map((name) => `  '${name}',`).join('\n')}
] as const;

/** The requests that the exchange makes. */
export interface AriOperations {
${operations.join('\n')}
}
`,
);
