import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file (mode 0600) so that a reader sees the old text or the new one, never a half. */
export function writeWhole(file: string, text: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
