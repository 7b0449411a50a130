/** A folder of prompts on the disk as a checked catalogue. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogReading, readCatalog } from './catalog.js';

/**
 * Reads `<lang>.yaml` and `say/<lang>.yaml` of each language.
 *
 * @param prompts the site's folder of prompts.
 * @returns the catalogue, or every finding of all files.
 */
export async function loadPrompts(prompts: string, languages: readonly string[]): Promise<CatalogReading> {
  const files: Record<string, string> = {};
  for (const path of languages.flatMap((language) => [`${language}.yaml`, `say/${language}.yaml`])) {
    try {
      files[`prompts/${path}`] = await readFile(join(prompts, path), 'utf8');
    } catch (error) {
      // A file that is not there is a finding of the catalogue's own.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return readCatalog(files, languages);
}
