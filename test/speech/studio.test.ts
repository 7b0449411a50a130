import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { createLog } from '../../src/base/index.js';
import {
  buildPrompts,
  espeakSynthesiser,
  importRecordings,
  type ImportReport,
  missingPrompts,
} from '../../src/speech/index.js';
import { voiceToolbox } from '../kit/toolbox.js';
import { catalogOf } from './kit.js';

const catalog = catalogOf({
  en: `
  hello:
    say: Hello.
    note: Warmly.
  left: "You have {n, plural, one {# day} other {# days}} left, until {d, date}. Thank you."`,
  ms: '  hello: Selamat datang.\n  left: Tinggal {n, number} hari.',
});
const synthesiser = espeakSynthesiser(voiceToolbox());

interface Sound {
  readonly rate?: number;
  readonly channels?: number;
  readonly ms?: number;
  /** Peak of the tone, of 32,767. */
  readonly loud?: number;
  /** Silence at both ends, milliseconds. */
  readonly silence?: number;
}

/** A tone as a WAV file of 16 bit. */
function wav({ rate = 44_100, channels = 1, ms = 500, loud = 9000, silence = 0 }: Sound = {}): Buffer {
  const [quiet, tone] = [Math.round((silence * rate) / 1000), Math.round((ms * rate) / 1000)];
  const data = Buffer.alloc((2 * quiet + tone) * channels * 2);
  for (let at = 0; at < tone; at++)
    for (let channel = 0; channel < channels; channel++)
      data.writeInt16LE(
        Math.round(loud * Math.sin((2 * Math.PI * 440 * at) / rate)),
        ((quiet + at) * channels + channel) * 2,
      );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

function studio(t: Test): {
  readonly prompts: string;
  readonly folder: string;
  readonly deliver: (name: string, bytes: Buffer | string) => string;
  readonly take: (source?: string) => Promise<ImportReport>;
} {
  const root = t.testdir({ prompts: {}, studio: {} });
  const [prompts, folder] = [join(root, 'prompts'), join(root, 'studio')];
  return {
    prompts,
    folder,
    deliver: (name, bytes) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      return path;
    },
    take: (source = folder) => importRecordings({ catalog, prompts, source, synthesiser }),
  };
}

const refused = ({ findings }: ImportReport) =>
  findings.map(({ file, code, what }) => `${file} ${code} ${what}`);

t.test('the script says what to read, in which sentence, and how it ends', async (t) => {
  const { prompts } = studio(t);
  const script = await missingPrompts(catalog, prompts);
  const of = (language: string, name: string) =>
    script.find((piece) => piece.language === language && piece.name === name);
  t.match(of('en', 'hello'), {
    recording: 'en_hello.wav',
    words: 'Hello.',
    context: null,
    ends: true,
    note: 'Warmly.',
  });
  t.match(of('en', 'left.2.one'), { context: 'You have [n] «day left, until» [d] Thank you.', ends: false });
  t.match(of('en', 'left.3'), { context: 'You have [n] day left, until [d] «Thank you.»', ends: true });
  t.match(of('en', 'say/number-20'), { words: 'twenty', context: null, recording: 'en_say_number-20.wav' });
  t.match(of('en', 'say/month-2'), { context: 'the first of «February» twenty twenty eight', ends: false });
  t.match(of('ms', 'say/word-juta'), { context: 'dua «juta»' });
  t.equal(
    new Set(script.map(({ recording }) => recording)).size,
    script.length,
    'no two files have one name',
  );
});

t.test('a studio names its files as the script does, or lays them as in prompts', async (t) => {
  const { prompts, deliver, take } = studio(t);
  deliver('en_hello.wav', wav());
  deliver('day two/ms_hello.WAV', wav({ rate: 48_000, channels: 2 }));
  deliver('en/say/number-20.wav', wav({ rate: 8000 }));
  deliver('invoice.pdf', 'not for the telephone');
  const report = await take();
  t.same(refused(report), []);
  t.same(report.imported.map(({ path, from }) => `${path} ${from}`).sort(), [
    'en/hello.wav en_hello.wav',
    'en/say/number-20.wav en/say/number-20.wav',
    'ms/hello.wav day two/ms_hello.WAV',
  ]);
  const taken = readFileSync(join(prompts, 'ms/hello.wav'));
  t.same(
    [taken.toString('latin1', 0, 4), taken.readUInt16LE(22), taken.readUInt32LE(24), taken.readUInt16LE(34)],
    ['RIFF', 1, 8000, 16],
    'telephone sound: mono, 8 kHz, 16 bit',
  );
  t.notOk(readdirSync(prompts, { recursive: true }).some((name) => String(name).endsWith('.tmp')));
  const names = (await missingPrompts(catalog, prompts)).map(({ language, name }) => `${language}/${name}`);
  t.notOk(names.includes('en/hello') || names.includes('ms/hello') || names.includes('en/say/number-20'));
});

t.test('silence is cut and loudness levelled, so that pieces of several days fit together', async (t) => {
  const { prompts, deliver, take } = studio(t);
  deliver('en_hello.wav', wav({ loud: 300, silence: 1500 }));
  deliver('ms_hello.wav', wav({ loud: 30_000 }));
  const { imported } = await take();
  for (const { ms, path } of imported) t.ok(ms >= 500 && ms <= 650, `${path} lasts ${ms} ms`);
  const peak = (path: string) => {
    const bytes = readFileSync(join(prompts, path)).subarray(44);
    return Math.max(...new Int16Array(Uint8Array.from(bytes).buffer).map(Math.abs));
  };
  const [quiet, loud] = [peak('en/hello.wav'), peak('ms/hello.wav')];
  t.ok(Math.abs(quiet - loud) / loud < 0.1, `${quiet} and ${loud}`);
});

