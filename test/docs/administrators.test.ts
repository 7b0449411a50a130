/**
 * The administrator's story without its calls: every edit is made and every command given, to an engine of which only
 * the exchange is not there. `npm run test:calls` makes the calls of it too (test/exchange/administrator.test.ts).
 */
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import t, { type Test } from 'tap';
import { createLog } from '../../src/base/index.js';
import { checkDraft } from '../../src/cli/draft.js';
import { readSettings, runCli } from '../../src/cli/index.js';
import { openSites } from '../../src/cli/open-sites.js';
import { httpToken, openStateFolder } from '../../src/cli/state-folder.js';
import { lockState } from '../../src/cli/state-lock.js';
import { createSimulatedDisk, openSimulatedJournal } from '../../src/journal/index.js';
import { createPublishing } from '../../src/switchboard/index.js';
import { buildWeb, listenWeb } from '../../src/web/index.js';
import { noAgents } from '../kit/no-agents.js';
import { noCalendars, nothingErased } from '../kit/no-calendars.js';
import { noMeasures, noQueues } from '../kit/no-queues.js';
import { toolboxFile } from '../kit/toolbox.js';
import { project } from './kit.js';
import { edited, isPrinted, libraryFolder, scenes } from './story.js';

const log = createLog('silent');

/** Gives what runs `onedoor` on the folder, and gives what it printed. */
async function library(t: Test, folder: string) {
  const surroundings = { project, workingFolder: folder, home: homedir() };
  const reading = readSettings(
    {
      ...process.env,
      ONEDOOR_SITE: folder,
      ONEDOOR_STATE: join(folder, 'state'),
      ONEDOOR_TOOLBOX: toolboxFile(),
    },
    surroundings,
  );
  if (reading.result === 'refused') throw new Error(reading.sentences.join('\n'));
  const { settings } = reading;
  const state = openStateFolder(settings.stateFolder);
  const journal = await openSimulatedJournal({
    disk: createSimulatedDisk(),
    log,
    schedule: (_, run) => run(),
  });
  const now = (): number => 1_772_611_200_000;
  const parts = { settings, state, log, progress: () => undefined, journal, now };
  const { shelf, load } = await openSites(parts, new Set());
  const publishing = createPublishing({
    journal,
    shelf,
    switchboard: {
      note: async () => undefined,
      sitePublished: () => undefined,
      versionsInUse: () => new Set(),
    },
    now,
    checkDraft: () => checkDraft(settings, { media: state.media }, log),
    load,
    follow: async () => [],
    log,
  });
  const address = { host: '127.0.0.1', port: 0 };
  const app = buildWeb({
    records: {
      page: async () => ({ records: [], next: null }),
      one: async () => null,
      personal: async () => ({}),
    },
    agents: noAgents,
    queues: noQueues,
    measures: noMeasures,
    calendars: noCalendars,
    erasing: nothingErased,
    engine: {
      status: () => {
        throw new Error('the story asks for no state');
      },
      stop: () => undefined,
      publishing,
    },
    token: httpToken(state),
    address,
    log,
  });
  const { host, port } = await listenWeb(app, address);
  const locking = lockState(state.lock, { http: `${host}:${port}`, sip: '127.0.0.1:0' });
  t.teardown(async () => {
    if (locking.result === 'locked') locking.lock.release();
    await app.close();
  });
  return async (words: readonly string[]): Promise<string> => {
    const printed: string[] = [];
    const say = (line: string): unknown => printed.push(line);
    await runCli(words, {
      version: '1.2.3',
      reading,
      out: say,
      err: say,
      watched: false,
      onSignal: () => () => undefined,
    });
    // As whoever stands in the folder sees it.
    return printed.join('\n').replaceAll(`${relative(process.cwd(), folder)}/`, '');
  };
}

t.test(
  'the story of the administrator is true: its edits fit, and its commands print what it says',
  async (t) => {
    const folder = libraryFolder();
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const run = await library(t, folder);
    let output = '';
    for (const scene of scenes()) {
      if (scene.type === 'edit') t.ok(edited(folder, scene), `the edit of ${scene.path} fits`);
      else if (scene.type === 'command') output = await run(scene.words);
      else if (scene.type === 'printed')
        for (const line of scene.lines) t.ok(isPrinted(line, output), line, { output });
    }
  },
);
