import { CsvError, parse } from 'csv-parse/sync';
import type { Finding } from './errors.js';

/** A table that a person wrote as CSV. Every row has every column; cells are texts without space around them. */
export interface CsvTable {
  /** Names of the header row, in order. */
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

export type CsvReading =
  | { readonly result: 'read'; readonly table: CsvTable }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** A file beyond these is refused: such tables belong into a database. */
const csvLimits = {
  /** Bytes of the file. */
  size: 10_000_000,
  rows: 100_000,
  /** Findings told of one file. */
  findings: 10,
} as const;

const columnName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a CSV file (RFC 4180, UTF-8 with or without a byte order mark, a header row, empty lines passed over). Pure.
 *
 * @returns the table, or the findings with line and column.
 */
export function readCsv(file: string, text: string): CsvReading {
  const bytes = Buffer.from(text);
  const findings: Finding[] = [];
  const find = (offset: number, code: string, what: string, why: string, mend: string): void => {
    if (findings.length >= csvLimits.findings) return;
    findings.push({ file, ...positionAt(bytes, offset), code: `csv/${code}`, what, why, mend });
  };
  const broken = (): CsvReading => ({ result: 'broken', findings });

  if (bytes.length > csvLimits.size) {
    const most = csvLimits.size / 1_000_000;
    find(
      0,
      'too-big',
      `The file is longer than ${most} MB.`,
      'It is refused unread.',
      'Keep such a table in a database.',
    );
    return broken();
  }

  const records: { readonly cells: readonly string[]; readonly start: number }[] = [];
  let end = 0;
  try {
    parse(bytes, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record(cells: string[], context) {
        records.push({ cells, start: end });
        end = context.bytes_records;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const field = typeof error['index'] === 'number' ? error['index'] : 0;
    find(
      fieldOffset(bytes, end, field),
      'quote',
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'The quotation mark here is never closed.'
        : 'A quotation mark stands in the middle of this value.',
      'From here on the rows cannot be told apart.',
      'Put the whole value between quotation marks, and write one that belongs to the value twice ("").',
    );
    return broken();
  }

  const [header, ...body] = records;
  if (header === undefined) {
    find(0, 'empty', 'The file is empty.', 'Its first row names the columns.', 'Add a header row.');
    return broken();
  }
  const columns = header.cells;
  columns.forEach((column, index) => {
    const offset = fieldOffset(bytes, header.start, index);
    if (!columnName.test(column)) {
      find(
        offset,
        'column-name',
        `The column "${column}" has a name that flows cannot use.`,
        'Flows write it as in `request.status`.',
        'Use letters, digits and _, and begin with a letter.',
      );
    } else if (columns.indexOf(column) !== index) {
      find(
        offset,
        'duplicate-column',
        `The column "${column}" stands here a second time.`,
        'Only one could be read.',
        'Rename or delete one.',
      );
    }
  });
  if (body.length > csvLimits.rows) {
    const most = csvLimits.rows.toLocaleString('en');
    find(
      0,
      'too-many-rows',
      `The file has more than ${most} rows.`,
      'It is refused.',
      'Keep such a table in a database.',
    );
  }

  const rows: Record<string, string>[] = [];
  for (const { cells, start } of body) {
    if (cells.length !== columns.length) {
      find(
        fieldOffset(bytes, start, Math.min(cells.length - 1, columns.length)),
        'row-length',
        `This row has ${cells.length} ${cells.length === 1 ? 'value' : 'values'}, the header has ${columns.length}.`,
        'A value would land in the wrong column.',
        'Add or delete commas; a value with a comma of its own belongs between quotation marks.',
      );
      continue;
    }
    rows.push(Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])));
  }
  return findings.length > 0 ? broken() : { result: 'read', table: { columns, rows } };
}

/** Where the field of a record begins that starts at `from`; all fields before it are well formed. */
function fieldOffset(bytes: Buffer, from: number, field: number): number {
  let offset = from;
  // What lies between records: a byte order mark and empty lines.
  if (offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) offset = 3;
  while (isSpace(bytes[offset]) || isLineEnd(bytes[offset])) offset++;
  let quoted = false;
  for (let left = field; left > 0 && offset < bytes.length; offset++) {
    if (bytes[offset] === 0x22) quoted = !quoted;
    else if (bytes[offset] === 0x2c && !quoted) left--;
  }
  while (isSpace(bytes[offset])) offset++;
  return Math.min(offset, bytes.length);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function positionAt(bytes: Buffer, offset: number): { readonly line: number; readonly col: number } {
  const before = bytes.subarray(0, offset).toString();
  const lines = before.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return { line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 };
}
