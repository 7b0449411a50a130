/** Pure. What an HTTP answer says: the row, that there is none, or why it cannot be used. */
import { type Attempt, found, notFound, sourceFailed, wrongQuestion } from './attempt.js';
import { chosenRow, wholeRow } from './row.js';
import type { HttpSource, Pointer } from './source.js';

/** What is known before the body is read; null: read it. */
export function judgeHead(
  source: Pick<HttpSource, 'notFound'>,
  { status, type, encoding }: { readonly status: number; readonly type: string; readonly encoding: string },
): Attempt | null {
  if (source.notFound.includes(status)) return notFound;
  if (status >= 300 && status < 400)
    return sourceFailed(`it redirects (status ${status}), which is never followed`);
  if (status === 401 || status === 403)
    return sourceFailed(`it refuses us (status ${status}): see its secret headers`);
  if (status === 408 || status === 429 || status >= 500)
    return sourceFailed(`it answers with status ${status}`, true);
  // RFC 9110: 4xx is the fault of whoever asks.
  if (status >= 400) return wrongQuestion(`it answers with status ${status}`);
  if (status < 200 || status === 204) return sourceFailed(`it answers with status ${status} and no content`);
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    return sourceFailed('its answer is no JSON by its content type');
  if (!/^(?:identity)?$/i.test(encoding))
    return sourceFailed('its answer is compressed, though it was asked not to');
  return null;
}

export function readAnswer(source: Pick<HttpSource, 'row' | 'fields'>, body: Uint8Array): Attempt {
  // The parser takes long for what no answer needs.
  if (isDeep(body)) return sourceFailed(`its answer is nested more than ${deepest} deep`);
  let whole: unknown;
  try {
    whole = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's message quotes the answer, which is personal data.
    return sourceFailed('its answer cannot be read as JSON');
  }
  const place = walk(whole, source.row);
  if (place.result === 'astray') return sourceFailed(`its answer has no ${showPointer(source.row)}`);
  if (place.result === 'nothing' || isEmptyList(place.value)) return notFound;
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return sourceFailed(`${showPointer(source.row)} of its answer is no object`);
  const reading =
    source.fields === null
      ? wholeRow(Object.entries(value))
      : chosenRow(Object.entries(source.fields).map(([name, pointer]) => [name, valueAt(value, pointer)]));
  return reading.result === 'row' ? found(reading.row) : sourceFailed(`of its answer ${reading.why}`);
}

/** Lists and maps within one another. */
const deepest = 64;

/** One pass over the bytes; those of other letters than ASCII's are all above 127. */
function isDeep(json: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === 0x22) inText = !inText;
    else if (inText) {
      // A backslash takes the next character with it.
      if (byte === 0x5c) i++;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

type Place =
  | { readonly result: 'value'; readonly value: unknown }
  /** The last step leads nowhere, or something on the way is null: there is no such thing today. */
  | { readonly result: 'nothing' }
  /** An earlier step leads nowhere: the answer has another form than was declared. */
  | { readonly result: 'astray' };

function walk(whole: unknown, pointer: Pointer): Place {
  let here = whole;
  for (const [index, step] of pointer.entries()) {
    if (here === null) return { result: 'nothing' };
    const last = index === pointer.length - 1;
    if (typeof here !== 'object') return { result: 'astray' };
    // RFC 6901: an item of a list is named by its index, without zeros in front.
    const known = Array.isArray(here)
      ? /^(?:0|[1-9]\d*)$/.test(step) && Object.hasOwn(here, step)
      : Object.hasOwn(here, step);
    if (!known) return { result: last ? 'nothing' : 'astray' };
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here === null ? { result: 'nothing' } : { result: 'value', value: here };
}

function valueAt(row: object, pointer: Pointer): unknown {
  const place = walk(row, pointer);
  return place.result === 'value' ? place.value : null;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function showPointer(pointer: Pointer): string {
  return pointer.length === 0 ? 'the whole' : `/${pointer.join('/')}`;
}
