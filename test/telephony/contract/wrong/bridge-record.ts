/** Exchanges that are wrong about recordings of bridges. */
import type { BridgeId, RecordingId } from '../../../../src/base/index.js';
import { accepts, doubles, forgets, hides, takesFor, wrong, type WrongExchange } from './parts.js';

export const wrongBridgeRecordings: readonly WrongExchange[] = [
  {
    name: 'records no bridges',
    foundBy: [
      'a bridge is recorded until that is stopped, both sides of it, and talks on',
      'what was said in a bridge can be played back',
      'the recording of a bridge ends with the bridge, and is kept',
    ],
    worsen: forgets('record-bridge'),
  },
  {
    name: 'does not tell that a bridge is recorded',
    foundBy: ['a bridge is recorded until that is stopped, both sides of it, and talks on'],
    worsen: hides('bridge.recorded'),
  },
  {
    name: 'tells twice that a bridge is recorded',
    foundBy: ['a bridge is recorded until that is stopped, both sides of it, and talks on'],
    worsen: doubles('bridge.recorded'),
  },
  {
    name: 'ends the recording of a bridge when somebody leaves it',
    foundBy: ['who leaves a bridge and comes back is recorded again, and who stays all the while'],
    worsen: wrong((exchange) => {
      const recordings = new Map<BridgeId, RecordingId>();
      return {
        async execute(command) {
          if (command.type === 'record-bridge') recordings.set(command.bridge, command.recording);
          const recording = command.type === 'leave-bridge' ? recordings.get(command.bridge) : undefined;
          if (recording !== undefined)
            await exchange.execute({ type: 'stop-recording', leg: null, recording });
          return exchange.execute(command);
        },
      };
    }),
  },
  {
    name: 'does not pause',
    foundBy: ["a pause is left out of a bridge's recording"],
    worsen: forgets('pause-recording'),
  },
  {
    name: 'records bridges as long as it likes',
    foundBy: ['the recording of a bridge ends by itself at its greatest length'],
    worsen: takesFor('record-bridge', (command) => ({ ...command, maxMs: 3_600_000 })),
  },
  {
    name: 'records bridges that are not there',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'no-such-bridge'),
  },
  {
    name: 'records bridges for any length',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'invalid'),
  },
  {
    name: 'records a bridge over an older recording',
    foundBy: ['a recording of a bridge is refused where there is no bridge, no length, or the id was used'],
    worsen: accepts('record-bridge', 'duplicate'),
  },
  {
    name: 'pauses what does not run',
    foundBy: ['pausing what is not recorded is refused'],
    worsen: accepts('pause-recording', 'no-such-recording'),
  },
];
