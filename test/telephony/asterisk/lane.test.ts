import t from 'tap';
import { acrossLanes, inLane, newLane, type Path } from '../../../src/telephony/asterisk/lane.js';

interface Wire {
  readonly sent: string[];
  readonly send: (name: string) => () => Promise<string>;
  readonly answer: (name: string) => Promise<void>;
}

/** Commands whose answers come when they are told to. */
function wire(): Wire {
  const sent: string[] = [];
  const answers = new Map<string, () => void>();
  return {
    sent,
    send: (name) => () => {
      sent.push(name);
      return new Promise((resolve) => {
        answers.set(name, () => resolve(name));
      });
    },
    answer: async (name) => {
      answers.get(name)?.();
      await new Promise(setImmediate);
    },
  };
}

t.test(
  'commands over the socket follow each other without waiting; HTTP waits, and is waited for',
  async (t) => {
    const { sent, send, answer } = wire();
    const lane = newLane();
    const run = (path: Path, name: string): Promise<string> => inLane(lane, path, send(name));
    const all = [
      run('socket', 'answer'),
      run('socket', 'play'),
      run('http', 'record'),
      run('socket', 'stop'),
      run('socket', 'hang-up'),
    ];
    t.same(sent, ['answer', 'play']);
    await answer('play');
    t.same(sent, ['answer', 'play']);
    await answer('answer');
    t.same(sent, ['answer', 'play', 'record']);
    await answer('record');
    t.same(sent, ['answer', 'play', 'record', 'stop', 'hang-up']);
    await answer('stop');
    await answer('hang-up');
    t.same(await Promise.all(all), ['answer', 'play', 'record', 'stop', 'hang-up']);
  },
);

t.test('a command of two legs waits for both, and both wait for it', async (t) => {
  const { sent, send, answer } = wire();
  const [caller, agent] = [newLane(), newLane()];
  const record = inLane(caller, 'http', send('record'));
  const bridge = acrossLanes([caller, agent], send('bridge'));
  const other = acrossLanes([agent, caller], send('unbridge'));
  const play = inLane(agent, 'socket', send('play'));
  t.same(sent, ['record']);
  await answer('record');
  t.same(sent, ['record', 'bridge']);
  await answer('bridge');
  t.same(sent, ['record', 'bridge', 'unbridge']);
  await answer('unbridge');
  t.same(sent, ['record', 'bridge', 'unbridge', 'play']);
  await answer('play');
  await Promise.all([record, bridge, other, play]);
});

t.test('a command that fails does not hold up those behind it', async (t) => {
  const lane = newLane();
  const broken = inLane(lane, 'http', () => Promise.reject(new Error('broken')));
  const next = inLane(lane, 'http', () => Promise.resolve('next'));
  await t.rejects(broken, { message: 'broken' });
  t.equal(await next, 'next');
});
