import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { arch } from 'node:os';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { load, writeTree } from './kit.js';

type Tool = { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> };
type Toolbox = {
  readonly root: string | null;
  readonly asterisk: (Tool & { readonly version: string; readonly modules: string }) | null;
  readonly espeak: Tool;
  readonly sox: Tool;
  readonly file: string;
};
const { ensureToolbox } = await load<{
  ensureToolbox: (options: {
    cache: string;
    aptFolder: string;
    exchange?: 'embedded' | 'system' | 'external';
    log?: (line: string) => void;
  }) => Promise<Toolbox>;
}>('toolbox.mjs');

const NAME = `toolbox-1-${arch()}`;

/**
 * Stands for the machine's apt, dpkg and Debian's archive: it notes each download, and what it unpacks is a loader
 * that plays the three programs.
 */
const APT_GET = `#!/bin/sh
settings=$2; shift 2
lists=$(sed -n 's/^Dir::State::Lists "\\(.*\\)";/\\1/p' "$settings")
archives=$(sed -n 's/^Dir::Cache "\\(.*\\)";/\\1/p' "$settings")/archives
case "$*" in
  update*) [ -z "$FAKE_UPDATE" ] || { echo "$FAKE_UPDATE" >&2; exit 100; }
    printf 'Origin: %s\\nLabel: Debian\\n' "\${FAKE_ORIGIN:-Debian}" > "$lists/x_InRelease" ;;
  *--print-uris*) echo "'http://archive.example/a.deb' asterisk_1%3a22.10.1-1_amd64.deb 1000 SHA256:00" ;;
  *--download-only*) [ -z "$FAKE_DOWNLOAD" ] || { echo "$FAKE_DOWNLOAD" >&2; exit 100; }
    echo download >> "$FAKE_NOTES"; echo deb > "$archives/asterisk_1%3a22.10.1-1_amd64.deb" ;;
esac
`;
const DPKG_DEB = `#!/bin/sh
root=$3; libraries=$root/usr/lib/x-linux-gnu
mkdir -p "$root/usr/sbin" "$root/usr/bin" "$libraries/asterisk/modules" "$libraries/espeak-ng-data" "$root/usr/share/man"
echo asterisk > "$root/usr/sbin/asterisk"; echo espeak > "$root/usr/bin/espeak-ng"; echo sox > "$root/usr/bin/sox"
cat > "$libraries/ld-linux-x.so.2" <<'LOADER'
#!/bin/sh
program=$4; shift 4
case $program in
  */asterisk) echo "Asterisk \${FAKE_VERSION:-22.10.1}+dfsg" ;;
  */espeak-ng) echo spoken > "$4" ;;
  */sox) for last; do :; done; printf '%0100d' 0 > "$last" ;;
esac
LOADER
chmod +x "$libraries/ld-linux-x.so.2"
`;

/** A machine with a network that behaves as asked, in folders of its own. */
function machine(t: Test, faults: Readonly<Record<string, string>> = {}) {
  const folder = writeTree(t.testdir(), {
    'bin/apt-get': APT_GET,
    'bin/apt-cache': `#!/bin/sh\n[ -z "$FAKE_OFFERED" ] && FAKE_OFFERED=1:22.10.1+dfsg-1\necho "Version: $FAKE_OFFERED"\n`,
    'bin/dpkg': '#!/bin/sh\necho amd64\n',
    'bin/dpkg-deb': DPKG_DEB,
    'apt/sources.list': 'deb http://archive.example/debian bookworm main\n',
    'none/sources.list': 'deb http://archive.example/ubuntu noble main universe\n',
  });
  const notes = join(folder, 'notes');
  const before = { ...process.env };
  Object.assign(process.env, faults, {
    PATH: `${join(folder, 'bin')}${delimiter}${before.PATH}`,
    FAKE_NOTES: notes,
  });
  t.teardown(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    process.env.PATH = before.PATH;
  });
  return {
    cache: join(folder, 'cache'),
    aptFolder: join(folder, 'apt'),
    withoutDebian: join(folder, 'none'),
    downloads: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n').length : 0),
  };
}

t.test('a toolbox is fetched once, tried, and described by the file that the engine reads', async (t) => {
  const { cache, aptFolder, downloads } = machine(t);
  const lines: string[] = [];
  const toolbox = await ensureToolbox({ cache, aptFolder, log: (line) => lines.push(line) });
  const root = join(cache, NAME);
  t.equal(toolbox.root, root);
  t.equal(toolbox.asterisk?.version, '22.10.1');
  t.equal(toolbox.asterisk?.modules, join(root, 'usr/lib/x-linux-gnu/asterisk/modules'));
  t.equal(toolbox.espeak.env['ESPEAK_DATA_PATH'], join(root, 'usr/lib/x-linux-gnu'));
  t.ok(existsSync(toolbox.sox.command[0] ?? ''));
  t.same({ ...JSON.parse(readFileSync(join(root, 'toolbox.json'), 'utf8')), file: toolbox.file }, toolbox);
  const { packages, suite } = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
  t.match(packages, [{ name: 'asterisk', version: '1:22.10.1-1', sha256: /^[0-9a-f]{64}$/ }]);
  t.equal(suite, 'forky');
  t.same(readdirSync(cache), [NAME]);
  t.match(lines[0], /looking into Debian forky/);

  t.same(await ensureToolbox({ cache, aptFolder }), toolbox);
  t.equal(downloads(), 1);
});

