/** Places that are kept, and what becomes of them when their callers call again, or leave: whole calls in virtual time. */
import t from 'tap';
import { calledWill, callsBack, keepsPlace, kept, ready, settle, waiting } from '../kit/callback-stage.js';
import { facts, pickUp, ringing, state } from '../kit/hotline-view.js';
import { calledNumber } from '../kit/queue-hotline.js';

t.test('whoever calls again has the old place on the line, and is not called any more', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  const first = [...hotline.switchboard().router().tickets.values()][0];
  await time.runFor(10_000);
  const again = hotline.dial();
  await time.runFor(2_000);
  t.match(facts(hotline, 'ticket.ended'), [{ ticket: first?.id, result: 'replaced' }]);
  const [now] = [...hotline.switchboard().router().tickets.values()];
  t.equal(now?.joined, first?.joined, 'with its age');
  t.equal(hotline.switchboard().callbacks().size, 0, 'and the number is forgotten');
  await ready(hotline);
  await time.runFor(1_000);
  t.ok(ringing(hotline, 'agent-1'));
  t.equal(callsBack(hotline).length, 0);
  await settle(t, hotline, again);
});

t.test('whoever calls again while their phone rings is not rung any more', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  await ready(hotline);
  await time.runFor(2_000);
  t.equal(callsBack(hotline)[0]?.state, 'ringing');
  const again = hotline.dial();
  await time.runFor(2_000);
  t.equal(callsBack(hotline)[0]?.state, 'over');
  // The agent who was kept is rung for the call.
  await pickUp(hotline, 'agent-1');
  await settle(t, hotline, again);
  t.equal(callsBack(hotline).length, 1);
  t.match(
    facts(hotline, 'call.ended').map((body) => (body as { termination: object }).termination),
    [
      { result: 'completed' },
      { result: 'failed', reason: 'callback-replaced', by: 'engine' },
      { by: 'caller' },
    ],
  );
});

t.test('whoever hangs up before the number is confirmed keeps no place, but may call again', async (t) => {
  const { hotline, caller } = await waiting(t);
  const { time } = hotline;
  caller.press('2');
  await time.runFor(1_000);
  await ready(hotline);
  await time.runFor(500);
  t.equal(ringing(hotline, 'agent-1'), undefined, 'nobody is rung for who is asked for a number');
  caller.hangUp();
  await time.runFor(1_000);
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'caller-gone' }]);
  t.equal(hotline.switchboard().router().tickets.size, 0);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever leaves no number goes on waiting where they were', async (t) => {
  const { hotline, caller } = await waiting(t, {}, '+14155550100');
  const { time } = hotline;
  const [before] = [...hotline.switchboard().router().tickets.values()];
  caller.press('2');
  await time.runFor(1_500);
  caller.press('12345#');
  await time.runFor(1_500);
  const [after] = [...hotline.switchboard().router().tickets.values()];
  t.match(after, { id: before?.id, joined: before?.joined, held: false, state: 'waiting' });
  await ready(hotline);
  await time.runFor(500);
  t.ok(ringing(hotline, 'agent-1'));
  await settle(t, hotline, caller);
});

t.test('a callback can be given up by hand, and goes with what is erased', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  const [place] = [...hotline.switchboard().callbacks().values()];
  t.equal(place?.place.number, calledNumber);
  const erased = hotline.switchboard().erase(place?.place.contact ?? '', {});
  await time.runFor(50);
  await erased;
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'cancelled' }]);
  t.equal(hotline.switchboard().callbacks().size, 0);
  t.notOk(hotline.disk.database.serialize().includes(calledNumber.slice(1)), 'the number is nowhere');
  const other = hotline.dial('+96891001299');
  await time.runFor(3_000);
  await keepsPlace(t, hotline, other);
  const [ticket = ''] = hotline.switchboard().callbacks().keys();
  const cancelled = hotline.switchboard().cancelCallback(ticket);
  await time.runFor(50);
  t.equal(await cancelled, true);
  t.equal(await hotline.switchboard().cancelCallback(ticket), false);
  await ready(hotline);
  await time.runFor(5_000);
  t.equal(facts(hotline, 'ticket.dialled').length, 0);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever is in a menu meanwhile is not called there, but soon after', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  calledWill(hotline, { type: 'answers', afterMs: 1_000 });
  const again = hotline.dial(calledNumber, '100');
  await time.runFor(1_000);
  await ready(hotline);
  await time.runFor(12_000);
  t.not(again.state, 'over', 'they are still in the menu');
  t.equal(callsBack(hotline).length, 0);
  t.equal(state(hotline, 'amal'), 'ready', 'she serves others meanwhile');
  t.equal(facts(hotline, 'ticket.dialled').length, 0);
  again.hangUp();
  await time.runFor(31_000);
  t.equal(callsBack(hotline).length, 1, 'the place was kept');
  t.match(facts(hotline, 'ticket.unreached').at(-1), { tries: 0 }, 'nothing of it was a try');
  await settle(t, hotline, callsBack(hotline)[0]);
});

t.test(
  'whoever calls in while their phone rings is let go, and is called when that call is over',
  async (t) => {
    const hotline = await kept(t);
    const { time } = hotline;
    await ready(hotline);
    await time.runFor(2_000);
    t.equal(callsBack(hotline)[0]?.state, 'ringing');
    const again = hotline.dial(calledNumber, '100');
    await time.runFor(1_000);
    t.equal(callsBack(hotline)[0]?.state, 'over');
    t.equal(state(hotline, 'amal'), 'ready');
    again.hangUp();
    calledWill(hotline, { type: 'answers', afterMs: 1_000 });
    await time.runFor(35_000);
    t.equal(callsBack(hotline).length, 2);
    callsBack(hotline)[1]?.press('1');
    await time.runFor(500);
    t.ok(ringing(hotline, 'agent-1'));
    await settle(t, hotline, callsBack(hotline)[1]);
  },
);

t.test('a place that is kept while an agent is free is called at once: the caller has hung up', async (t) => {
  const { hotline, caller } = await waiting(t);
  const { time } = hotline;
  caller.press('2');
  await time.runFor(2_000);
  await ready(hotline);
  caller.press('1');
  await time.runFor(300);
  caller.hangUp();
  await time.runFor(500);
  t.equal(callsBack(hotline).length, 1);
  await settle(t, hotline, callsBack(hotline)[0]);
});
