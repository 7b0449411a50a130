import t from 'tap';
import { readMessage, slotsOf } from '../../src/speech/message.js';
import { allCuts, cut, mostCuts } from '../../src/speech/parts.js';

const message = (text: string, language = 'en') => {
  const reading = readMessage(language, text);
  if (reading.result === 'faulty') throw new Error(reading.faults.map(({ what }) => what).join('\n'));
  return reading.message;
};
const faults = (text: string, language = 'en') => {
  const reading = readMessage(language, text);
  return reading.result === 'read' ? [] : reading.faults.map(({ offset, code }) => `${offset} ${code}`);
};
const parts = (text: string, chosen: Readonly<Record<string, string>> = {}) =>
  cut(
    't',
    message(text),
    ({ slot, cases }) => cases.find(({ key }) => key === chosen[slot]) ?? cases.at(-1)!,
  ).map((part) => (part.type === 'fixed' ? `${part.name}: ${part.words}` : `{${part.slot}}`));

t.test('slots have dotted names, cases have hyphens', async (t) => {
  const text =
    'A {request.due-date, date, short} b {request.status, select, in-review {c {n, number}} other {}}';
  t.same(slotsOf(message(text)), ['request.due-date', 'request.status', 'n']);
  t.match(message(text)[1], {
    type: 'value',
    slot: 'request.due-date',
    way: 'date',
    style: 'short',
    offset: 2,
  });
});

t.test('words keep their apostrophes, full stops and hyphens, and braces in quotes', async (t) => {
  t.same(parts("It's well-known. '{'x'}' is e.g. a {a.b, digits} sign"), [
    "t.1: It's well-known. {x} is e.g. a",
    '{a.b}',
    't.2: sign',
  ]);
});

t.test('a text without slots is one piece under its own name', async (t) => {
  t.same(parts('Please  hold\n the line.'), ['t: Please hold the line.']);
});

t.test('a text with slots is cut into its fixed parts, without signs at their edges', async (t) => {
  t.same(parts('Request {n, digits}, since {d, date}. Thank you!'), [
    't.1: Request',
    '{n}',
    't.2: since',
    '{d}',
    't.3: Thank you!',
  ]);
  t.same(parts('{n, digits}.'), ['{n}'], 'a full stop is nothing to speak');
});

t.test('choices name the parts that they are in', async (t) => {
  const text = 'It {s, select, a {is done} b {waits for {n, number} more} other {is open}}, since {d, date}.';
  t.same(parts(text, { s: 'a' }), ['t.1.a: It is done, since', '{d}']);
  t.same(parts(text, { s: 'b' }), ['t.1.b: It waits for', '{n}', 't.2.b: more, since', '{d}']);
  t.same(parts(text), ['t.1.other: It is open, since', '{d}']);
  t.same(parts('{n, plural, =0 {none} one {# day} other {# days}} left', { n: '=0' }), ['t.1.0: none left']);
});

t.test(
  'a part after a choice has one name, whichever case was taken and however many values it had',
  async (t) => {
    const text =
      'You {n, plural, =0 {owe nothing} other {owe {n, number} fines}}. Since {d, date}, on {d, time}. Bye.';
    const names = ['=0', 'other'].map((n) => parts(text, { n }).filter((part) => /on|Bye/.test(part)));
    t.same(names[0], ['t.3: on', 't.4: Bye.']);
    t.same(names[1], names[0]);
    const odd = allCuts('t', message(text)).flat();
    const words = new Map<string, string>();
    for (const part of odd)
      if (part.type === 'fixed') {
        t.equal(words.get(part.name) ?? part.words, part.words, part.name);
        words.set(part.name, part.words);
      }
  },
);

t.test('every way to speak a text is found', async (t) => {
  const two =
    '{a, select, x {1} y {{b, select, p {2} q {3} other {4}}} other {5}} {c, plural, one {6} other {7}}';
  const words = allCuts('t', message(two)).map((list) =>
    list.map((part) => (part.type === 'fixed' ? part.words : '')),
  );
  t.same(words.flat().sort(), ['1 6', '1 7', '2 6', '2 7', '3 6', '3 7', '4 6', '4 7', '5 6', '5 7']);
  const many = Array.from({ length: 12 }, (_, n) => `{s${n}, select, a {b} other {c}}`).join(' ');
  t.equal(allCuts('t', message(many)).length, mostCuts + 1, 'and no more than can be refused');
});

t.test('what is wrong with a text is told at its character', async (t) => {
  t.same(faults('Hello {name}'), ['6 way']);
  t.same(faults('Hello {name, loud}'), ['6 way']);
  t.same(faults('Hello {name, digits, very slow}'), ['6 style']);
  t.same(faults('a } b'), ['2 brace']);
  t.same(faults('a {} b'), ['2 brace']);
  t.same(faults('a {b c, digits}'), ['5 syntax']);
  t.same(faults('{n, plural, one {x}'), ['19 syntax']);
  t.same(faults('line\n{n, select, a {x} {y}}'), ['22 syntax']);
  t.same(faults('Is {s, select, a {x}}'), ['3 other']);
  t.same(faults('{s, select, a {x} a {y} other {}}'), ['0 case']);
  t.same(faults('{s, selectordinal, other {}}'), ['0 choice']);
  t.same(faults('{s, plural, offset:1 other {}}'), ['0 choice']);
  t.same(faults('{a} {b, select, x {{c}} other {}}'), ['0 way', '19 way'], 'all of them at once');
});

t.test('plural categories are those of the language', async (t) => {
  const text = '{n, plural, one {a} two {b} other {c}}';
  t.same(faults(text, 'ar'), []);
  t.same(faults(text, 'en'), ['20 category']);
  t.same(faults(text, 'ms'), ['12 category', '20 category']);
});
