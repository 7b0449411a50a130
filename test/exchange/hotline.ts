/** The example hotlines as they run, and an outside world that calls them. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/base/index.js';
import type { Contact } from '../../src/cases/index.js';
import { type ExpectedCall, expectCall } from '../../src/cli/expected-call.js';
import { readSettings } from '../../src/cli/settings.js';
import {
  type CallerStep,
  compareHeard,
  converse,
  type Difference,
  type Heard,
  openPromptBook,
  type PromptBook,
  readCallerSteps,
  recognise,
  type Sample,
} from '../../src/outside/index.js';
import { type CheckedSite, loadSite } from '../../src/site/index.js';
import { freeUdpPort } from '../../src/outside/free-port.js';
import { type EngineProcess, startEngineProcess } from '../kit/engine.js';
import { brokenPromises } from '../kit/history-checker.js';
import { type Caller, type OutsideWorld, outsideWorld, type TestDial } from '../kit/outside.js';
import { voiceToolbox } from '../kit/toolbox.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { editSite } from './site-edits.js';

export interface Walk {
  /** `2,1,123456#`: see readCallerSteps. */
  readonly keys: string;
  /** Presses so long after a prompt began; by default when it has ended. */
  readonly interruptAfterMs?: number;
  readonly number?: string;
  /** What is asked outside answers so; otherwise it fails where the call is rehearsed. */
  readonly lookUp?: ExpectedCall['lookUp'];
  /** Who calls; by default a caller of their own. */
  readonly callerNumber?: string;
}

export interface Walked {
  /** All that was heard, 8,000 samples a second. */
  readonly sound: Int16Array;
  readonly contact: Contact;
}

export interface Compared {
  /** Everything that was heard otherwise than a rehearsal of the same keys says it. */
  readonly differences: readonly string[];
  readonly heard: readonly string[];
}

