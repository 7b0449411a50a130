import ipaddr from 'ipaddr.js';

/**
 * Whom an IP address belongs to: `public`, one's `own` network (private, loopback, unique local, carrier-grade NAT), or
 * `none` that a request may go to. Link-local is among the last: the passwords of cloud machines lie there.
 */
type AddressKind = 'public' | 'own' | 'none';

const ownRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/** Pure. An IPv4 address within an IPv6 one is judged by itself. `none` also for what is no address. */
export function addressKind(address: string): AddressKind {
  if (!ipaddr.isValid(address)) return 'none';
  const range = ipaddr.process(address).range();
  if (range === 'unicast') return 'public';
  return ownRanges.has(range) ? 'own' : 'none';
}
