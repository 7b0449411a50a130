/**
 * The administrator's story of docs/administrators.md, carried out: every edit is made, every command is given to a
 * running engine, what it prints is compared, and real callers hear what the page says that they hear.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createLog } from '../../src/base/index.js';
import { openPromptBook, type Sample } from '../../src/outside/index.js';
import { loadSite } from '../../src/site/index.js';
import { edited, isPrinted, libraryFolder, scenes } from '../docs/story.js';
import { startEngineProcess } from '../kit/engine.js';
import { type Caller, outsideWorld } from '../kit/outside.js';
import { voiceToolbox } from '../kit/toolbox.js';
import { eventually, patientMs, within } from '../kit/waiting.js';

t.setTimeout(240_000);

/** Calls that are up while a version is published. */
const callsUp = 50;

t.test('the story of the administrator is true, sentence by sentence', async (t) => {
  const folder = libraryFolder();
  const engine = await startEngineProcess({ site: folder });
  const world = await outsideWorld({ hotline: engine.sip });
  t.teardown(async () => {
    await world.stop();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The sound of a text of the draft. */
  const soundOf = async (text: string): Promise<Sample> => {
    const loaded = await loadSite(folder);
    if (loaded.result === 'broken') throw new Error('the draft is broken');
    const book = await openPromptBook({
      catalog: loaded.site.texts,
      prompts: join(folder, 'prompts'),
      cache: process.env['ONEDOOR_CACHE'] ?? join(homedir(), '.cache', 'onedoor'),
      voice: voiceToolbox(),
      log: createLog('silent'),
    });
    const piece = loaded.site.texts.allPieces('en').find(({ name }) => name === text);
    const sample = piece === undefined ? null : book.sample(book.soundOf(piece) ?? '');
    if (sample === null) throw new Error(`no sound of ${text}`);
    return { ...sample, name: text };
  };
  const call = async (number: string): Promise<Caller> => {
    const caller = await world.call(number);
    t.ok(await within(caller.answered, patientMs, `${number} answers`));
    return caller;
  };
  /** The hotline may have hung up first: its address is the last that it says. */
  const leave = async (caller: Caller): Promise<void> => {
    await caller.hangUp().catch(() => within(caller.ended, patientMs, 'the call is over'));
  };
  const pressesThree = async (caller: Caller, text: string): Promise<void> => {
    const sound = await soundOf(text);
    await caller.press('3');
    await caller.hears(sound, patientMs);
    await leave(caller);
  };

  let old: readonly Caller[] = [];
  const calls: Readonly<Record<string, () => Promise<void>>> = {
    many: async () => {
      old = await Promise.all(Array.from({ length: callsUp }, () => call('7000')));
    },
    'old new': async () => {
      t.equal(old.filter((caller) => caller.isOver()).length, 0, `all ${callsUp} calls are still up`);
      await pressesThree(await call('7000'), 'address');
      const [first, ...others] = old;
      if (first !== undefined) await pressesThree(first, 'wrong-key');
      await Promise.all(others.map(leave));
    },
    back: async () => pressesThree(await call('7000'), 'wrong-key'),
    test: async () => {
      await pressesThree(await call('7999'), 'address');
      await pressesThree(await call('7000'), 'wrong-key');
    },
  };

  let output = '';
  for (const scene of scenes()) {
    if (scene.type === 'edit') t.ok(edited(folder, scene), `the edit of ${scene.path} fits`);
    else if (scene.type === 'command') ({ output } = await engine.run(...scene.words));
    else if (scene.type === 'printed')
      for (const line of scene.lines) t.ok(isPrinted(line, output), line, { output });
    else await calls[scene.who]?.();
  }

  const settings = join(folder, 'onedoor.yaml');
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}phones: { desk: { label: Front desk } }\n`);
  const { code } = await engine.run('publish', '--why', 'a desk');
  t.equal(code, 0);
  const desk = await outsideWorld({
    hotline: engine.sip,
    phones: [{ name: 'desk', password: engine.phonePassword('desk') }],
  });
  try {
    await eventually(() => desk.phone('desk').isRegistered(), patientMs, 'the new phone registers', 200);
    t.pass('a phone that is published can register without a restart');
  } finally {
    await desk.stop();
  }
});
