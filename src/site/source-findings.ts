/** What can be wrong with a lookup that is asked outside. */
import type { FindingTable } from '../flows/index.js';

export const sourceFindings = {
  'site/lookup-url-scheme': {
    severity: 'error',
    what: 'The URL does not begin with https:// or http://.',
    why: 'Nothing else can be asked.',
    mend: 'Write the whole URL, such as https://permits.example.om/requests/{slot}.',
  },
  'site/lookup-url-host': {
    severity: 'error',
    what: 'A slot stands in the host of the URL.',
    why: 'Whoever calls would choose which machine is asked.',
    mend: 'Write the host out; slots belong into the path or behind the question mark.',
  },
  'site/lookup-url-user': {
    severity: 'error',
    what: 'The URL holds a user name or password.',
    why: 'This file is no place for secrets, and is kept with every version.',
    mend: 'Put it into a secret, and name that under `secret-headers`.',
  },
  'site/lookup-url-fragment': {
    severity: 'error',
    what: 'The URL has a part after #.',
    why: 'It is never sent to a server.',
    mend: 'Delete it.',
  },
  'site/lookup-url-brace': {
    severity: 'error',
    what: 'A brace of the URL begins or ends no slot.',
    why: 'It would be sent as it stands.',
    mend: 'A slot is a name in braces, with letters, digits and _; write a brace that is meant as %7B or %7D.',
  },
  'site/lookup-url': {
    severity: 'error',
    what: 'The URL cannot be read.',
    why: 'Nobody could be asked.',
    mend: 'Correct its host or port.',
  },
  'site/lookup-plain-http': {
    severity: 'error',
    what: 'The URL begins with http://.',
    why: 'What callers enter, and secrets, could be read on the way.',
    mend: 'Write https://, or `allow-private: true` where it stays within your own network.',
  },
  'site/lookup-private-host': {
    severity: 'error',
    what: 'The host {host} lies within your own network.',
    why: 'Lookups go there only where it is meant.',
    mend: 'Write `allow-private: true`, or correct the host.',
  },
  'site/lookup-forbidden-host': {
    severity: 'error',
    what: 'The host {host} is no address that lookups may go to.',
    why: 'Nobody could be asked there, or a machine’s own secrets.',
    mend: 'Correct the host.',
  },
  'site/lookup-no-tls': {
    severity: 'error',
    what: 'The connection is not encrypted.',
    why: 'What callers enter, and the password, could be read on the way.',
    mend: 'Delete `tls: false`, or write `allow-private: true` where it stays within your own network.',
  },
  'site/lookup-ca-unused': {
    severity: 'error',
    what: 'There is a `ca`, but no TLS.',
    why: 'No certificate is ever looked at.',
    mend: 'Delete `tls: false`, or `ca`.',
  },
  'site/lookup-post': {
    severity: 'error',
    what: 'A POST has no `idempotency-key`.',
    why: 'After a crash the question is asked again, and what it does would be done twice.',
    mend: 'Name the header in which the service takes a key, such as `idempotency-key: Idempotency-Key`; or use GET.',
  },
  'site/lookup-get': {
    severity: 'error',
    what: 'A GET has neither body nor idempotency key.',
    why: 'It would never be sent.',
    mend: 'Write `method: POST`, or delete it.',
  },
  'site/lookup-asks-nothing': {
    severity: 'error',
    what: 'Nothing of the caller is asked by.',
    why: 'Every caller would be told the same.',
    mend: 'Write {name} into the URL, or :name into the query, where a value of the flow belongs.',
  },
  'site/lookup-header': {
    severity: 'error',
    what: 'The header {header} stands here a second time.',
    why: 'Only one could be sent.',
    mend: 'Delete one.',
  },
  'site/lookup-secret': {
    severity: 'error',
    what: 'The header {header} holds a secret.',
    why: 'This file is no place for secrets, and is kept with every version.',
    mend: 'Put it into a secret, and name that under `secret-headers`.',
  },
  'site/lookup-query-kind': {
    severity: 'error',
    what: 'The query is no SELECT.',
    why: 'Lookups only read.',
    mend: 'Begin it with SELECT or WITH.',
  },
  'site/lookup-query-writes': {
    severity: 'error',
    what: 'The query has the word {word}.',
    why: 'Lookups only read.',
    mend: 'Write one SELECT; a column of that name stands between double quotes.',
  },
  'site/lookup-query-statements': {
    severity: 'error',
    what: 'The query has more than one statement.',
    why: 'Only one can be asked.',
    mend: 'Keep one SELECT.',
  },
  'site/lookup-query-parameter': {
    severity: 'error',
    what: 'The query has the parameter {parameter}.',
    why: 'Flows ask by name.',
    mend: 'Name each parameter with a colon, such as :reference.',
  },
  'site/lookup-query-quote': {
    severity: 'error',
    what: 'A quotation mark of the query is never closed.',
    why: 'It cannot be read.',
    mend: 'Close it; one that belongs to a text is written twice.',
  },
} as const satisfies FindingTable;

export type SourceFault = keyof typeof sourceFindings;
