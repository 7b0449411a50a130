/** The toolbox of this machine, as the engine itself would find it. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { readSettings } from '../../src/cli/settings.js';
import type { VoiceToolbox } from '../../src/speech/index.js';

/** Path of the toolbox.json in force; set-up makes one before the tests run. */
export function toolboxFile(): string {
  const reading = readSettings(process.env, {
    project: process.cwd(),
    workingFolder: process.cwd(),
    home: homedir(),
  });
  if (reading.result === 'refused') throw new Error(reading.sentences.join('\n'));
  const { toolbox } = reading.settings;
  if (toolbox === null) throw new Error('No toolbox was found: run npm test, which fetches one.');
  return toolbox;
}

/** espeak-ng and sox. */
export function voiceToolbox(): VoiceToolbox {
  return JSON.parse(readFileSync(toolboxFile(), 'utf8')) as VoiceToolbox;
}
