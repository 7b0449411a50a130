/** Callers who are moved on by whoever talks to them, in virtual time: by short code, by the phone's own key, and back. */
import t from 'tap';
import { facts, hears, pickUp, ringing, state, talk, told } from '../kit/hotline-view.js';
import { press, settle, stage } from '../kit/transfer-stage.js';
import type { Party } from '../../src/telephony/simulator/index.js';

t.test('blind to a queue: the caller waits there with music, and the agent wraps up', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*121#');
  t.equal(amal.state, 'over');
  t.equal(state(hotline, 'amal'), 'wrap-up');
  t.equal(hears(caller), 'music');
  const omar = await pickUp(hotline, 'agent-2');
  t.ok(talk(hotline, caller, omar), 'somebody of the queue has the caller');
  t.equal(state(hotline, 'omar'), 'talking');
  omar?.hangUp();
  await hotline.time.runFor(1_000);
  t.match(told(caller), /goodbye/, 'then the flow goes on as after any talk');
  t.match(facts(hotline, 'talk.began'), [
    { kind: 'agent', who: 'amal', by: 'offer' },
    { kind: 'agent', who: 'omar', by: 'transfer' },
  ]);
  t.match(facts(hotline, 'talk.ended'), [{ by: 'transferred' }, { by: 'hung-up' }]);
  t.match(facts(hotline, 'transfer.ended'), [{ result: 'completed', why: null }]);
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'talked' }, { result: 'talked' }]);
  await settle(t, on);
});

t.test(
  'blind to a queue that has nobody: the agent who transferred is rung, and has the caller back',
  async (t) => {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*122#');
    t.equal(amal.state, 'over');
    t.equal(hears(caller), 'music');
    const again = ringing(hotline, 'agent-1');
    t.ok(again, 'from her wrap-up');
    again?.pickUp();
    await hotline.time.runFor(300);
    t.match(told(again!), /transfer-back/, 'she is told who comes');
    await hotline.time.runFor(1_500);
    t.ok(talk(hotline, caller, again!));
    t.equal(state(hotline, 'amal'), 'talking');
    t.match(facts(hotline, 'transfer.ended'), [{ result: 'taken-back', why: 'nobody' }]);
    again?.hangUp();
    await hotline.time.runFor(1_000);
    t.match(told(caller), /goodbye/);
    await settle(t, on);
  },
);

t.test('where the one who transferred does not take the caller back, the flow takes its exit', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*122#');
  ringing(hotline, 'agent-1')?.reject();
  await hotline.time.runFor(500);
  t.match(told(caller), /nobody/, 'the exit of the queue that had nobody');
  await settle(t, on);
});

for (const [how, end] of [
  ['busy', (phone: Party): void => phone.reject()],
  ['unanswered', null],
] as const) {
  t.test(`blind to a phone that is ${how}: the caller comes back`, async (t) => {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*141#');
    const desk = ringing(hotline, 'desk');
    t.ok(desk);
    if (end !== null) end(desk!);
    await hotline.time.runFor(end === null ? 16_000 : 500);
    t.equal(desk?.state, 'over');
    t.equal(hears(caller), 'music');
    const again = ringing(hotline, 'agent-1');
    again?.pickUp();
    await hotline.time.runFor(3_000);
    t.ok(talk(hotline, caller, again!));
    await settle(t, on);
  });
}

t.test('blind to a phone that is not there: the caller comes back at once', async (t) => {
  const on = await stage(t);
  const { hotline, amal } = on;
  hotline.simulator.phone('desk').unregister();
  await press(on, amal, '*141#');
  t.ok(ringing(hotline, 'agent-1'));
  await settle(t, on);
});

t.test('blind to an agent, who talks to nobody else meanwhile', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*131#');
  t.equal(state(hotline, 'omar'), 'ringing');
  const omar = await pickUp(hotline, 'agent-2');
  t.ok(talk(hotline, caller, omar));
  t.equal(state(hotline, 'omar'), 'talking');
  caller.hangUp();
  await hotline.time.runFor(500);
  t.equal(omar?.state, 'over');
  t.equal(state(hotline, 'omar'), 'wrap-up');
  await settle(t, on);
});

t.test('an agent who talks, or is not signed in, is not rung', async (t) => {
  const on = await stage(t, ['agent-1']);
  await press(on, on.amal, '*231#');
  t.match(told(on.amal), /transfer-failed/);
  t.ok(talk(on.hotline, on.caller, on.amal), 'and they talk on');
  await settle(t, on);
});

