import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One entry of apt's sources.list(5), whichever way it was written.
 * @typedef {object} AptSource
 * @property {readonly string[]} types
 * @property {readonly string[]} uris
 * @property {readonly string[]} suites
 * @property {readonly string[]} components
 * @property {Readonly<Record<string, string>>} options deb822 fields in lower case: signed-by, trusted...
 */

/** Names that Debian gives to its suites; an entry must have one of them to be the archive itself. */
const DEBIAN_SUITES = new Set(
  'buster bullseye bookworm trixie forky duke sid oldoldstable oldstable stable testing unstable'.split(' '),
);

/** The options that decide whether apt trusts and finds an archive; all others are about other packages. */
const CARRIED = { 'signed-by': 'Signed-By', trusted: 'Trusted', 'check-valid-until': 'Check-Valid-Until' };

/** @param {string | undefined} text */
const words = (text) => (text ?? '').split(/\s+/).filter((word) => word !== '');

/**
 * deb822 (`*.sources`): paragraphs of fields; a line that begins with a blank continues the field before it.
 * @public
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseDeb822(text) {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n[ \t]*\n/)
    .flatMap((paragraph) => {
      /** @type {Record<string, string>} */
      const fields = {};
      let field = '';
      for (const line of paragraph.split('\n')) {
        const start = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line);
        if (start) {
          field = String(start[1]).toLowerCase();
          fields[field] = String(start[2]).trim();
        } else if (field !== '' && /^[ \t]/.test(line)) fields[field] += `\n${line.trimEnd()}`;
      }
      const { types, uris, suites, components, enabled, ...options } = fields;
      if (types === undefined || /^(no|false|0|off|disable)$/i.test(enabled ?? 'yes')) return [];
      return [
        {
          types: words(types),
          uris: words(uris),
          suites: words(suites),
          components: words(components),
          options,
        },
      ];
    });
}

/**
 * One line an entry (`*.list`): `deb [signed-by=/a/key arch=amd64] URI suite component...`.
 * @public
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const entry = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!entry) return [];
    const [, type = '', bracket = '', uri = '', suite = '', components = ''] = entry;
    const options = Object.fromEntries(
      words(bracket).map((option) => {
        const at = option.search(/[+-]?=/);
        return [
          option.slice(0, at).toLowerCase(),
          option.slice(option.indexOf('=') + 1).replaceAll(',', ' '),
        ];
      }),
    );
    return [{ types: [type], uris: [uri], suites: [suite], components: words(components), options }];
  });
}

/**
 * All entries of a machine, in apt's order.
 * @param {string} [folder] where apt keeps its settings
 * @returns {AptSource[]}
 */
export function readAptSources(folder = '/etc/apt') {
  const parts = join(folder, 'sources.list.d');
  /** @type {string[]} */
  let names = [];
  try {
    names = readdirSync(parts).sort();
  } catch {
    // No such folder: the one file may still be there.
  }
  const files = [join(folder, 'sources.list'), ...names.map((name) => join(parts, name))];
  return files.flatMap((file) => {
    const parse = file.endsWith('.sources') ? parseDeb822 : file.endsWith('.list') ? parseOneLine : undefined;
    if (parse === undefined) return [];
    try {
      return parse(readFileSync(file, 'utf8'));
    } catch {
      // Missing or unreadable for this user: then it is no source that we could use.
      return [];
    }
  });
}

/**
 * The entries that may be Debian's main archive, the likeliest first. Others' archives use Debian's suite names
 * too, so an entry with a key of its own counts only when its address ends like the archive's; what the archive
 * says of itself is checked after the download (isDebianRelease).
 * @param {readonly AptSource[]} sources
 * @returns {AptSource[]}
 */
export function debianArchives(sources) {
  return sources
    .filter(
      ({ types, suites, components }) =>
        types.includes('deb') &&
        components.includes('main') &&
        suites.some((suite) => DEBIAN_SUITES.has(suite)),
    )
    .map((source) => {
      const key = source.options['signed-by'];
      const debianKey = key !== undefined && /debian-archive/.test(key);
      const debianPath = source.uris.some((uri) => /\/debian\/?$/.test(uri));
      const ownKey = key !== undefined && !debianKey && !/BEGIN PGP/.test(key);
      return { source, rank: (debianKey ? 2 : 0) + (debianPath ? 1 : 0), possible: !ownKey || debianPath };
    })
    .filter(({ possible }) => possible)
    .sort((a, b) => b.rank - a.rank)
    .map(({ source }) => source);
}

/**
 * The text of a sources file with one suite of an archive.
 * @param {AptSource} source
 * @param {string} suite
 */
export function renderSource(source, suite) {
  const options = Object.entries(CARRIED).flatMap(([name, field]) => {
    const value = source.options[name];
    return value === undefined ? [] : [`${field}: ${value}`];
  });
  return [
    'Types: deb',
    `URIs: ${source.uris.join(' ')}`,
    `Suites: ${suite}`,
    'Components: main',
    ...options,
    '',
  ].join('\n');
}

/**
 * Whether a (signed, checked by apt) release file is Debian's own.
 * @param {string} release text of an InRelease or Release file
 */
export const isDebianRelease = (release) =>
  /^Origin: Debian$/m.test(release) && /^Label: Debian$/m.test(release);
