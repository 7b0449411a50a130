import t from 'tap';
import { captionOf } from '../../src/speech/index.js';
import { catalogOf } from './kit.js';

const catalog = catalogOf({
  en: `
  hello: Hello.
  status: "Request {request.reference, digits} is {request.status, select, approved {approved} other {open}}."
  days:
    say: "{n, plural, =0 {No days} one {# day} other {# days}} left."
    note: Cheerful.`,
  ar: `
  hello: مَرْحَبًا.
  status: "المعاملة {request.reference, digits} {request.status, select, approved {موافق عليها} other {قيد الإجراء}}."
  days: "{n, plural, zero {لا أيام} one {يوم واحد} two {يومان} few {# أيام} many {# يوما} other {# يوم}}"`,
});
const caption = (language: string, text: string, slots: Parameters<typeof catalog.render>[2]) => {
  const { pieces, missing } = catalog.render(language, text, slots);
  return [captionOf(pieces), ...missing];
};

t.test('values are found nested, as the dots of their slots say, or by the whole name', async (t) => {
  const words = 'Request one two is approved.';
  t.same(caption('en', 'status', { request: { reference: '12', status: 'approved' } }), [words]);
  t.same(caption('en', 'status', { 'request.reference': 12, 'request.status': 'approved' }), [words]);
});

t.test('a value that nobody thought of takes the case "other"', async (t) => {
  t.same(caption('en', 'status', { request: { reference: '1', status: 'lost' } }), ['Request one is open.']);
});

t.test('plurals follow the language', async (t) => {
  t.same(
    [0, 1, 2, 5].map((n) => caption('en', 'days', { n })[0]),
    ['No days left.', 'one day left.', 'two days left.', 'five days left.'],
  );
  t.same(
    [0, 1, 2, 3, 11, 100, '7'].map((n) => caption('ar', 'days', { n })[0]),
    ['لا أيام', 'يوم واحد', 'يومان', 'ثلاثة أيام', 'أحد عشر يوما', 'مائة يوم', 'سبعة أيام'],
  );
});

t.test('what is read has figures and its own punctuation, and no signs that are for the voice', async (t) => {
  const request = { reference: '0012', status: 'approved' };
  t.same(catalog.write('en', 'status', { request }), { words: 'Request 0012 is approved.', missing: [] });
  t.equal(catalog.write('ar', 'status', { request }).words, 'المعاملة 0012 موافق عليها.');
  t.equal(catalog.write('ar', 'hello', {}).words, 'مرحبا.');
  t.equal(catalog.write('en', 'days', { n: 5 }).words, '5 days left.');
  t.same(catalog.write('en', 'status', { request: { status: 'x' } }).missing, ['request.reference']);
  t.same(catalog.write('en', 'nothing', {}), { words: '', missing: ['nothing'] });
  t.same(catalog.write('ms', 'hello', {}), { words: 'Hello.', missing: ['hello'] });
});

t.test('what is known is spoken though a value is missing', async (t) => {
  t.same(caption('en', 'status', { request: { status: 'approved' } }), [
    'Request is approved.',
    'request.reference',
  ]);
  t.same(caption('en', 'status', {}), ['Request is open.', 'request.reference', 'request.status']);
  t.same(caption('en', 'status', { request: { reference: null, status: '' } }), [
    'Request is open.',
    'request.reference',
    'request.status',
  ]);
});

t.test('a text that does not exist is missing', async (t) => {
  t.same(catalog.render('en', 'nothing', {}), { pieces: [], missing: ['nothing'] });
  t.same(catalog.slots('en', 'nothing'), []);
  t.equal(catalog.has('en', 'nothing'), false);
});

t.test('a language that does not exist is spoken in the first one', async (t) => {
  t.same(caption('ms', 'hello', {}), ['Hello.', 'hello']);
  t.same(catalog.allPieces('ms'), []);
  t.equal(catalog.voice('ms'), null);
});

t.test('names that objects have by themselves are no values', async (t) => {
  t.same(caption('en', 'status', { request: { constructor: 'x' } }).slice(1), [
    'request.reference',
    'request.status',
  ]);
  t.equal(catalog.has('en', 'constructor'), false);
});

t.test('a caption leaves vowel signs out', async (t) => {
  t.same(caption('ar', 'hello', {}), ['مرحبا.']);
});

t.test('pieces are named so that a recording finds them, each once', async (t) => {
  const names = catalog.allPieces('en').map(({ name }) => name);
  t.same(
    names.filter((name) => !name.startsWith('say/')),
    ['hello', 'status.1', 'status.2.approved', 'status.2.other', 'days.1.0', 'days.2.one', 'days.2.other'],
  );
  t.equal(new Set(names).size, names.length);
  t.same(catalog.note('en', 'days'), 'Cheerful.');
  t.same(catalog.note('en', 'hello'), null);
});
