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
