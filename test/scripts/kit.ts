import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the scripts: they are not compiled, so they lie beside dist/ and not in it. */
export const SCRIPTS = fileURLToPath(new URL('../../../scripts/', import.meta.url));

/** Loads a script as a module. Scripts are JavaScript, so each test states the shapes that it uses. */
export const load = async <T>(name: string): Promise<T> => (await import(join(SCRIPTS, name))) as T;

/** Writes files below a folder; those whose text begins with `#!` can be run. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  }
  return folder;
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a piece of JavaScript in a process of its own. */
export function runNode(source: string, env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += String(text);
    });
    child.stderr.on('data', (text) => {
      stderr += String(text);
    });
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
