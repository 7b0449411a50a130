/** The part of onedoor.yaml's schema that says where callers may be moved to by whoever talks to them. */
import { z } from 'zod';
import { name } from './words.js';

const e164 = z
  .string()
  .regex(/^\+[1-9][0-9]{4,14}$/, 'A number outside is + with country code and number, 5 to 15 digits.');

export const transferTarget = z.union([
  z.strictObject({ queue: name.describe('The caller waits there.') }),
  z.strictObject({ agent: name.describe('This agent is rung.') }),
  z.strictObject({ phone: name.describe('This phone is rung.') }),
  z.strictObject({ number: z.string().describe('A number of the site: the caller begins with its flow.') }),
  z.strictObject({ outside: e164.describe('A number outside, by the trunk of `outside`.') }),
]);

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'A prefix is + and digits.');

export const transfersSchema = z.strictObject({
  ring: z
    .number()
    .min(5, 'At least 5 seconds.')
    .max(120, 'At most 120 seconds.')
    .default(20)
    .describe('Seconds that a phone or a number is rung.'),
  to: z
    .record(z.string().regex(/^[0-9]{1,6}$/, 'The code of a target has 1 to 6 digits.'), transferTarget)
    .default({})
    .describe('Targets by the digits that are keyed.'),
  outside: z
    .strictObject({
      trunk: name.describe('Trunk by which numbers outside are reached.'),
      countries: z
        .array(z.string().regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals.'))
        .min(1, 'Name at least one country.')
        .describe('ISO 3166; a number without a country is of the first.'),
      only: z.array(prefix).default([]).describe('Beginnings of which a number must have one; none: any.'),
      refuse: z.array(prefix).default([]).describe('Beginnings that are refused.'),
    })
    .optional()
    .describe('Numbers outside that may be keyed; none where left out.'),
});
