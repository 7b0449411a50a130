/** Dockerfile and compose.yaml, as far as they can be judged without Docker; `npm run check:container` goes further. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import t from 'tap';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../src/cli/index.js';
import { settingsTable } from '../../src/cli/settings.js';
import { load } from '../scripts/kit.js';
import { project } from './kit.js';

interface Stage {
  readonly name: string;
  readonly image: string;
  readonly steps: readonly {
    readonly keyword: string;
    readonly words: readonly string[];
    readonly flags: Readonly<Record<string, string>>;
    readonly text: string;
  }[];
}
const { stagesOf, execForm, admitted } = await load<{
  readonly stagesOf: (dockerfile: string) => readonly Stage[];
  readonly execForm: (text: string) => readonly string[] | undefined;
  readonly admitted: (dockerignore: string) => readonly string[];
}>('dockerfile.mjs');

const read = (path: string): string => readFileSync(join(project, path), 'utf8');
const stages = stagesOf(read('Dockerfile'));
const last = stages.at(-1)?.steps ?? [];
const only = (keyword: string): string =>
  last
    .filter((step) => step.keyword === keyword)
    .map(({ text }) => text)
    .join();

t.test('the Dockerfile has no fault that its linter knows', async (t) => {
  t.same(
    validate(read('Dockerfile')).map(
      ({ range, message }) =>
        `${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
    ),
    [],
  );
});

t.test('the container is small, its user ordinary, its signals heard', async (t) => {
  t.equal(stages.length, 2);
  for (const { image } of stages) t.equal(image, 'node:20-bookworm-slim');
  t.notMatch(last.map(({ text }) => text).join('\n'), /apt-get|g\+\+/, 'no compilers in what is shipped');
  t.equal(only('USER'), 'node');
  const user = last.findIndex(({ keyword }) => keyword === 'USER');
  t.same(
    last.slice(user).filter(({ keyword }) => ['RUN', 'COPY'].includes(keyword)),
    [],
    'what is shipped is not the user’s',
  );
  t.equal(only('STOPSIGNAL'), 'SIGTERM');
  for (const text of [only('CMD'), only('HEALTHCHECK').replace('CMD ', '')]) {
    const [program, script = ''] = execForm(text) ?? [];
    t.equal(program, 'node', 'exec form: no shell stands between');
    t.ok(existsSync(join(project, script)), script);
  }
});

t.test('all that is copied is there, and let in', async (t) => {
  const names = admitted(read('.dockerignore'));
  for (const name of names) t.ok(existsSync(join(project, name)), name);
  for (const secret of ['state', '.git', 'node_modules', 'dist']) t.notOk(names.includes(secret), secret);
  for (const { keyword, words, flags } of stages.flatMap(({ steps }) => steps)) {
    if (keyword !== 'COPY' || flags['from'] !== undefined) continue;
    for (const word of words.slice(0, -1)) {
      t.ok(existsSync(join(project, word)), word);
      t.ok(names.includes(word.split('/')[0] ?? ''), `${word} is let in by .dockerignore`);
    }
  }
});

const variable = z.record(z.string().regex(/^ONEDOOR_[A-Z]+$/), z.string());
const compose = z.strictObject({
  services: z.strictObject({
    hotline: z.strictObject({
      build: z.literal('.'),
      image: z.string(),
      init: z.literal(true),
      restart: z.literal('unless-stopped'),
      stop_grace_period: z.string().regex(/^\d+s$/),
      network_mode: z.literal('host').optional(),
      ports: z.array(z.string().regex(/^(\d+(?:-\d+)?):\1\/udp$/)).optional(),
      environment: variable,
      volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w/-]+(:ro)?$/)),
      read_only: z.literal(true),
      tmpfs: z.tuple([z.literal('/tmp')]),
      cap_drop: z.tuple([z.literal('ALL')]),
      security_opt: z.tuple([z.literal('no-new-privileges:true')]),
      ulimits: z.strictObject({ nofile: z.int().min(4096) }),
      logging: z.strictObject({
        driver: z.literal('json-file'),
        options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
      }),
    }),
  }),
  volumes: z.strictObject({ state: z.null() }),
});

/** The value of a variable that nobody has set. */
const otherwise = (text: string): string => text.replace(/^\$\{\w+:-(.*)\}$/, '$1');

t.test('compose.yaml says what the engine understands', async (t) => {
  const { hotline } = compose.parse(parse(read('compose.yaml'))).services;
  const known = new Set<string>(settingsTable.map(([name]) => name));
  for (const name of Object.keys(hotline.environment)) t.ok(known.has(name), name);
  const env = Object.fromEntries(
    Object.entries(hotline.environment).map(([name, text]) => [name, otherwise(text)]),
  );
  t.equal(readSettings(env, { project, workingFolder: project, home: project }).result, 'read');
  t.ok(hotline.volumes.includes(`state:${only('VOLUME')}`), 'the volume is the one of the Dockerfile');
  t.ok(Number.parseInt(hotline.stop_grace_period, 10) >= 60, 'a stop has time for its drain of 30 s');
  t.equal(hotline.network_mode, 'host');
});

t.test('the variant with published ports is sound too', async (t) => {
  const text = read('compose.yaml')
    .replace(/^ *network_mode:.*\n/m, '')
    .replace(/^( *)# (ports:| {2}- "|ONEDOOR_SITE:|- \.\/site)/gm, '$1$2');
  const { hotline } = compose.parse(parse(text)).services;
  t.same(hotline.ports, ['5060:5060/udp', '20000-20199:20000-20199/udp']);
  t.match(text, /ONEDOOR_SIP=0\.0\.0\.0:5060 and ONEDOOR_RTP=20000-20199/);
  const site = hotline.environment['ONEDOOR_SITE'];
  t.ok(
    hotline.volumes.some((volume) => volume.includes(`:${site}:`)),
    'the site’s folder is mounted',
  );
});
