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
const levels = z.record(skill, level);

/** Alternatives, each of skills that one agent must all have. */
const needs = z
  .union([levels, z.array(levels).min(1, 'Name at least one alternative.').max(10)])
  .transform((list) => (Array.isArray(list) ? list : [list]))
  .default([{}]);

const seconds = (least: number, longest: number) =>
  z.number().min(least, `At least ${least} seconds.`).max(longest, `At most ${longest} seconds.`);

/** A caller who has waited so long needs less. What earlier ones changed stays changed. */
const relax = z.strictObject({
  after: seconds(1, 7_200),
  /** Skill to the level that is enough from now on. */
  lower: levels.default({}),
  /** Skills that are needed no longer. */
  drop: z.array(skill).default([]),
  /** Queues whose agents may answer too. */
  add: z.array(name).default([]),
});

const queue = z.strictObject({
  label,
  needs,
  relax: z.array(relax).max(10, 'At most 10 steps.').default([]),
  /** 0 to 10, the highest first. */
  priority: z.int().min(0).max(10, 'A priority is 0 to 10.').default(5),
  'max-wait': seconds(1, 7_200).default(900),
  /** How long an agent's phone rings. */
  ring: seconds(5, 120).default(15),
});

const agent = z.strictObject({
  name: label,
  phone: name,
  skills: levels.default({}),
  queues: z.array(name).min(1, 'An agent answers at least one queue.'),
});

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'A prefix is + and digits.');

const numberRules = z.strictObject({
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY.'))
    .min(1, 'Name at least one country.'),
  only: z.array(prefix).default([]),
  refuse: z.array(prefix).default([]),
});

export const outreach = {
  skills: z.record(skill, z.strictObject({ label })).default({}),
  queues: z.record(name, queue).default({}),
  agents: z.record(name, agent).default({}),
  /** Numbers that callers may leave to be called back. */
  callbacks: numberRules.optional(),
  /** Numbers to which the engine writes. */
  messages: numberRules.optional(),
};
