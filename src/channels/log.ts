import type { Log } from '../base/index.js';
import type { Channels } from './port.js';

/**
 * A channel for a site that has none yet: takes every message and sends it nowhere. The engine's log says that there
 * was one, the contact's record to whom and with which words (by reference) and that `log` took it.
 */
export function openLogChannel(log: Log): Channels {
  return {
    send: async ({ id, channel, language, text }) => {
      log.info(
        { message: id, channel, language, characters: text.length },
        'a message for nobody: no channel is set up',
      );
      return { result: 'sent', by: 'log' };
    },
  };
}
