import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createLog, OnedoorError } from '../../src/base/index.js';
import {
  buildPrompts,
  type BuildOptions,
  type BuildReport,
  cachedUlaw,
  missingPrompts,
  type Pcm,
  type Synthesiser,
  type TextCatalog,
} from '../../src/speech/index.js';
import { voiceToolbox } from '../kit/toolbox.js';
import { catalogOf } from './kit.js';

const log = createLog('silent');
const catalog = catalogOf({
  en: '  hello: Hello.\n  left: "{n, plural, one {# day} other {# days}} left"\n  again: Hello.',
  ar: '  hello: مرحبا.\n  left: أيام\n  again: مرحبا بكم.',
});

/** A synthesiser that says how often it was asked; a letter lasts 10 ms. */
function fakeVoice(spoken: string[] = [], recipe = 'fake 1'): Synthesiser {
  const tone = (length: number): Pcm => Int16Array.from({ length: length * 80 }, (_, at) => (at % 9) * 1000);
  return {
    recipe,
    speak: async (words) => {
      spoken.push(words);
      return tone(words.length);
    },
    convert: async (wav) => {
      spoken.push('a recording');
      return tone(wav.length);
    },
  };
}

function wav(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1').toString();
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(36 + samples * 2, 4);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16000, 24);
  header.writeUInt32LE(32000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples * 2, 40);
  const data = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at++) data.writeInt16LE(Math.round(9000 * Math.sin(at / 5)), at * 2);
  return Buffer.concat([header, data]);
}

type Build = (changes?: Partial<BuildOptions>) => Promise<BuildReport>;

function builder(
  t: Test,
  voice: Synthesiser | null,
): { build: Build; folder: string; record: (name: string, bytes: Buffer) => void } {
  const folder = t.testdir({ prompts: {} });
  const options = {
    catalog,
    prompts: join(folder, 'prompts'),
    media: join(folder, 'media'),
    cache: join(folder, 'cache'),
    voice,
    log,
  };
  const record = (name: string, bytes: Buffer): void => {
    const path = join(folder, 'prompts', `${name}.wav`);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
  };
  return { build: (changes = {}) => buildPrompts({ ...options, ...changes }), folder, record };
}

const pathOf = (report: BuildReport, language: string, name: string, from: TextCatalog = catalog) =>
  report.index(from.allPieces(language).find((piece) => piece.name === name)!);

t.test('the first build makes each sound once, the second makes none', async (t) => {
  const spoken: string[] = [];
  const { build, folder } = builder(t, fakeVoice(spoken));
  const steps: number[] = [];
  const first = await build({ progress: (made, toMake) => steps.push(toMake - made) });
  t.ok(first.built > 0);
  t.equal(first.reused, 0);
  t.same(first.missing, []);
  t.equal(
    spoken.filter((words) => words === 'Hello.').length,
    1,
    'two texts with the same words share a sound',
  );
  t.equal(steps.at(-1), 0, 'a person who waits sees how far it is');
  t.equal(steps.length, spoken.length);

  const path = pathOf(first, 'en', 'hello')!;
  for (const codec of ['alaw', 'ulaw'])
    t.equal(statSync(join(folder, 'media', `${path}.${codec}`)).size, 480);
  t.equal(first.durations.get(path), 60);
  t.notOk(
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.tmp')),
    'nothing half-done is left',
  );

  const asked = spoken.length;
  const second = await build();
  t.equal(spoken.length, asked);
  t.equal(second.built, 0);
  t.equal(second.reused, first.built);
  t.equal(pathOf(second, 'en', 'hello'), path);
  t.same(new Map(second.durations), new Map(first.durations));
});

t.test('another state takes its sounds from the shared cache', async (t) => {
  const spoken: string[] = [];
  const { build, folder } = builder(t, fakeVoice(spoken));
  const first = await build();
  const asked = spoken.length;
  const other = await build({ media: join(folder, 'other') });
  t.equal(spoken.length, asked);
  t.ok(statSync(join(folder, 'other', `${pathOf(other, 'ar', 'hello')}.ulaw`)).size > 0);
  rmSync(join(folder, 'media'), { recursive: true });
  await build();
  t.ok(
    statSync(join(folder, 'media', `${pathOf(first, 'ar', 'hello')}.alaw`)).size > 0,
    'and makes good what is lost',
  );
});

t.test('a sound of nothing is placed anew, and what lies there already is left alone', async (t) => {
  const { build, folder } = builder(t, fakeVoice());
  const path = pathOf(await build(), 'en', 'hello')!;
  const [alaw, ulaw] = ['alaw', 'ulaw'].map((codec) => join(folder, 'media', `${path}.${codec}`));
  rmSync(alaw!);
  writeFileSync(alaw!, '');
  const before = statSync(ulaw!);
  await build();
  t.equal(statSync(alaw!).size, 480);
  t.same(statSync(ulaw!), before);
});

t.test('who plays nothing reads the sounds from the cache, and no folder is made', async (t) => {
  const { build, folder } = builder(t, fakeVoice());
  const path = pathOf(await build({ media: null }), 'en', 'hello')!;
  t.equal((await cachedUlaw(join(folder, 'cache'), path)).length, 480);
  t.notOk(existsSync(join(folder, 'media')));
});

