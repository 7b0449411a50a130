/** One-call centre with agents on real SIP phones; its own exchange for each test file that imports it. */
import t from 'tap';
import { converse, type Dictionary, readCallerSteps } from '../../src/outside/index.js';
import { type AgentPhone, type Caller, tells } from '../kit/outside.js';
import { patientMs, within } from '../kit/waiting.js';
import { agentBecomes, agentRow } from './agent-rows.js';
import { startHotline, textsHeard } from './hotline.js';
import { editSite, everyQueue } from './site-edits.js';

const agents = ['one-call-1', 'one-call-2', 'agent-1'];
export const hotline = await startHotline({ phones: agents, change: quick });
const { engine, world } = hotline;
t.teardown(() => hotline.stop());

/**
 * Wrap-up is short; a phone rings longer than an engine takes to start on a busy machine; and one has a transfer key. Who
 * answers for transport is not told who waits.
 */
function quick(folder: string): void {
  const desk = 'label: Desk 1 of the one-call centre';
  editSite(
    folder,
    [desk, `${desk}, transfers: true`],
    [everyQueue, '$1    wrap-up: 1\n    ring: 60\n'],
    [/( label: Transport\n) {4}whisper: agent-whisper\n/, '$1'],
  );
}

export const stateOf = async (name: string): Promise<string> =>
  (await agentRow(engine, name))?.state ?? 'unknown';
/** Whether the engine believes that the agent's phone can be rung. */
export const isRegistered = async (name: string): Promise<boolean> =>
  (await agentRow(engine, name))?.registered === true;

/** Dials a code at a phone, and gives the names of the texts that were heard. */
export async function dialCode(phone: string, code: string): Promise<string> {
  const call = await world.call(code, { phone });
  t.ok(await within(call.answered, patientMs, `${code} is answered`));
  await within(call.ended, patientMs, 'the desk hangs up');
  return textsIn(call.line.heard());
}

/** All that agents and callers here may hear; the other languages would take two thirds of the time to compare. */
const malay = ((): Dictionary => {
  const { book, site } = hotline;
  const wanted = new Set(site.texts.allPieces('ms').map(book.soundOf));
  return { templates: book.dictionary.templates.filter(({ name }) => wanted.has(name)) };
})();

/** Names of the Malay texts that a sound has pieces of. */
export const textsIn = (sound: Int16Array): string => textsHeard(hotline.book, sound, malay);

/** What callers choose: Malay, an agent, and whoever knows of identity cards; or of transport, without whisper. */
const ways = { identity: '1,1,1', transport: '1,1,2' } as const;

/** A caller who waits for somebody of the queue. */
export async function waits(
  queue: keyof typeof ways = 'identity',
): Promise<Caller & { readonly callerNumber: string }> {
  const caller = await hotline.call({ number: '0380008000' });
  t.ok(await within(caller.answered, patientMs, 'the caller is answered'));
  const steps = readCallerSteps(ways[queue]);
  if (steps === null) throw new Error('keys');
  // It goes on listening until the call is over.
  void converse(caller, steps, { interruptAfterMs: 300 });
  return caller;
}

export const phone = (name: string): AgentPhone => world.phone(name);
export const becomes = (agent: string, state: string): Promise<void> =>
  agentBecomes(engine, agent, { state });

/** Aisyah has heard who waits, and talks to the caller. */
export async function talking(): Promise<{ readonly caller: Waiter; readonly agent: Answered }> {
  const caller = await waits();
  const agent = await (await phone('one-call-1').rings(patientMs)).answer();
  await becomes('aisyah', 'talking');
  await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  return { caller, agent };
}
export type Waiter = Awaited<ReturnType<typeof waits>>;
export type Answered = Awaited<ReturnType<Awaited<ReturnType<AgentPhone['rings']>>['answer']>>;

/** In how many talks the caller has been by now. */
export async function segments(
  caller: Waiter,
): Promise<readonly { who: string; began: string; ended: string }[]> {
  const { segments: all } = (await engine.contact(caller.callerNumber)) as unknown as {
    segments: { who: string; began: string; ended: string }[];
  };
  return all.map(({ who, began, ended }) => ({ who, began, ended }));
}
