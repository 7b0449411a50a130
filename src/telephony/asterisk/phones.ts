import type { Inventory } from '../port.js';
import type { AriModel } from './ari-model.js';
import type { Desk } from './desk.js';
import type { ExchangePhone } from './settings.js';

const isOnline = ({ state }: AriModel['Endpoint']): boolean => state === 'online';

/** Takes over what the exchange answers, silently: whoever is told next asks for all phones. */
export function lookAtPhones(desk: Desk, endpoints: readonly AriModel['Endpoint'][]): void {
  desk.reachable.clear();
  for (const endpoint of endpoints) desk.reachable.set(endpoint.resource, isOnline(endpoint));
}

/** An endpoint came or went; what is no change, or no phone of the site, is not told. */
export function phoneHeard(desk: Desk, endpoint: AriModel['Endpoint']): void {
  const phone = endpoint.resource;
  const reachable = isOnline(endpoint);
  const before = desk.reachable.get(phone) ?? false;
  desk.reachable.set(phone, reachable);
  if (reachable !== before && desk.settings.phones.some(({ name }) => name === phone))
    desk.emit({ type: 'phone.changed', phone, reachable });
}

/** The site has other phones: those that came are told where they are there already, those that went are gone. */
export function phonesReplaced(desk: Desk, before: readonly ExchangePhone[]): void {
  const names = (phones: readonly ExchangePhone[]): ReadonlySet<string> =>
    new Set(phones.map(({ name }) => name));
  const [old, current] = [names(before), names(desk.settings.phones)];
  const tell = (phone: string, reachable: boolean): void => {
    if (desk.reachable.get(phone) === true) desk.emit({ type: 'phone.changed', phone, reachable });
  };
  for (const phone of old) if (!current.has(phone)) tell(phone, false);
  for (const phone of current) if (!old.has(phone)) tell(phone, true);
}

export function listPhones(desk: Desk): Inventory['phones'] {
  return desk.settings.phones.map(({ name }) => ({
    phone: name,
    reachable: desk.reachable.get(name) ?? false,
  }));
}
