/** Pure. Menus: how many stand before each, how long each speaks before its first key, and is a closed queue told? */
import type { Flow, MenuStep } from './ast.js';
import type { FindingTable, Telling } from './finding.js';
import type { MenuFacts, SiteFacts } from './site-facts.js';
import { beginnings, hearsKeys, waysAnywhere, waysOf } from './way.js';

export const menuFindings = {
  'flow/menu-too-deep': {
    severity: 'warning',
    what: 'Whoever comes to menu "{step}" has answered {before} menus before it: {chain}.',
    why: 'With every menu more callers get lost or hang up.',
    mend: 'Lead there from an earlier menu, or raise `menus: { depth: {most} }` in onedoor.yaml.',
  },
  'flow/menu-too-long': {
    severity: 'warning',
    what: 'Menu "{step}" speaks {seconds} s in {language} before it names its first key.',
    why: 'Callers forget what they heard, and press what comes to hand.',
    mend: 'Say less before the first key, or raise `menus: { seconds: {most} }` in onedoor.yaml.',
  },
  'flow/closed-unsaid': {
    severity: 'warning',
    what: 'Queue "{queue}" follows a calendar, and the step has no exit `closed`.',
    why: 'Outside its hours callers take the exit for a failure, and do not hear when somebody is there.',
    mend: 'Add `closed:` with the step that tells when it opens.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof menuFindings>;

export function checkMenus(flow: Flow, { menus, queuesWithHours }: SiteFacts, tell: Tell): void {
  if (menus !== undefined) {
    checkDepth(flow, menus.depth, tell);
    for (const step of flow.steps.values()) if (step.kind === 'menu') checkLength(flow, step, menus, tell);
  }
  for (const step of flow.steps.values()) {
    if (step.kind !== 'queue' || step.queue.closed !== undefined) continue;
    const queue = step.queue.name;
    if (queuesWithHours?.has(queue)) tell.key(['steps', step.name, 'queue'], 'flow/closed-unsaid', { queue });
  }
}

/** On the way with the fewest menus; only the first menu that lies too deep on a way is told. */
function checkDepth(flow: Flow, most: number, tell: Tell): void {
  const anywhere = waysAnywhere(flow);
  const before = new Map<string, readonly string[]>();
  let now: readonly (readonly [step: string, menus: readonly string[]])[] = beginnings(flow).map((step) => [
    step,
    [],
  ]);
  // One more menu each time; steps that cost none are walked at once.
  while (now.length > 0) {
    const next: (readonly [string, readonly string[]])[] = [];
    const queue = [...now];
    for (const [name, menus] of queue) {
      const step = flow.steps.get(name);
      if (step === undefined || before.has(name)) continue;
      before.set(name, menus);
      const isMenu = step.kind === 'menu';
      if (isMenu && menus.length === most + 1) {
        const chain = [...menus, name].map((menu) => `"${menu}"`).join(', ');
        tell.key(['steps', name], 'flow/menu-too-deep', { step: name, before: menus.length, chain, most });
      }
      const ways = hearsKeys(step) ? [...waysOf(flow, step), ...anywhere] : waysOf(flow, step);
      for (const { go } of ways) {
        if (before.has(go)) continue;
        if (isMenu) next.push([go, [...menus, name]]);
        else queue.push([go, menus]);
      }
    }
    now = next;
  }
}

/** One finding a menu, for the language in which it is longest. */
function checkLength(flow: Flow, step: MenuStep, menus: MenuFacts, tell: Tell): void {
  const keys = Object.keys(step.menu.keys);
  const lengths = flow.languages.map((language) => ({
    language,
    seconds: Math.round((60 * wordsBeforeKey(step, keys, language, menus)) / menus.rate(language)),
  }));
  const [longest] = lengths.sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined || longest.seconds <= menus.seconds) return;
  const fields = { step: step.name, ...longest, most: menus.seconds };
  tell.at(['steps', step.name, 'menu', 'say'], 'flow/menu-too-long', fields);
}

/** Words up to the first key that is written as a digit; all of them where keys are written out. */
function wordsBeforeKey(step: MenuStep, keys: readonly string[], language: string, menus: MenuFacts): number {
  const words = step.menu.say
    .flatMap((text) => menus.read(language, text).split(/\s+/))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words.findIndex((word) => keys.includes(inAscii(word).replace(/[^0-9*#]/g, '')));
  return first === -1 ? words.length : first;
}

/** Digits of other scripts, as texts may write them. */
function inAscii(word: string): string {
  return word.replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}
