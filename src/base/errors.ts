/**
 * The one table of errors. `docs/errors.md` lists the same codes; a test compares them.
 * A code is `ONEDOOR_<ROOM>_<WHAT>`; `{name}` in a message is filled from the error's fields.
 */
export const errorTable = {
  ONEDOOR_BASE_BUG: { message: 'A bug in Onedoor: {what}.', status: 500, retryable: false },
  ONEDOOR_JOURNAL_SQLITE: {
    message:
      'SQLite {version} may damage a journal. Install better-sqlite3 12.8.0 or newer (SQLite {needed}).',
    status: 500,
    retryable: false,
  },
  ONEDOOR_JOURNAL_NEWER: {
    message:
      'The journal in {folder} has format {found}; this engine knows {known}. Start the newer engine, or restore a backup made before the upgrade.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_JOURNAL_UNWRITABLE: {
    message: 'The journal in {folder} cannot be written: {why}. Free disk space or mend its permissions.',
    status: 503,
    retryable: true,
  },
  ONEDOOR_JOURNAL_FENCED: {
    message: 'Another engine owns the journal now; this one (epoch {epoch}) must stop.',
    status: 503,
    retryable: false,
  },
  ONEDOOR_JOURNAL_LOST: {
    message: 'Neither the store nor the reserve took the turn: {why}.',
    status: 503,
    retryable: true,
  },
  ONEDOOR_JOURNAL_BROKEN: {
    message:
      "The journal's store fails in a way that waiting does not mend: {why}. Start the engine anew; a damaged store is set aside then.",
    status: 500,
    retryable: false,
  },
  ONEDOOR_JOURNAL_STORE: {
    message: "The journal's store refused: {why}.",
    status: 503,
    retryable: true,
  },
  ONEDOOR_RECORDS_CURSOR: {
    message: '"{after}" is no place in a list of records. Take `next` of the page before as it is.',
    status: 400,
    retryable: false,
  },
  ONEDOOR_RECORDS_READ: { message: 'The records cannot be read: {why}.', status: 503, retryable: true },
  ONEDOOR_JOURNAL_CLOSED: { message: 'The journal is closed.', status: 503, retryable: false },
  ONEDOOR_TELEPHONY_UNAVAILABLE: {
    message: 'The exchange at {address} cannot be reached: {why}. Start it, or see its log.',
    status: 503,
    retryable: true,
  },
  ONEDOOR_TELEPHONY_DENIED: {
    message:
      'The exchange at {address} refuses our ARI user. Give it the rendered ari.conf, or the right credentials.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_REPLACED: {
    message: 'Another engine has taken over the exchange at {address}. Stop one of the two.',
    status: 503,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_OLD_ASTERISK: {
    message:
      'Asterisk {version} is too old: Onedoor needs {needed} or newer. Use ONEDOOR_EXCHANGE=embedded, or upgrade it.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_NO_ASTERISK: {
    message:
      'There is no Asterisk to start: {why}. Run npm start, which fetches one, or install the package asterisk.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_PORT_TAKEN: {
    message:
      'The {protocol} address {address} is taken or not ours ({why}). End what uses it, or set {setting} to another.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_START_FAILED: {
    message: 'Asterisk did not start: {why}. Its own words are in {log}.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_TELEPHONY_FOLDER: {
    message:
      'The exchange cannot use the folder {folder}: {why}. Mend its owner and permissions, or set another.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_SECRETS: {
    message:
      'The secrets in {file} cannot be read: {why}. Mend the file, or remove it to have new ones made.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_TRUNK_SECRET: {
    message: 'The trunk {trunk} registers with a secret, and none is given. Put it into the secrets folder.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_SETTING: {
    message:
      'The setting "{setting}" is {value}; allowed: {allowed}. Change it in onedoor.yaml or the environment.',
    status: 400,
    retryable: false,
  },
  ONEDOOR_TELEPHONY_TEMPLATE: {
    message:
      'The template asterisk-config/{template} has a slot that nothing fills: {slot}. Mend the template.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_SPEECH_PROGRAM: {
    message: '{program} failed: {why}. Run `onedoor doctor`.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_SPEECH_MEDIA: {
    message: 'The sound {path} cannot be written: {why}. Free disk space or mend its permissions.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_WEB_UNAUTHORISED: {
    message:
      'This address needs the token of this engine: send `Authorization: Bearer <token>`. It stands in secrets/http-token of the state folder.',
    status: 401,
    retryable: false,
  },
  ONEDOOR_WEB_HOST: {
    message: 'Requests for this host are not answered here. Use the address that the engine listens at.',
    status: 421,
    retryable: false,
  },
  ONEDOOR_WEB_INVALID: {
    message: 'The request is not valid; `details` says where.',
    status: 400,
    retryable: false,
  },
  ONEDOOR_WEB_NO_ROUTE: { message: 'There is nothing at this address.', status: 404, retryable: false },
  ONEDOOR_WEB_NO_RECORD: { message: 'There is no {kind} with this id.', status: 404, retryable: false },
  ONEDOOR_SITE_BUSY: {
    message: 'Another publication is under way. Try again when it is over.',
    status: 409,
    retryable: true,
  },
  ONEDOOR_SITE_NO_VERSION: {
    message: 'There is no such site version. `onedoor history` lists them.',
    status: 404,
    retryable: false,
  },
  ONEDOOR_SITE_AMBIGUOUS: {
    message: 'Several site versions begin so: {hashes}. Write more of the hash.',
    status: 409,
    retryable: false,
  },
  ONEDOOR_SITE_CHECK: {
    message: 'The site could not be checked: {why}.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_WEB_NO_CALENDAR: {
    message: 'There is no calendar {name}. There are: {known}.',
    status: 404,
    retryable: false,
  },
  ONEDOOR_WEB_NO_AGENT: {
    message: 'There is no agent {name}. There are: {known}.',
    status: 404,
    retryable: false,
  },
  ONEDOOR_WEB_AGENT_CANNOT: {
    message: 'The agent {name} cannot do that now: {why}.',
    status: 409,
    retryable: false,
  },
  ONEDOOR_WEB_CLOSING_TIME: {
    message:
      '"{until}" is no time to come. Write 14:30, or 2026-03-04T14:30, both in the zone {zone}, within a year.',
    status: 400,
    retryable: false,
  },
  ONEDOOR_WEB_CLOSING_TEXT: {
    message:
      'The text {text} cannot be spoken: {why}. Name a text without slots that stands in the prompts of every language.',
    status: 400,
    retryable: false,
  },
  ONEDOOR_WEB_TOO_LARGE: { message: 'The request is too large.', status: 413, retryable: false },
  ONEDOOR_WEB_MEDIA_TYPE: {
    message: 'A request body must be JSON (`Content-Type: application/json`).',
    status: 415,
    retryable: false,
  },
  ONEDOOR_WEB_TOO_MANY: {
    message: 'Too many requests: wait {seconds} s.',
    status: 429,
    retryable: true,
  },
  ONEDOOR_WEB_OFF_LOOPBACK: {
    message:
      'HTTP would listen at {host}, where other machines can reach it, with a single token to protect it. Set ONEDOOR_HTTP to a loopback address such as 127.0.0.1:8080, and put a proxy with TLS before it for others.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_WEB_ADDRESS: {
    message:
      'HTTP cannot listen at {address}: {why}. End the program that does, or set ONEDOOR_HTTP to another address.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_CLI_SITE: {
    message:
      'The site in {folder} has {count} errors and there is no earlier version to start with. Mend them and start again.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_CLI_STATE_NEWER: {
    message:
      'The state in {folder} has format {found}; this engine knows {known}. Start the newer engine, or set ONEDOOR_STATE to another folder.',
    status: 500,
    retryable: false,
  },
  ONEDOOR_CLI_STATE_UNUSABLE: {
    message:
      'The state folder {folder} cannot be used: {why}. Mend its permissions or free disk space, or set ONEDOOR_STATE to another folder.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_CLI_RECORDING: {
    message:
      'The recording {recording} cannot be deleted: {why}. Mend the permissions of the recordings folder and ask again; its contact was left as it is.',
    status: 500,
    retryable: true,
  },
  ONEDOOR_CLI_NO_ENGINE: {
    message: 'No engine runs on the state folder {folder}. Start one with `npm start`.',
    status: 503,
    retryable: true,
  },
  ONEDOOR_CLI_ENGINE_SILENT: {
    message: 'The engine (process {pid}) does not answer at {address}: {why}. See its log.',
    status: 503,
    retryable: true,
  },
} as const satisfies Record<string, ErrorRow>;

export interface ErrorRow {
  /** Message template: what, why, and how to mend it. */
  readonly message: string;
  /** HTTP status of an answer that carries this error. */
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

export type ErrorCode = keyof typeof errorTable;
export type ErrorFields = Readonly<Record<string, string | number | boolean>>;

/** An error of the table, with named fields and the cause. Thrown for bugs and I/O only; expected refusals are values. */
export class OnedoorError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, fields: ErrorFields = {}, cause?: unknown) {
    super(fill(errorTable[code].message, fields), cause === undefined ? {} : { cause });
    this.name = 'OnedoorError';
    this.code = code;
    this.fields = fields;
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }
}

function fill(template: string, fields: ErrorFields): string {
  return template.replace(/\{(\w+)\}/g, (slot, name: string) =>
    name in fields ? String(fields[name]) : slot,
  );
}

/** One finding about a file that a person wrote. Lines and columns count from 1. */
export interface Finding {
  /** Path as the person knows it, relative to the site's folder. */
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** Stable name of the finding, e.g. `flow/unknown-step`. */
  readonly code: string;
  /** What is wrong. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** How to mend it. */
  readonly mend: string;
}

/** The finding as one line: `file:line:col what, why, how to mend it`. */
export function findingLine(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.col} ${finding.what} ${finding.why} ${finding.mend} [${finding.code}]`;
}

/** Order of findings as a person reads them: by file, line and column. */
export function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.col - b.col;
}
