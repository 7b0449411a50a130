/** Pure. Which texts are spoken, in which language, with which values for their slots. */
import type { Json, JsonObject } from '../base/index.js';
import type { Flow } from './ast.js';
import type { FlowContext, SpokenText } from './flow.js';

/** What a flow needs to know of the site's texts; speech's `TextCatalog` is one. */
export interface FlowTexts {
  has(language: string, text: string): boolean;
  /** Dotted names of the values that a text speaks, e.g. `request.updated`. */
  slots(language: string, text: string): readonly string[];
}

export interface Prompts {
  /** `inTurn`: in each of the flow's languages, as long as the caller has chosen none. */
  speak(texts: readonly string[], context: FlowContext, inTurn: boolean): readonly SpokenText[];
}

export function promptsOf(flow: Pick<Flow, 'languages'>, texts: FlowTexts): Prompts {
  const paths = new Map<string, readonly (readonly string[])[]>();
  const pathsOf = (language: string, text: string): readonly (readonly string[])[] => {
    const key = `${language}/${text}`;
    let found = paths.get(key);
    if (found === undefined) {
      found = texts.slots(language, text).map((slot) => slot.split('.'));
      paths.set(key, found);
    }
    return found;
  };
  const first = flow.languages[0] ?? '';

  return {
    speak(names, context, inTurn) {
      const { language: chosen, languageChosen } = context.caller;
      const own = flow.languages.includes(chosen) ? chosen : first;
      const languages = inTurn && !languageChosen ? flow.languages : [own];
      return languages.flatMap((language) =>
        names.map((text) => ({ text, language, slots: slotsFor(pathsOf(language, text), context) })),
      );
    },
  };
}

/** Only the values that the text needs; one that is not known is left out. */
function slotsFor(paths: readonly (readonly string[])[], context: FlowContext): JsonObject {
  const slots: Record<string, Json> = {};
  for (const path of paths) {
    const value = valueAt(context, path);
    if (value === undefined || value === null) continue;
    let here = slots;
    for (const name of path.slice(0, -1)) {
      const inner = Object.hasOwn(here, name) ? here[name] : undefined;
      const next: Record<string, Json> =
        typeof inner === 'object' && inner !== null ? { ...(inner as JsonObject) } : {};
      here[name] = next;
      here = next;
    }
    here[path.at(-1) ?? ''] = value;
  }
  return slots;
}

function valueAt({ vars, caller }: FlowContext, path: readonly string[]): Json | undefined {
  let here: unknown = path[0] === 'caller' ? { caller } : vars;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here as Json;
}
