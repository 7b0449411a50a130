import { OnedoorError } from '../../src/base/index.js';
import type { AgentDesk } from '../../src/web/index.js';

/** A site without agents. */
export const noAgents: AgentDesk = {
  list: () => [],
  act: (name) => Promise.reject(new OnedoorError('ONEDOOR_WEB_NO_AGENT', { name, known: 'none' })),
};
