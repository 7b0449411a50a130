/** What must hold outside the engine: for callers, phones and bridges. Empty lists are the only good answers. */
import type { SimulatedDisk } from '../../../src/journal/index.js';
import type { Caller, Simulator } from '../../../src/telephony/simulator/index.js';
import { calledNumbers } from './callers.js';
import type { Excuse, World } from './world.js';

/** Nobody is left alone in a bridge for longer: it sounds like a dead line, ms. */
const longestAloneMs = 20_000;

/** Gives what has been seen, and looks no more. */
export function watchBridges({ simulator, time, excuses }: World): () => string[] {
  const since = new Map<string, number>();
  const broken = new Set<string>();
  let on = true;
  const look = (): void => {
    if (!on) return;
    const now = time.now();
    const { bridges } = simulator.inventory();
    const alone = new Set(bridges.filter(({ legs }) => legs.length === 1).map(({ bridge }) => bridge));
    for (const bridge of since.keys()) if (!alone.has(bridge as never)) since.delete(bridge);
    for (const bridge of alone) {
      const from = excuses.reduce(
        (latest, { to }) => Math.max(latest, Math.min(to, now)),
        since.get(bridge) ?? now,
      );
      since.set(bridge, from);
      if (now - from > longestAloneMs) broken.add(`Somebody is alone in bridge ${bridge} since ${from}.`);
    }
    time.at(now + 1_000, look);
  };
  look();
  return () => {
    on = false;
    return [...broken];
  };
}

export function atRest(simulator: Simulator, callers: readonly Caller[]): string[] {
  const broken: string[] = [];
  for (const caller of callers) if (caller.state !== 'over') broken.push('A caller is kept for ever.');
  const { legs, bridges } = simulator.inventory();
  for (const { leg, state } of legs) broken.push(`Leg ${leg} (${state}) was left behind.`);
  for (const { bridge } of bridges) broken.push(`Bridge ${bridge} was left behind.`);
  return broken;
}

/** Nobody waits where nobody calls, and no agent talks to nobody. */
export function routerAtRest({ database }: SimulatedDisk): string[] {
  const rows = database.prepare("SELECT kind, id, body FROM entity WHERE kind IN ('ticket', 'agent')").all();
  return (rows as { kind: string; id: string; body: string }[]).flatMap(({ kind, id, body }) => {
    const { state, kind: what } = JSON.parse(body) as { state: string; kind?: string };
    // Who hung up and keeps the place is owed a call when an agent is there.
    if (kind === 'ticket' && what === 'callback' && state === 'waiting') return [];
    if (kind === 'ticket') return [`Ticket ${id} is still there, though nobody waits.`];
    const busy = ['offered', 'ringing', 'talking', 'hold', 'wrap-up'].includes(state);
    return busy ? [`Agent ${id} is still ${state}.`] : [];
  });
}

/** No phone rings twice for one wish: each leg is originated once. */
export function rangTwice(trace: readonly string[]): string[] {
  const broken: string[] = [];
  const rang = new Set<string>();
  for (const line of trace) {
    const leg = / event leg\.ringing (\S+)/.exec(line)?.[1];
    if (leg === undefined) continue;
    if (rang.has(leg)) broken.push(`Leg ${leg} rang twice.`);
    rang.add(leg);
  }
  return broken;
}

/** Whoever is called back has one call of ours at a time, whatever dies in between. */
export function dialledAtOnce(trace: readonly string[]): string[] {
  const broken: string[] = [];
  const numbers = new Map<string, string>();
  const live = new Map<string, string>();
  for (const line of trace) {
    const dial = /"type":"originate","leg":"([^"]+)","to":\{"type":"number","number":"([^"]+)"/.exec(line);
    // Two agents may well ring one number outside.
    const [, dialled = '', to = ''] = dial ?? [];
    if (calledNumbers.includes(to)) numbers.set(dialled, to);
    if (line.endsWith('EXCHANGE DIES')) live.clear();
    const told = / event leg\.(ringing|ended) (\S+)/.exec(line);
    const number = numbers.get(told?.[2] ?? '');
    if (told === null || number === undefined) continue;
    const leg = told[2] ?? '';
    if (told[1] === 'ended') {
      if (live.get(number) === leg) live.delete(number);
    } else if (live.has(number)) broken.push(`${number} is rung by ${live.get(number)} and ${leg} at once.`);
    else live.set(number, leg);
  }
  return broken;
}

/** Nobody gets a message twice, whatever dies in between. */
export function sentTwice(trace: readonly string[]): string[] {
  const sent = trace.flatMap((line) => / message (\S+)$/.exec(line)?.[1] ?? []);
  return sent.filter((id, place) => sent.indexOf(id) !== place).map((id) => `Message ${id} was sent twice.`);
}

/** A caller who hears nothing for longer believes that the line is dead, ms. */
const longestSilenceMs = 25_000;

/** A caller who is answered hears something, speaks, or is heard by a recording. */
export function silences(caller: Caller, { excuses, trace }: World): string[] {
  const end = caller.ending?.at ?? Number.POSITIVE_INFINITY;
  const filled: Excuse[] = [...excuses];
  for (const { from, to } of caller.heard) filled.push({ from, to: to ?? end });
  for (const line of trace) {
    // Most lines are about something else.
    if (!line.includes('record')) continue;
    const [at, what, ...rest] = line.split(' ');
    const told = rest.join(' ');
    if (caller.leg === null || !told.includes(`"leg":"${caller.leg}"`)) continue;
    if (what === 'command' && told.includes('"type":"record"'))
      filled.push({ from: Number(at), to: Number.POSITIVE_INFINITY });
    if (what === 'event' && /^recording\.(finished|failed)/.test(told))
      for (const entry of filled)
        if (entry.to === Number.POSITIVE_INFINITY && !excuses.includes(entry)) entry.to = Number(at);
  }
  filled.sort((a, b) => a.from - b.from);
  let since = end;
  for (const line of trace)
    if (caller.leg !== null && line.includes(' command {"type":"answer"') && line.includes(`"${caller.leg}"`))
      since = Math.min(since, Number(line.split(' ')[0]));
  for (const { from, to } of [...filled, { from: end, to: end }]) {
    if (to <= since) continue;
    // What comes after the call says nothing of it.
    if (Math.min(from, end) - since > longestSilenceMs)
      return [`The caller of leg ${caller.leg} hears nothing from ${since} to ${from}.`];
    since = Math.max(since, to);
  }
  return [];
}
