import { OnedoorError } from '../../src/base/index.js';
import type { MeasureDesk, QueueDesk } from '../../src/web/index.js';

/** A site without queues. */
export const noQueues: QueueDesk = {
  list: () => [],
  why: () => Promise.reject(new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind: 'contact' })),
  talks: () => [],
  callbacks: () => [],
  cancelCallback: () => Promise.reject(new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind: 'callback' })),
};

/** Nothing was measured. */
export const noMeasures: MeasureDesk = {
  figures: () => Promise.reject(new Error('nothing was measured')),
  metrics: () => Promise.resolve({ type: 'text/plain', text: '' }),
};
