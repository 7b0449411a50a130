/** Random callers: what they want of the hotline, and how they answer when it calls them back. */
import type { Random } from '../../../src/base/index.js';
import type { Caller, PhoneBehaviour, Step } from '../../../src/telephony/simulator/index.js';
import type { HotlineOptions } from './options.js';
import type { World } from './world.js';

/** Numbers that callers leave to be called back. */
export const calledNumbers = ['+96891001234', '+96891234567'];

/** Whoever is called back: a person who presses keys, a machine that does not, nobody, or a busy line. */
export function calledBehaviour(random: Random): PhoneBehaviour {
  const press = (keys: string): Step => ({ type: 'presses', keys });
  const pause = (): Step => ({ type: 'waits', ms: random.between(100, 6_000) });
  const ends: Step[] = [{ type: 'waits', ms: random.between(500, 30_000) }, { type: 'hangs-up' }];
  const answers = (...steps: Step[]): PhoneBehaviour => ({
    type: 'answers',
    afterMs: random.between(200, 12_000),
    script: [...steps, ...ends],
  });
  return random.pick([
    () => answers(pause(), press('1')),
    () => answers(pause(), press('1'), pause()),
    () => answers(pause(), press(random.pick(['9', '5']))),
    () => answers({ type: 'waits', ms: 60_000 }),
    (): PhoneBehaviour => ({ type: 'rejects', afterMs: random.between(100, 3_000) }),
    (): PhoneBehaviour => ({ type: 'rings-out' }),
    (): PhoneBehaviour => ({ type: 'is-busy' }),
  ])();
}

/**
 * What a caller wants, with slips and pauses. Some never hang up: a flow that got stuck would keep them for ever, and
 * that is noticed.
 */
function randomScript(random: Random): Step[] {
  const press = (keys: string): Step => ({ type: 'presses', keys });
  const pause = (): Step => ({ type: 'waits', ms: random.between(50, random.chance(0.2) ? 12_000 : 1_500) });
  const wish = random.pick([
    () => [press('1'), pause(), press(random.pick(['123456#', '4444#', '9999#', '12#', '123'])), pause()],
    () => [press('2'), pause(), { type: 'speaks', ms: random.between(200, 6_000) } as const, pause()],
    () => [press('3')],
    () => [press('4'), pause(), press(String(random.between(0, 9)))],
    () => [press('5'), pause(), press('1')],
    () => [
      press('5'),
      pause(),
      press('1'),
      pause(),
      press(random.pick(['1', '1', '291234567#', '2'])),
      pause(),
      press('1'),
      pause(),
    ],
    () => [press('6'), pause()],
    () => [
      press('7'),
      pause(),
      press(random.pick(['1', '291234567#', '290012345#', '2#'])),
      pause(),
      press('1'),
    ],
    () => [press('8'), pause(), press(String(random.between(0, 9))), pause(), press('5')],
    () => [press(random.pick(['*', '0', '9']))],
    () => [
      press('3'),
      pause(),
      press('12'),
      { type: 'holds' } as const,
      pause(),
      { type: 'unholds' } as const,
    ],
  ]);
  const steps: Step[] = [{ type: 'awaits-answer' }];
  if (random.chance(0.8)) steps.push(pause(), press(String(random.between(1, 2))));
  for (let n = random.between(1, 3); n > 0; n--) steps.push(pause(), ...wish());
  if (random.chance(0.6)) steps.push({ type: 'waits', ms: random.between(0, 30_000) }, { type: 'hangs-up' });
  return steps;
}

export interface Callers {
  /** How many will call. */
  readonly count: number;
  /** Those who have, up to now. */
  readonly dialled: readonly Caller[];
}

/** Callers dial at random moments of the first 20 s. */
export function callersDial({ time, simulator }: World, random: Random, options: HotlineOptions): Callers {
  const { wish, hotline, numbers = ['+96891001234'] } = options;
  const dialled: Caller[] = [];
  const count = options.callers ?? random.between(1, 5);
  for (let n = 0; n < count; n++) {
    time.at(time.now() + random.between(0, 20_000), () => {
      const own = random.chance(0.05) ? '666' : random.chance(0.05) ? '12345' : '100';
      dialled.push(
        simulator.dial({
          called: wish?.called ?? hotline?.number ?? own,
          caller: {
            number: numbers[n % numbers.length] ?? null,
            name: 'Zainab binti Yusof',
            withheld: false,
          },
          script: wish?.script ?? hotline?.script(random) ?? randomScript(random),
        }),
      );
    });
  }
  return { count, dialled };
}
