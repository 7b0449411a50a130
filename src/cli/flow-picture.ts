/** `onedoor flow graph`: a flow as Mermaid text, SVG or PNG. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { findingLine } from '../base/index.js';
import { flowGraph, flowSvg, parseFlow } from '../flows/index.js';
import { textOf } from './flow-test.js';
import { CliFailure, type ExitCode, exitCodes, settingsOf, type World } from './world.js';

export const pictureFormats = ['mermaid', 'svg', 'png'] as const;

export interface PictureAsked {
  readonly format: (typeof pictureFormats)[number];
  readonly out?: string;
}

/** A picture for the eye and for paper: twice as many dots as the drawing has. */
const zoom = 2;

export async function drawFlow(world: World, name: string, { format, out }: PictureAsked): Promise<ExitCode> {
  const path = join(settingsOf(world).siteFolder, 'flows', `${name}.yaml`);
  const { flow, findings } = parseFlow(await textOf(path), relative(process.cwd(), path));
  if (flow === null) throw new CliFailure(exitCodes.findings, findings.map(findingLine).join('\n'));
  if (format === 'png') {
    if (out === undefined) {
      throw new CliFailure(exitCodes.usage, 'A PNG needs a file: add --out municipality.png.');
    }
    await write(out, pngOf(flowSvg(flow)));
    return exitCodes.done;
  }
  const text = format === 'svg' ? flowSvg(flow) : flowGraph(flow);
  if (out === undefined) world.out(text.trimEnd());
  else await write(out, text);
  return exitCodes.done;
}

/** Drawn with a font of our own: a server often has none. */
function pngOf(svg: string): Uint8Array {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: [join(fonts, 'DejaVuSans.ttf'), join(fonts, 'DejaVuSans-Bold.ttf')],
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return drawing.render().asPng();
}

async function write(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, data);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliFailure(exitCodes.failed, `${path} cannot be written: ${why}.`, cause);
  }
}