t.test('a CSV says which file is which piece', async (t) => {
  const { deliver, take } = studio(t);
  deliver('takes/17.wav', wav());
  deliver('18.wav', wav());
  const csv = deliver(
    'script.csv',
    [
      'file,recording,words',
      'prompts/en/hello.wav,takes/17.wav,Hello.',
      'prompts/ms/hello.wav,18.wav,Selamat datang.',
      'prompts/en/left.1.wav,,not recorded yet',
      'prompts/en/helo.wav,18.wav,a slip',
      'prompts/en/left.3.wav,19.wav,lost',
      'prompts/en/say/number-3.wav,../../hidden.wav,outside',
      'prompts/en/hello.wav,18.wav,twice',
    ].join('\n'),
  );
  const report = await take(csv);
  t.same(
    report.imported.map(({ path, from }) => `${path} ${from}`),
    ['en/hello.wav takes/17.wav', 'ms/hello.wav 18.wav'],
  );
  t.same(refused(report).sort(), [
    '../../hidden.wav recording/refused This file is not taken: it lies outside the folder of the CSV.',
    '18.wav recording/refused This file is not taken: "takes/17.wav" is a recording of the same piece.',
    '18.wav recording/refused This file is not taken: no text has the piece "prompts/en/helo.wav".',
    '19.wav recording/refused This file is not taken: it is not there.',
  ]);
  const other = await take(deliver('other.csv', 'piece,wav\na,b\n'));
  t.match(refused(other), [/^other\.csv .* it has no column file and recording/]);
  const broken = await take(deliver('broken.csv', 'file,recording\n"a,b\n'));
  t.match(broken.findings, [{ code: 'csv/quote', line: 2 }]);
});

t.test('what is no WAV file, or lasts a day, is refused by its name, and the others are taken', async (t) => {
  const { deliver, folder, take } = studio(t);
  deliver('en_hello.wav', wav());
  deliver('en_say_number-8.wav', 'ID3 an MP3 with another name');
  deliver('en_left.2.one.mp3', 'ID3');
  deliver('en_left.3.wav', wav({ loud: 0 }));
  deliver('en_say_number-1.wav', wav({ ms: 0 }));
  deliver('en_say_number-2.wav', wav({ rate: 4000 }));
  const compressed = wav();
  compressed.writeUInt16LE(85, 20);
  deliver('en_say_number-3.wav', compressed);
  // Eleven minutes of one byte a sample.
  const long = Buffer.concat([wav({ rate: 8000, ms: 0 }), Buffer.alloc(660 * 8000)]);
  long.writeUInt32LE(8000, 28);
  long.writeUInt32LE(660 * 8000, 40);
  deliver('en_say_number-4.wav', long);
  // A day at 16 bit: sparse, so that it costs no disk.
  truncateSync(deliver('en_say_number-5.wav', wav()), 86_400 * 16_000);
  symlinkSync('/dev/zero', join(folder, 'en_say_number-6.wav'));
  deliver('en_goodbye.wav', wav());
  mkdirSync(join(folder, 'en_say_number-7.wav'));
  const began = process.memoryUsage().rss;
  const report = await take();
  t.ok(process.memoryUsage().rss - began < 300_000_000, 'a file of a day is not read');
  t.same(
    report.imported.map(({ from }) => from),
    ['en_hello.wav'],
  );
  t.match(refused(report).sort(), [
    /^en_goodbye\.wav .*no piece has this name/,
    /^en_left\.2\.one\.mp3 .*it is no WAV file/,
    /^en_left\.3\.wav .*nothing but silence/,
    /^en_say_number-1\.wav .*it is empty/,
    /^en_say_number-2\.wav .*4000 samples a second/,
    /^en_say_number-3\.wav .*compressed \(format 85\)/,
    /^en_say_number-4\.wav .*longer than 10 minutes/,
    /^en_say_number-5\.wav .*longer than 50 MB/,
    /^en_say_number-6\.wav .*it is no file/,
    /^en_say_number-7\.wav .*it is no file/,
    /^en_say_number-8\.wav .*it has no WAV header/,
  ]);
});

t.test('a better take replaces the recording, and callers hear it', async (t) => {
  const { prompts, deliver, take, folder } = studio(t);
  const build = () =>
    buildPrompts({
      catalog: catalogOf({ en: '  hello: Hello.' }),
      prompts,
      media: join(folder, '../media'),
      cache: join(folder, '../cache'),
      voice: voiceToolbox(),
      log: createLog('silent'),
    });
  const pathOf = ({ index }: Awaited<ReturnType<typeof build>>) =>
    index(catalog.allPieces('en').find(({ name }) => name === 'hello')!);
  const synthetic = pathOf(await build());
  deliver('en_hello.wav', wav());
  t.same(
    (await take()).imported.map(({ replaced }) => replaced),
    [false],
  );
  const first = await build();
  t.equal(first.recorded, 1);
  deliver('en_hello.wav', wav({ ms: 700 }));
  t.same(
    (await take()).imported.map(({ replaced }) => replaced),
    [true],
  );
  const second = await build();
  t.equal(new Set([synthetic, pathOf(first), pathOf(second)]).size, 3);
  const ms = second.durations.get(pathOf(second)!)!;
  t.ok(ms > 690 && ms < 850, `${ms} ms`);
});
