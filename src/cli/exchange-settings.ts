/** What the exchange is made from: settings, state folder and site, in the words of the exchange's room. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExchangeId } from '../base/index.js';
import type { Site } from '../site/index.js';
import type { ExchangeSettings } from '../telephony/asterisk/index.js';
import type { Settings } from './settings.js';
import { keptAriPort, type StateFolder } from './state-folder.js';

/** Texts that the exchange itself speaks while the engine is away; a site that lacks one leaves it to Asterisk. */
const awayTexts = {
  away: 'engine-away',
  leaveMessage: 'engine-away-leave-message',
  thanks: 'engine-away-thanks',
};

export async function exchangeSettings(
  id: ExchangeId,
  settings: Settings,
  state: StateFolder,
  site: Pick<Site, 'phones' | 'trunks' | 'texts' | 'media' | 'languages'>,
): Promise<ExchangeSettings> {
  const { external } = settings;
  const spoken = (text: string): string[] =>
    site.languages
      .filter((language) => site.texts.has(language, text))
      .flatMap((language) => site.texts.render(language, text, {}).pieces)
      .flatMap((piece) => site.media(piece) ?? [])
      .map((path) => join(state.media, path));
  return {
    id,
    mode: settings.exchange,
    folder: state.exchange,
    secretsFile: join(state.secrets, 'exchange.json'),
    mediaFolder: state.media,
    recordingsFolder: state.recordings,
    voicemailFolder: state.voicemail,
    musicFolder: null,
    sip: settings.sip,
    ari: settings.ari ?? { host: '127.0.0.1', port: await keptAriPort(state) },
    rtp: settings.rtp,
    announcements: {
      away: spoken(awayTexts.away),
      leaveMessage: spoken(awayTexts.leaveMessage),
      thanks: spoken(awayTexts.thanks),
    },
    phones: site.phones,
    trunks: site.trunks,
    trunkSecrets: trunkSecrets(state, site),
    toolbox: settings.toolbox,
    ariUser:
      external === null
        ? null
        : { name: external.user, password: readFileSync(external.passwordFile, 'utf8').trim() },
  };
}

/** For talk with an exchange that runs already: what the site says of it does not matter then. */
export const noSite: Parameters<typeof exchangeSettings>[3] = {
  phones: [],
  trunks: [],
  languages: [],
  texts: {
    languages: [],
    has: () => false,
    names: () => [],
    slots: () => [],
    render: () => ({ pieces: [], missing: [] }),
    write: () => ({ words: '', missing: [] }),
    allPieces: () => [],
    contexts: () => new Map(),
    voice: () => null,
    note: () => null,
  },
  media: () => null,
};

/** A registration's secret lies in `secrets/trunk-<name>`: a text of one line. */
function trunkSecrets(
  state: StateFolder,
  { trunks }: Pick<Site, 'trunks'>,
): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const { name, kind } of trunks) {
    if (kind !== 'registration') continue;
    const path = join(state.secrets, `trunk-${name}`);
    // The exchange's room says what to do about one that is not there.
    if (existsSync(path)) secrets[name] = readFileSync(path, 'utf8').trim();
  }
  return secrets;
}
