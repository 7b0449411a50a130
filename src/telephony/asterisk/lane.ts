/** How a command travels: many may be under way over the socket, which keeps their order; HTTP keeps none. */
export type Path = 'socket' | 'http';

/** The commands of one leg, in the order in which they were given. */
export interface Lane {
  readonly waiting: { readonly path: Path; readonly start: () => void }[];
  path: Path;
  underWay: number;
}

export function newLane(): Lane {
  return { waiting: [], path: 'socket', underWay: 0 };
}

/** Runs `send` when all earlier commands of the lane have taken effect, or will before it. */
export function inLane<T>(lane: Lane, path: Path, send: () => Promise<T>): Promise<T> {
  if (lane.waiting.length === 0 && mayGo(lane, path)) return go(lane, path, send);
  return new Promise((resolve, reject) => {
    lane.waiting.push({ path, start: () => void go(lane, path, send).then(resolve, reject) });
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

function mayGo(lane: Lane, path: Path): boolean {
  return lane.underWay === 0 || (path === 'socket' && lane.path === 'socket');
}

function go<T>(lane: Lane, path: Path, send: () => Promise<T>): Promise<T> {
  lane.path = path;
  lane.underWay++;
  return send().finally(() => {
    lane.underWay--;
    for (let next = lane.waiting[0]; next !== undefined && mayGo(lane, next.path); next = lane.waiting[0]) {
      lane.waiting.shift();
      next.start();
    }
  });
}
