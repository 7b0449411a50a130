import t from 'tap';
import { expressionsOf } from '../../src/flows/expressions.js';

const caller = { language: 'en', languageChosen: true, number: null };
const expressions = expressionsOf(['n', 'row', 'text', 'unset']);
const run = (text: string) =>
  expressions.compile(text)({
    vars: { n: 5, row: { a: 1, b: [1, 2.5, 'x'], c: { d: null } }, text: 'abc' },
    caller,
  });

t.test('values go in and come out as JSON', async (t) => {
  t.equal(run('n'), 5);
  t.equal(run('n * 2 + 1'), 11);
  t.equal(run('n / 2'), 2, 'whole numbers divide to whole ones');
  t.equal(run('double(n) / 2.0'), 2.5);
  t.same(run('row'), { a: 1, b: [1, 2.5, 'x'], c: { d: null } });
  t.same(run('{"n": n, "list": [n, "x"]}'), { n: 5, list: [5, 'x'] });
  t.equal(run('9007199254740993'), '9007199254740993', 'a number that JSON cannot hold is a text');
  t.equal(run('unset'), null);
  t.equal(run('caller.number == null ? "withheld" : caller.number'), 'withheld');
});

t.test('what cannot be stored fails', async (t) => {
  for (const text of ['b"abc"', 'timestamp("2026-01-01T00:00:00Z")', 'duration("1s")', 'type(n)', '5u']) {
    t.throws(() => run(text), text);
  }
  t.throws(
    () => expressions.compile('text + text')({ vars: { text: 'x'.repeat(6_000) }, caller }),
    /too big/,
  );
});

t.test('the inside of things cannot be reached', async (t) => {
  for (const text of [
    'row.__proto__',
    'row.constructor',
    'row["__proto__"]',
    'text.constructor',
    'caller.constructor',
    'row.b.length',
    'constructor',
    '__proto__',
    'globalThis',
    'toString',
  ]) {
    t.throws(() => run(text), text);
  }
});

t.test('an expression is checked before it runs', async (t) => {
  t.equal(expressions.check('n == 5 && row.a > 0', 'bool'), null);
  t.equal(expressions.check('row.flag', 'bool'), null, 'what a row holds is known when it is there');
  t.equal(expressions.check('string(n) + "x"', 'text'), null);
  t.match(expressions.check('n == ', 'bool'), { problem: 'syntax' });
  t.match(expressions.check('m == 5', 'bool'), { problem: 'unknown-name' });
  t.match(expressions.check('nonsense(n)', 'any'), { problem: /type|unknown-name/ });
  t.match(expressions.check('n + 1', 'bool'), { problem: 'type' });
  t.match(expressions.check('1 + "a"', 'any'), { problem: 'type' });
  t.match(expressions.check('text.matches("a*")', 'bool'), { problem: 'matches' });
  t.match(expressions.check('[text].exists(x, x.matches("a*"))', 'bool'), { problem: 'matches' });
  t.match(expressions.check('row.b.all(a, row.b.all(b, row.b.all(c, a == b && b == c)))', 'bool'), {
    problem: 'too-long',
  });
  t.match(expressions.check(`[${'1,'.repeat(200)}1]`, 'any'), { problem: /syntax|too-long/ });
  t.match(expressions.check(`${'('.repeat(100)}1${')'.repeat(100)}`, 'any'), { problem: /syntax|too-long/ });
});

t.test('a text is held against a pattern, as a whole', async (t) => {
  t.equal(expressions.check('text.fits("[a-c]{3}")', 'bool'), null);
  t.equal(run('text.fits("[a-c]{3}")'), true);
  t.equal(run('text.fits("[a-c]{2}")'), false);
  t.equal(run('text.fits("(?i)ABC")'), true);
  t.equal(run('"٠١٢".fits("\\\\p{Nd}+")'), true, 'digits of every script');
  for (const pattern of ['text', 'text + "a"', 'row.a', '["a"][0]'])
    t.match(expressions.check(`text.fits(${pattern})`, 'bool'), { problem: 'pattern' }, pattern);
  for (const pattern of ['(', '(a)\\\\1', 'a(?=b)', '((a{100}){100}){100}', 'a'.repeat(101)])
    t.match(expressions.check(`text.fits("${pattern}")`, 'bool'), { problem: 'pattern' }, pattern);
});

t.test('what would run long is refused before it runs', async (t) => {
  for (const text of [
    'row.b.all(a, row.b.all(b, a == b))',
    'row.b.map(a, row.b.map(b, [a, b]))',
    'row.b.filter(a, row.b.exists(b, b == a))',
    '[[1]].map(a, a.map(b, b))',
    '[text].exists(a, a.fits("x*"))',
    'row.b.all(a, true) && row.b.all(a, true) && row.b.all(a, true)',
    'text.fits("a") || text.fits("b") || text.fits("c")',
  ])
    t.match(expressions.check(text, 'any'), { problem: 'too-long' }, text);
  t.equal(expressions.check('row.b.filter(a, a == "x").map(a, a + "y")', 'any'), null, 'one after the other');
  t.match(expressions.check('text.matches("(a+)+$")', 'bool'), { problem: 'matches' });
});

t.test('the longest that is allowed does not hold up other calls', async (t) => {
  const list = Array.from({ length: 990 }, (_, i) => i);
  const long = 'a'.repeat(3_990);
  const heavy = expressionsOf(['numbers', 'long', 'short']);
  const vars = { numbers: list, long, short: 'a'.repeat(999) };
  const sum = (what: string, count: number): string => Array.from({ length: count }, () => what).join(' + ');
  for (const text of [
    `numbers.all(a, ${Array.from({ length: 45 }, () => 'a >= 0').join(' && ')})`,
    `numbers.map(a, a + ${sum('1', 90)}).filter(a, a < 0)`,
    'numbers.all(a, numbers == numbers)',
    'numbers.all(a, (numbers + numbers + numbers + numbers + numbers) == numbers)',
    'numbers.all(a, !long.contains(long + "b"))',
    'numbers.all(a, !(long + "b" in [long, long, long]))',
    'numbers.all(a, (long + long + long + long).contains(long + "b") == false)',
    'numbers.map(a, numbers).size() > 0',
    'short.fits("(.{0,999}){1}x")',
    'short.fits("(a+)+$") && short.fits("(a*)*b")',
    'short.fits("(a|aa)*(.*.*.*.*.*.*.*.*)*b")',
  ]) {
    t.equal(heavy.check(text, 'any'), null, text);
    const compiled = heavy.compile(text);
    const began = process.cpuUsage();
    try {
      compiled({ vars, caller });
    } catch (error) {
      t.match(error, /too big/, text);
    }
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1_000;
    t.comment(`${text.slice(0, 60)}: ${ms.toFixed(0)} ms`);
    t.ok(ms < 1_000, `${text}: not ten times the 100 ms promised`);
  }
});
