import t from 'tap';
import { flowFrom, flowOf, type Input, textsWith, walk, walksWith } from '../kit/flow-walk.js';

const walks = walksWith(t);

const menu = flowOf(`
  main:
    menu: { say: main-menu, keys: { 1: one, 2: two } }
  one: { say: this-is-one, go: end }
  two: { say: this-is-two, go: end }
`);
const begun = 'main.asking | enter main, say main-menu/en';
const waiting = 'main.waiting | | first-key in 10000';
const again = 'main.asking | say main-menu/en';

walks('a key during the prompt silences it at once and counts', menu, begun, [
  ['1', 'one.speaking | hush, enter one, say this-is-one/en'],
]);

walks('the time for the first key begins when the prompt is over', menu, begun, [
  ['timer first-key', 'main.asking'],
  ['spoken', waiting],
  ['2', 'two.speaking | enter two, say this-is-two/en | no first-key'],
]);

walks('silence is asked again, and leaves by its own exit after the last try', menu, begun, [
  ['spoken', waiting],
  ['timer first-key', `${again} | no first-key`],
  ['spoken', waiting],
  ['timer first-key', `${again} | no first-key`],
  ['spoken', waiting],
  ['timer first-key', 'silent.ended done | enter silent, hang-up | no first-key'],
]);

walks('wrong keys are asked again, and leave by their own exit after the last try', menu, begun, [
  ['7', 'main.asking | hush, say main-menu/en'],
  ['8', 'main.asking | hush, say main-menu/en'],
  ['9', 'wrong.ended done | hush, enter wrong, hang-up'],
]);

walks('silence and wrong keys are counted apart', menu, begun, [
  ['7', 'main.asking | hush, say main-menu/en'],
  ['spoken', waiting],
  ['timer first-key', `${again} | no first-key`],
  ['8', 'main.asking | hush, say main-menu/en'],
  ['spoken', waiting],
  ['timer first-key', `${again} | no first-key`],
  ['1', 'one.speaking | hush, enter one, say this-is-one/en'],
]);

walks(
  'each try can have words of its own, the last for all further ones',
  flowOf(`
  main:
    menu:
      say: main-menu
      keys: { 1: end }
      no-input: { tries: 4, say: [not-heard, [still-not-heard, help]], go: silent }
      no-match: { tries: 3, say: wrong-key, repeat-prompt: true, go: wrong }
`),
  begun,
  [
    ['spoken', waiting],
    ['timer first-key', 'main.asking | say not-heard/en | no first-key'],
    ['spoken', waiting],
    ['timer first-key', 'main.asking | say still-not-heard/en help/en | no first-key'],
    ['spoken', waiting],
    ['timer first-key', 'main.asking | say still-not-heard/en help/en | no first-key'],
    ['7', 'main.asking | hush, say wrong-key/en main-menu/en'],
    ['spoken', waiting],
    ['timer first-key', 'silent.ended done | enter silent, hang-up | no first-key'],
  ],
);

walks(
  'a step that is entered again begins to count anew',
  flowOf(`
  main:
    menu: { say: main-menu, keys: { 1: main }, no-match: { tries: 2, go: wrong } }
`),
  begun,
  [
    ['7', 'main.asking | hush, say main-menu/en'],
    ['1', 'main.asking | hush, enter main, say main-menu/en'],
    ['7', 'main.asking | hush, say main-menu/en'],
    ['7', 'wrong.ended done | hush, enter wrong, hang-up'],
  ],
);

walks(
  'a prompt that cannot be interrupted is heard to its end, and the key still counts',
  flowOf(`
  main:
    menu: { say: notice, interruptible: false, keys: { 1: next } }
  next:
    menu: { say: next-menu, keys: { 2: end } }
`),
  'main.asking | enter main, say notice/en',
  [
    ['1', 'main.asking'],
    ['2', 'main.asking'],
    ['spoken', 'end.ended done | enter next, enter end, hang-up'],
  ],
);

const ambiguous = flowOf(`
  main:
    menu: { say: main-menu, keys: { 1: one, 12: twelve, 2: two } }
  one: { say: one, go: end }
  two: { say: two, go: end }
  twelve: { say: twelve, go: end }
`);

walks('a key that could become a longer choice waits for the next one', ambiguous, begun, [
  ['1', 'main.collecting | hush | between-keys in 3000'],
  ['2', 'twelve.speaking | enter twelve, say twelve/en | no between-keys'],
]);

