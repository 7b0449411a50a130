/** `onedoor exchange render DIR`: the exchange's configuration for an Asterisk that somebody else runs. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { asExchangeId } from '../base/index.js';
import { renderExchange } from '../telephony/asterisk/index.js';
import { exchangeSettings } from './exchange-settings.js';
import { soundSite } from './sound-site.js';
import { openStateFolder } from './state-folder.js';
import { settingsOf, type World } from './world.js';

export function addExchangeCommand(program: Command, world: World): void {
  program
    .command('exchange')
    .description('the exchange (Asterisk)')
    .command('render <dir>')
    .description('write the configuration for an Asterisk that somebody else runs')
    .action(async (dir: string) => {
      const settings = settingsOf(world);
      const site = await soundSite(world, settings.siteFolder);
      const state = openStateFolder(settings.stateFolder);
      const asterisk = await exchangeSettings(asExchangeId('asterisk'), settings, state, {
        ...site,
        media: () => null,
      });
      const folder = resolve(dir);
      for (const file of renderExchange(folder, asterisk)) world.out(file);
      world.err(
        [
          `Written to ${folder}. It holds passwords: keep it from others.`,
          `Start Asterisk with it (asterisk -C ${folder}/etc/asterisk.conf), let it read ${state.media} and write ${state.recordings},`,
          `and start the engine with ONEDOOR_EXCHANGE=external ONEDOOR_ARI=${asterisk.ari.host}:${asterisk.ari.port}.`,
          '`onedoor doctor` tells whether they reach each other.',
        ].join('\n'),
      );
    });
}
