import type { UtcMs } from '../base/index.js';
import type { EntityWrite, JournalEvent, PersonalWrite, RecordWrite, Turn } from './port.js';

/** How long each class of personal data is kept, in days. */
export type Retention = Readonly<Record<PersonalWrite['class'], number>>;

/** Days that each class is kept when the site says nothing else. */
export const defaultRetention: Retention = {
  number: 365,
  name: 365,
  digits: 30,
  answer: 30,
  text: 365,
  recording: 90,
};

const day = 86_400_000;

/**
 * Turns that are committed together, as flat lists of strings and numbers: the cheapest shape to hand to another
 * thread, and, as JSON, an entry of the reserve.
 */
export interface Group {
  /** Seq of the first and of the last turn. */
  readonly from: number;
  readonly to: number;
  /** Time of the last turn. */
  readonly at: UtcMs;
  /** turn, at, subject, type, version, body; repeated. */
  readonly events: readonly (string | number)[];
  /** kind, id, body (null deletes); repeated. The last write of each only. */
  readonly entities: readonly (string | null)[];
  /** turn, contact, key, class, expires, body; repeated. */
  readonly personal: readonly (string | number)[];
  /** kind, id, version, at, case, body; repeated. The last write of each only. */
  readonly records: readonly (string | number)[];
  /** turn, contact; repeated. Not in a reserve that an older engine wrote. */
  readonly erased?: readonly (string | number)[];
}

/** Turns on their way into a group. Nothing is serialised before {@link encode}: most entity writes are overtaken. */
export interface Gathering {
  readonly turns: Turn[];
  readonly entities: Map<string, EntityWrite>;
  readonly records: Map<string, RecordWrite>;
}

export function startGathering(): Gathering {
  return { turns: [], entities: new Map(), records: new Map() };
}

export function gather(gathering: Gathering, turn: Turn): void {
  gathering.turns.push(turn);
  for (const entity of turn.entities) gathering.entities.set(`${entity.kind} ${entity.id}`, entity);
  for (const record of turn.records) gathering.records.set(`${record.kind} ${record.id}`, record);
}

/** The group of the gathered turns; at least one. */
export function encode(gathering: Gathering, retention: Retention): Group {
  const events: (string | number)[] = [];
  const entities: (string | null)[] = [];
  const personal: (string | number)[] = [];
  const records: (string | number)[] = [];
  const erased: (string | number)[] = [];
  let from = 0;
  let to = 0;
  let at = 0;
  for (const turn of gathering.turns) {
    if (from === 0) from = turn.seq;
    to = turn.seq;
    at = turn.at;
    for (const event of turn.events) pushEvent(events, turn, event);
    for (const write of turn.personal) pushPersonal(personal, turn, write, retention);
    for (const contact of turn.erased ?? []) erased.push(turn.seq, contact);
  }
  for (const entity of gathering.entities.values())
    entities.push(entity.kind, entity.id, entity.body === null ? null : JSON.stringify(entity.body));
  for (const record of gathering.records.values())
    records.push(record.kind, record.id, record.version, record.at, record.case, JSON.stringify(record.body));
  return { from, to, at, events, entities, personal, records, erased };
}

function pushEvent(events: (string | number)[], turn: Turn, event: JournalEvent): void {
  events.push(turn.seq, turn.at, event.subject, event.type, event.version, JSON.stringify(event.body));
}

function pushPersonal(
  personal: (string | number)[],
  turn: Turn,
  write: PersonalWrite,
  retention: Retention,
): void {
  const expires = turn.at + retention[write.class] * day;
  personal.push(turn.seq, write.contact, write.key, write.class, expires, JSON.stringify(write.body));
}
