/** Reads `prompts/say/<lang>.yaml`: every number, day, month, hour and digit must come out in words. Pure. */
import {
  checkYaml,
  type Finding,
  type Pieces,
  type Position,
  readYaml,
  type YamlPath,
} from '../base/index.js';
import {
  digitPieces,
  type NumberRule,
  type NumberSet,
  type Noun,
  type RuleItem,
  type Said,
  type SayGrammar,
  saidWord,
  sayPiece,
  usualNumbers,
  usualStyle,
} from './say-grammar.js';
import { newSurvey, surveyNumbers } from './say-range.js';
import {
  type DurationUnit,
  durationUnits,
  largestNumber,
  type RuleItemFile,
  type SayGrammarFile,
  sayGrammarSchema,
} from './say-schema.js';

type SayGrammarReading =
  | { readonly result: 'read'; readonly grammar: SayGrammar }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

const ruleWords: ReadonlySet<string> = new Set(['count', 'whole', 'rest', 'and']);
const categories = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

/** Reads and checks a grammar, in pieces; all findings at once. Pure. */
export function* readSayGrammar(file: string, text: string): Pieces<SayGrammarReading> {
  const reading = readYaml(file, text);
  if (reading.result === 'broken') return reading;
  const { source } = reading;
  yield;
  const checked = checkYaml(source, sayGrammarSchema, 'say');
  if (checked.result === 'invalid') return { result: 'broken', findings: checked.findings };
  const data = checked.value;
  yield;
  const findings: Finding[] = [];
  const find = (place: Position, code: string, what: string, why: string, mend: string): void => {
    findings.push({ file, ...place, code: `say/${code}`, what, why, mend });
  };
  const tell: Tell = (finding) => findings.push({ file, ...finding });
  const at = (path: YamlPath): Position => source.at(path);
  const keyAt = (path: YamlPath): Position => source.keyAt(path);

  checkTables(data, at, keyAt, tell);
  checkNames(data, at, keyAt, tell);
  const grammar = link(file, data, at, tell);
  if (findings.length === 0) {
    const survey = newSurvey();
    for (const set of grammar.numbers.sets.keys()) surveyNumbers(grammar, survey, set, 0, largestNumber);
    for (const [set, gap] of survey.gaps)
      find(
        keyAt(['numbers', 'sets', set]),
        'gap',
        `The set "${set}" has no words for ${gap}.`,
        `It must speak 0 to ${largestNumber}.`,
        'Add its word, or a rule whose count, whole and rest have words.',
      );
  }
  return findings.length > 0 ? { result: 'broken', findings } : { result: 'read', grammar };
}

type Tell = (finding: Omit<Finding, 'file'>) => void;
type Place = (path: YamlPath) => Position;

/** Tables whose entries are all needed, and groups that must add up. */
function checkTables(data: SayGrammarFile, at: Place, keyAt: Place, tell: Tell): void {
  const find = (place: Position, code: string, what: string, why: string, mend: string): void =>
    tell({ ...place, code: `say/${code}`, what, why, mend });
  const need = (path: YamlPath, have: Readonly<Record<string, unknown>>, from: number, to: number): void => {
    const lacking: number[] = [];
    for (let n = from; n <= to; n++) if (have[String(n)] === undefined) lacking.push(n);
    if (lacking.length > 0)
      find(
        keyAt(path),
        'incomplete',
        `"${path.join('.')}" lacks ${lacking.slice(0, 8).join(', ')}${lacking.length > 8 ? ' and more' : ''}.`,
        'A caller would hear a gap there.',
        `Add the words for ${from} to ${to}.`,
      );
  };
  const { digits, dates, times } = data;
  need(['digits', 'words'], digits.words, 0, 9);
  need(['dates', 'months'], dates.months, 1, 12);
  need(['dates', 'weekdays'], dates.weekdays, 1, 7);
  need(['dates', 'days'], dates.days, 1, 31);
  const [firstHour, lastHour] = times.clock === 12 ? [1, 12] : [0, 23];
  need(['times', 'hours'], times.hours, firstHour, lastHour);
  for (const [count, sizes] of Object.entries(digits.groups)) {
    if (sizes.reduce((sum, size) => sum + size, 0) !== Number(count))
      find(
        at(['digits', 'groups', count]),
        'groups',
        `The groups for ${count} digits have another sum.`,
        'Digits would be left over.',
        `Write sizes that add up to ${count}.`,
      );
  }
}

