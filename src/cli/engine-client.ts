/** The running engine as commands reach it: its HTTP API, with the token of the state folder. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OnedoorError } from '../base/index.js';
import { stateFolderAt, tokenFile } from './state-folder.js';
import { type LockHolder, lockHolder } from './state-lock.js';
import { CliFailure, exitCodes } from './world.js';

export interface EngineClient {
  readonly holder: LockHolder;
  /** The answer of a path, checked against a schema. */
  get<Schema extends z.ZodType>(
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
    options?: { readonly limitMs?: number },
  ): Promise<z.output<Schema>>;
  remove<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.output<Schema>>;
}

const usualLimitMs = 15_000;
const refusal = z.object({ code: z.string(), message: z.string(), details: z.unknown() });

/**
 * Finds the engine that holds a state folder.
 *
 * @throws ONEDOOR_CLI_NO_ENGINE, CliFailure when the token cannot be read.
 */
export function engineClient(root: string): EngineClient {
  const state = stateFolderAt(root);
  const holder = lockHolder(state.lock);
  if (holder === null) throw new OnedoorError('ONEDOOR_CLI_NO_ENGINE', { folder: root });
  const token = readToken(tokenFile(state));

  async function ask<Schema extends z.ZodType>(
    path: string,
    init: RequestInit,
    schema: Schema,
    limitMs = usualLimitMs,
  ): Promise<z.output<Schema>> {
    const { pid, http: address } = holder as LockHolder;
    let answer: Response;
    let body: unknown;
    try {
      answer = await fetch(`http://${address}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(limitMs),
      });
      body = await answer.json();
    } catch (cause) {
      throw new OnedoorError('ONEDOOR_CLI_ENGINE_SILENT', { pid, address, why: reasonOf(cause) }, cause);
    }
    if (answer.ok) return schema.parse(body);
    const refused = refusal.safeParse(body);
    throw new CliFailure(
      exitCodes.failed,
      refused.success ? refused.data.message : `The engine answered with status ${answer.status}.`,
    );
  }

  return {
    holder,
    get: (path, query, schema) => {
      const asked = Object.entries(query).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const search = new URLSearchParams(asked).toString();
      return ask(search === '' ? path : `${path}?${search}`, { method: 'GET' }, schema);
    },
    post: (path, body, schema, options) =>
      ask(path, { method: 'POST', body: JSON.stringify(body) }, schema, options?.limitMs),
    remove: (path, body, schema) => ask(path, { method: 'DELETE', body: JSON.stringify(body) }, schema),
  };
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CliFailure(
      exitCodes.failed,
      `The engine's token ${path} cannot be read. Run the command as the user who runs the engine.`,
      cause,
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What fetch throws says only that it failed; its cause says why.
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
