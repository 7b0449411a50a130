/** Lookups of a site's settings in virtual time, with what they logged. */
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { findingLine, type JsonObject, readYaml } from '../../src/base/index.js';
import { type LookupParts, openLookups } from '../../src/lookups/index.js';
import { siteSchema } from '../../src/site/settings.js';
import { outsideSources } from '../../src/site/sources.js';
import { createVirtualTime } from '../../src/telephony/simulator/index.js';

/** @param lookups the value of `lookups:` in onedoor.yaml, as YAML. */
export function lookupWorld(lookups: string, parts: Partial<LookupParts> = {}) {
  const reading = readYaml(
    'onedoor.yaml',
    `onedoor: 1\nname: A town\nlanguages: [en]\nnumbers: ["100"]\nfallback: { apology: sorry, unknown-number: sorry }\nlookups:\n${lookups.replace(/^/gm, '  ')}`,
  );
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  const { sources, findings } = outsideSources(siteSchema.parse(reading.source.value), reading.source);
  if (findings.length > 0) throw new Error(findings.map(findingLine).join('\n'));
  const time = createVirtualTime();
  const logged: string[] = [];
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void logged.push(line) });
  const open = openLookups({
    tables: new Map(),
    sources,
    siteFolder: tmpdir(),
    secret: () => null,
    scheduler: time,
    log,
    ...parts,
  });
  let asked = 0;
  const ask = (given: JsonObject, source = 'permits', timeoutMs = 2_000) =>
    open.lookUp({ command: `command-${++asked}`, source, with: given, timeoutMs });
  return { time, logged, open, ask, breaker: () => open.states()[0]?.breaker };
}