walks('a key that could become a longer choice counts when no other follows', ambiguous, begun, [
  ['1', 'main.collecting | hush | between-keys in 3000'],
  ['timer between-keys', 'one.speaking | enter one, say one/en | no between-keys'],
]);

walks('a key that cannot become a longer choice is not waited for', ambiguous, begun, [
  ['2', 'two.speaking | hush, enter two, say two/en'],
]);

const chain = flowOf(`
  a: { menu: { say: a, keys: { 1: b } } }
  b: { menu: { say: b, keys: { 2: c } } }
  c: { menu: { say: c, keys: { 3: d } } }
  d: { menu: { say: d, keys: { 4: end } } }
`);

walks('1, 2, 3, 4 pressed fast arrive as 1, 2, 3, 4', chain, 'a.asking | enter a, say a/en', [
  ['1', 'b.asking | hush, enter b, say b/en'],
  ['2', 'c.asking | hush, enter c, say c/en'],
  ['3', 'd.asking | hush, enter d, say d/en'],
  ['4', 'end.ended done | hush, enter end, hang-up'],
]);

walks(
  'keys from before are consumed step by step, and no prompt is played for them',
  chain,
  'd.asking | enter a, enter b, enter c, enter d, say d/en',
  [],
  { keys: '123' },
);

walks(
  'keys after a wrong one are not acted upon',
  chain,
  'b.asking | enter a, enter b, say b/en',
  [['2', 'c.asking | hush, enter c, say c/en']],
  { keys: '193' },
);

walks(
  'keys pressed while something else goes on are kept for the next step that waits for some',
  flowOf(`
  hello: { say: hello, go: find }
  find: { lookup: { source: x, found: main, not-found: main, failed: main } }
  main: { menu: { say: main, keys: { 1: next } } }
  next: { collect: { say: number, into: n, digits: { min: 2, max: 2 } }, go: end }
`),
  'hello.speaking | enter hello, say hello/en',
  [
    ['1', 'find.looking-up | hush, enter find, look up x {} in 2000'],
    ['4', 'find.looking-up'],
    ['2', 'find.looking-up'],
    [
      { type: 'looked-up', result: 'not-found' },
      'end.ended done | enter main, enter next, entered n=42, enter end, hang-up',
    ],
  ],
);

walks(
  'a step can drop what was pressed before it',
  flowOf(`
  hello: { say: notice, interruptible: false, go: main }
  main: { menu: { say: main, clear: true, keys: { 1: end } } }
`),
  'hello.speaking | enter hello, say notice/en',
  [
    ['1', 'hello.speaking'],
    ['spoken', 'main.asking | enter main, say main/en'],
  ],
);

const collect = flowOf(`
  ask:
    collect: { say: enter, into: number, digits: { min: 3, max: 5, end: "#" } }
    go: tell
  tell: { say: told, go: end }
`);
const asked = 'ask.asking | enter ask, say enter/en';
const told = 'enter tell, say told/en';

walks('an entry ends with its end key', collect, asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['2', 'ask.collecting | | between-keys in 3000'],
  ['3', 'ask.collecting | | between-keys in 3000'],
  ['#', `tell.speaking | entered number=123, ${told} | no between-keys`],
]);

walks('an entry that is long enough ends when no key follows', collect, asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['2', 'ask.collecting | | between-keys in 3000'],
  ['3', 'ask.collecting | | between-keys in 3000'],
  ['timer between-keys', `tell.speaking | entered number=123, ${told} | no between-keys`],
]);

walks('an entry that cannot grow longer is not waited for, and its end key may still come', collect, asked, [
  ...['1', '2', '3', '4'].map((key, at): [Input, string] => [
    key,
    `ask.collecting | ${at === 0 ? 'hush ' : ''}| between-keys in 3000`,
  ]),
  ['5', `tell.speaking | entered number=12345, ${told} | no between-keys`],
  ['#', 'tell.speaking'],
  ['#', 'end.ended done | hush, enter end, hang-up'],
]);

walks('an entry that is too short is a wrong one', collect, asked, [
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['#', 'ask.asking | say enter/en | no between-keys'],
  ['1', 'ask.collecting | hush | between-keys in 3000'],
  ['timer between-keys', 'ask.asking | say enter/en | no between-keys'],
  ['*', 'wrong.ended done | hush, enter wrong, hang-up'],
]);

