import type { LegId } from '../../../src/base/index.js';
import type { TransferResult } from '../../../src/telephony/port.js';
import type { Call, ContractCase, Stage } from './stage.js';
import type { FarPhone } from './world.js';

/** A caller and a phone who talk. */
async function pair(
  s: Stage,
): Promise<{ readonly caller: Call; readonly phone: Call & { phone: FarPhone } }> {
  const [caller, phone] = await Promise.all([s.talks(), s.pickedUp()]);
  await s.done({ type: 'bridge', bridge: s.bridgeId(), legs: [caller.leg, phone.leg] });
  return { caller, phone };
}

async function answered(s: Stage, call: Call, result: TransferResult & Call['far']['transferTold']) {
  await s.done({ type: 'answer-transfer', leg: call.leg, result });
  await s.until('the phone is told', () => call.far.transferTold !== null);
  s.equal(call.far.transferTold, result, 'what the phone was told');
}

async function secondCall(s: Stage, phone: FarPhone): Promise<Call> {
  const call = await s.dials(phone);
  await s.done({ type: 'answer', leg: call.leg });
  await s.until('it is answered', () => call.far.state === 'talking');
  return call;
}

const bridged = async (s: Stage, leg: LegId): Promise<number | undefined> =>
  (await s.engine.exchange.inventory()).bridges.find(({ legs }) => legs.includes(leg))?.legs.length;

/** Phones that send the other side elsewhere. */
export const transferCases: readonly ContractCase[] = [
  {
    name: 'a phone asks for a transfer: it is told once, nothing moves, and the phone hears that it was done',
    async run(s) {
      const { caller, phone } = await pair(s);
      phone.far.transfer('+96824123456');
      const { to, replaces } = await s.event(phone.leg, 'transfer.requested');
      s.equal([to, replaces], ['+96824123456', null], 'where to');
      s.equal(await bridged(s, caller.leg), 2, 'legs in the bridge');
      await answered(s, phone, 'answered');
      await s.quiet();
      s.equal(s.events(phone.leg, 'transfer.requested').length, 1, 'times told');
      s.equal([caller.far.state, phone.far.state], ['talking', 'talking'], 'caller and phone');
      s.equal(await bridged(s, caller.leg), 2, 'legs in the bridge in the end');
    },
  },
  {
    name: 'a phone is told that its transfer cannot be done, and may ask again',
    async run(s) {
      const { phone } = await pair(s);
      phone.far.transfer('201');
      await s.event(phone.leg, 'transfer.requested');
      await answered(s, phone, 'unavailable');
      phone.far.transfer('202');
      const { to } = await s.event(phone.leg, 'transfer.requested', { nth: 2 });
      s.equal(to, '202', 'where to');
      await answered(s, phone, 'declined');
    },
  },
  {
    name: 'a phone that was told to wait is told the end all the same',
    async run(s) {
      const { phone } = await pair(s);
      phone.far.transfer('203');
      await s.event(phone.leg, 'transfer.requested');
      await s.done({ type: 'answer-transfer', leg: phone.leg, result: 'trying' });
      await s.passes(500);
      s.equal(phone.far.transferTold, null, 'what it was told in the end');
      await answered(s, phone, 'answered');
    },
  },
  {
    name: 'a phone that connects two of its calls names the other leg',
    async run(s) {
      const { phone } = await pair(s);
      const second = await secondCall(s, phone.phone);
      phone.far.transfer(second.far);
      const { replaces } = await s.event(phone.leg, 'transfer.requested');
      s.equal(replaces, second.leg, 'the other leg');
      await answered(s, phone, 'answered');
    },
  },
  {
    name: 'a phone that dialled asks for transfers like one that was rung',
    async run(s) {
      const call = await secondCall(s, s.phone());
      call.far.transfer('204');
      s.equal((await s.event(call.leg, 'transfer.requested')).to, '204', 'where to');
      await answered(s, call, 'declined');
    },
  },
  {
    name: 'what cannot be dialled is left out of where a transfer goes',
    async run(s) {
      const { phone } = await pair(s);
      phone.far.transfer(`9 9"&;,$(1)${'7'.repeat(80)}`);
      const { to } = await s.event(phone.leg, 'transfer.requested');
      s.expect(/^991?7*$/.test(to) && to.length <= 64, `it is "${to}"`);
    },
  },
  {
    name: 'a phone that connects its call with a call of somebody else is declined, and nobody is told',
    async run(s) {
      const [{ caller, phone }, stranger] = await Promise.all([pair(s), s.pickedUp()]);
      phone.far.transfer(stranger.far);
      await s.until('the phone is told', () => phone.far.transferTold !== null);
      s.equal(phone.far.transferTold, 'declined', 'what the phone was told');
      phone.far.transfer(caller.far);
      await s.until('the phone is told again', () => phone.far.transferTold !== null);
      s.equal(s.events(phone.leg, 'transfer.requested'), [], 'transfers told');
    },
  },
  {
    name: 'a caller from outside who asks for a transfer is declined, and nobody is told',
    async run(s) {
      const caller = await s.talks();
      caller.far.transfer('205');
      await s.until('the caller is told', () => caller.far.transferTold !== null);
      s.equal(caller.far.transferTold, 'declined', 'what the caller was told');
      s.equal(s.story(caller.leg), ['leg.arrived'], 'the story of the leg');
    },
  },
  {
    name: 'a phone that hangs up while its transfer waits ends, and nothing more is told',
    async run(s) {
      const { phone } = await pair(s);
      phone.far.transfer('206');
      await s.event(phone.leg, 'transfer.requested');
      phone.far.hangUp();
      await s.event(phone.leg, 'leg.ended');
      await s.done({ type: 'answer-transfer', leg: phone.leg, result: 'answered' });
      await s.quiet();
      s.equal(s.story(phone.leg).slice(2), ['transfer.requested', 'leg.ended'], 'the story after the answer');
    },
  },
  {
    name: 'telling a phone of a transfer that it did not ask for is done',
    async run(s) {
      const { phone } = await pair(s);
      await s.done({ type: 'answer-transfer', leg: phone.leg, result: 'answered' });
      await s.quiet();
      s.equal([phone.far.state, phone.far.transferTold], ['talking', null], 'the phone');
    },
  },
];
