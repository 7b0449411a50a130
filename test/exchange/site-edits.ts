/** Edits of the example site that a test runs on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every queue of the site, up to where more can be said of it. */
export const everyQueue = /( {4}whisper: agent-whisper\n)/g;

/** Puts the text for what is there; throws where onedoor.yaml is not as the test knows it. */
export function editSite(folder: string, ...edits: readonly (readonly [string | RegExp, string])[]): void {
  const file = join(folder, 'onedoor.yaml');
  let text = readFileSync(file, 'utf8');
  for (const [there, instead] of edits) {
    const has = typeof there === 'string' ? text.includes(there) : text.search(there) !== -1;
    if (!has) throw new Error(`onedoor.yaml has no ${there}`);
    text = text.replace(there, instead);
  }
  writeFileSync(file, text);
}
