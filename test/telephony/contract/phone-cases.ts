import type { ContractCase } from './stage.js';

/** Phones that we ring. */
export const phoneCases: readonly ContractCase[] = [
  {
    name: 'a phone rings, is answered, and each is told once',
    async run(s) {
      const { leg } = await s.pickedUp();
      await s.quiet();
      s.equal(s.story(leg), ['leg.ringing', 'leg.answered'], 'the story of the leg');
    },
  },
  {
    name: 'a phone that rings is listed as outbound and ringing, then as answered',
    async run(s) {
      const phone = s.phone();
      const leg = await s.rings(phone);
      await s.event(leg, 'leg.ringing');
      const ringing = await s.listed(leg);
      s.equal([ringing?.direction, ringing?.state], ['outbound', 'ringing'], 'the leg while it rings');
      phone.calls[0]?.pickUp();
      await s.event(leg, 'leg.answered');
      const answered = await s.listed(leg);
      s.equal(
        [answered?.direction, answered?.state],
        ['outbound', 'answered'],
        'the leg when it is answered',
      );
    },
  },
  {
    name: 'a phone that rejects ends its leg as rejected',
    async run(s) {
      const leg = await s.rings(s.phone('rejects'));
      const { cause } = await s.event(leg, 'leg.ended');
      s.equal(cause, { q850: 21, sip: 403 }, 'the cause');
      s.equal(s.events(leg, 'leg.answered'), [], 'answers');
    },
  },
  {
    name: 'a busy phone ends its leg as busy, without ringing',
    async run(s) {
      const leg = await s.rings(s.phone('is-busy'));
      const { cause } = await s.event(leg, 'leg.ended');
      s.equal(cause, { q850: 17, sip: 486 }, 'the cause');
      s.equal(s.story(leg), ['leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'a phone that nobody answers ends its leg after the time given',
    async run(s) {
      const phone = s.phone();
      const began = s.now();
      const leg = await s.rings(phone, 2_000);
      await s.event(leg, 'leg.ringing');
      const { at, cause } = await s.event(leg, 'leg.ended', { withinMs: 6_000 });
      s.equal(cause.q850, 19, 'the cause');
      s.expect(at - began > 1_500, `it rang for ${at - began} ms`);
      await s.until('the phone is silent', () => phone.calls[0]?.state === 'over');
    },
  },
  {
    name: 'the same leg is not rung twice',
    async run(s) {
      const phone = s.phone();
      const leg = await s.rings(phone);
      await s.event(leg, 'leg.ringing');
      const to = { type: 'phone', phone: phone.name } as const;
      await s.refused({ type: 'originate', leg, to, callerNumber: null, ringMs: 20_000 }, 'duplicate');
      await s.quiet();
      s.equal(phone.calls.length, 1, 'calls at the phone');
      s.equal(s.story(leg), ['leg.ringing'], 'the story of the leg');
    },
  },
  {
    name: 'a phone that the site does not have is refused',
    async run(s) {
      const to = { type: 'phone', phone: 'no-such-phone' } as const;
      await s.refused(
        { type: 'originate', leg: s.legId(), to, callerNumber: null, ringMs: 20_000 },
        'no-such-phone',
      );
    },
  },
  {
    name: 'a phone that is not registered is unreachable, and no leg comes of it',
    async run(s) {
      const leg = s.legId();
      const to = { type: 'phone', phone: s.world.absentPhone } as const;
      await s.refused({ type: 'originate', leg, to, callerNumber: null, ringMs: 20_000 }, 'unreachable');
      await s.quiet();
      s.equal(s.story(leg), [], 'the story of the leg');
      s.equal(await s.listed(leg), undefined, 'the leg in the inventory');
    },
  },
  {
    name: 'a time to ring out of range is refused',
    async run(s) {
      const to = { type: 'phone', phone: s.phone().name } as const;
      await s.refused({ type: 'originate', leg: s.legId(), to, callerNumber: null, ringMs: 999 }, 'invalid');
      await s.refused(
        { type: 'originate', leg: s.legId(), to, callerNumber: null, ringMs: 600_001 },
        'invalid',
      );
    },
  },
  {
    name: 'a caller number that is none is refused',
    async run(s) {
      const to = { type: 'phone', phone: s.phone().name } as const;
      const callerNumber = '99&PJSIP/trunk';
      await s.refused({ type: 'originate', leg: s.legId(), to, callerNumber, ringMs: 20_000 }, 'invalid');
    },
  },
  {
    name: 'a number outside that is none in E.164 is refused',
    async run(s) {
      const to = { type: 'number', number: '80077222', trunk: s.world.trunk } as const;
      await s.refused(
        { type: 'originate', leg: s.legId(), to, callerNumber: null, ringMs: 20_000 },
        'invalid',
      );
    },
  },
  {
    name: 'a trunk that the site does not have is refused',
    async run(s) {
      const to = { type: 'number', number: '+96824123456', trunk: 'no-such-trunk' } as const;
      await s.refused(
        { type: 'originate', leg: s.legId(), to, callerNumber: null, ringMs: 20_000 },
        'invalid',
      );
    },
  },
  {
    name: 'a number outside is rung by the trunk, shows our number, and talks',
    async run(s) {
      const outsider = s.outsider('answers');
      const leg = s.legId();
      const to = { type: 'number', number: outsider.name, trunk: s.world.trunk } as const;
      await s.done({ type: 'originate', leg, to, callerNumber: '+96880077222', ringMs: 20_000 });
      await s.event(leg, 'leg.answered');
      await s.until('it is picked up', () => outsider.calls[0]?.state === 'talking');
      s.equal(outsider.calls[0]?.shown, '+96880077222', 'the number shown');
      const entry = await s.listed(leg);
      s.equal([entry?.called, entry?.trunk], [outsider.name, s.world.trunk], 'the leg in the inventory');
      const caller = await s.talks();
      await s.done({ type: 'bridge', bridge: s.bridgeId(), legs: [caller.leg, leg] });
      caller.far.speak(4_000);
      await s.until('it hears the caller', () => outsider.calls[0]?.hears === true, 4_000);
      s.equal(s.story(leg), ['leg.ringing', 'leg.answered'], 'the story of the leg');
    },
  },
  {
    name: 'a phone shows the number that we give',
    async run(s) {
      const phone = s.phone();
      const to = { type: 'phone', phone: phone.name } as const;
      await s.done({ type: 'originate', leg: s.legId(), to, callerNumber: '+96891234567', ringMs: 20_000 });
      await s.until('the phone rings', () => phone.calls.length === 1);
      s.equal(phone.calls[0]?.shown, '+96891234567', 'the number shown');
    },
  },
  {
    name: 'a phone that still rings can be called off',
    async run(s) {
      const phone = s.phone();
      const leg = await s.rings(phone);
      await s.event(leg, 'leg.ringing');
      await s.done({ type: 'hang-up', leg, reason: 'normal' });
      await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      await s.until('the phone is silent', () => phone.calls[0]?.state === 'over');
      await s.quiet();
      s.equal(s.story(leg), ['leg.ringing', 'leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'a phone hangs up after the talk',
    async run(s) {
      const { leg, far } = await s.pickedUp();
      far.hangUp();
      const { cause } = await s.event(leg, 'leg.ended', { withinMs: 3_000 });
      s.equal(cause, { q850: 16, sip: null }, 'the cause');
      await s.quiet();
      s.equal(s.story(leg), ['leg.ringing', 'leg.answered', 'leg.ended'], 'the story of the leg');
    },
  },
  {
    name: 'a phone that was answered is played to without further ado',
    async run(s) {
      const { leg, far } = await s.pickedUp();
      const playback = await s.plays(leg, s.world.media.long);
      await s.until('the phone hears it', () => far.hears);
      await s.done({ type: 'stop-playback', leg, playback });
      await s.finished(leg, playback);
    },
  },
  {
    name: 'nothing is played to a phone that still rings',
    async run(s) {
      const leg = await s.rings(s.phone());
      await s.event(leg, 'leg.ringing');
      const media = [{ type: 'file', path: s.world.media.short }] as const;
      await s.refused({ type: 'play', leg, playback: s.playbackId(), media }, 'not-answered');
    },
  },
  {
    name: 'a phone that we rang is not ours to answer',
    async run(s) {
      const leg = await s.rings(s.phone());
      await s.event(leg, 'leg.ringing');
      await s.refused({ type: 'answer', leg }, 'invalid');
    },
  },
  {
    name: 'a phone that holds the call, and takes it back, is told',
    async run(s) {
      const { leg, far } = await s.pickedUp();
      far.hold();
      await s.event(leg, 'leg.held');
      far.unhold();
      await s.event(leg, 'leg.unheld');
      s.equal(s.story(leg).slice(2), ['leg.held', 'leg.unheld'], 'the story after the answer');
    },
  },
];
