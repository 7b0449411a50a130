/** Pure. A URL with slots, as it stands in onedoor.yaml: `https://permits.example.om/requests/{reference}`. */
import type { UrlPart } from '../lookups/index.js';
import type { SourceFault } from './source-findings.js';

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
  | { readonly result: 'broken'; readonly fault: SourceFault };

const slotPattern = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export function readUrlTemplate(text: string): UrlReading {
  const broken = (fault: SourceFault): UrlReading => ({ result: 'broken', fault });
  const [, scheme, authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/.exec(text) ?? [];
  if (scheme === undefined) return broken('site/lookup-url-scheme');
  if (/[{}]/.test(authority)) return broken('site/lookup-url-host');
  if (authority.includes('@')) return broken('site/lookup-url-user');
  if (rest.includes('#')) return broken('site/lookup-url-fragment');

  const slots: string[] = [];
  const marked = rest.replace(slotPattern, (_slot, name: string) => `${mark}${slots.push(name) - 1}.`);
  if (/[{}]/.test(marked)) return broken('site/lookup-url-brace');
  if (!URL.canParse(`${scheme}://${authority}${marked}`)) return broken('site/lookup-url');
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
