/** Pure. A flow as a picture that needs nothing to be seen: SVG. Where things stand is dagre's work. */
import * as dagre from '@dagrejs/dagre';
import { captionOf, type Flow, type Step } from './ast.js';
import { type Way, waysAnywhere, waysOf } from './way.js';

/** What is used of dagre; its own types cannot be read by every tool that checks this file. */
interface LayoutGraph {
  setGraph(settings: object): void;
  setDefaultEdgeLabel(give: () => object): void;
  setNode(name: string, size: { readonly width: number; readonly height: number }): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  graph(): { readonly width?: number; readonly height?: number };
  node(name: string): NodePlace;
  edge(from: string, to: string, name: string): EdgePlace;
}
const { Graph, layout } = dagre as unknown as {
  readonly Graph: new (kind: { readonly multigraph: boolean }) => LayoutGraph;
  readonly layout: (graph: LayoutGraph) => void;
};

interface Box {
  readonly title: string;
  readonly lines: readonly string[];
  readonly kind: Step['kind'] | 'begin';
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: readonly string[];
  /** What a caller does not want: silence, mistakes, failures. */
  readonly faint: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fill and edge of a box, by what the step is about. */
const colours: Readonly<Record<Box['kind'], readonly [string, string]>> = {
  begin: ['#1f2937', '#1f2937'],
  menu: ['#dbeafe', '#2563eb'],
  collect: ['#dbeafe', '#2563eb'],
  record: ['#dbeafe', '#2563eb'],
  say: ['#f3f4f6', '#6b7280'],
  lookup: ['#fef3c7', '#d97706'],
  case: ['#fef3c7', '#d97706'],
  decide: ['#ede9fe', '#7c3aed'],
  set: ['#ede9fe', '#7c3aed'],
  hours: ['#ede9fe', '#7c3aed'],
  dial: ['#dcfce7', '#16a34a'],
  queue: ['#dcfce7', '#16a34a'],
  callback: ['#cffafe', '#0891b2'],
  message: ['#cffafe', '#0891b2'],
  survey: ['#dbeafe', '#2563eb'],
  call: ['#fce7f3', '#db2777'],
  return: ['#e5e7eb', '#374151'],
  'hang-up': ['#e5e7eb', '#374151'],
};

const font = 'DejaVu Sans, Verdana, sans-serif';
const size = { title: 14, line: 11, label: 11 } as const;
/** Mean width of a letter, of the height of the font. */
const letterWidth = 0.62;
const padding = 10;
const margin = 20;
const begin = '@begin';
const end = '@hang-up';
const longestLabel = 28;

/** The picture as the text of an SVG file. */
export function flowSvg(flow: Flow): string {
  const boxes = boxesOf(flow);
  const arrows = arrowsOf(flow);
  if (arrows.some(({ to }) => to === end)) boxes.set(end, { title: 'hang-up', lines: [], kind: 'hang-up' });
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 46, edgesep: 16, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [name, box] of boxes) graph.setNode(name, sizeOf(box));
  arrows.forEach(({ from, to, label }, i) => {
    const width = widest(label, size.label);
    graph.setEdge(
      from,
      to,
      { width, height: label.length * lineHeight(size.label), labelpos: 'c' },
      String(i),
    );
  });
  layout(graph);

