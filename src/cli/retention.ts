/** Personal data and recordings whose time is over are deleted, now and every hour. */
import type { Log } from '../base/index.js';
import type { JournalUpkeep } from '../journal/index.js';
import type { RecordedSound } from './recorded-sound.js';

const everyMs = 3_600_000;

/** A fault is logged, and tried again an hour later. */
export function keepRetention(
  journal: Pick<JournalUpkeep, 'expire'>,
  sound: Pick<RecordedSound, 'forget'>,
  now: () => number,
  log: Log,
): { stop(): void } {
  const expire = (): void => {
    journal
      .expire(now(), (recordings) => sound.forget(recordings))
      .then(
        (values) => {
          if (values > 0) log.info({ values }, 'personal data whose time was over was deleted');
        },
        (cause: unknown) => log.error({ err: cause }, 'personal data was not expired'),
      );
  };
  expire();
  const timer = setInterval(expire, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
