/** How a command travels: many may be under way over the socket, which keeps their order; HTTP keeps none. */
export type Path = 'socket' | 'http';

/** The commands of one leg, in the order in which they were given. */
export interface Lane {
  readonly waiting: (() => void)[];
  path: Path;
  underWay: number;
}

export function newLane(): Lane {
  return { waiting: [], path: 'socket', underWay: 0 };
}

/** Runs `send` when all earlier commands of the lane have taken effect, or will before it. */
export function inLane<T>(lane: Lane, path: Path, send: () => Promise<T>): Promise<T> {
  if (lane.waiting.length === 0 && (lane.underWay === 0 || (path === 'socket' && lane.path === 'socket')))
    return go(lane, path, send);
  return new Promise((resolve, reject) => {
    lane.waiting.push(() => void go(lane, path, send).then(resolve, reject));
  });
}

/**
 * Runs `send` when its turn has come in every lane. All turns are taken at once, so two such commands cannot wait for
 * each other.
 */
export async function acrossLanes<T>(lanes: readonly Lane[], send: () => Promise<T>): Promise<T> {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const turns = lanes.map(
    (lane) =>
      new Promise<void>((resolve) => {
        void inLane(lane, 'http', () => {
          resolve();
          return held;
        });
      }),
  );
  await Promise.all(turns);
  return send().finally(release);
}

function go<T>(lane: Lane, path: Path, send: () => Promise<T>): Promise<T> {
  lane.path = path;
  lane.underWay++;
  return send().finally(() => {
    lane.underWay--;
    while (lane.underWay === 0 && lane.waiting.length > 0) lane.waiting.shift()?.();
  });
}