t.test('attended: the two speak, the caller hears music; who hangs up has transferred', async (t) => {
  for (const byCode of [false, true]) {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*231#');
    t.equal(hears(caller), 'music');
    t.equal(hears(amal), 'tone', 'she hears it ring');
    const omar = await pickUp(hotline, 'agent-2');
    t.ok(talk(hotline, amal, omar));
    t.equal(hears(caller), 'music');
    t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['talking', 'talking']);
    if (byCode) await press(on, amal, '*4');
    else amal.hangUp();
    await hotline.time.runFor(500);
    t.ok(talk(hotline, caller, omar));
    t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['wrap-up', 'talking']);
    t.not(hears(caller), 'music');
    await settle(t, on);
  }
});

t.test('attended: the target hangs up, or is let go by code: caller and agent talk again', async (t) => {
  for (const byCode of [false, true]) {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*231#');
    const omar = await pickUp(hotline, 'agent-2');
    if (byCode) await press(on, amal, '*0');
    else omar.hangUp();
    await hotline.time.runFor(500);
    t.ok(talk(hotline, caller, amal));
    t.equal(omar.state, 'over');
    t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['talking', 'wrap-up']);
    t.match(facts(hotline, 'transfer.ended'), [{ result: 'taken-back' }]);
    await settle(t, on);
  }
});

t.test('attended: while the target rings she takes the caller back, or it is not picked up', async (t) => {
  for (const byCode of [false, true]) {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*241#');
    const desk = ringing(hotline, 'desk')!;
    if (byCode) await press(on, amal, '*0');
    else await hotline.time.runFor(19_000);
    t.equal(desk.state, 'over');
    t.ok(talk(hotline, caller, amal));
    t.equal(/transfer-failed/.test(told(amal)), !byCode);
    await settle(t, on);
  }
});

t.test('attended: she hangs up while it rings, and the caller goes on to whoever picks up', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*241#');
  amal.hangUp();
  await hotline.time.runFor(500);
  t.equal(hears(caller), 'music');
  const desk = await pickUp(hotline, 'desk');
  t.ok(talk(hotline, caller, desk));
  t.match(facts(hotline, 'talk.began').at(-1), { kind: 'phone', who: 'desk', by: 'transfer' });
  await settle(t, on);
});

t.test('attended to a queue: she hears it ring until somebody of the queue answers', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*221#');
  const omar = await pickUp(hotline, 'agent-2');
  t.ok(talk(hotline, amal, omar));
  amal.hangUp();
  await hotline.time.runFor(500);
  t.ok(talk(hotline, caller, omar));
  await settle(t, on);
});

t.test('a conference of three: each hears all, and whoever leaves leaves the others together', async (t) => {
  for (const leaves of ['agent', 'third', 'caller'] as const) {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*331#');
    t.ok(talk(hotline, caller, amal), 'they talk on while it rings');
    const omar = await pickUp(hotline, 'agent-2');
    t.ok(talk(hotline, caller, amal, omar));
    const gone = { agent: amal, third: omar, caller }[leaves];
    gone.hangUp();
    await hotline.time.runFor(500);
    if (leaves === 'caller') t.same([amal.state, omar.state], ['over', 'over'], 'all are let go');
    else t.ok(talk(hotline, caller, leaves === 'agent' ? omar : amal));
    t.match(facts(hotline, 'talk.began'), [
      { who: 'amal', by: 'offer' },
      { who: 'omar', by: 'conference' },
    ]);
    await settle(t, on);
  }
});

t.test(
  'while she speaks with the target she takes the caller in, and lets the target go again',
  async (t) => {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    await press(on, amal, '*231#');
    const omar = await pickUp(hotline, 'agent-2');
    await press(on, amal, '*3#');
    t.ok(talk(hotline, caller, amal, omar));
    await press(on, amal, '*0');
    t.ok(talk(hotline, caller, amal));
    t.equal(omar.state, 'over');
    await settle(t, on);
  },
);

t.test('a caller who hangs up at any point of a transfer takes everybody along', async (t) => {
  for (const code of ['*121#', '*131#', '*141#', '*231#', '*241#', '*221#', '*331#', '*122#']) {
    for (const answered of [false, true]) {
      const on = await stage(t);
      const { hotline, caller, amal } = on;
      await press(on, amal, code);
      if (answered) for (const phone of ['agent-1', 'agent-2', 'desk']) ringing(hotline, phone)?.pickUp();
      await hotline.time.runFor(400);
      caller.hangUp();
      await hotline.time.runFor(500);
      t.same(hotline.simulator.inventory().legs, [], `${code} ${answered}`);
      await settle(t, on);
    }
  }
});

