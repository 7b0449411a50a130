import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { offeredVersion, privateApt } from './apt.mjs';
import { debianArchives, readAptSources } from './apt-sources.mjs';
import { run } from './command.mjs';
import { diskFull, lastWords, saysDiskFull, SetUpFailure } from './failure.mjs';
import { isAtLeast } from './version.mjs';

/** @typedef {import('./apt.mjs').Apt} Apt */
/** @typedef {(line: string) => void} Log */

/**
 * What to take from Debian's archive.
 * @typedef {object} Wanted
 * @property {string} label               begins each line of progress
 * @property {readonly string[]} packages
 * @property {readonly string[]} suites   to look into, in this order
 * @property {string} [least]             the least version of the first package; any if left out
 * @property {string} otherwise           a sentence: what the user can do when Debian does not help
 * @property {string} [aptFolder]         where the machine's apt has its settings; /etc/apt if left out
 */

/**
 * Finds the archive and the suite that have what is wanted.
 * @param {string} scratch an empty folder
 * @param {Wanted} wanted
 * @param {Log} log
 * @returns {Promise<{ apt: Apt, suite: string }>}
 * @throws {SetUpFailure} offline; not a Debian; too old
 */
export async function findArchive(scratch, { label, packages, suites, least, otherwise, aptFolder }, log) {
  const archives = debianArchives(readAptSources(aptFolder));
  const architecture = (await run('dpkg', ['--print-architecture'])).stdout.trim();
  const [first = ''] = packages;
  const sought = least === undefined ? first : `${first} ${least} or newer`;
  let unreachable = '';
  let tooOld = '';
  for (const [index, source] of architecture === '' ? [] : archives.entries()) {
    for (const suite of suites) {
      log(`${label}: looking into Debian ${suite} for ${sought}`);
      const folder = join(scratch, `apt-${index}-${suite}`);
      mkdirSync(folder, { mode: 0o700 });
      const apt = privateApt(folder, source, suite, architecture);
      const update = await apt.get(['update', '--error-on=any']);
      if (saysDiskFull(update.output)) throw diskFull();
      if (update.code !== 0) {
        unreachable = lastWords(update.output);
        continue;
      }
      if (!apt.isDebian()) break;
      const version = await offeredVersion(apt, first);
      if (version !== undefined && (least === undefined || isAtLeast(version, least))) return { apt, suite };
      if (version !== undefined) tooOld = `Debian ${suite} has ${version}`;
    }
  }
  if (/is expired|is not valid yet/.test(unreachable))
    throw new SetUpFailure(
      `This machine's clock and the Debian archive do not agree (${unreachable}). ` +
        'Set the clock, or name an up-to-date mirror in the apt sources, and run the same command again.',
    );
  if (unreachable !== '')
    throw new SetUpFailure(
      `The Debian archive that this machine's apt sources name cannot be reached (${unreachable}). ` +
        'Connect to the network, or see what "apt-get update" says, and run the same command again.',
    );
  if (tooOld !== '')
    throw new SetUpFailure(`This machine's Debian archive has no ${sought} (${tooOld}). ${otherwise}`);
  throw new SetUpFailure(`This machine's apt sources name no Debian archive with ${sought}. ${otherwise}`);
}

/**
 * Downloads packages with everything that they need. apt checks each against the archive's signature.
 * @param {Apt} apt
 * @param {Pick<Wanted, 'label' | 'packages'>} wanted
 * @param {Log} log
 * @throws {SetUpFailure} offline
 */
export async function download(apt, { label, packages }, log) {
  const plan = await apt.get(['install', '--print-uris', ...packages]);
  const sizes = [...plan.stdout.matchAll(/^'.+' (\S+\.deb) (\d+) /gm)].map(([, , size]) => Number(size));
  if (plan.code !== 0 || sizes.length === 0)
    throw new Error(`apt-get cannot put ${packages.join(', ')} together: ${lastWords(plan.output)}`);
  const megabytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  log(`${label}: downloading ${sizes.length} packages, ${megabytes} MB`);
  const progress = setInterval(() => {
    const there = readdirSync(apt.archives).filter((name) => name.endsWith('.deb')).length;
    log(`${label}: ${there} of ${sizes.length} packages are here`);
  }, 5_000);
  const fetched = await apt.get(['install', '--download-only', ...packages]);
  clearInterval(progress);
  if (saysDiskFull(fetched.output)) throw diskFull();
  if (fetched.code !== 0)
    throw new SetUpFailure(
      `Debian's packages could not be downloaded (${lastWords(fetched.output)}). ` +
        'Connect to the network and run the same command again.',
    );
}
