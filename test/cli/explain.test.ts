import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { exitCodes, runCli } from '../../src/cli/index.js';
import { page, project } from '../docs/kit.js';
import { cliWorld } from '../kit/cli-world.js';

/** The library of docs/flows.md in a folder of its own. */
function library(t: Test): string {
  const folder = t.testdir();
  for (const { kind, text } of page('docs/flows.md').examples) {
    const [language, path] = kind.split(' ');
    if (language !== 'yaml' || path === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(project, 'prompts/say/en.yaml'), join(folder, 'prompts/say/en.yaml'));
  return folder;
}

function edit(folder: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(join(folder, file), text.replace(from, to));
}

/** The folder beside a copy of it as it was. */
function draft(t: Test) {
  const folder = library(t);
  const before = join(folder, 'before');
  for (const part of ['onedoor.yaml', 'flows', 'prompts'])
    cpSync(join(folder, part), join(before, part), { recursive: true });
  const explain = async (...words: readonly string[]) => {
    const { world, out, err } = cliWorld(
      { ONEDOOR_STATE: join(folder, 'state'), ONEDOOR_CACHE: join(folder, 'cache'), ONEDOOR_SITE: folder },
      folder,
    );
    const code = await runCli(['flow', 'explain', ...words], world);
    return { code, out, err };
  };
  return { folder, before, explain };
}

t.test('a text in other words is told once, wherever it is heard', async (t) => {
  const { folder, before, explain } = draft(t);
  edit(folder, 'prompts/en.yaml', 'Welcome to the library.', 'This is the library.');
  const { code, out, err } = await explain('7000', '--against', before);
  t.equal(code, exitCodes.done);
  t.same(out, [
    'in other words:',
    '- main-menu (en): Welcome to the library. For opening hours, press 1. To leave a message, press 2.',
    '+ main-menu (en): This is the library. For opening hours, press 1. To leave a message, press 2.',
  ]);
  t.same(err, ['1 text and 0 places differ.']);
});

t.test('of a place only the choices are shown in which something changed', async (t) => {
  const { folder, before, explain } = draft(t);
  edit(folder, 'flows/library.yaml', '2: take-message', '2: take-message\n        3: tell-hours');
  const { out, err } = await explain('7000', '--against', before);
  t.same(out, [
    'at welcome:',
    '- - key 1',
    '+ - key 1, 3',
    '    outcome: answered',
    '    hears hours (en)',
    '    the call ends (flow-ended, by engine)',
    '- - key 3-9, 0, *, #',
    '+ - key 4-9, 0, *, #',
    '    hears wrong-key (en)',
    '    hears main-menu (en)',
    '    hears wrong-key (en)',
    '    hears main-menu (en)',
    '    hears record-message (en)',
    '    -> take-message',
  ]);
  t.same(err, ['0 texts and 1 place differ.']);
});

t.test('what a caller cannot notice is no difference', async (t) => {
  const { folder, before, explain } = draft(t);
  edit(folder, 'flows/library.yaml', 'onedoor: 1', '# Our first flow.\nonedoor: 1');
  const { out, err } = await explain('7000', '--against', before);
  t.same(out, []);
  t.same(err, ['Nothing differs for a caller.']);
});

t.test('a number that is new is new as a whole', async (t) => {
  const { folder, before, explain } = draft(t);
  for (const file of ['onedoor.yaml', 'flows/library.yaml'])
    edit(folder, file, 'numbers: ["7000"]', 'numbers: ["7000", "7001"]');
  const { code, out, err } = await explain('7001', '--against', before);
  t.equal(code, exitCodes.done);
  t.match(out.join('\n'), /^\+ main-menu \(en\): Welcome/m);
  t.notOk(out.some((line) => line.startsWith('-')));
  t.match(err[0], /^7001 is no number of .*before: everything is new\.$/);
});

t.test('what is neither a folder nor a version is refused by its name', async (t) => {
  const { before, explain } = draft(t);
  const { code, err } = await explain('7000', '--against', 'nowhere');
  t.equal(code, exitCodes.usage);
  t.match(err, [/^There is no folder "nowhere", and it is no version\. .*onedoor history/]);
  t.equal((await explain('7009', '--against', before)).code, exitCodes.usage);
});

t.test('the difference as JSON has every line of a place that differs', async (t) => {
  const { folder, before, explain } = draft(t);
  edit(folder, 'flows/library.yaml', '2: take-message', '2: take-message\n        3: tell-hours');
  const { out } = await explain('7000', '--against', before, '--json');
  t.match(JSON.parse(out.join('\n')), {
    texts: [],
    places: [{ place: 'welcome', lines: [{ change: 'removed', line: '- key 1' }] }],
  });
});
