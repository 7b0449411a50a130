/** Agents as the engine shows them to whoever asks. */
import type { EngineProcess } from '../kit/engine.js';
import { eventually, patientMs } from '../kit/waiting.js';

export interface AgentRow {
  readonly name: string;
  readonly state: string;
  /** Whether the phone can be rung. */
  readonly registered: boolean;
  readonly recording: string | null;
}

export async function agentRow(engine: EngineProcess, name: string): Promise<AgentRow | undefined> {
  const { agents } = (await engine.get('/agents')) as { agents: AgentRow[] };
  return agents.find((one) => one.name === name);
}

/** Waits until the agent is shown so. */
export async function agentBecomes(
  engine: EngineProcess,
  name: string,
  wanted: Partial<AgentRow>,
): Promise<void> {
  let row: AgentRow | undefined;
  await eventually(
    async () => {
      row = await agentRow(engine, name);
      return Object.entries(wanted).every(([key, value]) => row?.[key as keyof AgentRow] === value);
    },
    patientMs,
    () => `${name} is ${JSON.stringify(wanted)}: ${JSON.stringify(row)}`,
    100,
  );
}
