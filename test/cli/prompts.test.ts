import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { exitCodes, runCli } from '../../src/cli/index.js';
import { toolboxFile } from '../kit/toolbox.js';
import { cliWorld } from '../kit/cli-world.js';

const flow = `onedoor: 1
flow: line
numbers: ["7000"]
languages: [ms, en]
start: hello
steps:
  hello: { say: hello, go: hang-up }
`;
const texts = (language: string, hello: string): string =>
  `onedoor: 1\nlanguage: ${language}\ntexts:\n  hello: ${hello}\n  apology: Maaf, sorry.\n`;

/** A site of one text in Malay and English, and the commands as a person types them. */
function site(t: Test): {
  readonly folder: string;
  readonly run: (...words: string[]) => Promise<[number, string[], string[]]>;
} {
  const folder = t.testdir({
    'onedoor.yaml':
      'onedoor: 1\nname: Line\nlanguages: [ms, en]\nnumbers: ["7000"]\nfallback: { apology: apology, unknown-number: apology }\n',
    flows: { 'line.yaml': flow },
    prompts: {
      'ms.yaml': texts('ms', 'Anda pemanggil {caller.number, digits}.'),
      'en.yaml': texts('en', 'Hello.'),
      say: {
        'ms.yaml': readFileSync('prompts/say/ms.yaml', 'utf8'),
        'en.yaml': readFileSync('prompts/say/en.yaml', 'utf8'),
      },
    },
  });
  const run = async (...words: string[]): Promise<[number, string[], string[]]> => {
    const { world, out, err } = cliWorld(
      { ONEDOOR_SITE: folder, ONEDOOR_STATE: join(folder, 'state'), ONEDOOR_TOOLBOX: toolboxFile() },
      folder,
    );
    const code = await runCli(words, world);
    // The line has no agent: a warning that is none of this test's.
    return [code, out, err.filter((line) => !line.startsWith('warning: '))];
  };
  return { folder, run };
}

/** Half a second of a tone, 16 bit at 16 kHz. */
function tone(): Buffer {
  const samples = Buffer.alloc(16_000);
  for (let at = 0; at < 8000; at++) samples.writeInt16LE(Math.round(9000 * Math.sin(at / 5)), at * 2);
  const header = Buffer.from(
    '524946460000000057415645666d74201000000001000100803e0000007d00000200100064617461803e0000',
    'hex',
  );
  return Buffer.concat([header, samples]);
}

t.test('the script is read aloud, its files come back, and the script is shorter', async (t) => {
  const { folder, run } = site(t);
  const [code, script] = await run('prompts', 'missing');
  t.equal(code, exitCodes.done);
  const lines = script.join('\n');
  t.match(lines, /^Malay: \d+ pieces\n\nWhole texts\n {2}ms_apology\.wav\n {6}Maaf, sorry\./);
  t.match(lines, / {2}ms_hello\.1\.wav\n {6}«Anda pemanggil» \[caller\.number\]/);
  t.match(lines, / {2}ms_say_digit-0\.wav\n {6}«kosong» satu dua/);

  const [, csv] = await run('prompts', 'missing', '--csv');
  t.equal(csv[0], 'file,recording,words,context,ending,note');
  t.ok(
    csv.includes('prompts/ms/hello.1.wav,ms_hello.1.wav,Anda pemanggil,«Anda pemanggil» [caller.number],up,'),
  );
  const studio = join(folder, 'studio');
  mkdirSync(studio);
  // The studio has recorded two of the rows.
  writeFileSync(join(studio, 'ms_hello.1.wav'), tone());
  writeFileSync(join(studio, 'en_hello.wav'), tone());
  const recorded = csv.filter((row, at) => at === 0 || /(ms_hello\.1|en_hello)\.wav/.test(row));
  writeFileSync(join(studio, 'script.csv'), recorded.join('\r\n'));
  const [taken, out, err] = await run('prompts', 'import', join(studio, 'script.csv'));
  t.same([taken, err], [exitCodes.done, []]);
  t.match(out.join('\n'), /prompts\/ms\/hello\.1\.wav {2}0\.\d s, from ms_hello\.1\.wav/);
  t.match(out.at(-1), /^2 recordings taken, 0 refused; \d+ pieces are still to be recorded\.$/);
  t.ok(existsSync(join(folder, 'prompts/en/hello.wav')));
  const [, shorter] = await run('prompts', 'missing');
  t.notMatch(shorter.join('\n'), /ms_hello\.1|en_hello\./);
});

t.test('what cannot be imported is told on standard error, and by the exit code', async (t) => {
  const { folder, run } = site(t);
  const studio = join(folder, 'studio');
  mkdirSync(studio);
  writeFileSync(join(studio, 'en_hello.wav'), 'ID3');
  writeFileSync(join(studio, 'en_apology.wav'), tone());
  const [code, out, err] = await run('prompts', 'import', studio);
  t.equal(code, exitCodes.findings);
  t.match(err.join('\n'), /^en_hello\.wav:1:1 This file is not taken: it has no WAV header\./);
  t.match(out.at(-1), /^1 recordings taken, 1 refused;/);
  const [absent, , why] = await run('prompts', 'import', join(folder, 'nowhere'));
  t.equal(absent, exitCodes.usage);
  t.match(why.join('\n'), /There is no .*nowhere: name a folder or a CSV file\./);
});
