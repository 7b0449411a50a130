/** What the HTTP API takes and gives. Readers ignore fields that they do not know: more may come. */
import { z } from 'zod';

const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, 'An id has printable ASCII characters without spaces, at most 100.');
const at = z.int().describe('UTC, milliseconds since 1970-01-01');

/** A moment as a person or a program writes it: ISO 8601 with zone, a day (UTC), or milliseconds. */
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date(), z.string().regex(/^\d{1,15}$/)], {
    error: 'A time is written as 2026-03-04T10:00:00Z, 2026-03-04, or in milliseconds since 1970.',
  })
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)));

const word = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'A word has letters, digits and -, at most 64.');

const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('records a page'),
  after: z.string().max(200).optional().describe('`next` of the page before'),
  since: moment.optional().describe('began at or after'),
  until: moment.optional().describe('began before'),
  language: word.optional(),
  outcome: word.optional(),
};

export const caseQuery = z.strictObject({
  ...page,
  status: z.enum(['received', 'resolved', 'closed']).optional(),
  kind: word.optional(),
  reference: z
    .string()
    .regex(/^\d{1,20}$/, 'A reference has digits only.')
    .optional(),
});

/** `true` adds `personal` to the contact: who called, what was keyed, what was looked up. Each reading is logged. */
const personal = z.enum(['true', 'false']).default('false');

export const contactQuery = z.strictObject({ ...page, case: id.optional(), personal });

export const contactDetail = z.strictObject({ personal });

export const recordParams = z.strictObject({ id });

const recordShape = z.looseObject({ id: z.string() });

export const caseRecord = recordShape.extend({
  kind: z.string(),
  reference: z.string().describe('digits with a check digit, as the caller was told'),
  subject: z.string(),
  status: z.enum(['received', 'resolved', 'closed']),
  agent: z.string().nullish().describe('who talked with the caller last'),
  language: z.string().nullable(),
  outcome: z.string().nullable(),
  openedAt: at,
  closedAt: at.nullable(),
  contacts: z.array(z.string()),
});

export const contactRecord = recordShape.extend({
  channel: z.string(),
  began: z.string().describe('inbound, or outbound: the engine called'),
  follows: z.string().nullable().optional().describe('the contact that asked to be called back'),
  tries: z
    .array(
      z.looseObject({ startedAt: at, endedAt: at.nullable(), result: z.string().nullable(), times: z.int() }),
    )
    .optional()
    .describe('of one that the engine began: how often it called'),
  number: z.string().describe('the service number dialled'),
  trunk: z.string(),
  site: z.string(),
  flow: z.string(),
  language: z.string().nullable(),
  startedAt: at,
  answeredAt: at.nullable(),
  endedAt: at.nullable(),
  case: z.string().nullable(),
  outcome: z.string().nullable(),
  contained: z.boolean().nullish().describe('served without a person, as the flow declares its outcome'),
  termination: z.looseObject({ result: z.string(), reason: z.string(), by: z.string() }).nullable(),
  personal: z.record(z.string(), z.unknown()).optional().describe('by key, as the contact names them'),
});

export const casePage = z.object({ cases: z.array(caseRecord), next: z.string().nullable() });
export const contactPage = z.object({ contacts: z.array(contactRecord), next: z.string().nullable() });

export const health = z.object({ status: z.enum(['starting', 'running', 'draining']) });

export const statusAnswer = z.object({
  phase: z.enum(['starting', 'running', 'draining']),
  since: at,
  version: z.string(),
  pid: z.int(),
  calls: z.int().describe('calls that are up'),
  admitting: z.boolean(),
  journal: z.enum(['normal', 'degraded', 'stalled']),
  exchanges: z.array(z.object({ id: z.string(), link: z.enum(['ready', 'lost']) })),
  lookups: z
    .array(z.object({ source: z.string(), breaker: z.enum(['closed', 'open', 'half-open']) }))
    .describe('circuit breakers of the lookups outside'),
  site: z.object({
    name: z.string(),
    hash: z.string(),
    test: z.string().describe('version that test numbers answer with'),
    numbers: z.array(z.string()),
  }),
});

export const stopBody = z.strictObject({
  drainSeconds: z.int().min(0).max(86_400).default(30).describe('so long calls may go on'),
  exchange: z.enum(['stop', 'keep']).default('stop').describe('whether the exchange ends too'),
});

export const stopAnswer = z.object({ stopping: z.literal(true), calls: z.int() });

export const calendarStatus = z.object({
  name: z.string(),
  zone: z.string().describe('IANA time zone'),
  state: z.enum(['open', 'closed', 'holiday', 'emergency']),
  special: z.string().nullable().describe('the special day that decides'),
  opens: at.nullable().describe('when it opens next'),
  closes: at.nullable().describe('when it closes'),
  closing: z
    .object({ since: at, until: at, say: z.string().nullable(), from: z.enum(['files', 'request']) })
    .nullable()
    .describe('what closes it at once'),
});