t.test('only what changed is made anew', async (t) => {
  const spoken: string[] = [];
  const { build } = builder(t, fakeVoice(spoken));
  await build();
  spoken.length = 0;
  const changed = catalogOf({
    en: '  hello: Good morning.\n  left: "{n, plural, one {# day} other {# days}} left"',
    ar: '  hello: مرحبا.\n  left: أيام',
  });
  await build({ catalog: changed });
  t.same(spoken, ['Good morning.']);
  await build({ voice: fakeVoice(spoken, 'fake 2') });
  t.ok(spoken.length > 30, 'another recipe sounds different throughout');
});

t.test('a recording overrides the synthetic voice, and a new recording the old one', async (t) => {
  const { build, record } = builder(t, fakeVoice());
  const synthetic = await build();
  record('en/hello', wav(100));
  record('en/say/digit-7', wav(50));
  const recorded = await build();
  t.equal(recorded.recorded, 2);
  t.equal(recorded.built, 2);
  const path = pathOf(recorded, 'en', 'hello');
  t.not(path, pathOf(synthetic, 'en', 'hello'));
  t.equal(pathOf(recorded, 'en', 'again'), pathOf(synthetic, 'en', 'again'), 'by name, not by words');
  t.equal((await build()).built, 0);
  record('en/hello', wav(120));
  t.not(pathOf(await build(), 'en', 'hello'), path);
});

t.test('a recording that is none is a finding, and the synthetic voice speaks', async (t) => {
  const { build, record } = builder(t, fakeVoice());
  const synthetic = await build();
  record('en/hello', Buffer.from('an MP3, say'));
  record('ar/hello', wav(0));
  record('ar/helo', wav(10));
  const report = await build();
  t.same(report.findings.map(({ file, line, col, code }) => `${file}:${line}:${col} ${code}`).sort(), [
    'prompts/ar/hello.wav:1:1 recording/no-wav',
    'prompts/ar/helo.wav:1:1 recording/unused',
    'prompts/en/hello.wav:1:1 recording/no-wav',
  ]);
  t.equal(pathOf(report, 'en', 'hello'), pathOf(synthetic, 'en', 'hello'));
  t.same(report.missing, []);
});

t.test('a piece that cannot be made is missing, all others are there', async (t) => {
  const voice = fakeVoice();
  const failing: Synthesiser = {
    ...voice,
    speak: async (words, settings, last) => {
      if (words === 'seven')
        throw new OnedoorError('ONEDOOR_SPEECH_PROGRAM', { program: 'espeak-ng', why: 'it broke' });
      return words === 'eight' ? new Int16Array(0) : voice.speak(words, settings, last);
    },
  };
  const { build } = builder(t, failing);
  const report = await build();
  t.same([...new Set(report.missing.map(({ words }) => words))].sort(), ['eight', 'seven']);
  t.equal(pathOf(report, 'en', 'say/digit-7'), null);
  t.ok(pathOf(report, 'en', 'say/digit-6'));
  t.equal((await build({ voice })).built, report.missing.length, 'the next build makes them');
});

t.test('without a synthesiser, what the cache holds is used and the rest is missing', async (t) => {
  const { build } = builder(t, null);
  const report = await build();
  t.equal(report.built + report.reused, 0);
  t.equal(
    report.missing.length,
    ['en', 'ar'].flatMap((one) => catalog.allPieces(one)).filter((piece) => !piece.pauseMs).length,
  );
});

t.test('a cache that cannot be written is an error with its place', async (t) => {
  const { build, folder } = builder(t, fakeVoice());
  writeFileSync(join(folder, 'cache'), 'a file where a folder should be');
  await t.rejects(build(), { code: 'ONEDOOR_SPEECH_MEDIA' });
});

t.test('what a person should record is listed with its words', async (t) => {
  const { folder, record } = builder(t, null);
  record('en/hello', wav(10));
  const list = await missingPrompts(catalog, join(folder, 'prompts'));
  const names = list.map(({ language, name }) => `${language}/${name}`);
  t.notOk(names.includes('en/hello'));
  t.ok(names.includes('ar/hello') && names.includes('en/left.2.one') && names.includes('en/say/number-20'));
  t.notOk(names.some((name) => name.includes('pause')));
});

t.test('espeak-ng and sox speak and convert', async (t) => {
  const small = catalogOf({
    en: '  hello: Hello there.',
    ar: '  hello: مَرْحَبًا بِكُمْ.',
    ms: '  hello: Selamat datang.',
  });
  const { build, folder, record } = builder(t, null);
  record('en/hello', wav(16000));
  const report = await build({ catalog: small, voice: voiceToolbox() });
  t.same(report.missing, []);
  t.same(report.findings, []);
  const recording = report.durations.get(pathOf(report, 'en', 'hello', small)!)!;
  t.ok(recording > 950 && recording < 1150, `a recording of a second at 16 kHz: ${recording} ms`);
  t.ok(report.durations.get(pathOf(report, 'ms', 'hello', small)!)! > 500, 'Malay has a voice');
  const spoken = pathOf(report, 'ar', 'hello', small)!;
  const ms = report.durations.get(spoken)!;
  t.ok(ms > 500 && ms < 3000, `three words in Arabic: ${ms} ms`);
  t.equal(
    statSync(join(folder, 'media', `${spoken}.alaw`)).size,
    statSync(join(folder, 'media', `${spoken}.ulaw`)).size,
  );
  record('en/hello', Buffer.concat([wav(0).subarray(0, 40), Buffer.from([4, 0, 0, 0, 1, 2, 3, 4])]));
  const broken = await build({ catalog: small, voice: voiceToolbox() });
  t.same(broken.missing, []);
});
