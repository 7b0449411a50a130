/** Personal data of a contact, deleted by request: its sound, its values, and a fact that tells of it. */
import type { Records } from '../records/index.js';
import type { Switchboard } from '../switchboard/index.js';
import type { Erasing } from '../web/index.js';
import type { RecordedSound } from './recorded-sound.js';

export interface ErasingParts {
  readonly records: Pick<Records, 'one' | 'personal'>;
  readonly sound: Pick<RecordedSound, 'remove'>;
  readonly switchboard: Pick<Switchboard, 'erase'>;
}

export function erasing({ records, sound, switchboard }: ErasingParts): Erasing {
  return {
    async erase({ contact, who, why }) {
      // A contact has a record once its call is over: nothing more is said then.
      const record = await records.one('contact', contact);
      if (record === null) return null;
      const values = Object.entries(await records.personal(contact));
      if (values.length === 0) return { values: 0, recordings: 0 };
      const recordings = values.flatMap(([key, value]) =>
        key.startsWith('recording.') && typeof value === 'string' ? [value] : [],
      );
      // Sound first: whoever is stopped in between asks again, and finds the names still there.
      await sound.remove(recordings);
      const erased = { values: values.length, recordings: recordings.length };
      await switchboard.erase(contact, { ...erased, who, why });
      return erased;
    },
  };
}
