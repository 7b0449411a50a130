import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { createLog } from '../../src/base/index.js';
import { makeMediaAside } from '../../src/cli/draft-thread.js';
import { readSettings } from '../../src/cli/settings.js';
import { keptMedia, siteMedia } from '../../src/cli/site-media.js';
import { openStateFolder } from '../../src/cli/state-folder.js';
import { type SiteFiles, siteFromFiles } from '../../src/site/index.js';
import { toolboxFile } from '../kit/toolbox.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const files: SiteFiles = {
  'onedoor.yaml':
    'onedoor: 1\nname: A\nlanguages: [en]\nnumbers: ["100"]\nfallback: { apology: sorry, unknown-number: sorry }\n',
  'flows/a.yaml':
    'onedoor: 1\nflow: a\nnumbers: ["100"]\nlanguages: [en]\nstart: greet\nsteps: { greet: { say: hello, go: hang-up } }\n',
  'prompts/en.yaml': 'onedoor: 1\nlanguage: en\ntexts: { hello: Hello., sorry: Sorry. }\n',
  'prompts/say/en.yaml': readFileSync(join(project, 'prompts/say/en.yaml'), 'utf8'),
};
const check = await siteFromFiles(files);

function stage(t: Test) {
  const root = t.testdir();
  const reading = readSettings(
    { ONEDOOR_CACHE: join(root, 'cache'), ONEDOOR_TOOLBOX: toolboxFile(), ONEDOOR_SITE: join(root, 'site') },
    { project, workingFolder: root, home: root },
  );
  if (reading.result === 'refused') throw new Error(reading.sentences.join());
  const { settings } = reading;
  const state = openStateFolder(join(root, 'state'));
  const mute = { ...settings, toolbox: null, cacheFolder: join(root, 'empty') };
  return { settings, state, mute };
}

t.test('a whole build is kept: a restart speaks nothing again, unless a sound is gone', async (t) => {
  if (check.result === 'broken') throw new Error(JSON.stringify(check.findings));
  const { site } = check;
  const { settings, state, mute } = stage(t);
  const pieces = site.texts.render('en', 'hello', {}).pieces;
  const media = async (from = settings) => {
    const made = await siteMedia(site, from, state, createLog('silent'), () => undefined);
    const paths = pieces.map(made.media);
    return { paths, ms: paths.map((path) => (path === null ? null : made.mediaMs(path))) };
  };
  const first = await media();
  t.match(first.paths, [/^en\//]);
  t.ok((first.ms[0] ?? 0) > 0, 'its length is known');

  t.same(await media(mute), first, 'neither cache nor voice is asked');

  for (const file of readdirSync(join(state.media, 'en'))) rmSync(join(state.media, 'en', file));
  t.same((await media(mute)).paths, [null], 'an index of sounds that are gone is not believed');
  t.same(await media(), first);
});

t.test(
  'the sounds of a version are made on a thread, those that can be, and the others when they can',
  async (t) => {
    if (check.result === 'broken') throw new Error(JSON.stringify(check.findings));
    const { settings, state, mute } = stage(t);
    const { hash, texts } = check.site;
    const [piece = null] = texts.render('en', 'hello', {}).pieces;
    if (piece === null) throw new Error('there is no piece');
    const aside = async (from = settings): Promise<void> => {
      const silent = { ...from, logLevel: 'silent' };
      await makeMediaAside({ settings: silent, state: { media: state.media }, files });
    };
    t.equal(await keptMedia(hash, state, 'any'), null, 'nothing was made yet');
    await aside(mute);
    t.equal(await keptMedia(hash, state, 'whole'), null);
    t.equal((await keptMedia(hash, state, 'any'))?.media(piece), null, 'without a voice there is no sound');
    await aside();
    t.match((await keptMedia(hash, state, 'whole'))?.media(piece), /^en\//);
  },
);
