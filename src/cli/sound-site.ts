import { findingLine } from '../base/index.js';
import { type CheckedSite, loadSite } from '../site/index.js';
import { CliFailure, exitCodes, type World } from './world.js';

/** The site of a folder, for commands that need one without faults; else the command ends with all findings. */
export async function soundSite(world: Pick<World, 'err'>, siteFolder: string): Promise<CheckedSite> {
  const reading = await loadSite(siteFolder);
  if (reading.result === 'broken') {
    throw new CliFailure(exitCodes.findings, reading.findings.map(findingLine).join('\n'));
  }
  for (const finding of reading.warnings) world.err(`warning: ${findingLine(finding)}`);
  return reading.site;
}
