import t from 'tap';
import { flowGraph, parseFlow } from '../../src/flows/index.js';
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
