/** Attended transfers as phones do them, in virtual time: a second call to the target, then REFER with Replaces. */
import t, { type Test } from 'tap';
import { asLegId } from '../../src/base/index.js';
import { decideCall } from '../../src/calls/index.js';
import { facts, hears, pickUp, ringing, state, talk, told } from '../kit/hotline-view.js';
import { press, settle, type Stage, stage } from '../kit/transfer-stage.js';
import type { Party } from '../../src/telephony/simulator/index.js';

interface Asking extends Stage {
  readonly second: Party;
}

/** Amal puts the caller on hold and dials a target by a second call of her phone. */
async function asking(t: Test, code: string): Promise<Asking> {
  const on = await stage(t);
  const { simulator, time } = on.hotline;
  on.amal.hold();
  const second = simulator.dial({ called: code, phone: 'agent-1', trunk: 'phones' });
  await time.runFor(500);
  t.equal(second.state, 'talking', 'it is answered');
  t.ok(talk(on.hotline, on.caller, on.amal), 'the caller is left to the first call');
  return { ...on, second };
}

t.test(
  'she speaks with the target, and connects the two calls, whichever her phone names first',
  async (t) => {
    for (const first of ['caller', 'target'] as const) {
      const on = await asking(t, '31');
      const { hotline, caller, amal, second } = on;
      t.equal(hears(second), 'tone', 'she hears it ring');
      const omar = await pickUp(on.hotline, 'agent-2');
      t.ok(talk(hotline, second, omar));
      t.ok(talk(hotline, caller, amal));
      t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['hold', 'talking']);
      const [asks, named] = first === 'caller' ? [amal, second] : [second, amal];
      asks.transfer('', named.leg!);
      await hotline.time.runFor(500);
      t.equal(asks.transferTold, 'answered');
      t.same([amal.state, second.state], ['over', 'over'], 'her phone is let go');
      t.ok(talk(hotline, caller, omar));
      t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['wrap-up', 'talking']);
      t.match(facts(hotline, 'transfer.ended'), [{ result: 'completed' }]);
      t.match(facts(hotline, 'talk.began'), [
        { who: 'amal', by: 'offer' },
        { who: 'omar', by: 'transfer' },
      ]);
      await settle(t, on);
    }
  },
);

t.test('she goes back and forth between caller and target by hold, and connects them then', async (t) => {
  const on = await asking(t, '31');
  const { hotline, caller, amal, second } = on;
  const omar = await pickUp(on.hotline, 'agent-2');
  second.hold();
  amal.unhold();
  await hotline.time.runFor(500);
  t.ok(talk(hotline, caller, amal) && talk(hotline, second, omar));
  t.equal(state(hotline, 'amal'), 'talking');
  amal.transfer('', second.leg!);
  await hotline.time.runFor(500);
  t.ok(talk(hotline, caller, omar));
  await settle(t, on);
});

t.test(
  'she connects them while the target still rings: the caller goes on to whoever picks up',
  async (t) => {
    const on = await asking(t, '41');
    const { hotline, caller, amal, second } = on;
    amal.transfer('', second.leg!);
    await hotline.time.runFor(500);
    t.equal(amal.transferTold, 'answered');
    t.same([amal.state, second.state], ['over', 'over']);
    t.equal(hears(caller), 'music');
    const desk = await pickUp(on.hotline, 'desk');
    t.ok(talk(hotline, caller, desk));
    await settle(t, on);
  },
);

t.test('… and where nobody picks up then, she is rung and has the caller again', async (t) => {
  const on = await asking(t, '41');
  const { hotline, caller, amal, second } = on;
  amal.transfer('', second.leg!);
  await hotline.time.runFor(19_000);
  const again = await pickUp(on.hotline, 'agent-1');
  await hotline.time.runFor(2_000);
  t.ok(talk(hotline, caller, again));
  await settle(t, on);
});

for (const [how, end] of [
  ['rejects', (desk: Party) => desk.reject()],
  ['is not picked up', null],
] as const) {
  t.test(`a target that ${how}: her second call is told so and ends, and she has the caller`, async (t) => {
    const on = await asking(t, '41');
    const { hotline, caller, amal, second } = on;
    const desk = ringing(hotline, 'desk')!;
    end?.(desk);
    await hotline.time.runFor(end === null ? 21_000 : 3_000);
    t.equal(desk.state, 'over');
    t.match(told(second), /transfer-failed/);
    t.equal(second.state, 'over');
    t.ok(talk(hotline, caller, amal));
    await settle(t, on);
  });
}

