import { readFileSync } from 'node:fs';
import t from 'tap';
import { flowSvg, parseFlow } from '../../src/flows/index.js';

const root = new URL('../../../', import.meta.url);

for (const name of ['municipality', 'services', 'complaint']) {
  t.test(`${name} is drawn: a box a step, all within the picture, no two over each other`, async (t) => {
    const { flow } = parseFlow(readFileSync(new URL(`flows/${name}.yaml`, root), 'utf8'), `${name}.yaml`);
    if (flow === null) throw new Error('the flow is broken');
    const svg = flowSvg(flow);
    const [, width = 0, height = 0] = (/<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
    const boxes = [
      ...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ].map(([, ...numbers]) => numbers.map(Number));
    t.ok(boxes.length > flow.steps.size, `${boxes.length} boxes`);
    for (const step of flow.steps.keys()) t.ok(svg.includes(`>${step}</text>`), step);
    boxes.forEach(([x = 0, y = 0, w = 0, h = 0], i) => {
      t.ok(x >= 0 && y >= 0 && x + w <= width && y + h <= height, 'within the picture');
      for (const [ox = 0, oy = 0, ow = 0, oh = 0] of boxes.slice(i + 1))
        if (x < ox + ow && ox < x + w && y < oy + oh && oy < y + h) t.fail('two boxes lie over each other');
    });
  });
}

t.test('what a flow says is no markup', async (t) => {
  const { flow } = parseFlow(
    `onedoor: 1
flow: x
languages: [en]
start: which
parameters: [n]
steps:
  which: { decide: [{ when: 'n < 5 && n == "x"', go: end }, { else: hang-up }] }
  end: { hang-up: }
`,
    'x.yaml',
  );
  if (flow === null) throw new Error('the flow is broken');
  t.match(flowSvg(flow), 'n &lt; 5 &amp;&amp; n == &quot;x&quot;');
});
