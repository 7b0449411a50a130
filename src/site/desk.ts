/** Pure. What agents dial and hear: codes, dispositions, and whether all of it is spoken in their languages. */
import type { Finding, YamlPath, YamlSource } from '../base/index.js';
import type { TalkTexts } from '../calls/index.js';
import type { TextCatalog } from '../speech/index.js';
import { agentsOf } from './queues.js';
import type { SiteSettings } from './settings.js';
import type { Desk } from './site.js';
import { transferTexts } from './transfers.js';

interface Told extends Finding {
  readonly severity?: 'warning';
}

/** Texts that agents hear who dial a code. */
export const deskTexts = {
  signedIn: 'agent-signed-in',
  signedOut: 'agent-signed-out',
  ready: 'agent-ready',
  paused: 'agent-paused',
  wrapUpEnded: 'agent-wrap-up-ended',
  disposed: 'agent-disposed',
  /** The code means nothing, or the phone is nobody's. */
  unknown: 'agent-unknown',
  /** Understood, and not possible now. */
  cannot: 'agent-cannot',
} as const;

/** Texts that agents hear who press a code while they talk, where talks are recorded. */
const talkTexts = {
  on: 'agent-record-on',
  off: 'agent-record-off',
  cannot: deskTexts.cannot,
} as const satisfies TalkTexts;

export type DeskText = (typeof deskTexts)[keyof typeof deskTexts];

/** What is known where an agent is told of a caller. */
const whisperSlots: ReadonlySet<string> = new Set(['queue', 'language', 'waited']);

/** What agents dial, and in which language they are answered. */
export function deskOf({ desk, agents, languages }: SiteSettings): Desk {
  return {
    ...desk,
    talkTexts,
    languages: new Map(Object.entries(agents).map(([name, agent]) => [name, languageOf(agent, languages)])),
  };
}

function languageOf(
  { language }: SiteSettings['agents'][string],
  languages: SiteSettings['languages'],
): string {
  return language ?? languages[0] ?? 'en';
}

/** @param texts null: they have faults of their own, and nothing is said of their use. */
export function checkDesk(
  settings: SiteSettings,
  source: YamlSource,
  texts: TextCatalog | null,
): readonly Finding[] {
  return [
    ...checkCodes(settings, source),
    ...(texts === null
      ? []
      : [...checkDeskTexts(settings, source, texts), ...checkWhispers(settings, source, texts)]),
  ];
}

/** Whatever can be dialled must mean one thing. */
function checkCodes(settings: SiteSettings, source: YamlSource): readonly Told[] {
  const { codes, pauses } = settings.desk;
  const { pause, dispose, ...alone } = codes;
  const behind = new Set(
    [
      settings.dispositions,
      ...Object.values(settings.queues).map((queue) => queue.dispositions ?? {}),
    ].flatMap((list) => Object.keys(list)),
  );
  const dialled: readonly (readonly [string, string])[] = [
    ...Object.entries(alone),
    ...Object.keys(pauses).map((digit) => ['pause', pause + digit] as const),
    ...[...behind].map((code) => ['dispose', dispose + code] as const),
  ];
  const first = new Map<string, string>();
  const told = new Set<string>();
  return dialled.flatMap(([what, code]): Told[] => {
    const other = first.get(code);
    if (other === undefined) first.set(code, what);
    if (other === undefined || told.has(what)) return [];
    told.add(what);
    return [
      {
        file: source.file,
        ...placeOf(source, ['desk', 'codes', what], ['desk'], ['dispositions']),
        code: 'site/code-twice',
        what: `${code} means "${other}" and "${what}".`,
        why: 'An agent who dials it would get the first of them.',
        mend: 'Give one of them another code.',
      },
    ];
  });
}

/** The first of the places that is written in the file; defaults are not. */
function placeOf(
  source: YamlSource,
  ...paths: readonly YamlPath[]
): { readonly line: number; readonly col: number } {
  const written = paths.find((path) => {
    let value: unknown = source.value;
    for (const key of path) value = (value as Record<string, unknown> | undefined)?.[String(key)];
    return value !== undefined;
  });
  return source.at(written ?? []);
}

/** One finding for each language, at the first agent who is spoken to in it. */
function checkDeskTexts(settings: SiteSettings, source: YamlSource, texts: TextCatalog): readonly Told[] {
  const seen = new Set<string>();
  const records = Object.values(settings.queues).some(({ record }) => record !== false);
  return Object.entries(settings.agents).flatMap(([name, agent]): Told[] => {
    const language = languageOf(agent, settings.languages);
    if (seen.has(language)) return [];
    seen.add(language);
    const place = placeOf(source, ['agents', name, 'language'], ['agents', name]);
    if (!settings.languages.includes(language))
      return [
        {
          file: source.file,
          ...place,
          code: 'site/unknown-language',
          what: `The site does not speak ${language}.`,
          why: 'It has no texts in this language: the agent would hear a tone.',
          mend: `Add ${language} to \`languages\`, or name one of ${settings.languages.join(', ')}.`,
        },
      ];
    const needed = [
      ...Object.values(deskTexts),
      ...(records ? [talkTexts.on, talkTexts.off] : []),
      ...(settings.transfers === undefined ? [] : Object.values(transferTexts)),
    ];
    const lacking = needed.filter((text) => !texts.has(language, text));
    if (lacking.length === 0) return [];
    return [
      {
        file: source.file,
        ...place,
        code: 'site/silent-desk',
        severity: 'warning',
        what: `In ${language}, which ${agent.name} is spoken to in, these texts are missing: ${lacking.join(', ')}.`,
        why: 'An agent who dials or presses a code would hear a tone, and not know whether it was done.',
        mend: `Add them to prompts/${language}.yaml.`,
      },
    ];
  });
}

/** Who may answer a queue hears who waits: in the language of each of them. */
function checkWhispers(settings: SiteSettings, source: YamlSource, texts: TextCatalog): readonly Told[] {
  return Object.entries(settings.queues).flatMap(([name, { whisper, relax }]): Told[] => {
    if (whisper === undefined) return [];
    const find = (code: string, what: string, why: string, mend: string): Told => ({
      file: source.file,
      ...source.at(['queues', name, 'whisper']),
      code: `site/${code}`,
      what,
      why,
      mend,
    });
    const able = agentsOf(settings, [name, ...relax.flatMap(({ add }) => add)]);
    const languages = [...new Set(able.map(({ language }) => language))].filter((language) =>
      settings.languages.includes(language),
    );
    const lacking = languages.filter((language) => !texts.has(language, whisper));
    if (lacking.length > 0)
      return [
        find(
          'unknown-text',
          `The text "${whisper}" is missing in ${lacking.join(' and ')}.`,
          'An agent who picks up would not hear who waits.',
          'Add it to the prompts, or name another.',
        ),
      ];
    const unfilled = new Set(
      languages
        .flatMap((language) => texts.slots(language, whisper))
        .filter((slot) => !whisperSlots.has(slot)),
    );
    if (unfilled.size === 0) return [];
    return [
      find(
        'filled-text',
        `The text "${whisper}" needs values (${[...unfilled].join(', ')}).`,
        'Of a caller who waits only queue, language and waited are known.',
        'Name a text without other slots.',
      ),
    ];
  });
}