t.test('whoever hangs up the second call lets the target go, and has the caller', async (t) => {
  for (const answered of [false, true]) {
    const on = await asking(t, '31');
    const { hotline, caller, amal, second } = on;
    const omar = answered ? await pickUp(on.hotline, 'agent-2') : ringing(hotline, 'agent-2')!;
    second.hangUp();
    await hotline.time.runFor(500);
    t.equal(omar.state, 'over');
    t.ok(talk(hotline, caller, amal));
    t.match(facts(hotline, 'transfer.ended'), [{ result: 'taken-back' }]);
    amal.unhold();
    await hotline.time.runFor(200);
    t.equal(state(hotline, 'amal'), 'talking');
    await settle(t, on);
  }
});

t.test('a second call that is given up as soon as it is dialled costs the caller nothing', async (t) => {
  for (const ms of [0, 1, 2, 3, 4, 6, 10, 20, 100]) {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    const second = hotline.simulator.dial({ called: '41', phone: 'agent-1', trunk: 'phones' });
    await hotline.time.runFor(ms);
    second.hangUp();
    await hotline.time.runFor(1_000);
    t.ok(talk(hotline, caller, amal), `after ${ms} ms`);
    t.notMatch(told(caller), /sorry/);
    t.equal(ringing(hotline, 'desk'), undefined);
    await settle(t, on);
  }
});

t.test('a second call that cannot be answered is let go, and the talk goes on', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  const live = hotline.switchboard().talks()[0]!.call;
  const dialled = { type: 'phone.dialled', leg: asLegId('second'), phone: 'agent-1', called: '41' } as const;
  const first = decideCall(live, dialled, hotline.site, hotline.time.now());
  const answer = first.commands.find(({ body }) => body.type === 'answer');
  const outcome = { result: 'refused', why: 'invalid', detail: '' } as const;
  const refused = { type: 'command.settled', command: answer!.id, outcome } as const;
  const next = decideCall(first.call, refused, hotline.site, hotline.time.now());
  t.notMatch(JSON.stringify(next.facts), /flow.failed/);
  t.ok(talk(hotline, caller, amal));
  await settle(t, on);
});

t.test('a target that hangs up ends the second call too, and she has the caller', async (t) => {
  const on = await asking(t, '31');
  const { hotline, caller, amal, second } = on;
  (await pickUp(on.hotline, 'agent-2')).hangUp();
  await hotline.time.runFor(500);
  t.equal(second.state, 'over');
  t.ok(talk(hotline, caller, amal));
  await settle(t, on);
});

t.test('she hangs up the call with the caller: the caller goes on to the target', async (t) => {
  for (const answered of [false, true]) {
    const on = await asking(t, '31');
    const { hotline, caller, amal, second } = on;
    if (answered) await pickUp(on.hotline, 'agent-2');
    amal.hangUp();
    await hotline.time.runFor(500);
    t.equal(second.state, 'over');
    const omar = answered
      ? hotline.simulator.phone('agent-2').calls.at(-1)!
      : await pickUp(on.hotline, 'agent-2');
    t.ok(talk(hotline, caller, omar));
    await settle(t, on);
  }
});

t.test('keys at either of her calls do as they always do', async (t) => {
  for (const at of ['first', 'second'] as const)
    for (const keys of ['*4', '*0', '*3#']) {
      const on = await asking(t, '31');
      const { hotline, caller, amal, second } = on;
      const omar = await pickUp(on.hotline, 'agent-2');
      (at === 'first' ? amal : second).press(keys);
      await hotline.time.runFor(1_500);
      t.equal(second.state, 'over', `${at} ${keys}`);
      if (keys === '*4') t.ok(talk(hotline, caller, omar));
      else if (keys === '*0') t.ok(talk(hotline, caller, amal));
      else t.ok(talk(hotline, caller, amal, omar), 'all three talk');
      await settle(t, on);
    }
});

t.test('a queue as the target: she hears it ring until somebody of it answers', async (t) => {
  const on = await asking(t, '21');
  const { hotline, caller, amal, second } = on;
  const omar = await pickUp(on.hotline, 'agent-2');
  t.ok(talk(hotline, second, omar));
  second.transfer('', amal.leg!);
  await hotline.time.runFor(500);
  t.ok(talk(hotline, caller, omar));
  await settle(t, on);
});