t.test('an engine that dies at any point of a transfer goes on with it', async (t) => {
  for (const code of ['*121#', '*141#', '*231#', '*331#', '*122#']) {
    for (const when of ['ringing', 'answered', 'away'] as const) {
      const on = await stage(t);
      const { hotline, caller, amal } = on;
      await press(on, amal, code);
      const answer = (): void => {
        for (const phone of ['agent-1', 'agent-2', 'desk']) ringing(hotline, phone)?.pickUp();
      };
      if (when === 'answered') {
        answer();
        await hotline.time.runFor(500);
      }
      const back = hotline.restart(2_000);
      if (when === 'away') answer();
      await back;
      if (when === 'ringing') answer();
      await hotline.time.runFor(3_000);
      const what = `${code} ${when}`;
      t.equal(caller.state, 'talking', what);
      if (code === '*231#') {
        t.equal(hears(caller), 'music', what);
        amal.hangUp();
        await hotline.time.runFor(500);
      }
      const { bridges } = hotline.simulator.inventory();
      t.ok(bridges.length === 1 && bridges[0]!.legs.includes(caller.leg!), what);
      t.equal(bridges[0]?.legs.length, code === '*331#' ? 3 : 2, what);
      await settle(t, on);
    }
  }
});

t.test(
  'to another number of the site: the caller begins with its flow, and the agent wraps up',
  async (t) => {
    const on = await stage(t);
    const { hotline, amal } = on;
    await press(on, amal, '*151#');
    await hotline.time.runFor(1_000);
    t.equal(amal.state, 'over');
    t.equal(state(hotline, 'amal'), 'wrap-up');
    t.match(facts(hotline, 'step.entered').at(-1), { flow: 'main' });
    await settle(t, on);
  },
);

t.test('codes that mean nothing, or nobody, are said so, and change nothing', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  for (const [keys, text] of [
    ['*199#', 'transfer-unknown'],
    ['*1#', 'transfer-unknown'],
    ['*10044123456789#', 'transfer-unknown'],
    ['*4', 'transfer-cannot'],
    ['*0', 'transfer-cannot'],
    ['*3#', 'transfer-cannot'],
    ['*251#', 'transfer-cannot'],
  ] as const) {
    await press(on, amal, keys);
    await hotline.time.runFor(1_000);
    t.match(told(amal).split('transfer-').at(-1), new RegExp(text.slice('transfer-'.length)), keys);
    t.ok(talk(hotline, caller, amal), keys);
  }
  // A star begins anew; a long pause forgets; other keys are nobody's.
  const before = told(amal);
  await press(on, amal, '12#*9*7#');
  amal.press('*12');
  await hotline.time.runFor(12_000);
  await press(on, amal, '1#');
  t.equal(told(amal), before);
  await press(on, caller, '*131#');
  t.ok(talk(hotline, caller, amal), 'a caller moves nobody');
  await press(on, amal, '*2*131#');
  t.ok(ringing(hotline, 'agent-2'));
  t.equal(amal.state, 'over');
  await settle(t, on);
});

t.test('a number outside is rung by the trunk, and never stands in the event log', async (t) => {
  const on = await stage(t);
  const { hotline, amal, caller } = on;
  await press(on, amal, '*291234567#');
  t.match(facts(hotline, 'transfer.began'), [{ to: 'outside', name: null }]);
  t.notMatch(JSON.stringify(hotline.facts()), /91234567/);
  await hotline.time.runFor(20_000);
  t.ok(talk(hotline, caller, amal), 'nobody is there in this world: she has the caller again');
  await settle(t, on);
});

t.test('by the phone’s own key: the phone is told how it goes', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  amal.transfer('99');
  await hotline.time.runFor(300);
  t.equal(amal.transferTold, 'declined');
  t.ok(talk(hotline, caller, amal));
  amal.transfer('41');
  await hotline.time.runFor(300);
  t.equal(hears(caller), 'music');
  ringing(hotline, 'desk')?.reject();
  await hotline.time.runFor(500);
  t.equal(amal.transferTold, 'unavailable');
  t.ok(talk(hotline, caller, amal), 'and they talk again');
  amal.transfer('41');
  await hotline.time.runFor(300);
  const desk = await pickUp(hotline, 'desk');
  t.equal(amal.transferTold, 'answered');
  t.ok(talk(hotline, caller, desk));
  t.equal(amal.state, 'over');
  await settle(t, on);
});

t.test(
  'by the phone’s own key to a queue: the phone is let go as soon as the caller waits there',
  async (t) => {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    amal.transfer('21');
    await hotline.time.runFor(500);
    t.equal(amal.transferTold, 'answered');
    t.equal(amal.state, 'over');
    t.equal(hears(caller), 'music');
    t.ok(ringing(hotline, 'agent-2'));
    await settle(t, on);
  },
);
