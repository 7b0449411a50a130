/** Versions of a site that the engine keeps, as commands ask for them. */
import { z } from 'zod';
import type { SiteFiles } from '../site/index.js';
import type { EngineClient } from './engine-client.js';
import { CliFailure, exitCodes } from './world.js';

export const publication = z.object({
  number: z.number(),
  alias: z.string(),
  action: z.string(),
  hash: z.string(),
  at: z.number(),
  who: z.string(),
  why: z.string(),
});

export const versions = z.object({ publications: z.array(publication) });
const version = z.object({ hash: z.string(), at: z.number(), files: z.record(z.string(), z.string()) });

/** Digits of a hash that are shown. */
export const shortHash = 12;

/** Files under a name that a person reads. */
export interface Side {
  readonly name: string;
  readonly files: SiteFiles;
}

/** The hash of the version that answers callers. */
export async function inForce(engine: EngineClient): Promise<string> {
  const { publications } = await engine.get('/site/versions', { limit: '1000' }, versions);
  const live = publications.find(({ alias }) => alias === 'live');
  if (live === undefined) throw new CliFailure(exitCodes.failed, 'Nothing has been published yet.');
  return live.hash;
}

/** What is said to who wrote something else. */
export const versionsAre =
  'Write its hash, or at least the first 4 digits of it; `onedoor history` lists them.';

/** Whether it can be one: a hash, or at least its first 4 digits. */
export function isVersion(text: string): boolean {
  return /^[0-9a-f]{4,64}$/.test(text);
}

/** @param wanted a hash, or its beginning. */
export async function versionOf(engine: EngineClient, wanted: string): Promise<Side> {
  if (!isVersion(wanted)) throw new CliFailure(exitCodes.usage, `"${wanted}" is no version. ${versionsAre}`);
  const found = await engine.get(`/site/versions/${encodeURIComponent(wanted)}`, {}, version);
  return { name: found.hash.slice(0, shortHash), files: found.files };
}
