import t from 'tap';
import { findingLine, readCsv } from '../../src/base/index.js';

const places = (text: string): string[] => {
  const reading = readCsv('f.csv', text);
  return reading.result === 'read' ? [] : reading.findings.map((f) => `${f.line}:${f.col} ${f.code}`);
};
const rows = (text: string): unknown => {
  const reading = readCsv('f.csv', text);
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  return reading.table.rows;
};

t.test('a table as a spreadsheet writes it', async (t) => {
  t.same(rows('\uFEFFreference,status\r\n123456,approved\r\n007,"needs, ""more"" papers"\r\n'), [
    { reference: '123456', status: 'approved' },
    { reference: '007', status: 'needs, "more" papers' },
  ]);
});

t.test('a table as a person types it: spaces, empty lines, no line end at the end', async (t) => {
  t.same(rows('a, b\n\n 1 , "x\ny" \n   \n2,'), [
    { a: '1', b: 'x\ny' },
    { a: '2', b: '' },
  ]);
});

t.test('a header alone is an empty table', async (t) => {
  t.same(rows('a,b\n'), []);
});

t.test('broken tables are told with line and column', async (t) => {
  t.same(places(''), ['1:1 csv/empty']);
  t.same(
    places('a,b\n1,"x\ny"\n3,4\n5,"6\n7,8\n'),
    ['5:3 csv/quote'],
    'a quotation mark that is never closed',
  );
  t.same(places('a,b\n\n1, "x"y\n'), ['3:4 csv/quote']);
  t.same(places('\uFEFFa,b\n1,x"y\n'), ['2:3 csv/quote']);
  t.same(places('a,b,a\n'), ['1:5 csv/duplicate-column']);
  t.same(places('\uFEFFa b,c-d\n'), ['1:1 csv/column-name', '1:5 csv/column-name']);
  t.same(
    places('a,b\n1\n1,2\n1,"2,2",3\n'),
    ['2:1 csv/row-length', '4:9 csv/row-length'],
    'every finding at once',
  );
  t.same(places(`a\n${'1\n'.repeat(100_001)}`), ['1:1 csv/too-many-rows']);
  t.same(places('x'.repeat(10_000_001)), ['1:1 csv/too-big']);
  t.equal(places(`a,b\n${'1\n'.repeat(1000)}`).length, 10, 'the echo of a mistake is cut short');
});

t.test('a column cannot reach the prototype', async (t) => {
  const reading = readCsv('f.csv', '__proto__\nx\n');
  if (reading.result === 'broken') throw new Error('it is valid');
  t.same(Object.keys(reading.table.rows[0] ?? {}), ['__proto__']);
  t.equal(({} as Record<string, unknown>)['x'], undefined);
});