export const calendarList = z.object({ calendars: z.array(calendarStatus) });

export const calendarParams = z.strictObject({ name: word });

export const closeBody = z.strictObject({
  until: z.string().max(40).describe("14:30 or 2026-03-04T14:30 in the calendar's zone, or with an offset"),
  say: z.string().max(100).optional().describe('name of a text that tells callers why'),
});

export const agentStatus = z.object({
  name: z.string(),
  label: z.string().describe('name that people read'),
  state: z.enum(['offline', 'ready', 'offered', 'ringing', 'talking', 'hold', 'wrap-up', 'paused']),
  since: at,
  reason: z.string().nullable().describe('why the agent is paused'),
  wish: z.string().nullable().describe('what happens once the call is over'),
  phone: z.string(),
  registered: z.boolean().describe('whether the phone can be rung'),
  registeredSince: at.nullable(),
  unregisteredSince: at.nullable().describe('null also where the phone has never registered'),
  queues: z.array(z.string()),
  skills: z.record(z.string(), z.int()),
  contact: z.string().nullable().describe('offered, spoken with or wrapped up'),
  queue: z.string().nullable(),
  until: at.nullable().describe('when wrap-up ends by itself'),
  recording: z
    .enum(['on', 'off'])
    .nullable()
    .describe('of the talk, where its queue records; off: it is paused, or has failed'),
  spoke: z
    .object({
      contact: z.string(),
      queue: z.string(),
      code: z.string().nullable().describe('what the agent says that it was'),
    })
    .nullable()
    .describe('the last talk that is over, or of which the agent has said what it was'),
});

export const agentList = z.object({ agents: z.array(agentStatus) });

export const agentParams = z.strictObject({ name: word });

export const agentAction = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('sign-in'),
    phone: word.nullable().default(null).describe("null: the agent's own"),
  }),
  z.strictObject({ do: z.enum(['sign-out', 'ready', 'end-wrap-up', 'record-off', 'record-on']) }),
  z.strictObject({ do: z.literal('pause'), reason: word }),
  z.strictObject({
    do: z.literal('dispose'),
    code: word.describe('what the talk that the agent is in, or was in last, turned out to be'),
  }),
  z.strictObject({ do: z.literal('extend-wrap-up'), seconds: z.number().positive().max(3_600) }),
]);

const queueStatus = z.object({
  name: z.string(),
  label: z.string().describe('name that people read'),
  waiting: z.int().describe('on the line, and not answered yet'),
  callbacks: z.int().describe('owed a call'),
  longestMs: z.int().describe('how long the first on the line has waited; 0: nobody'),
  bySkill: z.record(z.string(), z.int()).describe('how many need a skill, as their needs stand now'),
  agents: z.record(z.string(), z.int()).describe('agents of the queue by state'),
});

const callbackStatus = z.object({
  contact: z.string().describe('that left the place'),
  queue: z.string(),
  since: at.describe('when the wait began'),
  state: z.enum(['waiting', 'dialled']),
  tries: z.int().describe('how often the caller was dialled in vain'),
  notBefore: at.nullable().describe('not dialled before; null: as soon as an agent is there'),
});

export const callbackList = z.object({ callbacks: z.array(callbackStatus) });
export const callbackAction = z.strictObject({ do: z.literal('cancel') });

export const queueList = z.object({ queues: z.array(queueStatus) });

const talkStatus = z.object({
  contact: z.string(),
  queue: z.string().nullable().describe('by which the caller came; null: the flow itself dialled'),
  since: at
    .nullable()
    .describe(
      'when whoever has talked the longest began; null: the caller waits for the target of a transfer',
    ),
  talkers: z.array(
    z.object({
      kind: z.enum(['agent', 'phone', 'outside']),
      who: z.string().describe('the agent, the phone, or the trunk'),
      since: at,
      state: z
        .enum(['talking', 'hold', 'asking', 'asked'])
        .describe('hold: the caller is; asking, asked: the two of a transfer, without the caller'),
    }),
  ),
  transfer: z
    .object({
      by: z.string().describe('who moves the caller: an agent, or a phone'),
      how: z.enum(['blind', 'attended', 'conference']),
      to: z.enum(['queue', 'agent', 'phone', 'service', 'outside']),
      name: z.string().nullable().describe('null for a number outside'),
      since: at,
      state: z
        .enum(['ringing', 'waiting', 'asking', 'conference', 'returning'])
        .describe("waiting: in the target's queue; returning: whoever asked for it is rung"),
    })
    .nullable()
    .describe('under way; null: none is'),
  recording: z
    .enum(['on', 'off'])
    .nullable()
    .describe('off: it is paused, or has failed; null: it is not to be'),
});

