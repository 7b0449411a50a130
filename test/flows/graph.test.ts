import t from 'tap';
import { flowGraph, flowSvg, parseFlow } from '../../src/flows/index.js';
import { flowOf } from '../kit/flow-walk.js';

t.test('a flow is drawn with one arrow for all ways from one step to another', async (t) => {
  const text = flowOf(
    `
  main: { menu: { say: menu, keys: { 1: which, 2: which, 9: repeat } } }
  which: { decide: [{ when: 'n < 5 && t == "x"', go: end }, { else: hang-up }] }
`,
    'parameters: [n, t]\nkeys-anywhere: { "0": end }\n',
  );
  const { flow } = parseFlow(text, 'flow.yaml');
  if (flow === null) throw new Error('the flow is broken');
  t.equal(
    flowGraph(flow),
    `flowchart TD
  begin(("tried")) --> s_main
  s_main[/"main<br/>menu"/]
  s_which{"which<br/>decide"}
  s_silent(("silent<br/>hang-up"))
  s_wrong(("wrong<br/>hang-up"))
  s_end(("end<br/>hang-up"))
  s_main -->|"1, 2"| s_which
  s_main -->|"9"| s_main_repeat(["repeat"])
  s_main -->|"no-input"| s_silent
  s_main -->|"no-match"| s_wrong
  s_which -->|"n &lt; 5 &amp;&amp; t == &quot;x&quot;"| s_end
  s_which -->|"else"| s_hang_up
  anywhere{{"anywhere"}}
  anywhere -->|"0"| s_end
  s_hang_up(("hang-up"))
`,
  );
});

t.test('every exit of a step that reaches people outside the call is drawn', async (t) => {
  const { flow } = parseFlow(
    flowOf(`
  wait: { queue: { name: q, keys: { 1: call }, closed: end, no-answer-after: { go: call }, answered: rate, failed: end } }
  call: { callback: { say: confirm, accepted: write, refused: end, withheld: end } }
  write: { message: { text: note, sent: end, failed: rate, no-number: rate } }
  rate: { survey: { name: s, questions: [{ question: x, say: x }] }, go: end }
`),
    'flow.yaml',
  );
  if (flow === null) throw new Error('the flow is broken');
  const graph = flowGraph(flow);
  for (const line of [
    's_wait(["wait<br/>queue"])',
    's_call[/"call<br/>callback"/]',
    's_write[("write<br/>message")]',
    's_rate[/"rate<br/>survey"/]',
    's_wait -->|"1, no-answer-after"| s_call',
    's_wait -->|"answered"| s_rate',
    's_wait -->|"closed, failed"| s_end',
    's_call -->|"accepted"| s_write',
    's_call -->|"refused, withheld"| s_end',
    's_write -->|"sent"| s_end',
    's_write -->|"failed, no-number"| s_rate',
    's_rate --> s_end',
  ])
    t.ok(graph.includes(`  ${line}\n`), line);
});

t.test('a step that leads into another flow names it, be it now or in a call back', async (t) => {
  const { flow } = parseFlow(
    flowOf(`
  call: { call: { flow: services }, go: leave }
  leave: { callback: { say: confirm, accepted: end, refused: end, withheld: end, kept: end, keep-place: { flow: called-back } } }
`),
    'flow.yaml',
  );
  if (flow === null) throw new Error('the flow is broken');
  for (const picture of [flowGraph(flow).replaceAll('<br/>', '\n'), flowSvg(flow)]) {
    t.match(picture, 'call services');
    t.match(picture, 'callback, later called-back');
  }
});
