import t from 'tap';
import { load, writeTree } from './kit.js';

type Source = {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly options: Readonly<Record<string, string>>;
};
const { parseDeb822, parseOneLine, readAptSources, debianArchives, renderSource, isDebianRelease } =
  await load<{
    parseDeb822: (text: string) => Source[];
    parseOneLine: (text: string) => Source[];
    readAptSources: (folder: string) => Source[];
    debianArchives: (sources: readonly Source[]) => Source[];
    renderSource: (source: Source, suite: string) => string;
    isDebianRelease: (text: string) => boolean;
  }>('apt-sources.mjs');

const DEBIAN = `Types: deb
# A remark within a paragraph.
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

t.test('a sources file in paragraphs is read, remarks left out', async (t) => {
  const [archive, security] = parseDeb822(DEBIAN);
  t.same(archive, {
    types: ['deb'],
    uris: ['http://archive.example/debian'],
    suites: ['bookworm', 'bookworm-updates'],
    components: ['main'],
    options: { 'signed-by': '/usr/share/keyrings/debian-archive-keyring.gpg' },
  });
  t.same(security?.suites, ['bookworm-security']);
});

t.test('an entry that is switched off does not count', async (t) => {
  t.same(parseDeb822(`Enabled: no\n${DEBIAN}`).length, 1);
});

t.test('a key within the sources file keeps its lines', async (t) => {
  const text =
    'Types: deb\nURIs: http://a.example/debian\nSuites: sid\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----\n';
  const [source] = parseDeb822(text);
  t.equal(debianArchives([source!]).length, 1);
  t.match(
    renderSource(source!, 'forky'),
    'Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----\n',
  );
});

t.test('one-line entries are read with their options', async (t) => {
  const text = `# deb http://off.example/debian bookworm main
deb [ arch=amd64,arm64 signed-by=/k/debian-archive-keyring.gpg ] http://archive.example/debian bookworm main contrib # why
deb-src http://archive.example/debian bookworm main
deb http://plain.example/debian/ trixie main`;
  const sources = parseOneLine(text);
  t.equal(sources.length, 3);
  t.same(sources[0]?.options, { arch: 'amd64 arm64', 'signed-by': '/k/debian-archive-keyring.gpg' });
  t.same(sources[0]?.components, ['main', 'contrib']);
  t.same(sources[2]?.suites, ['trixie']);
});

t.test(
  "of a machine's sources only Debian's main archive is taken, the one with Debian's key first",
  async (t) => {
    const apt = writeTree(t.testdir(), {
      'sources.list': 'deb http://mirror.example/debian bookworm main\n',
      'sources.list.d/debian.sources': DEBIAN,
      'sources.list.d/cloud.list':
        'deb [signed-by=/k/cloud.gpg] https://packages.cloud.example/apt bookworm main\n',
      'sources.list.d/node.sources':
        'Types: deb\nURIs: https://deb.node.example/node_20.x\nSuites: nodistro\nComponents: main\nSigned-By: /k/node.gpg\n',
      'sources.list.d/backports.list': 'deb http://mirror.example/debian bookworm-backports main\n',
      'sources.list.d/old.list.save': 'deb http://saved.example/debian bookworm main\n',
    });
    t.same(
      debianArchives(readAptSources(apt)).map(({ uris }) => uris[0]),
      ['http://archive.example/debian', 'http://mirror.example/debian'],
    );
  },
);

t.test('a machine without apt has no sources', async (t) => {
  t.same(readAptSources(`${t.testdir()}/none`), []);
});

t.test(
  'a private sources file names the suite that is looked into, and nothing of the machine but archive and key',
  async (t) => {
    const [source] = parseOneLine(
      'deb [arch=amd64 signed-by=/k/debian-archive-keyring.gpg] http://a.example/debian bookworm main contrib',
    );
    t.equal(
      renderSource(source!, 'forky'),
      'Types: deb\nURIs: http://a.example/debian\nSuites: forky\nComponents: main\nSigned-By: /k/debian-archive-keyring.gpg\n',
    );
  },
);

t.test('an archive that uses the suite names of Debian is told by what it says of itself', async (t) => {
  t.ok(isDebianRelease('-----BEGIN\n\nOrigin: Debian\nLabel: Debian\nSuite: unstable\n'));
  t.notOk(isDebianRelease('Origin: Raspbian\nLabel: Raspbian\n'));
  t.notOk(isDebianRelease('Origin: Debian\nLabel: Debian-Security\n'));
});