export interface Hotline {
  readonly engine: EngineProcess;
  readonly world: OutsideWorld;
  readonly site: CheckedSite;
  readonly book: PromptBook;
  /** A number that no other caller has. */
  freshCaller(): string;
  call(
    options?: TestDial & { readonly number?: string },
  ): Promise<Caller & { readonly callerNumber: string }>;
  /** Goes through a whole call. */
  walk(walk: Walk): Promise<Walked>;
  /** Compares what a caller heard with a rehearsal of the same keys. A second of work: best done when nobody talks. */
  compare(sound: Int16Array, walk: Walk): Compared;
  /** The sound of a text that has no values in it. */
  text(language: string, name: string): Sample;
  /** Every promise that the history breaks once all calls are over. */
  brokenPromises(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const service = '80077222';

export interface HotlineOptions {
  /** Names of the site's phones that register from outside. */
  readonly phones?: readonly string[];
  /** Changes the site's files, a copy of the project's own. */
  readonly change?: (folder: string) => void;
}

/** Names of the texts that a sound has pieces of; of fewer texts it takes less time. */
export function textsHeard(book: PromptBook, sound: Int16Array, dictionary = book.dictionary): string {
  return recognise(sound, dictionary)
    .flatMap(({ name }) => (name === null ? [] : book.piecesOf(name)))
    .map(({ language, name }) => `${language} ${name}`)
    .join(', ');
}

/** A copy of the site with agents at any hour: calls are made when the tests run, be it night or holiday. */
function alwaysOpen(site: string, outside: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  for (const part of ['flows', 'prompts', 'data', 'calendars'])
    cpSync(join(site, part), join(folder, part), { recursive: true });
  cpSync(join(site, 'onedoor.yaml'), join(folder, 'onedoor.yaml'), { dereference: true });
  editSite(
    folder,
    [/\{ sun-thu: 07:30-14:30 \}\n\s+holidays: \[oman\]/, '{ mon-sun: all-day }'],
    [/\{ mon-sun: 07:30-21:00 \}/, '{ mon-sun: all-day }'],
    ['"127.0.0.1:5070"', `"127.0.0.1:${outside}"`],
  );
  return folder;
}

export async function startHotline({ phones = [], change }: HotlineOptions = {}): Promise<Hotline> {
  const surroundings = { project: process.cwd(), workingFolder: process.cwd(), home: homedir() };
  const reading = readSettings(process.env, surroundings);
  if (reading.result === 'refused') throw new Error(reading.sentences.join('\n'));
  const { cacheFolder } = reading.settings;
  const sip = await freeUdpPort();
  const siteFolder = alwaysOpen(reading.settings.siteFolder, sip);
  change?.(siteFolder);
  const loaded = await loadSite(siteFolder);
  if (loaded.result === 'broken') throw new Error(loaded.findings.map(({ what }) => what).join('\n'));
  const { site } = loaded;
  const engine = await startEngineProcess({ site: siteFolder });
  const prompts = join(siteFolder, 'prompts');
  const book = await openPromptBook({
    catalog: site.texts,
    prompts,
    cache: cacheFolder,
    voice: voiceToolbox(),
    log: createLog('silent'),
  });
  const world = await outsideWorld({
    hotline: engine.sip,
    sip,
    phones: phones.map((name) => ({ name, password: engine.phonePassword(name) })),
  });
  await Promise.all(
    phones.map((name) =>
      eventually(() => world.phone(name).isRegistered(), patientMs, `phone ${name} is registered`, 200),
    ),
  );
  let callers = 0;
  const freshCaller = (): string =>
    `+9689${String(process.pid % 1000).padStart(3, '0')}${String(++callers).padStart(4, '0')}`;

  const call: Hotline['call'] = async (options = {}) => {
    const callerNumber = options.callerNumber ?? freshCaller();
    const caller = await world.call(options.number ?? service, { ...options, callerNumber });
    return { ...caller, callerNumber };
  };
  return {
    engine,
    world,
    site,
    book,
    freshCaller,
    call,
    walk: async (walk) => {
      const steps = stepsOf(walk);
      const { interruptAfterMs, number = service, callerNumber = freshCaller() } = walk;
      const how = interruptAfterMs === undefined ? {} : { interruptAfterMs };
      const caller = await call({ number, callerNumber });
      if (!(await within(caller.answered, patientMs, 'answered')))
        throw new Error('the call was not answered');
      await converse(caller, steps, how);
      const sound = caller.line.heard();
      await caller.hangUp();
      return { sound, contact: await engine.contact(caller.callerNumber) };
    },
    compare: (sound, walk) => {
      const { interruptAfterMs, number = service, lookUp } = walk;
      const how = {
        ...(interruptAfterMs === undefined ? {} : { interruptAfterMs }),
        ...(lookUp === undefined ? {} : { lookUp }),
      };
      const [caller, at] = [walk.callerNumber ?? freshCaller(), Date.now()];
      const expected = expectCall({ site, number, caller, steps: stepsOf(walk), ...book, at, ...how });
      const heard = recognise(sound, book.dictionary);
      return {
        differences: compareHeard(expected, heard).map((one) => told(one, book)),
        heard: heard.map((one) => named(one, book)),
      };
    },
    text: (language, name) => {
      const piece = site.texts.allPieces(language).find((one) => one.name === name);
      const sample = piece === undefined ? null : book.sample(book.soundOf(piece) ?? '');
      if (sample === null) throw new Error(`no sound of ${language} ${name}`);
      return { ...sample, name: `${language} ${name}` };
    },
    brokenPromises: async () => {
      await eventually(() => engine.history().live.length === 0, patientMs, 'all calls are over', 100);
      return brokenPromises(engine.history());
    },
    stop: async () => {
      await world.stop();
      await engine.stop();
      rmSync(siteFolder, { recursive: true });
    },
  };
}

function stepsOf({ keys }: Walk): readonly CallerStep[] {
  const steps = readCallerSteps(keys);
  if (steps === null) throw new Error(`keys: ${keys}`);
  return steps;
}

function told(difference: Difference, book: PromptBook): string {
  if (difference.type === 'unexpected')
    return `besides: ${difference.heard.map((one) => named(one, book)).join(', ')}`;
  const { language, text } = difference.expected;
  return `not heard: ${language} ${text}; instead: ${difference.instead.map((one) => named(one, book)).join(', ')}`;
}

function named({ name, cut }: Heard, book: PromptBook): string {
  const [piece] = name === null ? [] : book.piecesOf(name);
  return piece === undefined ? '?' : `${piece.language} ${piece.name}${cut ? ' (cut)' : ''}`;
}
