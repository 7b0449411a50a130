import type { ContractCase, Stage } from './stage.js';

/** What was told of the phone so far, oldest first. */
const told = (s: Stage, name: string): readonly boolean[] =>
  s.engine.log.flatMap(({ event }) =>
    event.type === 'phone.changed' && event.phone === name ? [event.reachable] : [],
  );

const listed = async (s: Stage, name: string): Promise<boolean | undefined> =>
  (await s.engine.exchange.inventory()).phones.find(({ phone }) => phone === name)?.reachable;

/** Phones that come and go, and that dial. */
export const registrationCases: readonly ContractCase[] = [
  {
    name: 'a phone that unregisters is told as gone, and as there when it registers again',
    async run(s) {
      const phone = s.phone();
      phone.unregister();
      await s.until('it is told as gone', () => told(s, phone.name).length > 0);
      phone.register();
      await s.until('it is told as there', () => told(s, phone.name).length > 1);
      await s.quiet();
      s.equal(told(s, phone.name), [false, true], 'what was told of the phone');
    },
  },
  {
    name: 'all phones of the site are listed, with whether they can be reached',
    async run(s) {
      const phone = s.phone();
      s.equal(await listed(s, phone.name), true, 'a phone that is registered');
      s.equal(await listed(s, s.world.absentPhone), false, 'a phone that never registered');
      phone.unregister();
      await s.until('it is told as gone', () => told(s, phone.name).length > 0);
      s.equal(await listed(s, phone.name), false, 'a phone that unregistered');
    },
  },
  {
    name: 'a phone that is rung, talks and hangs up is not told as changed',
    async run(s) {
      const { leg, far, phone } = await s.pickedUp();
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.quiet();
      s.equal(told(s, phone.name), [], 'what was told of the phone');
    },
  },
  {
    name: 'a phone that dials arrives as itself, and is answered like any caller',
    async run(s) {
      const phone = s.phone();
      const { leg, far } = await s.dials(phone);
      s.equal((await s.event(leg, 'leg.arrived')).phone, phone.name, 'the phone that dials');
      const entry = await s.listed(leg);
      s.equal([entry?.direction, entry?.phone], ['inbound', phone.name], 'the leg in the inventory');
      await s.done({ type: 'answer', leg });
      await s.until('it is answered', () => far.state === 'talking');
      await s.finished(leg, await s.plays(leg, s.world.media.short));
    },
  },
  {
    name: 'a caller from outside is no phone, whatever it is called',
    async run(s) {
      const { leg } = await s.arrives({ name: s.phone().name });
      s.equal((await s.event(leg, 'leg.arrived')).phone, null, 'the phone that dials');
      s.equal((await s.listed(leg))?.phone, null, 'the phone in the inventory');
    },
  },
  {
    name: 'a leg that we ring is listed without a phone that dials',
    async run(s) {
      const { leg } = await s.pickedUp();
      s.equal((await s.listed(leg))?.phone, null, 'the phone in the inventory');
    },
  },
  {
    name: 'a phone that went while no engine was there is listed as gone, and told when it comes back',
    alone: true,
    async run(s) {
      const phone = s.phone();
      await s.engine.exchange.close();
      phone.unregister();
      await s.passes(1_500);
      s.engine = s.newEngine();
      await s.engine.start();
      s.equal(await listed(s, phone.name), false, 'the phone for the next engine');
      phone.register();
      await s.until('it is told as there', () => told(s, phone.name).length > 0);
      s.equal(told(s, phone.name), [true], 'what the next engine is told of the phone');
      s.equal(await listed(s, phone.name), true, 'the phone in the end');
    },
  },
];
