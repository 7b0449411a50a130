/** Pure. A URL with slots, as it stands in onedoor.yaml: `https://permits.example.om/requests/{reference}`. */
import type { UrlPart } from '../lookups/index.js';

export interface UrlTemplate {
  readonly secure: boolean;
  /** Name or address, small, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: readonly UrlPart[];
  readonly slots: readonly string[];
}

export type UrlReading =
  | { readonly result: 'read'; readonly template: UrlTemplate }
  | { readonly result: 'broken'; readonly what: string; readonly why: string; readonly mend: string };

const slotPattern = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export function readUrlTemplate(text: string): UrlReading {
  const broken = (what: string, why: string, mend: string): UrlReading => ({
    result: 'broken',
    what,
    why,
    mend,
  });
  const [, scheme, authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/.exec(text) ?? [];
  if (scheme === undefined)
    return broken(
      'The URL does not begin with https:// or http://.',
      'Nothing else can be asked.',
      'Write the whole URL, such as https://permits.example.om/requests/{reference}.',
    );
  if (/[{}]/.test(authority))
    return broken(
      'A slot stands in the host of the URL.',
      'Whoever calls would choose which machine is asked.',
      'Write the host out; slots belong into the path or behind the question mark.',
    );
  if (authority.includes('@'))
    return broken(
      'The URL holds a user name or password.',
      'This file is no place for secrets, and is kept with every version.',
      'Put it into a secret, and name that under `secret-headers`.',
    );
  if (rest.includes('#'))
    return broken('The URL has a part after #.', 'It is never sent to a server.', 'Delete it.');

  const slots: string[] = [];
  const marked = rest.replace(slotPattern, (_slot, name: string) => `${mark}${slots.push(name) - 1}.`);
  if (/[{}]/.test(marked))
    return broken(
      'A brace of the URL begins or ends no slot.',
      'It would be sent as it stands.',
      'A slot is {name} with letters, digits and _; write a brace that is meant as %7B or %7D.',
    );
  if (!URL.canParse(`${scheme}://${authority}${marked}`))
    return broken('The URL cannot be read.', 'Nobody could be asked.', 'Correct its host or port.');
  const url = new URL(`${scheme}://${authority}${marked}`);
  return {
    result: 'read',
    template: {
      secure: scheme === 'https',
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (scheme === 'https' ? 443 : 80),
      path: partsOf(url.pathname + url.search, slots),
      slots: [...new Set(slots)],
    },
  };
}

/** Stands for a slot while the URL is read: private use, so that nobody writes it, and percent-encoded by the reading. */
const mark = '\u{F8FF}';
const encodedMark = encodeURIComponent(mark);

function partsOf(path: string, slots: readonly string[]): readonly UrlPart[] {
  const [first = '', ...others] = path.split(encodedMark);
  return [
    first,
    ...others.flatMap((piece): UrlPart[] => {
      const end = piece.indexOf('.');
      return [{ slot: slots[Number(piece.slice(0, end))] ?? '' }, piece.slice(end + 1)];
    }),
  ].filter((part) => part !== '');
}
