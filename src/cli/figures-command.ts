/** `onedoor figures`: what queues and contacts came to, each number with its formula. */
import type { Command } from 'commander';
import type { z } from 'zod';
import { figureSpan } from '../web/schemas.js';
import { engineClient } from './engine-client.js';
import { textTable } from './table.js';
import { printJson, settingsOf, type World } from './world.js';

type Figure = z.output<typeof figureSpan>['figures'][string];

interface Asked {
  readonly queue?: string;
  readonly flow?: string;
  readonly from?: string;
  readonly to?: string;
  readonly within?: string;
  readonly json?: true;
}

export function addFiguresCommand(program: Command, world: World): void {
  program
    .command('figures')
    .description('figures of queues and contacts over a stretch of time, each with its formula')
    .option(
      '--queue <name>',
      'of one queue, and of the contacts that asked for a place in it; all where left out',
    )
    .option('--flow <name>', 'of contacts that began with one flow; all where left out')
    .option(
      '--from <time>',
      'half hours from then on, as 2026-03-04 or 2026-03-04T10:00:00Z; today where left out',
    )
    .option('--to <time>', 'half hours before then')
    .option('--within <seconds>', 'T of the service levels: 20 where left out')
    .option('--json', 'print JSON, with each half hour')
    .action(async ({ json, ...asked }: Asked) => {
      const engine = engineClient(settingsOf(world).stateFolder);
      const span = await engine.get('/figures', asked, figureSpan);
      if (json) return printJson(world, span);
      const rows = Object.entries({ ...span.figures, ...span.contacts }).map(([name, figure]) => [
        name,
        shown(figure),
        figure.formula,
      ]);
      for (const line of textTable(['figure', 'value', 'formula'], rows)) world.out(line);
    });
}

function shown({ value, unit }: Figure): string {
  if (value === null) return '-';
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'ms') return `${(value / 1000).toFixed(1)} s`;
  return unit === 'mark' ? value.toFixed(2) : String(value);
}
