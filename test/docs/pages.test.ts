/** What the pages say is what the program does. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import t from 'tap';
import { errorTable } from '../../src/base/index.js';
import { runCli } from '../../src/cli/index.js';
import { settingsTable } from '../../src/cli/settings.js';
import { findingTable } from '../../src/flows/index.js';
import { recoveryOf } from '../../src/switchboard/recovery.js';
import { load } from '../scripts/kit.js';
import { page, pages, project, rowsOf } from './kit.js';
import { cliWorld } from '../kit/cli-world.js';

t.test('every link leads somewhere', async (t) => {
  const all = new Map(pages().map((one) => [one.path, one]));
  for (const { path, links } of all.values()) {
    for (const { line, target } of links) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const wanted = file === '' ? path : normalize(join(dirname(path), file));
      const place = `${path}:${line} ${target}`;
      t.ok(existsSync(join(project, wanted)), place);
      if (anchor !== undefined)
        t.ok(all.get(wanted)?.headings.has(anchor), `${place}: there is no such heading`);
    }
  }
});

/** What `onedoor <words> --help` says; null: there is no such command. */
const helps = new Map<string, Promise<string | null>>();

async function helpOf(words: readonly string[]): Promise<string | null> {
  const { world, out } = cliWorld();
  const code = await runCli([...words, '--help'], world);
  const help = out.join('\n');
  return code === 0 && help.startsWith(`Usage: ${['onedoor', ...words].join(' ')} `) ? help : null;
}

function help(words: readonly string[]): Promise<string | null> {
  const key = words.join(' ');
  const known = helps.get(key) ?? helpOf(words);
  helps.set(key, known);
  return known;
}

/** The commands that a line of words names: `prompts build|missing` names two. */
function commandsIn(text: string): string[] {
  const [, words = ''] = /(?:^|\s|exec )onedoor(?=\s|$)([^;&#|)>]*(?:\|\w[^;&#|)>]*)*)/.exec(text) ?? [];
  return words.trim() === '' ? [] : words.trim().split(/\s+/);
}

t.test('every onedoor command is one that the program has', async (t) => {
  const seen = new Set<string>();
  for (const { path, code } of pages()) {
    for (const { line, text } of code) {
      const tokens = commandsIn(text);
      let lines: string[][] = [[]];
      for (const token of tokens) {
        if (token.startsWith('-')) continue;
        const parents = await Promise.all(lines.map((words) => help(words)));
        // A command without commands of its own takes whatever follows.
        if (!parents.every((parent) => parent?.includes('[command]'))) break;
        lines = lines.flatMap((words) => token.split('|').map((word) => [...words, word]));
      }
      const place = `${path}:${line} ${text}`;
      for (const words of lines) {
        const said = await help(words);
        if (said === null) {
          t.fail(`${place}: there is no such command`);
          continue;
        }
        seen.add(words.join(' '));
        for (const option of tokens.filter((token) => /^--[a-z]/.test(token) && token !== '--help'))
          t.match(said, new RegExp(`${option.replace(/=.*/, '')}\\b`), `${place}: ${option}`);
      }
    }
  }
  t.ok(seen.size > 12, 'the pages name most commands');
});

t.test('the variables of the pages are the settings of the program', async (t) => {
  const settings = new Set<string>(settingsTable.map(([name]) => name));
  const codes = new Set(Object.keys(errorTable));
  for (const { path, text } of pages()) {
    if (path.startsWith('docs/decisions/')) continue;
    for (const [name] of text.matchAll(/\bONEDOOR_[A-Z_]*[A-Z]\b(?!_)/g))
      t.ok(settings.has(name) || codes.has(name), `${path}: ${name}`);
  }
  const told = rowsOf(page('docs/settings.md')).flatMap(([first = '']) =>
    [...first.matchAll(/`(ONEDOOR_\w+)`/g)].map(([, name]) => name ?? ''),
  );
  t.same(told.sort(), [...settings].sort(), 'docs/settings.md lists all of them');
});

t.test('docs/recovery.md says how each command is recovered', async (t) => {
  const words = new Set<string>(Object.values(recoveryOf));
  const told = rowsOf(page('docs/recovery.md')).flatMap(([command = '', recovery = '']) =>
    words.has(recovery) ? [[command.replaceAll('`', ''), recovery]] : [],
  );
  t.same(Object.fromEntries(told), recoveryOf);
  t.equal(told.length, Object.keys(recoveryOf).length, 'each once');
});

t.test('docs/findings.md lists the findings', async (t) => {
  const { findingsPage } = await load<{ readonly findingsPage: (project: string) => string }>(
    'findings-page.mjs',
  );
  const { text } = page('docs/findings.md');
  t.equal(text, findingsPage(project), 'write it anew with npm run docs:findings');
  for (const [code, { severity }] of Object.entries(findingTable))
    t.ok(text.includes(`| \`${code}\`${severity === 'warning' ? ' (warning)' : ''} |`), code);
  t.notMatch(text, /ready|\| \|/, 'no cell is empty');
});

t.test('no page names a machine', async (t) => {
  for (const { path, text } of pages())
    t.notMatch(text, /\/work\/|\/root\/|\/home\/\w/, relative(project, join(project, path)));
});