walks('silence never leaves by the way of an entry', collect, asked, [
  ['spoken', 'ask.waiting | | first-key in 10000'],
  ['timer first-key', 'ask.asking | say enter/en | no first-key'],
  ['spoken', 'ask.waiting | | first-key in 10000'],
  ['timer first-key', 'ask.asking | say enter/en | no first-key'],
  ['spoken', 'ask.waiting | | first-key in 10000'],
  ['timer first-key', 'silent.ended done | enter silent, hang-up | no first-key'],
]);

walks(
  'an empty entry is possible where none is needed, by its end key and not by silence',
  flowOf(`
  ask: { collect: { say: enter, into: n, digits: { min: 0, max: 5 } }, go: end }
`),
  asked,
  [
    ['spoken', 'ask.waiting | | first-key in 10000'],
    ['timer first-key', 'ask.asking | say enter/en | no first-key'],
    ['#', 'end.ended done | hush, entered n=, enter end, hang-up'],
  ],
);

walks(
  'times can be set for one step or for all',
  flowOf(
    `
  main: { menu: { say: main-menu, first-key: 4, keys: { 1: end, 12: ask } } }
  ask: { collect: { say: enter, into: n, between-keys: 1.5, digits: { min: 1, max: 5 } }, go: end }
`,
    'defaults: { first-key: 20, between-keys: 2, no-input: { go: silent }, no-match: { go: wrong } }\n',
  ),
  begun,
  [
    ['spoken', 'main.waiting | | first-key in 4000'],
    ['1', 'main.collecting | | no first-key, between-keys in 2000'],
    ['2', 'ask.asking | enter ask, say enter/en | no between-keys'],
    ['spoken', 'ask.waiting | | first-key in 20000'],
    ['1', 'ask.collecting | | no first-key, between-keys in 1500'],
  ],
);

const anywhere = flowOf(
  `
  main: { menu: { say: main-menu, keys: { 1: ask, 2: info } } }
  ask: { collect: { say: enter, into: n, digits: { min: 1, max: 5, end: none } }, go: end }
  info: { say: long-text, go: main }
  agent: { say: agent, go: end }
`,
  'keys-anywhere: { "0": agent, "*": repeat, "#": back }\n',
);

walks('keys that mean the same everywhere: repeat, back, a step', anywhere, begun, [
  ['*', 'main.asking | hush, say main-menu/en'],
  ['#', 'main.asking | hush, say main-menu/en'],
  ['1', 'ask.asking | hush, enter ask, say enter/en'],
  ['*', 'ask.asking | hush, say enter/en'],
  ['4', 'ask.collecting | hush | between-keys in 3000'],
  ['*', 'ask.asking | say enter/en | no between-keys'],
  ['#', 'main.asking | hush, enter main, say main-menu/en'],
  ['2', 'info.speaking | hush, enter info, say long-text/en'],
  ['*', 'info.speaking | hush, say long-text/en'],
  ['#', 'main.asking | hush, enter main, say main-menu/en'],
  ['0', 'agent.speaking | hush, enter agent, say agent/en'],
]);

walks('a digit during a text may begin an entry: the next step that waits decides', anywhere, begun, [
  ['2', 'info.speaking | hush, enter info, say long-text/en'],
  ['0', 'agent.speaking | hush, enter main, enter agent, say agent/en'],
]);

walks('a digit is part of an entry, whatever it means elsewhere', anywhere, begun, [
  ['1', 'ask.asking | hush, enter ask, say enter/en'],
  ['0', 'ask.collecting | hush | between-keys in 3000'],
]);

walks(
  'a step takes a key before it means the same as everywhere',
  flowOf(
    `
  main: { menu: { say: main-menu, keys: { 0: end, "*": other } } }
  other: { say: other, go: end }
  agent: { say: agent, go: end }
`,
    'keys-anywhere: { "0": agent, "*": repeat }\n',
  ),
  begun,
  [['*', 'other.speaking | hush, enter other, say other/en']],
);

walks(
  'back goes one menu back, and not round in circles',
  flowOf(
    `
  a: { menu: { say: a, keys: { 1: b } } }
  b: { menu: { say: b, keys: { 1: c } } }
  c: { menu: { say: c, keys: { 1: a } } }
`,
    'keys-anywhere: { "#": back }\n',
  ),
  'a.asking | enter a, say a/en',
  [
    ['1', 'b.asking | hush, enter b, say b/en'],
    ['1', 'c.asking | hush, enter c, say c/en'],
    ['#', 'b.asking | hush, enter b, say b/en'],
    ['#', 'a.asking | hush, enter a, say a/en'],
    ['#', 'a.asking | hush, say a/en'],
    ['1', 'b.asking | hush, enter b, say b/en'],
    ['1', 'c.asking | hush, enter c, say c/en'],
    ['1', 'a.asking | hush, enter a, say a/en'],
    ['#', 'a.asking | hush, say a/en'],
  ],
);

