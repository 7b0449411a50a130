import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isDebianRelease, renderSource } from './apt-sources.mjs';
import { run } from './command.mjs';

/**
 * A private state of apt: its own lists, cache and (empty) record of installed packages, so that any user can
 * download a package with everything that it needs, libc included. Proxies and credentials remain the machine's.
 * @typedef {object} Apt
 * @property {string} archives     folder of the downloaded packages
 * @property {(args: readonly string[], show?: boolean) => Promise<import('./command.mjs').Outcome>} get
 * @property {(args: readonly string[]) => Promise<import('./command.mjs').Outcome>} cache
 * @property {() => boolean} isDebian whether the lists that were fetched are Debian's own
 */

/**
 * What the machine's settings add to an update and we have no use for: other indexes, and commands to run after it.
 * The file is read after the machine's own settings.
 */
const SETTINGS = `#clear APT::Update;
#clear DPkg;
#clear APT::Default-Release;
${[
  'DEP-11',
  'DEP-11-icons',
  'DEP-11-icons-small',
  'DEP-11-icons-large',
  'DEP-11-icons-hidpi',
  'DEP-11-icons-large-hidpi',
  'CNF',
  'Contents-deb',
  'Contents-udeb',
  'Contents-deb-legacy',
]
  .map((index) => `#clear Acquire::IndexTargets::deb::${index};`)
  .join('\n')}
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::Assume-Yes "true";
APT::Cmd::Disable-Script-Warning "true";
Debug::NoLocking "1";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
`;

/**
 * @param {string} folder an empty folder, private to this run
 * @param {import('./apt-sources.mjs').AptSource} source
 * @param {string} suite
 * @param {string} architecture as dpkg names it
 * @returns {Apt}
 */
export function privateApt(folder, source, suite, architecture) {
  const lists = join(folder, 'lists');
  const archives = join(folder, 'cache', 'archives');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const file = (/** @type {string} */ name, /** @type {string} */ text) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const settings = file(
    'apt.conf',
    `${SETTINGS}Dir::State::Lists "${lists}";
Dir::State::status "${file('status', '')}";
Dir::State::extended_states "${join(folder, 'extended_states')}";
Dir::Cache "${join(folder, 'cache')}";
Dir::Log "${folder}";
Dir::Etc::SourceList "${file('archive.sources', renderSource(source, suite))}";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Sandbox::User "${userInfo().username}";
`,
  );
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  return {
    archives,
    get: (args, show = false) => run('apt-get', ['-c', settings, ...args], { env, show }),
    cache: (args) => run('apt-cache', ['-c', settings, ...args], { env }),
    isDebian: () =>
      readdirSync(lists)
        .filter((name) => /(In)?Release$/.test(name))
        .some((name) => isDebianRelease(readFileSync(join(lists, name), 'utf8'))),
  };
}

/**
 * The version of a package that an archive offers.
 * @param {Apt} apt
 * @param {string} name
 * @returns {Promise<string | undefined>} undefined: it has none
 */
export async function offeredVersion(apt, name) {
  const { stdout } = await apt.cache(['show', '--no-all-versions', name]);
  return /^Version: (.+)$/m.exec(stdout)?.[1];
}
