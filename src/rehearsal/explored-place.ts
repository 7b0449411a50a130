/** Pure. What makes two moments of an exploration one place. */
import type { Moment } from './moment.js';

/** `flow/step` of what waits. */
export function stepOf({ live }: Moment): string {
  const frame = live.call.frames.at(-1);
  return frame === undefined ? '' : `${frame.flow}/${frame.snapshot.state.split('.')[0] ?? ''}`;
}

/**
 * What makes a moment this one.
 *
 * @param exactly with the values that the flows keep; else only where they stand.
 * @param counted with the tries that were used.
 */
export function keyOf({ live, kept }: Moment, exactly: boolean, counted = false): string {
  const { call } = live;
  if (call.phase !== 'live' && kept !== null) {
    const { queue, flow, language, with: given } = kept.place;
    return JSON.stringify(['kept', queue, flow, language, ...(exactly ? [given] : [])]);
  }
  const frames = call.frames.map(({ flow, snapshot: { state, context } }) => {
    const { vars, caller, trail, entered: half, keys: ahead, noInput, noMatch } = context;
    return [
      flow,
      counted ? state : state.split('.')[0],
      caller.language,
      ...(exactly ? [vars, trail ?? []] : []),
      ...(counted ? [noInput, noMatch, half, ahead] : []),
    ];
  });
  const { lookup, phones, recording, ticket, message } = call;
  return JSON.stringify([
    frames,
    lookup?.source,
    phones.map(({ phone, state }) => [phone, state]),
    recording !== null,
    ticket?.queue,
    ticket?.state,
    message !== null,
  ]);
}