const languages = flowOf(
  `
  choose:
    menu:
      say: choose
      keys: { 1: { language: ar, go: main }, 2: { language: en, go: main } }
      no-input: { tries: 1, go: main }
  main: { menu: { say: main, keys: { 1: end } } }
`,
  'languages: [ar, en]\n',
);

walks(
  'the choice of a language is spoken in each until one is chosen',
  languages,
  'choose.asking | enter choose, say choose/ar choose/en',
  [
    ['7', 'choose.asking | hush, say choose/ar choose/en'],
    ['2', 'main.asking | hush, language en, enter main, say main/en'],
  ],
);

walks(
  'who chooses no language hears the first',
  languages,
  'choose.asking | enter choose, say choose/ar choose/en',
  [
    ['spoken', 'choose.waiting | | first-key in 10000'],
    ['timer first-key', 'main.asking | enter main, say main/ar | no first-key'],
  ],
);

walks(
  'who has chosen a language before is asked in it',
  languages,
  'choose.asking | enter choose, say choose/en',
  [],
  { language: 'en', languageChosen: true },
);

t.test('after a gap in the engine’s life', async (t) => {
  const walker = walk(flowFrom(collect));
  t.equal(walker.give('resumed'), 'ask.asking', 'a prompt that plays goes on');
  walker.give('1');
  t.equal(
    walker.give('resumed'),
    'ask.asking-anew | say enter/en | no between-keys, quiet in 1000',
    'half a number is thrown away and asked again',
  );
  t.equal(walker.snapshot().context.entered, '');
  t.equal(walker.give('2'), 'ask.asking-anew | | quiet in 1000', 'the rest of a number does not count');
  t.equal(walker.give('timer quiet'), 'ask.asking | | no quiet');
  t.equal(walker.give('3'), 'ask.collecting | hush | between-keys in 3000', 'after a pause, keys count');
  t.equal(walker.snapshot().context.entered, '3');
  t.same([walker.snapshot().context.noInput, walker.snapshot().context.noMatch], [0, 0], 'no try is used up');

  const other = walk(flowFrom(collect));
  other.give('spoken');
  t.equal(
    other.give('resumed'),
    'ask.asking-anew | say enter/en | no first-key, quiet in 1000',
    'a number of which all keys so far were lost',
  );
  t.equal(other.give('spoken'), 'ask.waiting | | no quiet, first-key in 10000');

  const say = walk(
    flowFrom(
      flowOf(
        '  hello: { say: hello, interruptible: false, go: ask }\n  ask: { menu: { say: m, keys: { 1: end } } }\n',
      ),
    ),
  );
  say.give('1');
  t.equal(say.give('resumed'), 'hello.speaking');
  t.equal(say.give('spoken'), 'ask.asking | enter ask, say m/en', 'keys from before are dropped');
});

t.test('keys pressed ahead are cut at 64', async (t) => {
  const walker = walk(flowFrom(flowOf('  hello: { say: x, interruptible: false, go: end }\n')));
  for (let n = 0; n < 100; n++) walker.give('1');
  t.equal(walker.snapshot().context.keys.length, 64);
});

t.test('a text gets the values that it speaks, and no others', async (t) => {
  const text = flowOf(
    `
  find: { lookup: { source: x, into: request, found: tell, not-found: tell, failed: tell } }
  tell: { say: [status, hello], go: end }
`,
    'parameters: [name]\n',
  );
  const texts = textsWith({
    status: ['name', 'request.state', 'request.by.whom', 'caller.number', 'gone.away'],
  });
  const row = { state: 'approved', secret: 'x', by: { whom: 'B', secret: 'y' } };
  const walker = walk(flowFrom(text, texts), { vars: { name: 'A' } });
  t.equal(
    walker.give({ type: 'looked-up', result: 'found', row }),
    'tell.speaking | enter tell, say status/en' +
      '{"name":"A","request":{"state":"approved","by":{"whom":"B"}},"caller":{"number":"+96880077222"}} hello/en',
  );
});
