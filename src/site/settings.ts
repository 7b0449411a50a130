/** The schema of onedoor.yaml. */
import { z } from 'zod';
import { calendarsSchema } from './calendar-schema.js';
import { lookupSchema } from './sources-schema.js';

import { outreach } from './outreach.js';
import { label, name } from './words.js';

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

const line = {
  codecs: z
    .array(z.enum(['alaw', 'ulaw']))
    .min(1, 'At least one codec is needed.')
    .default(['alaw', 'ulaw'])
    .describe('The first that both sides know is used.'),
  'called-number': z
    .enum(['request-uri', 'to-header', 'diversion'])
    .default('request-uri')
    .describe('Where the carrier puts the number that was dialled.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY.')
    .optional()
    .describe('Country whose numbers it sends without a prefix, e.g. OM.'),
};
const remoteLine = {
  ...line,
  host: host.describe('The carrier, with or without :port.'),
  'external-address': z
    .ipv4('An external address is an IPv4 address, without a port.')
    .optional()
    .describe('Address by which the carrier reaches this machine.'),
};

const trunk = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('loopback').describe('Calls from this machine alone.'),
    enabled: z.boolean().default(true).describe('Whether it takes calls; default true.'),
    host: host
      .regex(/^127\./, 'The loopback trunk calls an address of this machine, 127.0.0.1:port.')
      .optional()
      .describe('Address of this machine, with :port, to which it makes calls; none: it only takes them.'),
    ...line,
  }),
  z.strictObject({ kind: z.literal('ip').describe('A carrier known by its address.'), ...remoteLine }),
  z.strictObject({
    kind: z.literal('registration').describe('A carrier at which we register.'),
    ...remoteLine,
    username: z
      .string()
      .regex(/^[A-Za-z0-9._+-]{1,64}$/, 'A user name has letters, digits and . _ + -, at most 64 of them.')
      .describe('Name under which we register.'),
  }),
]);

export const siteSchema = z.strictObject({
  onedoor: z
    .literal(1, 'This Onedoor reads format 1: write `onedoor: 1`.')
    .describe('Version of this format: 1.'),
  name: label.describe('Name of the hotline.'),
  languages: z
    .array(language)
    .min(1, 'At least one language is needed.')
    .describe('Languages that are spoken; the first is the default.'),
  numbers: z
    .array(
      z.union([
        serviceNumber,
        z.strictObject({
          number: serviceNumber.describe('The number, as flows name it.'),
          also: z
            .array(serviceNumber)
            .default([])
            .describe('Other ways in which trunks send the same number.'),
          test: serviceNumber
            .optional()
            .describe('A number that answers with the version published for testing.'),
        }),
      ]),
    )
    .min(1, 'At least one number is needed.')
    .describe('Service numbers that flows answer.'),
  phones: z
    .record(
      name,
      z.strictObject({
        label: label.describe('Name that people read.'),
        transfers: z
          .boolean()
          .default(false)
          .describe(
            'It may transfer calls with its own key (REFER). See docs/trunks.md before you allow it.',
          ),
      }),
    )
    .default({})
    .describe('Phones that register here, by name.'),
  trunks: z.record(name, trunk).default({}).describe('Lines to carriers, by name.'),
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
    .default({})
    .describe('Tables that flows ask, by name.'),
  calendars: calendarsSchema.describe('When somebody is there, by name.'),
  ...outreach,
  fallback: z
    .strictObject({
      apology: text.describe('Text that is spoken when a flow fails.'),
      'unknown-number': text.describe('Text that is spoken where no flow answers the number.'),
      phone: name.optional().describe('Phone that is rung after the apology.'),
    })
    .describe('What callers get when a flow cannot go on.'),
  menus: z
    .strictObject({
      depth: z
        .int()
        .min(1, 'At least 1 menu.')
        .max(20, 'At most 20 menus.')
        .default(4)
        .describe('Menus that a caller may have answered before one: more are pointed out; default 4.'),
      seconds: z
        .number()
        .min(1, 'At least 1 s.')
        .max(300, 'At most 300 s.')
        .default(30)
        .describe('Seconds that a menu may speak before its first key: more are pointed out; default 30.'),
    })
    .prefault({})
    .describe('From when on the checker calls menus too deep or too long.'),
  limits: z
    .strictObject({
      calls: z
        .int()
        .min(1, 'At least 1 call.')
        .max(10_000, 'At most 10,000 calls.')
        .default(2_000)
        .describe('Calls at once; more are rejected with congestion.'),
      'calls-when-degraded': z
        .int()
        .min(0)
        .max(10_000, 'At most 10,000 calls.')
        .default(50)
        .describe('The same while the disk is in trouble.'),
    })
    .prefault({})
    .describe('How much is taken on at once.'),
});

export type SiteSettings = z.output<typeof siteSchema>;
