/** Pure. A flow as a picture: Mermaid text that GitHub and others draw. */
import { captionOf, type Flow, type Step } from './ast.js';
import { type Way, waysAnywhere, waysOf } from './way.js';

/** Brackets that give each kind of step its form: what waits for keys leans, what decides is a rhombus. */
const forms: Readonly<Record<Step['kind'], readonly [string, string]>> = {
  menu: ['[/', '/]'],
  collect: ['[/', '/]'],
  say: ['[', ']'],
  lookup: ['[(', ')]'],
  record: ['[/', '/]'],
  decide: ['{', '}'],
  set: ['[', ']'],
  dial: ['([', '])'],
  case: ['[(', ')]'],
  hours: ['{', '}'],
  call: ['[[', ']]'],
  return: ['((', '))'],
  'hang-up': ['((', '))'],
  queue: ['([', '])'],
  callback: ['[/', '/]'],
  message: ['[(', ')]'],
  survey: ['[/', '/]'],
};

/** One node a step, one arrow for all ways from one step to another; keys that mean the same everywhere stand apart. */
export function flowGraph(flow: Flow): string {
  const lines = ['flowchart TD', `  begin(("${escaped(flow.flow)}")) --> ${idOf(flow.start)}`];
  const end = flow['at-end'];
  if (end !== undefined) lines.push(`  left(("at-end")) --> ${idOf(end)}`);
  for (const step of flow.steps.values()) {
    const [open, close] = forms[step.kind];
    const caption = captionOf(step);
    const label = caption === null ? step.name : `${step.name}<br/>${caption}`;
    lines.push(`  ${idOf(step.name)}${open}"${label}"${close}`);
  }
  for (const step of flow.steps.values()) lines.push(...arrows(idOf(step.name), waysOf(flow, step)));
  const anywhere = waysAnywhere(flow);
  if (anywhere.length > 0) lines.push('  anywhere{{"anywhere"}}', ...arrows('anywhere', anywhere));
  if (lines.some((line) => line.endsWith(` ${idOf('hang-up')}`)))
    lines.push(`  ${idOf('hang-up')}(("hang-up"))`);
  return `${lines.join('\n')}\n`;
}

function arrows(from: string, ways: readonly Way[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { go, exit } of ways) labels.set(go, [...(labels.get(go) ?? []), exit.replace(/^key /, '')]);
  return [...labels].map(([go, exits]) => {
    // Repeating and going back lead where the caller comes from.
    const to = go === 'repeat' || go === 'back' ? `${from}_${go}(["${go}"])` : idOf(go);
    const label = exits.length === 1 && exits[0] === 'go' ? '' : `|"${escaped(exits.join(', '))}"|`;
    return `  ${from} -->${label} ${to}`;
  });
}

/** `end` and others are words of Mermaid's own. */
function idOf(step: string): string {
  return `s_${step.replaceAll('-', '_')}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
