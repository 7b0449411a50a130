import { rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { load, writeTree } from './kit.js';

const { writeManifest, firstDamage } = await load<{
  writeManifest: (root: string, origin: { suite: string; packages: readonly object[] }) => void;
  firstDamage: (root: string, how: { hashes: boolean }) => string | undefined;
}>('manifest.mjs');

const LIBRARY = 'usr/lib/x-linux-gnu/libone.so.1.0';
const LINK = 'usr/lib/x-linux-gnu/libone.so.1';
const TEXT = 'usr/share/doc/one/copyright';

function toolbox(folder: string): string {
  writeTree(folder, { 'usr/sbin/asterisk': 'program', [LIBRARY]: 'library', [TEXT]: 'notice' });
  symlinkSync('libone.so.1.0', join(folder, LINK));
  writeManifest(folder, { suite: 'forky', packages: [] });
  return folder;
}

t.test('an untouched toolbox is whole', async (t) => {
  const root = toolbox(t.testdir());
  t.equal(firstDamage(root, { hashes: false }), undefined);
  t.equal(firstDamage(root, { hashes: true }), undefined);
});

t.test('what a program loads is missed at each start', async (t) => {
  const root = toolbox(t.testdir());
  rmSync(join(root, LIBRARY));
  t.equal(firstDamage(root, { hashes: false }), LIBRARY);
});

t.test('a file that was cut off is noticed at each start', async (t) => {
  const root = toolbox(t.testdir());
  writeFileSync(join(root, 'usr/sbin/asterisk'), 'prog');
  t.equal(firstDamage(root, { hashes: false }), 'usr/sbin/asterisk');
});

t.test('a link that is gone is noticed', async (t) => {
  const root = toolbox(t.testdir());
  unlinkSync(join(root, LINK));
  t.equal(firstDamage(root, { hashes: false }), LINK);
});

t.test('a file that was exchanged for one of the same size is noticed by its hash', async (t) => {
  const root = toolbox(t.testdir());
  writeFileSync(join(root, TEXT), 'nottce');
  t.equal(firstDamage(root, { hashes: false }), undefined);
  t.equal(firstDamage(root, { hashes: true }), TEXT);
});

t.test('nothing is vouched for without a manifest', async (t) => {
  const root = toolbox(t.testdir());
  writeFileSync(join(root, 'manifest.json'), '{ "format": 1, "files": {');
  t.equal(firstDamage(root, { hashes: false }), 'manifest.json');
});
