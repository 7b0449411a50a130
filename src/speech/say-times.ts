/** Dates and times of day as spoken pieces, as they are written: no time zone is applied. Pure. */
import { digitPieces, type SayGrammar, sayPiece } from './say-grammar.js';
import { speakCounted, speakWhole } from './say-numbers.js';
import type { SpokenPiece } from './speech.js';

/** An entry of one of the grammar's tables; the reader makes sure that it is there. */
const entry = (table: Readonly<Record<string, string>>, key: string | number): string =>
  table[String(key)] ?? String(key);

/** A word of a table that stands for a number, which its digits can replace. */
function numbered(
  grammar: SayGrammar,
  name: string,
  table: Readonly<Record<string, string>>,
  n: number,
): SpokenPiece {
  return sayPiece(grammar.language, `${name}-${n}`, entry(table, n), digitPieces(grammar, String(n)));
}

/** `2026-03-01`, also with a time after it, which is not spoken; null where it is no date or no style. */
export function speakDate(grammar: SayGrammar, style: string, text: string): readonly SpokenPiece[] | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text);
  const { styles, weekdays, days, months, years, words } = grammar.dates;
  const items = Object.hasOwn(styles, style) ? styles[style] : undefined;
  if (found === null || items === undefined) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const weekday = ((date.getUTCDay() + 6) % 7) + 1;
  return items.flatMap((item) => {
    switch (item) {
      case 'weekday':
        return [sayPiece(grammar.language, `weekday-${weekday}`, entry(weekdays, weekday))];
      case 'day':
        return [numbered(grammar, 'day', days, day)];
      case 'month':
        return [numbered(grammar, 'month', months, month)];
      case 'year':
        return speakWhole(grammar, years, year);
      default:
        return [sayPiece(grammar.language, `word-${item}`, entry(words, item))];
    }
  });
}

/** `07:30`, or the time of `2026-03-01T07:30+04:00`; null where it is no time. */
export function speakTime(grammar: SayGrammar, text: string): readonly SpokenPiece[] | null {
  const found = /^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?:[:.Z+-].*)?$/.exec(text);
  if (found === null) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  if (hour > 23 || minute > 59) return null;
  const { clock, hours, periods } = grammar.times;
  const named = clock === 24 ? hour : hour % 12 || 12;
  const period = [...periods].sort((a, b) => b.from - a.from).find((one) => one.from <= hour);
  return [
    numbered(grammar, 'hour', hours, named),
    ...speakMinutes(grammar, minute),
    ...(period === undefined ? [] : [sayPiece(grammar.language, `period-${period.from}`, period.say)]),
  ];
}

function speakMinutes(grammar: SayGrammar, n: number): readonly SpokenPiece[] {
  const { words, numbers, counted, joined } = grammar.times.minutes;
  const own = words[String(n)];
  if (own === '') return [];
  if (own !== undefined) return [numbered(grammar, 'minute', words, n)];
  return counted === undefined
    ? speakWhole(grammar, numbers ?? '', n, joined)
    : speakCounted(grammar, counted, n, joined);
}
