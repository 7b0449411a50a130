/** What the lookups need of this machine: where the site lies, and the secrets. */
import type { LookupParts } from '../lookups/index.js';
import type { Settings } from './settings.js';
import { lookupSecret, stateFolderAt } from './state-folder.js';

/** The environment's secret counts before the state folder's. */
export function lookupSettings({
  siteFolder,
  stateFolder,
  secrets,
}: Settings): Pick<LookupParts, 'siteFolder' | 'secret'> {
  const state = stateFolderAt(stateFolder);
  return { siteFolder, secret: (name) => secrets.get(name) ?? lookupSecret(state, name) };
}
