/** The part of onedoor.yaml's schema that says who answers callers who wait, and to whom the engine reaches out. */
import { z } from 'zod';
import { label, name } from './words.js';

/** A language of the site is a skill under its tag. */
const skill = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9-]{0,31}$/,
    'A skill has letters, digits and -, begins with a small letter, and has at most 32 of them.',
  );
const level = z.int().min(1, 'A level is 1 to 5.').max(5, 'A level is 1 to 5.');
export const levels = z.record(skill, level);

/** Alternatives, each of skills that one agent must all have. */
const needs = z
  .union([levels, z.array(levels).min(1, 'Name at least one alternative.').max(10)])
  .transform((list) => (Array.isArray(list) ? list : [list]))
  .default([{}]);

const seconds = (least: number, longest: number) =>
  z.number().min(least, `At least ${least} seconds.`).max(longest, `At most ${longest} seconds.`);

/** A caller who has waited so long needs less. What earlier ones changed stays changed. */
const relax = z.strictObject({
  after: seconds(1, 7_200).describe('Seconds that the caller has waited.'),
  lower: levels.default({}).describe('Skill to the level that is enough from now on.'),
  drop: z.array(skill).default([]).describe('Skills that are needed no longer.'),
  add: z.array(name).default([]).describe('Queues whose agents may answer too.'),
});

const queue = z.strictObject({
  label: label.describe('Name that people read.'),
  needs: needs.describe('Skills with the levels that one agent must have; a list: one of them is enough.'),
  relax: z
    .array(relax)
    .max(10, 'At most 10 steps.')
    .default([])
    .describe('What callers need less of the longer they wait.'),
  priority: z
    .int()
    .min(0)
    .max(10, 'A priority is 0 to 10.')
    .default(5)
    .describe('0 to 10, the highest first.'),
  calendar: name.optional().describe('Calendar that says when it is answered at all; always where left out.'),
  'max-wait': seconds(1, 7_200).default(900).describe('Seconds that a caller waits at most.'),
  ring: seconds(5, 120).default(15).describe("Seconds that an agent's phone rings."),
});

const agent = z.strictObject({
  name: label.describe('Name that people read.'),
  phone: name.describe('One of `phones`.'),
  skills: levels.default({}).describe('Skills with their levels, 1 to 5.'),
  queues: z
    .array(name)
    .min(1, 'An agent answers at least one queue.')
    .describe('Queues that the agent answers.'),
});

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'A prefix is + and digits.');

const numberRules = z.strictObject({
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY.'))
    .min(1, 'Name at least one country.')
    .describe('ISO 3166; a number without a country is of the first.'),
  only: z.array(prefix).default([]).describe('Beginnings of which a number must have one; none: any.'),
  refuse: z.array(prefix).default([]).describe('Beginnings that are refused.'),
});

export const outreach = {
  skills: z
    .record(skill, z.strictObject({ label: label.describe('Name that people read.') }))
    .default({})
    .describe('What agents can, by name; each language of the site is one.'),
  queues: z.record(name, queue).default({}).describe('Where callers wait, by name.'),
  agents: z.record(name, agent).default({}).describe('Who answers, by name.'),
  callbacks: numberRules.optional().describe('Numbers that callers may leave to be called back.'),
  messages: numberRules.optional().describe('Numbers to which the engine writes.'),
};