  const { width = 0, height = 0 } = graph.graph();
  const legend = legendOf(flow);
  const legendHeight = legend.length * lineHeight(size.line) + (legend.length > 0 ? margin : 0);
  const total = {
    width: Math.ceil(Math.max(width, widest(legend, size.line) + 2 * margin)),
    height: Math.ceil(height + legendHeight),
  };
  const drawn = [
    ...arrows.map((arrow, i) => arrowSvg(arrow, graph.edge(arrow.from, arrow.to, String(i)))),
    ...[...boxes].map(([name, box]) => boxSvg(box, graph.node(name))),
    ...legend.map((line, i) =>
      textSvg(
        line,
        { x: margin, y: height + (i + 1) * lineHeight(size.line) },
        size.line,
        'start',
        '#374151',
      ),
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}" font-family="${font}">`,
    `<title>${escaped(flow.flow)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#4b5563"/></marker></defs>',
    `<rect width="${total.width}" height="${total.height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function boxesOf(flow: Flow): Map<string, Box> {
  const boxes = new Map<string, Box>([[begin, { title: flow.flow, lines: [], kind: 'begin' }]]);
  for (const step of flow.steps.values()) {
    const own = waysOf(flow, step)
      .filter(({ go }) => go === 'repeat' || go === 'back')
      .map(({ exit, go }) => `${keyless(exit)}: ${go}`);
    const caption = captionOf(step);
    const lines = caption === null ? own : [caption, ...own];
    boxes.set(step.name, { title: step.name, lines, kind: step.kind });
  }
  return boxes;
}

function arrowsOf(flow: Flow): Arrow[] {
  const first: Arrow = { from: begin, to: flow.start, label: [], faint: false };
  const others = [...flow.steps.values()].flatMap((step) => {
    const byTarget = new Map<string, Way[]>();
    for (const way of waysOf(flow, step)) {
      // Those of `defaults` stand in the legend: an arrow from every menu would hide the rest.
      if (way.go === 'repeat' || way.go === 'back' || way.path[0] === 'defaults') continue;
      const kind = isFaint(way) ? `faint ${way.go}` : way.go;
      byTarget.set(kind, [...(byTarget.get(kind) ?? []), way]);
    }
    return [...byTarget.values()].map((ways): Arrow => {
      const [one] = ways;
      const names = ways.map(({ exit }) => keyless(exit));
      const label = names.length === 1 && names[0] === 'go' ? [] : labelLines(names);
      const go = one?.go ?? '';
      return {
        from: step.name,
        to: go === 'hang-up' ? end : go,
        label,
        faint: one !== undefined && isFaint(one),
      };
    });
  });
  return [first, ...others];
}

function isFaint({ by, id }: Way): boolean {
  return by === 'silence' || by === 'mistake' || id === 'failed';
}

function legendOf(flow: Flow): string[] {
  const anywhere = waysAnywhere(flow).map(({ exit, go }) => `${keyless(exit)} → ${go}`);
  const defaults = (['no-input', 'no-match'] as const).flatMap((which) => {
    const go = flow.defaults[which]?.go;
    return go === undefined ? [] : [`${which} → ${go}`];
  });
  return [
    ...(anywhere.length === 0 ? [] : [`Keys everywhere: ${anywhere.join(', ')}`]),
    ...(defaults.length === 0 ? [] : [`Where no arrow says otherwise: ${defaults.join(', ')}`]),
  ];
}

const keyless = (exit: string): string => exit.replace(/^key /, '');

/** Names side by side, in lines that are not too long. */
function labelLines(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const short = name.length > longestLabel ? `${name.slice(0, longestLabel - 1)}…` : name;
    const last = lines.at(-1);
    if (last !== undefined && last.length + short.length + 2 <= longestLabel)
      lines[lines.length - 1] = `${last}, ${short}`;
    else lines.push(short);
  }
  return lines;
}

const lineHeight = (letters: number): number => Math.round(letters * 1.35);
const widest = (lines: readonly string[], letters: number): number =>
  Math.ceil(Math.max(0, ...lines.map((line) => line.length)) * letters * letterWidth);

function sizeOf({ title, lines }: Box): { readonly width: number; readonly height: number } {
  const inner = Math.max(widest([title], size.title), widest(lines, size.line));
  const height = lineHeight(size.title) + lines.length * lineHeight(size.line);
  return { width: inner + 2 * padding, height: height + 2 * padding };
}

type NodePlace = Point & { readonly width: number; readonly height: number };
type EdgePlace = Point & { readonly points: readonly Point[] };

function boxSvg({ title, lines, kind }: Box, { x, y, width, height }: NodePlace): string {
  const [fill, edge] = colours[kind];
  const [left, top] = [round(x - width / 2), round(y - height / 2)];
  const corner = kind === 'begin' || kind === 'hang-up' || kind === 'return' ? height / 2 : 6;
  const ink = kind === 'begin' ? '#ffffff' : '#111827';
  const first = y - height / 2 + padding + size.title * 0.85;
  return [
    `<rect x="${left}" y="${top}" width="${round(width)}" height="${round(height)}" rx="${round(corner)}" fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`,
    textSvg(title, { x, y: first }, size.title, 'middle', ink, true),
    ...lines.map((line, i) =>
      textSvg(line, { x, y: first + (i + 1) * lineHeight(size.line) }, size.line, 'middle', '#4b5563'),
    ),
  ].join('\n');
}

function arrowSvg({ label, faint }: Arrow, { points, x, y }: EdgePlace): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const path = `M${round(first.x)} ${round(first.y)}${smooth(rest)}`;
  const line = faint
    ? 'stroke="#9ca3af" stroke-width="1" stroke-dasharray="4 3"'
    : 'stroke="#4b5563" stroke-width="1.4"';
  const height = label.length * lineHeight(size.label);
  const words = label.map((text, i) =>
    textSvg(
      text,
      { x, y: y - height / 2 + (i + 0.8) * lineHeight(size.label) },
      size.label,
      'middle',
      faint ? '#6b7280' : '#111827',
      false,
      true,
    ),
  );
  return [`<path d="${path}" fill="none" ${line} marker-end="url(#arrow)"/>`, ...words].join('\n');
}

/** Through the middles of the corners, so that arrows bend and do not break. */
function smooth(points: readonly Point[]): string {
  return points
    .map((point, i) => {
      const next = points[i + 1];
      if (next === undefined) return `L${round(point.x)} ${round(point.y)}`;
      return `Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
    })
    .join('');
}

function textSvg(
  text: string,
  { x, y }: Point,
  letters: number,
  anchor: 'start' | 'middle',
  ink: string,
  bold = false,
  halo = false,
): string {
  const weight = bold ? ' font-weight="bold"' : '';
  // White behind the letters keeps a label readable where arrows cross it.
  const behind = halo ? ' stroke="#ffffff" stroke-width="4" paint-order="stroke"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${letters}" text-anchor="${anchor}" fill="${ink}"${weight}${behind}>${escaped(text)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
