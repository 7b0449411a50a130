/** Pure. The query of a lookup: one SELECT with named parameters, as far as its text shows. */

export type SqlReading =
  | { readonly result: 'read'; readonly parameters: readonly string[] }
  | { readonly result: 'broken'; readonly what: string; readonly why: string; readonly mend: string };

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
  const broken = (what: string, why: string, mend: string): SqlReading => ({
    result: 'broken',
    what,
    why,
    mend,
  });
  const tokens = [...query.matchAll(token)]
    .map(([text]) => text)
    .filter((text) => !/^(?:--|\/\*)/.test(text));
  const first = tokens[0]?.toLowerCase();
  if (first !== 'select' && first !== 'with')
    return broken('The query is no SELECT.', 'Lookups only read.', 'Begin it with SELECT or WITH.');
  // `replace(text, from, to)` is a function of reading queries as well.
  const writes = tokens.find((text, i) => writing.has(text.toLowerCase()) && tokens[i + 1] !== '(');
  if (writes !== undefined)
    return broken(
      `The query has the word ${writes}.`,
      'Lookups only read.',
      'Write one SELECT; a column of that name stands between double quotes.',
    );
  const end = tokens.indexOf(';');
  if (end >= 0 && end < tokens.length - 1)
    return broken('The query has more than one statement.', 'Only one can be asked.', 'Keep one SELECT.');
  const unnamed = tokens.find((text) => /^[?@$]/.test(text));
  if (unnamed !== undefined)
    return broken(
      `The query has the parameter ${unnamed}.`,
      'Flows ask by name.',
      'Name each parameter with a colon, such as :reference.',
    );
  if (tokens.some((text) => text === "'" || text === '"' || text === '`'))
    return broken(
      'A quotation mark of the query is never closed.',
      'It cannot be read.',
      'Close it; one that belongs to a text is written twice.',
    );
  const parameters = tokens.filter((text) => /^:[A-Za-z_]/.test(text)).map((text) => text.slice(1));
  return { result: 'read', parameters: [...new Set(parameters)] };
}
