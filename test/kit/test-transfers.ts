/** How whoever talks moves callers on, as the test site has it. */
import type { Transfers } from '../../src/calls/index.js';

/** @param to what stands behind the codes that are dialled. */
export function testTransfers(to: Transfers['to'], outside: Transfers['outside'] = null): Transfers {
  return {
    keys: { blind: '*1', attended: '*2', conference: '*3', complete: '*4', back: '*0' },
    to,
    outside,
    ringMs: 15_000,
    texts: {
      unknown: 'transfer-unknown',
      cannot: 'transfer-cannot',
      failed: 'transfer-failed',
      back: 'transfer-back',
    },
  };
}
