/** Pure. The query of a lookup: one SELECT with named parameters, as far as its text shows. */
import type { SourceFault } from './source-findings.js';

export type SqlReading =
  | { readonly result: 'read'; readonly parameters: readonly string[] }
  | {
      readonly result: 'broken';
      readonly fault: SourceFault;
      readonly fields: Readonly<Record<string, string>>;
    };

/** Text, quoted names, comments, parameters, words and signs, in the order in which SQLite tells them apart. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|::|[:@$][A-Za-z_]\w*|\?\d*|[A-Za-z_]\w*|[^\s]/g;

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

export function readSql(query: string): SqlReading {
  const broken = (fault: SourceFault, fields: Readonly<Record<string, string>> = {}): SqlReading => ({
    result: 'broken',
    fault,
    fields,
  });
  const tokens = [...query.matchAll(token)]
    .map(([text]) => text)
    .filter((text) => !/^(?:--|\/\*)/.test(text));
  const first = tokens[0]?.toLowerCase();
  if (first !== 'select' && first !== 'with') return broken('site/lookup-query-kind');
  const end = tokens.indexOf(';');
  if (end >= 0 && end < tokens.length - 1) return broken('site/lookup-query-statements');
  // `replace(text, from, to)` is a function of reading queries as well.
  const writes = tokens.find((text, i) => writing.has(text.toLowerCase()) && tokens[i + 1] !== '(');
  if (writes !== undefined) return broken('site/lookup-query-writes', { word: writes });
  const unnamed = tokens.find((text) => /^[?@$]/.test(text));
  if (unnamed !== undefined) return broken('site/lookup-query-parameter', { parameter: unnamed });
  if (tokens.some((text) => text === "'" || text === '"' || text === '`'))
    return broken('site/lookup-query-quote');
  const parameters = tokens.filter((text) => /^:[A-Za-z_]/.test(text)).map((text) => text.slice(1));
  return { result: 'read', parameters: [...new Set(parameters)] };
}