/** Names of sets, nouns, words and styles that stand for something written elsewhere in the file. */
function checkNames(data: SayGrammarFile, at: Place, keyAt: Place, tell: Tell): void {
  const find = (place: Position, code: string, what: string, why: string, mend: string): void =>
    tell({ ...place, code: `say/${code}`, what, why, mend });
  const namesSet = (path: YamlPath, set: string | undefined): void => {
    if (set !== undefined && data.numbers.sets[set] === undefined)
      find(
        at(path),
        'set',
        `There is no number set "${set}".`,
        'Its numbers have no words.',
        'Name a set of numbers.sets.',
      );
  };
  const namesNoun = (path: YamlPath, noun: string | undefined): void => {
    if (noun !== undefined && data.nouns[noun] === undefined)
      find(at(path), 'noun', `There is no noun "${noun}".`, 'It has no words.', 'Add it to nouns.');
  };
  const { numbers, nouns, dates, times, money, durations } = data;
  namesSet(['numbers', 'plural'], numbers.plural);
  namesSet(['dates', 'years'], dates.years);
  namesSet(['times', 'minutes', 'numbers'], times.minutes.numbers);
  namesNoun(['times', 'minutes', 'counted'], times.minutes.counted);
  if ((times.minutes.numbers === undefined) === (times.minutes.counted === undefined))
    find(
      keyAt(['times', 'minutes']),
      'minutes',
      'Minutes need either numbers or counted.',
      'A caller would hear an hour without its minutes.',
      'Name a number set, or the noun of minutes where the unit is spoken.',
    );
  if (numbers.sets[usualNumbers] === undefined)
    find(
      keyAt(['numbers', 'sets']),
      'set',
      `There is no number set "${usualNumbers}".`,
      'It is the usual one.',
      'Add it.',
    );
  for (const [style, items] of Object.entries(dates.styles)) {
    items.forEach((item, index) => {
      if (!['weekday', 'day', 'month', 'year'].includes(item) && dates.words[item] === undefined)
        find(
          at(['dates', 'styles', style, index]),
          'word',
          `"${item}" is neither weekday, day, month, year nor a word of dates.words.`,
          'It could not be spoken.',
          'Add it to dates.words.',
        );
    });
  }
  for (const [set, { rules }] of Object.entries(numbers.sets)) {
    rules?.forEach((one, index) => {
      const lists: readonly (readonly [YamlPath, readonly RuleItemFile[]])[] = [
        [['say'], one.say],
        [['rest'], one.rest ?? []],
        [['small', 'say'], one.small?.say ?? []],
      ];
      for (const [list, items] of lists) {
        items.forEach((item, i) => {
          const path = ['numbers', 'sets', set, 'rules', index, ...list, i];
          if (typeof item === 'object') {
            if ('counted' in item) namesNoun(path, item.counted);
            else namesSet(path, Object.values(item)[0]);
          } else if (!ruleWords.has(item) && numbers.words[item] === undefined)
            find(
              at(path),
              'word',
              `"${item}" is neither count, whole, rest, and nor a word of numbers.words.`,
              'It could not be spoken.',
              'Add it to numbers.words.',
            );
        });
      }
    });
  }
  for (const [noun, { numbers: set }] of Object.entries(nouns)) namesSet(['nouns', noun, 'numbers'], set);
  for (const [style, { main, minor, decimals }] of Object.entries(money?.styles ?? {})) {
    namesNoun(['money', 'styles', style, 'main'], main);
    namesNoun(['money', 'styles', style, 'minor'], minor);
    if (decimals > 0 && minor === undefined)
      find(
        keyAt(['money', 'styles', style]),
        'minor',
        `The currency "${style}" has decimals, but no noun for them.`,
        'Parts of it could not be spoken.',
        'Add minor, or write decimals: 0.',
      );
  }
  for (const [style, units] of Object.entries(durations?.styles ?? {}))
    for (const [unit, noun] of Object.entries(units)) namesNoun(['durations', 'styles', style, unit], noun);
  const usual: readonly (readonly [string, object | undefined])[] = [
    ['dates', dates.styles],
    ['durations', durations?.styles],
  ];
  for (const [table, styles] of usual) {
    if (styles === undefined || usualStyle in styles) continue;
    find(
      keyAt([table, 'styles']),
      'style',
      `There is no style "${usualStyle}".`,
      'It is the usual one.',
      'Add it.',
    );
  }
}

