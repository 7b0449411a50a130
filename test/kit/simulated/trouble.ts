/** What befalls a hotline: its exchange dies, its link is cut, its disk fails or stands still, a phone goes. */
import type { Random } from '../../../src/base/index.js';
import type { HotlineOptions } from './options.js';
import type { World } from './world.js';

/** Plans it all for later. */
export function makeTrouble(world: World, random: Random, options: HotlineOptions): void {
  if (options.exchangeDies === true) exchangeDies(world, random);
  for (let n = 0; n < (options.linkLosses ?? 0); n++) linkIsCut(world, random);
  if (options.storeFails === true) storeFails(world, random);
  if (options.diskStalls === true) diskStalls(world, random);
  if (random.chance(0.2)) phoneGoes(world, random);
}

function exchangeDies({ time, simulator, say }: World, random: Random): void {
  time.at(time.now() + random.between(1_000, 30_000), () => {
    say('EXCHANGE DIES');
    simulator.restart(random.between(500, 3_000));
  });
}

function linkIsCut({ time, simulator, say, excuse }: World, random: Random): void {
  time.at(time.now() + random.between(100, 40_000), () => {
    say('LINK LOST');
    const cut = excuse();
    simulator.loseLink();
    const back = time.now() + random.between(10, random.chance(0.3) ? 12_000 : 2_000);
    time.at(back, () => {
      say('LINK BACK');
      simulator.restoreLink();
      cut.to = back;
    });
  });
}

function storeFails({ time, disk, say }: World, random: Random): void {
  time.at(time.now() + random.between(100, 20_000), () => {
    say('STORE FAILS');
    disk.failure = 'the disk is full';
    time.at(time.now() + random.between(500, 30_000), () => {
      say('STORE WORKS');
      disk.failure = null;
    });
  });
}

function diskStalls(world: World, random: Random): void {
  const { time, say, excuse } = world;
  time.at(time.now() + random.between(100, 20_000), () => {
    say('DISK STANDS STILL');
    const still = excuse();
    world.stillUntil = time.now() + random.between(3_000, 40_000);
    time.at(world.stillUntil, () => {
      say('DISK MOVES');
      still.to = world.stillUntil;
    });
  });
}

function phoneGoes({ time, simulator }: World, random: Random): void {
  time.at(time.now() + random.between(0, 10_000), () => simulator.phone('agent-1').unregister());
  time.at(time.now() + random.between(10_000, 40_000), () => simulator.phone('agent-1').register());
}
