import { OnedoorError } from '../../base/index.js';
import type { Inventory } from '../port.js';
import type { AriHttp } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import type { Desk } from './desk.js';
import { PHONES_APP } from './settings.js';

/** So many phones go into one request: Asterisk reads a request line of 4,096 bytes. */
const AT_ONCE = 50;

const isOnline = ({ state }: AriModel['Endpoint']): boolean => state === 'online';

/** Phones of the site, in the order of their names there. */
const names = (desk: Desk): readonly string[] => desk.settings.phones.map(({ name }) => name);

/**
 * Hears of these phones from now on. Only of them: whoever hears of an endpoint is sent all that its channels do, and
 * to subscribe to the trunks as well was measured to cost a sixth of what a call costs.
 *
 * @returns which of them can be rung.
 * @throws ONEDOOR_TELEPHONY_UNAVAILABLE
 */
async function watch(
  http: AriHttp,
  address: string,
  phones: readonly string[],
): Promise<ReadonlySet<string>> {
  const ask = async (): Promise<readonly AriModel['Endpoint'][]> => {
    const { status, body } = await http.request('GET', 'endpoints/PJSIP');
    // 404: the configuration names neither a phone nor a trunk.
    if (status !== 200 && status !== 404)
      throw unavailable(address, `its list of endpoints answers ${status}`);
    return status === 200 ? (body as readonly AriModel['Endpoint'][]) : [];
  };
  const there = new Set((await ask()).map(({ resource }) => resource));
  // An exchange that is not ours may not have been given all of them; one that is missing would refuse the others.
  const known = phones.filter((name) => there.has(name));
  for (let from = 0; from < known.length; from += AT_ONCE) {
    const sources = known.slice(from, from + AT_ONCE).map((name) => `endpoint:PJSIP/${name}`);
    const query = new URLSearchParams({ eventSource: sources.join(',') });
    const { status } = await http.request(
      'POST',
      `applications/${PHONES_APP}/subscription?${query.toString()}`,
    );
    if (status !== 200) throw unavailable(address, `it answers ${status} to who asks after its phones`);
  }
  // Asked when their events come already: none is missed in between.
  const endpoints = known.length === 0 ? [] : await ask();
  return new Set(endpoints.filter(isOnline).map(({ resource }) => resource));
}

/** After the link has come up: silently, since whoever is told of it asks for all phones. */
export async function lookAtPhones(desk: Desk, http: AriHttp, address: string): Promise<void> {
  const online = await watch(http, address, names(desk));
  desk.reachable.clear();
  for (const name of names(desk)) desk.reachable.set(name, online.has(name));
}

/** An endpoint came or went; what is no change, or no phone of the site, is not told. */
export function phoneHeard(desk: Desk, endpoint: AriModel['Endpoint']): void {
  change(desk, endpoint.resource, isOnline(endpoint));
}

function change(desk: Desk, phone: string, reachable: boolean): void {
  if (!desk.reachable.has(phone) || desk.reachable.get(phone) === reachable) return;
  desk.reachable.set(phone, reachable);
  desk.emit({ type: 'phone.changed', phone, reachable });
}

/** The site has other phones: those that went are gone, those that came are told where they are there already. */
export async function phonesReplaced(desk: Desk, http: AriHttp, address: string): Promise<void> {
  const current = new Set(names(desk));
  for (const phone of desk.reachable.keys()) {
    if (current.has(phone)) continue;
    change(desk, phone, false);
    desk.reachable.delete(phone);
  }
  const fresh = [...current].filter((phone) => !desk.reachable.has(phone));
  for (const phone of fresh) desk.reachable.set(phone, false);
  if (fresh.length === 0) return;
  const online = await watch(http, address, fresh);
  // One that was heard of meanwhile is there already; nobody else tells of one that registered before.
  for (const phone of fresh) if (online.has(phone)) change(desk, phone, true);
}

export function listPhones(desk: Desk): Inventory['phones'] {
  return names(desk).map((phone) => ({ phone, reachable: desk.reachable.get(phone) ?? false }));
}

const unavailable = (address: string, why: string): OnedoorError =>
  new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address, why });