t.test('two clones that start at once fetch one toolbox, and both have it', async (t) => {
  const { cache, aptFolder, downloads } = machine(t);
  const lines: string[] = [];
  const start = () => ensureToolbox({ cache, aptFolder, log: (line) => lines.push(line) });
  const [first, second] = await Promise.all([start(), start()]);
  t.same(first, second);
  t.equal(downloads(), 1);
  t.ok(lines.some((line) => line.includes(`process ${process.pid} is fetching it; waiting`)));
  t.same(readdirSync(cache), [NAME]);
});

t.test('a damaged toolbox is fetched again', async (t) => {
  const { cache, aptFolder, downloads } = machine(t);
  await ensureToolbox({ cache, aptFolder });
  rmSync(join(cache, NAME, 'usr/sbin/asterisk'));
  const toolbox = await ensureToolbox({ cache, aptFolder });
  t.equal(toolbox.asterisk?.version, '22.10.1');
  t.ok(existsSync(join(cache, NAME, 'usr/sbin/asterisk')));
  t.equal(downloads(), 2);
  t.same(readdirSync(cache), [NAME]);
});

t.test('what a killed run left behind is swept away', async (t) => {
  const { cache, aptFolder } = machine(t);
  writeTree(cache, { '.toolbox.99999/root/usr/half': 'done' });
  await ensureToolbox({ cache, aptFolder });
  t.same(readdirSync(cache), [NAME]);
});

t.test('a cache that was moved describes itself by its new place', async (t) => {
  const { cache, aptFolder, downloads } = machine(t);
  await ensureToolbox({ cache, aptFolder });
  const moved = `${cache}-moved`;
  cpSync(cache, moved, { recursive: true, verbatimSymlinks: true });
  const toolbox = await ensureToolbox({ cache: moved, aptFolder });
  t.equal(toolbox.root, join(moved, NAME));
  t.ok(toolbox.asterisk?.command[0]?.startsWith(moved));
  t.equal(toolbox.asterisk?.version, '22.10.1');
  t.equal(downloads(), 1);
});

t.test("with another's exchange the machine's own espeak-ng and sox will do", async (t) => {
  const { cache, aptFolder, downloads } = machine(t);
  const programs = writeTree(join(cache, 'programs'), { 'espeak-ng': '#!/bin/sh\n', sox: '#!/bin/sh\n' });
  process.env.PATH = `${programs}${delimiter}${process.env.PATH}`;
  const toolbox = await ensureToolbox({ cache, aptFolder, exchange: 'system' });
  t.same(
    { asterisk: toolbox.asterisk, espeak: toolbox.espeak.command, sox: toolbox.sox.command },
    { asterisk: null, espeak: [join(programs, 'espeak-ng')], sox: [join(programs, 'sox')] },
  );
  t.equal(downloads(), 0);
});

const SENTENCES = [
  {
    name: 'offline, the user is told to connect',
    faults: { FAKE_UPDATE: 'E: Failed to fetch http://archive.example/ Temporary failure resolving' },
    says: /cannot be reached \(E: Failed to fetch .*Connect to the network.*run the same command again/,
  },
  {
    name: 'a network that goes away in mid-download is told in the same way',
    faults: { FAKE_DOWNLOAD: 'E: Failed to fetch http://archive.example/a.deb Connection timed out' },
    says: /could not be downloaded \(E: Failed to fetch .*Connect to the network/,
  },
  {
    name: 'a full disk names the folder, the need and the way out',
    faults: { FAKE_DOWNLOAD: 'E: Write error - write (28: No space left on device)' },
    says: /The disk of the cache folder .*cache is full, and the toolbox needs \d+ MB\. Free some space, or set ONEDOOR_CACHE/,
  },
  {
    name: 'a clock that is wrong is told as such',
    faults: { FAKE_UPDATE: 'E: Release file for http://archive.example/ is expired (invalid since 16d)' },
    says: /clock and the Debian archive do not agree.*Set the clock/,
  },
  {
    name: 'an archive whose Asterisk is too old is told by version',
    faults: { FAKE_OFFERED: '1:20.6.0~dfsg-1' },
    says: /no asterisk 22\.10\.1 or newer \(Debian sid has 1:20\.6\.0~dfsg-1\)\. .*ONEDOOR_EXCHANGE=system/,
  },
  {
    name: 'an archive that only looks like Debian is left alone',
    faults: { FAKE_ORIGIN: 'Raspbian' },
    says: /apt sources name no Debian archive.*ONEDOOR_EXCHANGE=system, or use the container/,
  },
];
for (const { name, faults, says } of SENTENCES)
  t.test(`${name}, and nothing half-done is left`, async (t) => {
    const { cache, aptFolder } = machine(t, faults);
    await t.rejects(ensureToolbox({ cache, aptFolder }), { name: 'SetUpFailure', message: says });
    t.same(readdirSync(cache), []);
  });

t.test('a machine that is no Debian is told what else it can do', async (t) => {
  const { cache, withoutDebian } = machine(t);
  await t.rejects(ensureToolbox({ cache, aptFolder: withoutDebian }), {
    name: 'SetUpFailure',
    message: /apt sources name no Debian archive.*espeak-ng and sox yourself and set ONEDOOR_EXCHANGE=system/,
  });
});

t.test('what was unpacked but does not run is not kept', async (t) => {
  const { cache, aptFolder } = machine(t, { FAKE_VERSION: '21.0.0' });
  await t.rejects(ensureToolbox({ cache, aptFolder }), { message: 'Asterisk 21.0.0 is older than 22.10.1' });
  t.same(readdirSync(cache), []);
});
