/** Pure. The whole of a flow file as one schema, for editors: the parser reads the steps one by one. */
import { z } from 'zod';
import type { StepKind } from './flow.js';
import { flowSchema } from './schema.js';
import { stepSchemas } from './step-schemas.js';

/** What each kind of step does, as an editor shows it. */
const kinds: Readonly<Record<StepKind, string>> = {
  menu: 'A choice by keys.',
  collect: 'Takes digits: a number, checked and confirmed where that is wanted.',
  say: 'Speaks a text.',
  lookup: 'Asks a table or service of onedoor.yaml.',
  record: 'Records what the caller says.',
  decide: 'Goes on by conditions: the first case that holds is taken; `else` is the last.',
  set: 'Keeps values.',
  dial: 'Rings a phone of onedoor.yaml.',
  case: 'Opens a case.',
  call: 'Runs another flow and comes back.',
  return: 'Ends this flow, and goes back to the one that called it with these results.',
  'hang-up': 'Ends the call.',
  hours: 'Leads by opening hours.',
  queue: 'Waits for an agent.',
  callback: 'Takes a number under which the caller is called back.',
  message: 'Writes to the caller.',
  survey: 'Asks questions that are answered by one key each.',
};

const steps = (Object.keys(stepSchemas) as StepKind[]).map((kind) => {
  const { shape } = stepSchemas[kind];
  const body = (shape as Readonly<Record<string, z.ZodType>>)[kind] ?? z.unknown();
  return z.strictObject({ ...shape, [kind]: body.describe(kinds[kind]) });
});

export const flowFileSchema = flowSchema.extend({
  steps: z.record(flowSchema.shape.flow, z.union(steps)).describe('Steps by name; each does one thing.'),
});
