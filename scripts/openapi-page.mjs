/** Writes docs/openapi.json from the schemas of the HTTP API: `npm run docs:api`, after a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './folders.mjs';

/**
 * The description that an engine serves at `/openapi.json`. Pure.
 * @param {unknown} description
 */
export function openApiPage(description) {
  return `${JSON.stringify(description, undefined, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { describedApi } = await import(pathToFileURL(join(PROJECT, 'dist/src/web/index.js')).href);
  writeFileSync(join(PROJECT, 'docs/openapi.json'), openApiPage(await describedApi()));
}
