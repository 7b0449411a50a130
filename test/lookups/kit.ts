/** Permits that are looked up by HTTP. */
import { type Backend, type Handler, startBackend } from '../kit/backend.js';
import { lookupWorld } from '../kit/lookup-world.js';

export const row = { status: 'approved', updated: '2026-03-01', fee: 12.5, paid: true, owner: null };

export async function setUp(handler: Handler, more = '', parts: Parameters<typeof lookupWorld>[1] = {}) {
  const backend = await startBackend(handler);
  return { backend, ...lookupWorld(permits(backend, more), parts) };
}

export function permits({ port }: Pick<Backend, 'port'>, more = ''): string {
  return `permits:\n  http:\n    url: http://127.0.0.1:${port}/api/requests/{reference}\n    allow-private: true\n${more.replace(/^(?=.)/gm, '    ')}`;
}

/** Where an answer has been given yet, it is that; else null. */
export function watch<T>(promise: Promise<T>): () => T | null {
  let value: T | null = null;
  promise.then(
    (given) => {
      value = given;
    },
    () => undefined,
  );
  return () => value;
}
