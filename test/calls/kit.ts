/** A call that waits in a queue for an agent, and what may happen to it. */
import { asLegId, type Key } from '../../src/base/index.js';
import type { Call, CallDecision, CallEvent, CallSite } from '../../src/calls/index.js';
import { afterEvents, arrives, siteWithFlow } from '../kit/decided-call.js';

export const leg = asLegId('in');
export const site = siteWithFlow(
  `
onedoor: 1
flow: waits
numbers: ["200"]
languages: [en]
start: wait
steps:
  wait:
    queue: { name: general, need: { parking: 2 }, say: how-was-it, keys: { 1: bye }, no-answer-after: { seconds: 60, go: tired }, answered: bye, nobody: nobody, failed: failed }
  bye: { say: goodbye, go: hang-up }
  tired: { say: unclear, go: hang-up }
  nobody: { say: nobody, go: hang-up }
  failed: { say: sorry, go: hang-up }
`,
  {
    queues: new Map([
      [
        'general',
        {
          calendar: null,
          maxWaitMs: 40_000,
          ringMs: 15_000,
          callback: { ringMs: 25_000, whenClosed: 'keep' as const },
          whisper: null,
          record: null,
          music: true,
          agents: [{ name: 'amal', phone: 'agent-1', language: 'en' }],
        },
      ],
    ]),
  },
);

export const arrive = (): CallDecision => arrives(site);
export const after = (call: Call, ...events: readonly CallEvent[]): CallDecision =>
  afterEvents(site, call, events);
export const afterAt = (other: CallSite, call: Call, ...events: readonly CallEvent[]): CallDecision =>
  afterEvents(other, call, events);

export const ticket = arrive().call.ticket?.id ?? '';
export const queued: CallEvent = { type: 'ticket.queued', ticket };
export const offered: Extract<CallEvent, { type: 'ticket.offered' }> = {
  type: 'ticket.offered',
  ticket,
  agent: 'amal',
  phone: 'agent-1',
  ringMs: 15_000,
  kind: 'call',
};
export const key = (pressed: Key): CallEvent => ({ type: 'key.pressed', leg, key: pressed, durationMs: 100 });
export const due = (id: string, frame: number): CallEvent => ({ type: 'deadline.due', id, frame });
export const commands = ({ commands }: CallDecision): string[] => commands.map(({ body }) => body.type);
export const spoken = ({ call }: CallDecision): CallEvent => ({
  type: 'playback.finished',
  leg,
  playback: call.speaking?.playback ?? ('none' as never),
  result: 'done',
});
export const step = ({ call }: CallDecision): string => call.lastStep;