/** The file with its `like`s followed and its words made into pieces. */
function link(file: string, data: SayGrammarFile, at: Place, tell: Tell): SayGrammar {
  const find = (place: Position, code: string, what: string, why: string, mend: string): void =>
    tell({ ...place, code: `say/${code}`, what, why, mend });
  const { language, numbers } = data;
  const spokenDigits = new Map(
    Object.entries(data.digits.words).map(([digit, words]) => [
      digit,
      sayPiece(language, `digit-${digit}`, words),
    ]),
  );
  const said = (name: string, words: string, digits = ''): Said =>
    saidWord(language, numbers.and, name, words, digitPieces({ spokenDigits }, digits));

  /** What a set or noun is like, and what that is like, the last first; a circle is told. */
  const lineOf = <One extends { readonly like?: string | undefined }>(
    table: Readonly<Record<string, One>>,
    path: YamlPath,
    name: string,
  ): readonly (readonly [string, One])[] => {
    const line: [string, One][] = [];
    for (let next: string | undefined = name; next !== undefined; ) {
      const one: One | undefined = table[next];
      const above = line.at(-1)?.[0];
      if (one === undefined || line.some(([known]) => known === next)) {
        if (one === undefined ? above === name : next === name)
          find(
            at([...path, above ?? name, 'like']),
            'like',
            `"${above ?? name}" cannot be like "${next}".`,
            'That one is not there, or is like this one.',
            'Name another.',
          );
        break;
      }
      line.push([next, one]);
      next = one.like;
    }
    return line.reverse();
  };

  const item = (written: RuleItemFile): RuleItem => {
    if (typeof written === 'object') {
      if ('counted' in written) return { type: 'counted', noun: written.counted };
      if ('count' in written) return { type: 'part', part: 'count', set: written.count };
      return 'whole' in written
        ? { type: 'part', part: 'whole', set: written.whole }
        : { type: 'part', part: 'rest', set: written.rest };
    }
    if (written === 'and') return { type: 'and' };
    if (written === 'count' || written === 'whole' || written === 'rest')
      return { type: 'part', part: written, set: null };
    return { type: 'word', said: said(`word-${written}`, numbers.words[written] ?? written) };
  };

  const sets = new Map<string, NumberSet>();
  for (const name of Object.keys(numbers.sets)) {
    const words = new Map<number, Said>();
    let rules: readonly NumberRule[] = [];
    for (const [set, own] of lineOf(numbers.sets, ['numbers', 'sets'], name)) {
      for (const [n, one] of Object.entries(own.words)) words.set(Number(n), said(`${set}-${n}`, one, n));
      if (own.rules === undefined) continue;
      rules = own.rules
        .map((rule) => ({
          from: rule.from,
          by: rule.by,
          say: rule.say.map(item),
          rest: (rule.rest ?? [...rule.say, 'rest']).map(item),
          small: rule.small === undefined ? null : { below: rule.small.below, say: rule.small.say.map(item) },
        }))
        .sort((a, b) => b.from - a.from);
    }
    sets.set(name, { words, rules });
  }

  const nouns = new Map<string, Noun>();
  // Forms that sound the same are one piece, under the first one's name.
  const spoken = new Map<string, Said>();
  const form = (noun: string, key: string, words: string): Said => {
    const known = spoken.get(words) ?? said(`noun-${noun}-${key}`, words);
    spoken.set(words, known);
    return known;
  };
  for (const name of Object.keys(data.nouns)) {
    let set: string | undefined;
    const exactly = new Map<number, Said>();
    const forms = new Map<string, Said>();
    for (const [noun, own] of lineOf(data.nouns, ['nouns'], name)) {
      set = own.numbers ?? set;
      for (const [n, words] of Object.entries(own.exactly)) exactly.set(Number(n), form(noun, n, words));
      for (const category of categories) {
        const words = own[category];
        if (words !== undefined) forms.set(category, form(noun, category, words));
      }
    }
    const other = forms.get('other');
    if (other === undefined)
      find(
        at(['nouns', name]),
        'noun',
        `The noun "${name}" has no form "other".`,
        'It has nothing to be after most counts.',
        'Add other.',
      );
    else nouns.set(name, { numbers: set ?? usualNumbers, exactly, forms, other });
  }

  const plurals = new Intl.PluralRules(language);
  // Asking Intl costs more than all else in speaking a number.
  const categoryOf = new Map(Array.from({ length: 1001 }, (_, n) => [n, plurals.select(n)]));
  const { money, durations, ...rest } = data;
  return {
    ...rest,
    file,
    spokenDigits,
    plural: (n) => categoryOf.get(n) ?? plurals.select(n),
    numbers: { and: numbers.and, plural: numbers.plural ?? usualNumbers, sets },
    nouns,
    money: {
      and: money?.and ?? false,
      styles: new Map(
        Object.entries(money?.styles ?? {}).map(([style, { main, minor, decimals }]) => [
          style,
          { main, minor: minor ?? null, decimals },
        ]),
      ),
    },
    durations: {
      and: durations?.and ?? 'never',
      styles: new Map(
        Object.entries(durations?.styles ?? {}).map(([style, units]) => [
          style,
          (Object.keys(durationUnits) as DurationUnit[]).flatMap((unit) => {
            const noun = units[unit];
            return noun === undefined ? [] : [{ unit, noun }];
          }),
        ]),
      ),
    },
  };
}
