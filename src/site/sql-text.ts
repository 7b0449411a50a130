/** Pure. The query of a lookup: one SELECT with named parameters, as far as its text shows. */
import type { SourceFault } from './source-findings.js';

export type SqlReading =
  | {
      readonly result: 'read';
      readonly parameters: readonly string[];
      /** The query with `$1`, `$2`... in the place of its parameters. */
      readonly positional: string;
    }
  | {
      readonly result: 'broken';
      readonly fault: SourceFault;
      readonly fields: Readonly<Record<string, string>>;
    };

/** Text, quoted names, comments, parameters, words and signs, in the order in which SQLite tells them apart. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|::|[:@$][A-Za-z_]\w*|\?\d*|[A-Za-z_]\w*|[^\s]/g;

/** The same for PostgreSQL: texts with backslashes, subscripts, and operators of ?, @ and |. */
const postgresToken =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|::|:[A-Za-z_]\w*|\$\w*|[A-Za-z_]\w*|[^\s]/g;

const writing = new Set([
  'insert',
  'update',
  'delete',
  'replace',
  'attach',
  'pragma',
  'vacuum',
  'create',
  'drop',
]);

/** What SQLite has no words for. */
const postgresWriting = new Set([
  ...writing,
  'into',
  'copy',
  'truncate',
  'alter',
  'grant',
  'revoke',
  'call',
  'do',
]);

export function readSql(query: string, dialect: 'sqlite' | 'postgres' = 'sqlite'): SqlReading {
  const isPostgres = dialect === 'postgres';
  const broken = (fault: SourceFault, fields: Readonly<Record<string, string>> = {}): SqlReading => ({
    result: 'broken',
    fault,
    fields,
  });
  const tokens = [...query.matchAll(isPostgres ? postgresToken : token)]
    .map(([text]) => text)
    .filter((text) => !/^(?:--|\/\*)/.test(text));
  const first = tokens[0]?.toLowerCase();
  if (first !== 'select' && first !== 'with') return broken('site/lookup-query-kind');
  const end = tokens.indexOf(';');
  if (end >= 0 && end < tokens.length - 1) return broken('site/lookup-query-statements');
  // `replace(text, from, to)` is a function of reading queries as well.
  const writes = tokens.find(
    (text, i) => (isPostgres ? postgresWriting : writing).has(text.toLowerCase()) && tokens[i + 1] !== '(',
  );
  if (writes !== undefined) return broken('site/lookup-query-writes', { word: writes });
  const unnamed = tokens.find((text) => (isPostgres ? /^\$/ : /^[?@$]/).test(text));
  if (unnamed !== undefined) return broken('site/lookup-query-parameter', { parameter: unnamed });
  if (tokens.some((text) => text === "'" || text === '"' || text === '`'))
    return broken('site/lookup-query-quote');
  const parameters = tokens.filter((text) => /^:[A-Za-z_]/.test(text)).map((text) => text.slice(1));
  const names = [...new Set(parameters)];
  const positional = query.replace(isPostgres ? postgresToken : token, (text) =>
    /^:[A-Za-z_]/.test(text) ? `$${names.indexOf(text.slice(1)) + 1}` : text,
  );
  return { result: 'read', parameters: names, positional };
}
