import type { ContractCase } from './stage.js';

/** Callers who arrive, and the answer. */
export const arrivalCases: readonly ContractCase[] = [
  {
    name: 'a caller arrives with the number dialled, and nothing is said of the leg before',
    async run(s) {
      const called = s.world.freshNumber();
      const far = s.world.dial(called, {});
      const arrived = () =>
        s.engine.log.flatMap(({ event }) =>
          event.type === 'leg.arrived' && event.called === called ? [event] : [],
        );
      await s.until('the leg arrives with the number dialled', () => arrived().length > 0);
      const leg = arrived()[0]?.leg ?? s.legId();
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived'], 'all that is told of a leg that waits');
      far.hangUp();
    },
  },
  {
    name: "a caller's number and name arrive",
    async run(s) {
      const { leg } = await s.arrives({ number: '+96891234567', name: 'Aisha Al Balushi' });
      const { caller } = await s.event(leg, 'leg.arrived');
      s.equal(caller.number, '+96891234567', 'the number');
      s.equal(caller.name, 'Aisha Al Balushi', 'the name');
      s.equal(caller.withheld, false, 'withheld');
    },
  },
  {
    name: 'a withheld number is not told, but that it is withheld',
    async run(s) {
      const { leg } = await s.arrives({ number: '+96891234567', withheld: true });
      const { caller } = await s.event(leg, 'leg.arrived');
      s.equal([caller.number, caller.withheld], [null, true], 'the number, and whether it is withheld');
    },
  },
  {
    name: 'two callers are two legs',
    async run(s) {
      const [one, other] = await Promise.all([s.arrives(), s.arrives()]);
      s.expect(one.leg !== other.leg, 'the legs have ids of their own');
      one.far.hangUp();
      await s.event(one.leg, 'leg.ended');
      await s.done({ type: 'answer', leg: other.leg });
      await s.until('the other caller is answered', () => other.far.state === 'talking');
    },
  },
  {
    name: 'a leg that waits is listed as inbound and waiting, as it arrived',
    async run(s) {
      const { leg } = await s.arrives({ number: '+96891112222', name: 'Salim' });
      const { called, caller, trunk, phone } = await s.event(leg, 'leg.arrived');
      s.equal(
        await s.listed(leg),
        { leg, direction: 'inbound', state: 'waiting', called, caller, trunk, phone },
        'the leg in the inventory',
      );
    },
  },
  {
    name: 'a caller who gives up before the answer ends once',
    async run(s) {
      const { leg, far } = await s.arrives();
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived', 'leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'answering reaches the caller',
    async run(s) {
      const { leg, far } = await s.arrives();
      s.equal(far.state, 'calling', 'the caller before the answer');
      await s.done({ type: 'answer', leg });
      await s.until('the caller is answered', () => far.state === 'talking');
    },
  },
  {
    name: 'answering an answered leg does nothing',
    async run(s) {
      const { leg, far } = await s.talks();
      await s.done({ type: 'answer', leg });
      await s.quiet();
      s.equal(far.state, 'talking', 'the caller');
    },
  },
  {
    name: 'an answered leg is listed as answered',
    async run(s) {
      const { leg } = await s.talks();
      s.equal((await s.listed(leg))?.state, 'answered', 'the state of the leg');
    },
  },
  {
    name: 'nothing is told of our own answer to a caller',
    async run(s) {
      const { leg } = await s.talks();
      await s.quiet();
      s.equal(s.story(leg), ['leg.arrived'], 'the story of the leg');
    },
  },
  {
    name: 'answering a leg that never was is refused',
    async run(s) {
      await s.refused({ type: 'answer', leg: s.legId() }, 'no-such-leg');
    },
  },
  {
    name: 'answering a caller who has given up is refused',
    async run(s) {
      const { leg, far } = await s.arrives();
      far.hangUp();
      await s.event(leg, 'leg.ended');
      await s.refused({ type: 'answer', leg }, 'no-such-leg');
    },
  },
  {
    name: 'commands for one leg take effect in the order in which they were given',
    async run(s) {
      const { leg } = await s.arrives();
      const [first, second] = [s.playbackId(), s.playbackId()];
      const { exchange } = s.engine;
      const outcomes = Promise.all([
        exchange.execute({ type: 'answer', leg }),
        exchange.execute({
          type: 'play',
          leg,
          playback: first,
          media: [{ type: 'file', path: s.world.media.long }],
        }),
        exchange.execute({ type: 'stop-playback', leg, playback: first }),
        exchange.execute({
          type: 'play',
          leg,
          playback: second,
          media: [{ type: 'file', path: s.world.media.short }],
        }),
      ]);
      await s.finished(leg, second);
      s.equal(
        (await outcomes).map(({ result }) => result),
        ['done', 'done', 'done', 'done'],
        'the outcomes',
      );
      s.equal(
        s.events(leg, 'playback.finished').map(({ playback }) => playback),
        [first, second],
        'the playbacks that finished',
      );
    },
  },
  {
    name: 'events never come inside a command',
    async run(s) {
      const { leg } = await s.arrives();
      const before = s.engine.log.length;
      const outcome = s.engine.exchange.execute({ type: 'hang-up', leg, reason: 'normal' });
      s.equal(s.engine.log.length, before, 'events told when the command returns');
      await outcome;
      await s.event(leg, 'leg.ended');
    },
  },
];
