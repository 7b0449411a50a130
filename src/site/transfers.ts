/** Pure. Where callers may be moved to by whoever talks to them: what it means, and whether it fits. */
import type { z } from 'zod';
import type { Finding, YamlPath, YamlSource } from '../base/index.js';
import type { Transfers, TransferTexts, TransferTo } from '../calls/index.js';
import type { SiteSettings } from './settings.js';
import type { transferTarget } from './transfers-schema.js';

/** Texts that whoever moves a caller hears, where a site has `transfers`. */
export const transferTexts = {
  unknown: 'transfer-unknown',
  cannot: 'transfer-cannot',
  failed: 'transfer-failed',
  back: 'transfer-back',
} as const satisfies TransferTexts;

export function transfersOf({ transfers, desk }: SiteSettings): Transfers | null {
  if (transfers === undefined) return null;
  const { ring, to, outside } = transfers;
  const trunk = outside?.trunk ?? '';
  return {
    keys: desk.talking,
    to: new Map(Object.entries(to).map(([code, entry]) => [code, targetOf(entry, trunk)])),
    outside: outside === undefined ? null : { rules: outside, trunk },
    ringMs: Math.round(ring * 1000),
    texts: transferTexts,
  };
}

function targetOf(entry: z.output<typeof transferTarget>, trunk: string): TransferTo {
  if ('queue' in entry) return { type: 'queue', queue: entry.queue };
  if ('agent' in entry) return { type: 'agent', agent: entry.agent };
  if ('phone' in entry) return { type: 'phone', phone: entry.phone };
  if ('number' in entry) return { type: 'service', number: entry.number };
  return { type: 'outside', number: entry.outside, trunk };
}

/** Everything that is wrong with them. `numbers`: those that the site answers; `trunks`: those in force. */
export function checkTransfers(
  { transfers, desk, queues, agents, phones }: SiteSettings,
  source: YamlSource,
  numbers: ReadonlyMap<string, string>,
  trunks: readonly { readonly name: string }[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const find = (path: YamlPath, code: string, what: string, why: string, mend: string): void => {
    findings.push({ file: source.file, ...source.at(path), code: `site/${code}`, what, why, mend });
  };
  const talking = Object.entries(desk.talking);
  for (const [action, code] of talking) {
    const other = talking.find(([one, its]) => one !== action && its.startsWith(code));
    if (other === undefined) continue;
    find(
      ['desk', 'talking', action],
      'ambiguous-code',
      `The code ${code} (${action}) is the beginning of ${other[1]} (${other[0]}).`,
      'What is pressed would mean the one before the other is complete.',
      'Give them codes that begin differently.',
    );
  }
  if (transfers === undefined) return findings;
  for (const [code, entry] of Object.entries(transfers.to)) {
    const unknown = (kind: string, known: boolean, value: string, among: string): void => {
      if (known) return;
      find(
        ['transfers', 'to', code, kind],
        `unknown-${kind === 'number' ? 'service-number' : kind}`,
        `There is no ${kind} "${value}".`,
        'Whoever keys the code would be told that the caller cannot be moved there.',
        `Name one of \`${among}\`.`,
      );
    };
    if ('queue' in entry) unknown('queue', Object.hasOwn(queues, entry.queue), entry.queue, 'queues');
    else if ('agent' in entry) unknown('agent', Object.hasOwn(agents, entry.agent), entry.agent, 'agents');
    else if ('phone' in entry) unknown('phone', Object.hasOwn(phones, entry.phone), entry.phone, 'phones');
    else if ('number' in entry) unknown('number', numbers.has(entry.number), entry.number, 'numbers');
    else if (transfers.outside === undefined) {
      find(
        ['transfers', 'to', code, 'outside'],
        'no-way-outside',
        'A number outside is named, and no trunk by which it is reached.',
        'Nobody could be rung there.',
        'Add `outside: { trunk: …, countries: […] }` to `transfers`.',
      );
    }
  }
  const trunk = transfers.outside?.trunk;
  if (trunk !== undefined && !trunks.some(({ name: known }) => known === trunk)) {
    find(
      ['transfers', 'outside', 'trunk'],
      'unknown-trunk',
      `There is no trunk "${trunk}".`,
      'Numbers outside could not be reached.',
      'Name one of `trunks`.',
    );
  }
  return findings;
}
