import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OnedoorError } from '../../base/index.js';
import { ownFolder } from './paths.js';
import type { ExchangePhone } from './settings.js';
import { writeWhole } from './whole-file.js';

/** What the exchange and those who talk to it must know, and nobody else. */
export interface ExchangeSecrets {
  readonly ari: { readonly name: string; readonly password: string };
  /** Phone name -> its SIP password. */
  readonly phones: Readonly<Record<string, string>>;
}

const made = (): string => randomBytes(24).toString('base64url');

/**
 * Reads the exchange's secrets, and makes those that are missing. The file has mode 0600; a phone that is gone keeps
 * its password, so that it can come back.
 *
 * @throws ONEDOOR_TELEPHONY_SECRETS when the file is there and cannot be read.
 */
export function exchangeSecrets(file: string, phones: readonly ExchangePhone[]): ExchangeSecrets {
  const old = readSecrets(file);
  const missing = phones.filter(({ name }) => old?.phones[name] === undefined);
  if (old !== undefined && missing.length === 0) {
    chmodSync(file, 0o600);
    return old;
  }
  const secrets: ExchangeSecrets = {
    ari: old?.ari ?? { name: 'onedoor', password: made() },
    phones: { ...old?.phones, ...Object.fromEntries(missing.map(({ name }) => [name, made()])) },
  };
  ownFolder(dirname(file));
  writeWhole(file, `${JSON.stringify(secrets, undefined, 2)}\n`);
  return secrets;
}

function readSecrets(file: string): ExchangeSecrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new OnedoorError('ONEDOOR_TELEPHONY_SECRETS', { file, why: String(cause) }, cause);
  }
  try {
    const { ari, phones } = JSON.parse(text) as Partial<ExchangeSecrets>;
    if (typeof ari?.name === 'string' && typeof ari.password === 'string' && typeof phones === 'object')
      return { ari, phones };
  } catch (cause) {
    throw new OnedoorError('ONEDOOR_TELEPHONY_SECRETS', { file, why: 'it is not JSON' }, cause);
  }
  throw new OnedoorError('ONEDOOR_TELEPHONY_SECRETS', { file, why: 'it lacks the ARI user or the phones' });
}
