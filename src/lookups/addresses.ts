/** Which addresses a lookup may go to. What a name leads to is decided by somebody else, and may change. */
import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { addressKind } from '../base/index.js';

/** All addresses of a name, as `dns.lookup` gives them. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** By the machine's own resolver: hosts file first, then DNS. */
export const machineResolve: Resolve = (host, done) => lookup(host, { all: true }, done);

/** An address that is not allowed; its code says so where Node tells of failed connections. */
export const forbiddenAddress = 'ONEDOOR_FORBIDDEN_ADDRESS';

/** Whether a lookup may go to the address. */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (allowPrivate && kind === 'own');
}

/** Whether a host is an address already, for which nothing is resolved. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/**
 * The resolver of a connection: the addresses that were checked are those that are connected to, so that a name that
 * leads elsewhere the next moment (DNS rebinding) gains nothing. One forbidden address refuses the name.
 */
export function checkedResolver(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (host, options, done) =>
    resolve(host, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) return done(error, '');
      if (first === undefined || !addresses.every(({ address }) => isAllowedAddress(address, allowPrivate)))
        return done(Object.assign(new Error('an address is forbidden'), { code: forbiddenAddress }), '');
      if (options.all) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
}
