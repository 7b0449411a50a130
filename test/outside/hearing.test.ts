import t from 'tap';
import { createRandom } from '../../src/base/index.js';
import { recognise } from '../../src/outside/hearing.js';
import { makeDictionary, type Sample } from '../../src/outside/template.js';
import { type Pcm, decodeUlaw, espeakSynthesiser } from '../../src/speech/index.js';
import { encodeUlaw } from '../../src/speech/sound.js';
import { voiceToolbox } from '../kit/toolbox.js';

const words = {
  en: [
    'Welcome to the municipality. For Arabic, press 1. For English, press 2.',
    'For the status of an application, press 1. For parking violations, press 2. For an agent, press 0.',
    'For the status of an application, press 1. For parking permits, press 2. For an agent, press 0.',
    'Please enter your reference number, followed by the hash key.',
    'Please enter your plate number, followed by the hash key.',
    'The request number',
    'has been approved since',
    'is being worked on since',
    'one',
    'two',
    'three',
    'six',
    'sixteen',
    'sixty',
    'March',
    'Sorry, I did not understand.',
  ],
  ar: [
    'أَهْلًا بِكُمْ فِي الْبَلَدِيَّةِ. لِلُّغَةِ الْعَرَبِيَّةِ اضْغَطِ الرَّقْمَ وَاحِد.',
    'لِمَعْرِفَةِ حَالَةِ الطَّلَبِ اضْغَطِ الرَّقْمَ وَاحِد. لِمُخَالَفَاتِ الْمَوَاقِفِ اضْغَطِ الرَّقْمَ اثْنَيْن.',
    'مِنْ فَضْلِكَ أَدْخِلْ رَقْمَ الطَّلَبِ ثُمَّ مُرَبَّع.',
    'مِنْ فَضْلِكَ أَدْخِلْ رَقْمَ اللَّوْحَةِ ثُمَّ مُرَبَّع.',
    'الطَّلَبُ رَقْم',
    'تَمَّتِ الْمُوَافَقَةُ عَلَيْهِ',
    'وَاحِد',
    'اثْنَان',
    'ثَلَاثَة',
    'سِتَّة',
  ],
} as const;

/** What comes out of a telephone line. */
const overTheLine = (pcm: Pcm): Pcm => decodeUlaw(encodeUlaw(pcm));
const silence = (ms: number): Pcm => new Int16Array(ms * 8);

