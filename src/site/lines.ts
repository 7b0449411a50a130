/** Pure. Numbers and trunks of a site: how calls come in. */
import type { Finding, YamlPath, YamlSource } from '../base/index.js';
import type { SiteSettings } from './settings.js';
import type { Trunk } from './site.js';

/** What a flow says of itself, as far as the lines need it. */
export interface NumberedFlow {
  readonly name: string;
  readonly file: string;
  readonly numbers: readonly string[];
}

/** How calls find their flow. */
export interface SiteNumbers {
  /** Every number that is answered -> name of its flow; test numbers too. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Those that answer with the version published for testing. */
  readonly testNumbers: ReadonlySet<string>;
}

/**
 * Every way in which a trunk may send a service number -> the flow that answers it.
 *
 * @param complete whether all flows could be read; where not, an unread one may be meant to answer.
 */
export function numbersOf(
  settings: SiteSettings,
  source: YamlSource,
  flows: readonly NumberedFlow[],
  complete: boolean,
): SiteNumbers & { readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const find = (path: YamlPath, code: string, what: string, why: string, mend: string): void => {
    findings.push({ file: source.file, ...source.at(path), code: `site/${code}`, what, why, mend });
  };
  const numbers = new Map<string, string>();
  const testNumbers = new Set<string>();
  const declared = new Set<string>();
  const spellings = new Set<string>();

  settings.numbers.forEach((entry, index) => {
    const { number, also, test } =
      typeof entry === 'string' ? { number: entry, also: [], test: undefined } : entry;
    const tested = test === undefined ? [] : [test];
    declared.add(number);
    [number, ...tested, ...also].forEach((spelling, which) => {
      const path =
        typeof entry === 'string'
          ? [index]
          : which === 0
            ? [index, 'number']
            : spelling === test
              ? [index, 'test']
              : [index, 'also', which - 1 - tested.length];
      if (spellings.has(spelling)) {
        find(
          ['numbers', ...path],
          'duplicate-number',
          `The number ${spelling} stands here a second time.`,
          'A call can be answered by one flow only.',
          'Delete one.',
        );
      }
      spellings.add(spelling);
    });
    const answering = flows.filter((flow) => flow.numbers.includes(number));
    const flow = answering[0];
    if (flow === undefined) {
      if (!complete) return;
      find(
        ['numbers', index],
        'unanswered-number',
        `No flow answers the number ${number}.`,
        'Its callers would hear an apology.',
        `Add "${number}" to the numbers of a flow.`,
      );
      return;
    }
    if (answering.length > 1) {
      const names = answering.map((one) => one.file).join(' and ');
      find(
        ['numbers', index],
        'contested-number',
        `The number ${number} is answered by ${names}.`,
        'A call can be answered by one flow only.',
        'Take the number out of the others.',
      );
    }
    for (const spelling of [number, ...tested, ...also]) numbers.set(spelling, flow.name);
    for (const spelling of tested) testNumbers.add(spelling);
  });

  for (const flow of flows) {
    for (const number of flow.numbers.filter((one) => !declared.has(one))) {
      find(
        ['numbers'],
        'unlisted-number',
        `The number ${number} of ${flow.file} is not listed here.`,
        'The site would not take calls to it.',
        `Add "${number}".`,
      );
    }
  }
  return { numbers, testNumbers, findings };
}

/** The trunks in force. The loopback trunk is there unless `loopback: { kind: loopback, enabled: false }` says no. */
export function trunksOf(
  settings: SiteSettings,
  source: YamlSource,
): { readonly trunks: readonly Trunk[]; readonly findings: readonly Finding[] } {
  const entries = Object.entries(settings.trunks);
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  const find = (path: YamlPath, code: string, what: string, why: string, mend: string): void => {
    findings.push({ file: source.file, ...source.keyAt(path), code: `site/${code}`, what, why, mend });
  };
  if (Object.hasOwn(settings.trunks, 'phones')) {
    find(
      ['trunks', 'phones'],
      'reserved-name',
      'A trunk cannot be named "phones".',
      "What the site's own phones dial comes in under this name.",
      'Give it another name.',
    );
  }
  for (const phone of Object.keys(settings.phones).filter((one) => one.startsWith('trunk-'))) {
    find(
      ['phones', phone],
      'reserved-name',
      `A phone cannot be named "${phone}".`,
      'The exchange names its trunks so.',
      'Give it a name that does not begin with trunk-.',
    );
  }
  const outside = entries.flatMap(([name, trunk]) =>
    trunk.kind !== 'loopback' && trunk['external-address'] !== undefined
      ? [[name, trunk['external-address']] as const]
      : [],
  );
  for (const [name, address] of outside) {
    if (address === outside[0]?.[1]) continue;
    find(
      ['trunks', name, 'external-address'],
      'two-addresses',
      `The trunk "${name}" has another external address than "${outside[0]?.[0]}".`,
      'The exchange stands behind one NAT.',
      'Give all trunks the same one.',
    );
  }
  for (const [name, trunk] of entries) {
    const known =
      trunk.kind === 'loopback' ? 'loopback' : trunk.kind === 'ip' ? trunk.host.toLowerCase() : null;
    if (known === null) continue;
    const other = seen.get(known);
    if (other !== undefined) {
      find(
        ['trunks', name],
        'same-trunk',
        `The trunks "${other}" and "${name}" are known by the same address.`,
        'The exchange could not tell their calls apart.',
        'Make one trunk of them.',
      );
    }
    seen.set(known, name);
  }
  const loopback: Trunk = {
    name: 'loopback',
    kind: 'loopback',
    host: null,
    username: null,
    codecs: ['alaw', 'ulaw'],
    externalAddress: null,
    calledNumber: 'request-uri',
    country: null,
  };
  const trunks = entries
    .filter(([, trunk]) => trunk.kind !== 'loopback' || trunk.enabled)
    .map(
      ([name, trunk]): Trunk => ({
        name,
        kind: trunk.kind,
        host: trunk.host ?? null,
        username: trunk.kind === 'registration' ? trunk.username : null,
        codecs: trunk.codecs,
        externalAddress: trunk.kind === 'loopback' ? null : (trunk['external-address'] ?? null),
        calledNumber: trunk['called-number'],
        country: trunk.country ?? null,
      }),
    );
  const named = entries.some(([name, trunk]) => trunk.kind === 'loopback' || name === 'loopback');
  return { trunks: named ? trunks : [loopback, ...trunks], findings };
}