t.test('what cannot be dialled now is said so, and the second call ends', async (t) => {
  for (const [code, text] of [
    ['99', 'transfer-unknown'],
    ['51', 'transfer-cannot'],
    ['22', 'transfer-failed'],
    ['0044123456789', 'transfer-unknown'],
  ] as const) {
    const on = await asking(t, code);
    const { hotline, caller, amal, second } = on;
    await hotline.time.runFor(3_000);
    t.match(told(second), text, code);
    t.equal(second.state, 'over');
    t.ok(talk(hotline, caller, amal));
    await settle(t, on);
  }
});

t.test('one at a time: a third call of her phone is told so', async (t) => {
  const on = await asking(t, '31');
  const { hotline, caller, amal, second } = on;
  const third = hotline.simulator.dial({ called: '41', phone: 'agent-1', trunk: 'phones' });
  await hotline.time.runFor(3_000);
  t.match(told(third), /transfer-cannot/);
  t.equal(third.state, 'over');
  const omar = await pickUp(on.hotline, 'agent-2');
  t.ok(talk(hotline, second, omar) && talk(hotline, caller, amal));
  amal.transfer('31');
  await hotline.time.runFor(300);
  t.equal(amal.transferTold, 'declined', 'nor can she transfer blindly meanwhile');
  await settle(t, on);
});

t.test('a phone that is to speak with itself is told that it cannot', async (t) => {
  const on = await stage(t);
  const { hotline, caller, amal } = on;
  await press(on, amal, '*142#');
  await hotline.time.runFor(1_000);
  t.match(told(amal), /transfer-cannot/);
  t.ok(talk(hotline, caller, amal));
  await settle(t, on);
});

t.test(
  'she hangs up on the caller while her second call is told that it failed: the talk is over',
  async (t) => {
    const on = await asking(t, '99');
    const { hotline, caller, amal } = on;
    amal.hangUp();
    await hotline.time.runFor(1_500);
    t.match(told(caller), /goodbye/, 'the flow goes on');
    await settle(t, on);
  },
);

t.test(
  'a phone that talks and dials a number of the site, or a code of the desk, does just that',
  async (t) => {
    const on = await stage(t);
    const { hotline, caller, amal } = on;
    for (const called of ['100', '*481']) {
      const other = hotline.simulator.dial({ called, phone: 'agent-1', trunk: 'phones' });
      await hotline.time.runFor(400);
      amal.transfer('', other.leg!);
      await hotline.time.runFor(400);
      t.equal(amal.transferTold, 'declined', `${called} is no target`);
      t.ok(talk(hotline, caller, amal));
      other.hangUp();
    }
    await settle(t, on);
  },
);

t.test('a caller who hangs up at any point takes everybody along', async (t) => {
  for (const code of ['31', '41', '21', '22', '99'])
    for (const answered of [false, true]) {
      const on = await asking(t, code);
      const { hotline, caller } = on;
      if (answered) for (const phone of ['agent-2', 'desk']) ringing(hotline, phone)?.pickUp();
      await hotline.time.runFor(400);
      caller.hangUp();
      await hotline.time.runFor(500);
      t.same(hotline.simulator.inventory().legs, [], `${code} ${answered}`);
      await settle(t, on);
    }
});

t.test('an engine that dies at any point goes on with it', async (t) => {
  for (const code of ['31', '41'])
    for (const when of ['ringing', 'answered', 'away', 'asked'] as const) {
      const on = await asking(t, code);
      const { hotline, caller, amal, second } = on;
      const phone = code === '31' ? 'agent-2' : 'desk';
      const answer = (): void => ringing(hotline, phone)?.pickUp();
      if (when === 'answered' || when === 'asked') answer();
      await hotline.time.runFor(500);
      const back = hotline.restart(2_000);
      if (when === 'away') answer();
      if (when === 'asked') second.hangUp();
      await back;
      if (when === 'ringing') answer();
      await hotline.time.runFor(3_000);
      const what = `${code} ${when}`;
      t.ok(talk(hotline, caller, amal), what);
      if (when !== 'asked') {
        const target = hotline.simulator.phone(phone).calls.at(-1)!;
        t.ok(talk(hotline, second, target), what);
        amal.transfer('', second.leg!);
        await hotline.time.runFor(1_000);
        t.ok(talk(hotline, caller, target), what);
      }
      await settle(t, on);
    }
});