function join(...parts: readonly Pcm[]): Pcm {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const tone = (ms: number, hertz: number): Pcm =>
  Int16Array.from({ length: ms * 8 }, (_, i) => 6000 * Math.sin((2 * Math.PI * hertz * i) / 8000));

async function speakAll(): Promise<Map<string, Pcm>> {
  const synthesiser = espeakSynthesiser(voiceToolbox());
  const spoken = new Map<string, Pcm>();
  for (const [language, texts] of Object.entries(words)) {
    const voice = { name: language, rate: 150, pitch: 50 };
    const all = await Promise.all(texts.map((text) => synthesiser.speak(text, voice, text.includes('.'))));
    for (const [i, pcm] of all.entries()) spoken.set(`${language}/${i}`, pcm);
  }
  return spoken;
}

const spoken = await speakAll();
const samples: Sample[] = [...spoken].map(([name, pcm]) => ({ name, pcm }));
const dictionary = makeDictionary(samples);
const piece = (name: string): Pcm => spoken.get(name) ?? new Int16Array();
const names = (audio: Pcm): (string | null)[] => recognise(audio, dictionary).map(({ name }) => name);

t.test('every piece is recognised for what it is', (t) => {
  for (const [name, pcm] of spoken) {
    const heard = recognise(overTheLine(join(silence(300), pcm, silence(500))), dictionary);
    t.same(
      heard.map(({ name, cut }) => ({ name, cut })),
      [{ name, cut: false }],
      `${name} is heard once and whole`,
    );
    t.ok((heard[0]?.score ?? 0) > 0.95, `${name} fits well`);
  }
  t.end();
});

t.test('pieces back to back are told apart, with their times', (t) => {
  const order = [
    'en/5',
    'en/8',
    'en/9',
    'en/10',
    'en/11',
    'en/9',
    'en/6',
    'en/14',
    'ar/4',
    'ar/6',
    'ar/9',
    'ar/5',
  ];
  const heard = recognise(overTheLine(join(silence(100), ...order.map(piece))), dictionary);
  t.same(
    heard.map(({ name }) => name),
    order,
  );
  let at = 100;
  heard.forEach(({ name, fromMs, toMs, cut }, i) => {
    const length = piece(order[i] ?? '').length / 8;
    t.ok(Math.abs(fromMs - at - 20) < 60, `${name} begins where it was put`);
    t.ok(toMs > fromMs && toMs <= at + length + 10, `${name} ends before the next`);
    t.notOk(cut);
    at += length;
  });
  t.end();
});

t.test('a prompt that is interrupted in a pause of its own, by one that begins alike, is known', (t) => {
  const first = join(piece('en/3'), silence(500), piece('en/4'));
  const then = piece('en/5');
  const both = makeDictionary([
    { name: 'first', pcm: first },
    { name: 'then', pcm: then },
    { name: 'only', pcm: join(piece('en/3').subarray(0, 8 * 250), piece('en/6')) },
  ]);
  const end = piece('en/3').length;
  for (let ms = 0; ms < 400; ms += 20) {
    const heard = recognise(overTheLine(join(first.subarray(0, end + 8 * ms), then, silence(300))), both);
    const known = heard.filter(({ name }) => name !== null);
    t.equal(known.length, 2);
    t.match(
      known,
      [
        { name: 'first', cut: true },
        { name: 'then', cut: false },
      ],
      `after ${ms} ms of it`,
    );
  }
  t.end();
});

t.test('a piece that is cut short is said to be cut', (t) => {
  for (const [name, ms] of [
    ['en/1', 900],
    ['en/1', 2600],
    ['ar/0', 700],
    ['ar/1', 2100],
  ] as const) {
    const part = piece(name).subarray(0, ms * 8);
    const heard = recognise(overTheLine(join(part, silence(40), piece('en/3'))), dictionary);
    t.equal(heard.length, 2, `${name} and what came after it`);
    t.ok(heard[0]?.name === name || heard[0]?.also.includes(name), `${name} after ${ms} ms`);
    t.equal(heard[0]?.cut, true);
    t.ok(Math.abs((heard[0]?.toMs ?? 0) - ms) < 80, `it ended at ${ms} ms: ${heard[0]?.toMs}`);
    t.match(heard[1], { name: 'en/3', cut: false });
  }
  t.end();
});

t.test('what begins alike and was cut before it differs may be any of them', (t) => {
  const common = piece('en/1').subarray(0, 1500 * 8);
  const [heard] = recognise(overTheLine(common), dictionary);
  t.same(new Set([heard?.name, ...(heard?.also ?? [])]), new Set(['en/1', 'en/2']));
  t.end();
});

t.test('a prompt in which two words differ is another prompt', (t) => {
  const one = makeDictionary(samples.filter(({ name }) => name !== 'en/2'));
  const heard = recognise(overTheLine(join(silence(200), piece('en/2'), silence(200))), one);
  t.notOk(heard.some(({ name, cut }) => name === 'en/1' && !cut));
  t.ok(
    heard.some(({ name }) => name === null),
    'the words that differ are none of the samples',
  );
  t.end();
});

t.test('packets that are lost or come twice do not hide a prompt', (t) => {
  const chance = createRandom(20261122);
  const random = (): number => chance.next();
  for (const name of ['en/0', 'en/1', 'en/3', 'ar/0', 'ar/1', 'ar/3', 'en/15', 'ar/5']) {
    const pcm = piece(name);
    for (let i = 0; i < 8; i++) {
      const at = Math.floor(random() * pcm.length);
      const lost = join(pcm.subarray(0, at), pcm.subarray(Math.min(pcm.length, at + 160)));
      const filled = join(pcm.subarray(0, at), silence(20), pcm.subarray(at));
      const twice = join(pcm.subarray(0, at), pcm.subarray(Math.max(0, at - 160)));
      for (const [how, audio] of Object.entries({ lost, filled, twice })) {
        t.same(
          names(overTheLine(join(silence(100), audio, silence(300)))),
          [name],
          `${name} ${how} at ${at}`,
        );
      }
    }
  }
  t.end();
});

t.test('a sound that is no prompt is heard as unknown, and does not hide the next', (t) => {
  const heard = recognise(
    overTheLine(join(tone(400, 1400), silence(500), piece('en/3'), silence(300), tone(2000, 425))),
    dictionary,
  );
  t.same(
    heard.map(({ name }) => name),
    [null, 'en/3', null],
  );
  t.ok(Math.abs((heard[0]?.toMs ?? 0) - 400) < 20);
  t.end();
});

t.test('a prompt that follows music without a pause is found', (t) => {
  const music = join(...[262, 330, 392, 330].map((hertz) => tone(500, hertz)));
  t.same(names(overTheLine(join(music, piece('ar/2'), silence(300), piece('en/8')))), [null, 'ar/2', 'en/8']);
  t.end();
});

t.test('a prompt that follows unknown speech is found, wherever it begins', (t) => {
  // Speech that is none of the samples, and ends within a word.
  const speech = piece('ar/1').slice(0, 12_000);
  for (const name of ['en/0', 'en/6', 'en/7']) {
    const pcm = piece(name);
    const own = makeDictionary([{ name, pcm }]);
    const missed = Array.from({ length: 8 }, (_, shift) => shift).filter((shift) => {
      const sound = overTheLine(join(speech, new Int16Array(40 * 8 + shift), pcm, silence(300)));
      return !recognise(sound, own).some((heard) => heard.name === name && !heard.cut);
    });
    t.same(missed, [], `${name} is found at every sample`);
  }
  t.end();
});

t.test('noise on the line does not hide a prompt', (t) => {
  const chance = createRandom(7);
  const random = (): number => chance.next();
  for (const name of ['en/0', 'ar/1', 'en/5']) {
    const clean = join(silence(400), piece(name), silence(400));
    const noisy = clean.map((sample) => sample + Math.round((random() - 0.5) * 600));
    t.ok(names(overTheLine(noisy)).includes(name), `${name} through noise`);
    t.same(names(overTheLine(clean.map((sample) => sample + Math.round((random() - 0.5) * 60)))), [name]);
  }
  t.end();
});

t.test('silence and nothing are nothing', (t) => {
  t.same(names(silence(2000)), []);
  t.same(names(new Int16Array()), []);
  t.same(
    recognise(overTheLine(piece('en/0')), makeDictionary([])).filter(({ name }) => name !== null),
    [],
  );
  t.end();
});

t.test('a minute of audio against four hundred samples takes seconds', (t) => {
  const many: Sample[] = [...samples];
  for (let i = 0; many.length < 400; i++) {
    const { name, pcm } = samples[i % samples.length] ?? { name: '', pcm: new Int16Array() };
    // Other voices: the same words played faster or slower.
    const speed = 0.8 + 0.03 * (1 + Math.floor(i / samples.length));
    const other = Int16Array.from(
      { length: Math.floor(pcm.length / speed) },
      (_, j) => pcm[Math.floor(j * speed)] ?? 0,
    );
    many.push({ name: `${name}*${speed}`, pcm: other });
  }
  const order: string[] = [];
  const parts: Pcm[] = [];
  for (let ms = 0, i = 0; ms < 60_000; i++) {
    const { name, pcm } = samples[(i * 7) % samples.length] ?? { name: '', pcm: new Int16Array() };
    order.push(name);
    parts.push(pcm, silence(100 + 50 * (i % 5)));
    ms += pcm.length / 8 + 200;
  }
  const audio = overTheLine(join(...parts));
  const started = process.cpuUsage();
  const heard = recognise(audio, makeDictionary(many));
  const took = process.cpuUsage(started).user / 1000;
  t.same(
    heard.map(({ name }) => name),
    order,
  );
  t.ok(took < 6000, `took ${Math.round(took)} ms of the processor`);
  t.comment(`${Math.round(audio.length / 8000)} s of audio, ${many.length} samples: ${Math.round(took)} ms`);
  t.end();
});
