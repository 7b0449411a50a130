/** Who talks with whom, as supervisors see it while a caller is moved on. */
import t, { type Test } from 'tap';
import { talksNow } from '../../src/cli/talk-desk.js';
import type { TalkStatus } from '../../src/web/index.js';
import { talkList } from '../../src/web/index.js';
import { ringing } from '../kit/hotline-view.js';
import { press, settle, type Stage, stage } from '../kit/transfer-stage.js';

function talks({ hotline }: Stage): readonly TalkStatus[] {
  const now = talksNow(hotline.switchboard());
  return talkList.parse({ talks: now }).talks;
}

const brief = (status: TalkStatus | undefined) => ({
  with: status?.talkers.map(({ who, state }) => `${who} ${state}`),
  transfer: status?.transfer?.state ?? null,
});

async function pickUp({ hotline }: Stage, phone: string): Promise<void> {
  ringing(hotline, phone)?.pickUp();
  await hotline.time.runFor(500);
}

t.test('a talk: with whom, since when, by which queue; and that the caller is on hold', async (t: Test) => {
  const on = await stage(t);
  const { hotline, amal } = on;
  const [talk, ...more] = talks(on);
  t.same(more, []);
  t.match(talk, { queue: 'general', transfer: null, recording: null });
  t.equal(talk?.since, talk?.talkers[0]?.since);
  t.ok((talk?.since ?? 0) > hotline.time.now() - 2_000);
  t.same(brief(talk), { with: ['amal talking'], transfer: null });
  amal.hold();
  await hotline.time.runFor(100);
  t.same(brief(talks(on)[0]), { with: ['amal hold'], transfer: null });
  t.notMatch(JSON.stringify(talks(on)), /9689/, 'the number is not told');
  await settle(t, on);
  t.same(talks(on), []);
});

t.test('asking first: it rings, both are asked, then the caller is with the target', async (t) => {
  const on = await stage(t);
  await press(on, on.amal, '*231#');
  t.match(talks(on)[0]?.transfer, { by: 'amal', how: 'attended', to: 'agent', name: 'omar' });
  t.same(brief(talks(on)[0]), { with: ['amal asking'], transfer: 'ringing' });
  await pickUp(on, 'agent-2');
  t.same(brief(talks(on)[0]), { with: ['amal asking', 'omar asked'], transfer: 'asking' });
  await press(on, on.amal, '*3#');
  t.same(brief(talks(on)[0]), { with: ['amal talking', 'omar talking'], transfer: 'conference' });
  await press(on, on.amal, '*4');
  t.same(brief(talks(on)[0]), { with: ['omar talking'], transfer: null });
  await settle(t, on);
});

t.test('by a second call of her phone: the same', async (t) => {
  const on = await stage(t);
  const { simulator, time } = on.hotline;
  on.amal.hold();
  const second = simulator.dial({ called: '31', phone: 'agent-1', trunk: 'phones' });
  await time.runFor(500);
  t.same(brief(talks(on)[0]), { with: ['amal asking'], transfer: 'ringing' });
  await pickUp(on, 'agent-2');
  t.same(brief(talks(on)[0]), { with: ['amal asking', 'omar asked'], transfer: 'asking' });
  on.amal.transfer('', second.leg!);
  await time.runFor(500);
  t.same(brief(talks(on)[0]), { with: ['omar talking'], transfer: null });
  await settle(t, on);
});

t.test('blind: nobody talks until somebody answers, or whoever asked is rung', async (t) => {
  const on = await stage(t, ['agent-1']);
  await press(on, on.amal, '*121#');
  t.match(talks(on)[0], { since: null, talkers: [], transfer: { to: 'queue', name: 'second' } });
  await settle(t, on);
  const back = await stage(t);
  await press(back, back.amal, '*122#');
  t.same(brief(talks(back)[0]), { with: [], transfer: 'returning' });
  await settle(t, back);
});