export const talkList = z.object({ talks: z.array(talkStatus) });

const wait = z.object({
  at,
  waitedMs: z.int(),
  step: z.int().describe('relax steps in force'),
  needs: z.array(z.record(z.string(), z.int())).describe('alternatives in force'),
  strategy: z.string(),
  preferred: z.boolean(),
  others: z.array(z.string()).describe('who could have it too, the next one first'),
  otherCount: z.int(),
  against: z.record(z.string(), z.int()).describe('who could not, counted by why'),
});

export const waitStatus = z.object({
  contact: z.string(),
  tickets: z.array(
    z.object({
      ticket: z.string(),
      queue: z.string(),
      assigned: z.array(wait.extend({ agent: z.string() })),
      waiting: wait.nullable().describe('as it stands now; null: the wait is over'),
      position: z.int().nullable(),
      estimateMs: z.int().nullable(),
      missed: z.array(z.object({ agent: z.string(), at, cause: z.string() })),
      result: z.string().nullable(),
    }),
  ),
});

const figures = z.record(
  z.string(),
  z.object({ value: z.number().nullable(), unit: z.string(), formula: z.string() }),
);

export const figuresQuery = z.strictObject({
  queue: word
    .optional()
    .describe('its own figures, and those of contacts that asked for a place in it; all where left out'),
  flow: word.optional().describe('contacts that began with it; all where left out'),
  from: moment.optional().describe('today where left out'),
  to: moment.optional(),
  within: z.coerce.number().positive().max(3_600).default(20).describe('seconds: T of the service levels'),
});

export const figureSpan = z.object({
  queue: z.string().nullable(),
  flow: z.string().nullable(),
  zone: z.string().describe('IANA time zone whose half hours are counted'),
  from: at,
  to: at,
  withinMs: z.int(),
  figures: figures.describe('each with the formula that it was worked out by'),
  contacts: figures.describe(
    'of the contacts that began with the flow and asked for a place in the queue: containment, first calls, satisfaction',
  ),
  halfHours: z.array(z.object({ from: at, figures, contacts: figures })),
});

export const metricsText = z.string().describe('one figure a line');

/** The one shape of every refusal. */
export const errorAnswer = z
  .object({
    code: z.string().describe('see docs/errors.md'),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .describe('refused');

export const description = z.looseObject({ openapi: z.string() }).describe('OpenAPI 3.1');

const who = z.string().trim().min(1, 'Say who you are.').max(100, 'At most 100 characters.');
const why = z.string().trim().min(1, 'Say why.').max(500, 'At most 500 characters.');

export const publishBody = z.strictObject({
  alias: z.enum(['live', 'test']).default('live').describe('for callers, or for test numbers'),
  who,
  why,
});

export const rollbackBody = z.strictObject({
  version: z
    .string()
    .regex(/^[0-9a-f]{4,64}$/, 'A version is the hash of a site, or at least the first 4 digits of it.')
    .nullable()
    .default(null)
    .describe('null: the version before the one in force'),
  who,
  why,
});

export const erasureBody = z.strictObject({ who, why });

export const erasureAnswer = z.object({
  contact: z.string(),
  values: z.int().describe('personal values that were there'),
  recordings: z.int().describe('recordings among them, whose sound is deleted too'),
});

const publication = z.object({
  number: z.int(),
  alias: z.enum(['live', 'test']),
  action: z.enum(['published', 'rolled-back']),
  hash: z.string(),
  at,
  who: z.string(),
  why: z.string(),
});

const finding = z.looseObject({
  file: z.string(),
  line: z.int(),
  col: z.int(),
  code: z.string(),
  what: z.string(),
  why: z.string(),
  mend: z.string(),
});

export const publishAnswer = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('published'),
    publication,
    warnings: z.array(finding),
    callers: z.int().nullable().describe('scripted callers who got through'),
    notes: z.array(z.string()),
  }),
  z.object({ result: z.literal('unchanged'), hash: z.string() }),
  z.object({ result: z.literal('broken'), findings: z.array(finding) }),
  z.object({
    result: z.literal('untested'),
    failed: z.array(
      z.object({ file: z.string(), line: z.int(), caller: z.string(), failures: z.array(z.string()) }),
    ),
  }),
]);

export const versionsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
export const versionsAnswer = z.object({ publications: z.array(publication) });
export const versionParams = z.strictObject({
  version: z
    .string()
    .regex(/^[0-9a-f]{4,64}$/, 'A version is the hash of a site, or the first digits of it.'),
});
export const versionAnswer = z.object({
  hash: z.string(),
  at,
  files: z.record(z.string(), z.string()).describe('contents by path; of a recording, its hash'),
});
