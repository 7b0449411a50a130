/** Random agents: how their phones answer, and what they dial. */
import { createRandom, type Random } from '../../../src/base/index.js';
import type { PhoneBehaviour, Step } from '../../../src/telephony/simulator/index.js';
import { agentPhones } from './hotline.js';
import type { World } from './world.js';

/** Talks with callers, and pauses the recording now and then. */
export function talker(random: Random): PhoneBehaviour {
  const talks = (): Step => ({ type: 'waits', ms: random.between(200, 4_000) });
  const presses = (keys: string): Step[] => (random.chance(0.5) ? [{ type: 'presses', keys }] : []);
  return {
    type: 'answers',
    afterMs: random.between(100, 3_000),
    script: [talks(), ...presses('*90'), talks(), ...presses('*91'), talks(), { type: 'hangs-up' }],
  };
}

/** What whoever talks presses meanwhile. */
function moves(random: Random): Step[] {
  const code =
    random.pick(['*1', '*2', '*2', '*3']) + random.pick(['21', '31', '32', '41', '51', '61', '99']);
  const steps: Step[] = [
    { type: 'waits', ms: random.between(200, 5_000) },
    { type: 'presses', keys: `${code}#` },
  ];
  for (let n = random.between(0, 2); n > 0; n--)
    steps.push(
      { type: 'waits', ms: random.between(100, 12_000) },
      { type: 'presses', keys: random.pick(['*4', '*0', '*3#', '*231#']) },
    );
  return steps;
}

export function behaviour(random: Random, talkers: Random): PhoneBehaviour {
  const usual = usually(random);
  if (usual.type !== 'answers' || !talkers.chance(0.5)) return usual;
  return { ...usual, script: [...moves(talkers), ...(usual.script ?? [])] };
}

function usually(random: Random): PhoneBehaviour {
  return random.pick<PhoneBehaviour>([
    {
      type: 'answers',
      afterMs: random.between(200, 8_000),
      script: [{ type: 'waits', ms: random.between(500, 20_000) }, { type: 'hangs-up' }],
    },
    { type: 'answers', afterMs: 300, script: [{ type: 'waits', ms: 5_000 }, { type: 'hangs-up' }] },
    { type: 'rejects', afterMs: random.between(100, 3_000) },
    { type: 'rings-out' },
    { type: 'is-busy' },
    { type: 'is-congested' },
  ]);
}

/** Agents sign in and out, pause and dispose by what they dial. What is dialled while no engine is there is lost. */
export function agentsDial({ time, simulator, say }: World, seed: number): void {
  const chance = createRandom(seed + 1_000_000);
  for (const phone of agentPhones)
    for (let n = chance.between(0, 4); n > 0; n--) {
      const code =
        n === 1 || chance.chance(0.5) ? '*11' : chance.pick(['*12', '*13', '*141', '*15', '*481', '*4812']);
      time.at(time.now() + chance.between(0, 30_000), () => {
        say(`${phone} dials ${code}`);
        simulator.dial({ called: code, phone, trunk: 'phones' });
      });
    }
}

/** The first agent says so often that she is ready, every ten seconds. */
export function saysReady({ time, simulator }: World, times: number): void {
  for (let n = 0; n < times; n++)
    time.at(time.now() + n * 10_000 + 100, () => {
      simulator.dial({ called: n % 3 === 0 ? '*11' : '*13', phone: 'agent-1', trunk: 'phones' });
    });
}

/** Whoever talks asks somebody else now and then. Gives how many have been connected so, up to now. */
export function agentsAsk(world: World, seed: number): () => number {
  const { time } = world;
  const chance = createRandom(seed + 3_000_000);
  let connected = 0;
  for (const phone of agentPhones)
    for (let n = 1; n < 40; n++)
      time.at(time.now() + n * 2_000 + chance.between(0, 1_500), () => {
        if (chance.chance(0.3))
          asks(world, chance, phone, (done) => {
            connected += done ? 1 : 0;
          });
      });
  return () => connected;
}

/** Whoever talks at a phone dials somebody by a second call, and connects the two, or lets it be. */
function asks(
  { time, simulator, say }: World,
  chance: Random,
  phone: string,
  told: (connected: boolean) => void,
): void {
  const { calls: rung } = simulator.phone(phone);
  const first = rung.find(({ state }) => state === 'talking');
  if (first === undefined) return;
  const code = chance.pick(['21', '31', '32', '41', '61', '51', '99']);
  say(`${phone} dials ${code} while it talks`);
  first.hold();
  const second = simulator.dial({ called: code, phone, trunk: 'phones' });
  const way = chance.pick(['connects', 'connects', 'connects-back', 'swaps', 'lets-be']);
  time.at(time.now() + chance.between(100, 9_000), () => {
    if (way === 'swaps') second.hold();
    if (way === 'swaps' || way === 'lets-be') first.unhold();
    else if (first.leg !== null && second.leg !== null)
      if (way === 'connects') first.transfer('', second.leg);
      else second.transfer('', first.leg);
  });
  time.at(time.now() + chance.between(10_000, 20_000), () => {
    told(first.transferTold === 'answered' || second.transferTold === 'answered');
    second.hangUp();
    first.unhold();
  });
}
