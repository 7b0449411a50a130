/** The schema of onedoor.yaml. */
import { z } from 'zod';
import { lookupSchema } from './sources-schema.js';

/** Names that go into SIP addresses and configuration files: nothing in them needs quoting anywhere. */
const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'A name has small letters, digits and -, begins with a letter, and has at most 32 of them.',
  );

const serviceNumber = z
  .string()
  .regex(/^\+?[0-9]{2,15}$/, 'A number has 2 to 15 digits, with or without a + in front.');

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'A language is a BCP 47 tag such as ar, en or pt-BR.');

const text = z.string().regex(/^[a-z][a-z0-9-]*$/, 'A text is named as in prompts/<language>.yaml.');

const hostName = '[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?';
const host = z
  .string()
  .regex(
    new RegExp(`^${hostName}(:[0-9]{1,5})?$`),
    'A host is a name or an IPv4 address, with or without :port.',
  );

/** Printable, on one line: labels go into caller displays and configuration files. */
const label = z
  .string()
  .min(1, 'A label cannot be empty.')
  .max(64, 'A label has at most 64 characters.')
  .regex(
    /^[^\p{Cc}"\\;]*$/u,
    'A label has no quotation marks, semicolons, backslashes or control characters.',
  );

const line = {
  /** The first that both sides know is used. */
  codecs: z
    .array(z.enum(['alaw', 'ulaw']))
    .min(1, 'At least one codec is needed.')
    .default(['alaw', 'ulaw']),
  'called-number': z.enum(['request-uri', 'to-header', 'diversion']).default('request-uri'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY.')
    .optional(),
};
const remoteLine = {
  ...line,
  host,
  'external-address': z.ipv4('An external address is an IPv4 address, without a port.').optional(),
};

const trunk = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('loopback'), enabled: z.boolean().default(true), ...line }),
  z.strictObject({ kind: z.literal('ip'), ...remoteLine }),
  z.strictObject({
    kind: z.literal('registration'),
    ...remoteLine,
    username: z
      .string()
      .regex(/^[A-Za-z0-9._+-]{1,64}$/, 'A user name has letters, digits and . _ + -, at most 64 of them.'),
  }),
]);

export const siteSchema = z.strictObject({
  /** Version of this format. */
  onedoor: z.literal(1, 'This Onedoor reads format 1: write `onedoor: 1`.'),
  name: label,
  /** The first is the default. */
  languages: z.array(language).min(1, 'At least one language is needed.'),
  /** Service numbers that flows answer; `also`: other ways in which trunks send the same number. */
  numbers: z
    .array(
      z.union([
        serviceNumber,
        z.strictObject({ number: serviceNumber, also: z.array(serviceNumber).default([]) }),
      ]),
    )
    .min(1, 'At least one number is needed.'),
  phones: z.record(name, z.strictObject({ label })).default({}),
  trunks: z.record(name, trunk).default({}),
  lookups: z
    .record(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,63}$/,
          'A source has small letters, digits and -, and begins with a letter.',
        ),
      lookupSchema,
    )
    .default({}),
  fallback: z.strictObject({
    apology: text,
    'unknown-number': text,
    phone: name.optional(),
  }),
  limits: z
    .strictObject({
      /** Calls at once; more are rejected with congestion. */
      calls: z.int().min(1, 'At least 1 call.').max(10_000, 'At most 10,000 calls.').default(2_000),
      /** The same while the disk is in trouble. */
      'calls-when-degraded': z.int().min(0).max(10_000, 'At most 10,000 calls.').default(50),
    })
    .prefault({}),
});

export type SiteSettings = z.output<typeof siteSchema>;
