/**
 * Pure. A call as the journal keeps it: without keys that are no answer yet, and without PINs. After a restart the
 * former are thrown away and the latter asked again, so nothing is lost that could have been used.
 */
import { type BridgeId, extended } from '../base/index.js';
import type { Call, Dial, Frame, OutwardCommand } from './call.js';
import { changedCall } from './changed-call.js';
import { own } from './draft.js';

export function storedCall(call: Call): Call {
  const { frames, commands } = call;
  const phones = call.phones.map(storedPhone);
  return changedCall(call, {
    phones,
    proving: null,
    frames: frames.map(storedFrame),
    commands: commands.map(storedCommand),
  });
}

function storedPhone(phone: Dial): Dial {
  if (phone.keyed === undefined) return phone;
  const { keyed: _keyed, ...others } = phone;
  return others;
}

function storedFrame({ flow, snapshot }: Frame): Frame {
  const { state, context, done } = snapshot;
  return { flow, snapshot: { state, context: storedContext(context), done } };
}

function storedContext(context: Frame['snapshot']['context']): Frame['snapshot']['context'] {
  if (context.secrets === undefined) return extended(context, { keys: '', entered: '' });
  const { secrets: _secrets, ...others } = context;
  return { ...others, keys: '', entered: '' };
}

function storedCommand(command: OutwardCommand): OutwardCommand {
  const { body } = command;
  if (body.type !== 'look-up' || body.secret === undefined) return command;
  const { secret } = body;
  const given = Object.entries(body.with).filter(([name]) => !secret.includes(name));
  return { ...command, body: { ...body, with: Object.fromEntries(given) } };
}

/** A stored call as it is taken on: a lookup that lacks its PIN is not asked again; its flow asks the caller. */
export function callTakenOn(stored: Call | CallWithOneDial): Call {
  const call = withRecordings('dial' in stored ? withPhones(stored) : stored);
  const lacking = call.commands.filter(({ body }) => body.type === 'look-up' && body.secret !== undefined);
  if (lacking.length === 0) return call;
  return {
    ...call,
    commands: call.commands.filter((command) => !lacking.includes(command)),
    lookup: lacking.some(({ id }) => id === call.lookup?.command) ? null : call.lookup,
  };
}

/** Calls that were stored before talks were recorded know nothing of it. */
function withRecordings(call: Call): Call {
  return { ...unrecorded, ...call };
}

const unrecorded = { notice: null, talkQueue: null, talkRecording: null, endedRecordings: [] } as const;

/** As 0.x before several phones stored a call: one phone at most, with its bridge; deadlines named no leg. */
export type CallWithOneDial = Omit<Call, 'phones' | 'talk' | 'talkStep' | 'transfer' | 'needs'> & {
  readonly dial: (Dial & { readonly bridge: BridgeId | null }) | null;
};

function withPhones({ dial, ...call }: CallWithOneDial): Call {
  const calm = { talkStep: null, transfer: null, needs: {} };
  if (dial === null) return { ...call, phones: [], talk: null, ...calm };
  const { bridge, ...phone } = dial;
  const ofPhone = ['ring', 'briefing', 'let-go'];
  const deadlines = call.deadlines.map((deadline) =>
    deadline.frame === own && ofPhone.includes(deadline.id)
      ? { ...deadline, id: `${deadline.id}/${phone.leg}` }
      : deadline,
  );
  const step = phone.offer === undefined ? 'dial' : 'queue';
  const talkStep = phone.state === 'talking' ? step : null;
  return { ...call, phones: [phone], talk: bridge, deadlines, ...calm, talkStep };
}
