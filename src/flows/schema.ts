/** What an administrator may write in a flow file, as a schema. The types of the checked flow are derived from it. */
import { z } from 'zod';

/** What a case can be about. */
export const caseKinds = [
  'enquiry',
  'status-enquiry',
  'complaint',
  'suggestion',
  'feedback',
  'compliment',
  'request',
] as const;

/** Words that stand for a way, not for a step. */
export const fixedWays = ['repeat', 'back', 'hang-up'] as const;

const most = { steps: 2_000, texts: 20, names: 50, seconds: 3_600 } as const;

export const stepName = z
  .string()
  .max(60, 'A name has at most 60 characters')
  .regex(/^[a-z][a-z0-9-]*$/, 'A name is made of small letters, digits and "-", and begins with a letter');

/** Names that CEL, or the flow language itself, has taken. */
const takenNames = new Set(
  (
    'caller now in true false null as break const continue else for function if import let loop package ' +
    'namespace return var void while has size type string int uint double bool bytes list map dyn duration timestamp'
  ).split(' '),
);

/** Name of a value that a flow keeps; CEL reads it. */
export const valueName = z
  .string()
  .max(60, 'A name has at most 60 characters')
  .regex(/^[a-z][A-Za-z0-9_]*$/, 'A value is named by letters, digits and "_", beginning with a small letter')
  .refine((name) => !takenNames.has(name), 'The name is taken by the language of conditions')
  .describe('Name of a value that the flow keeps.');

export const go = stepName.describe('Name of a step, or hang-up.');
export const wayOnKey = stepName.describe('Name of a step, or repeat, back or hang-up.');
const textName = z.string().min(1, 'A text has a name').max(100, 'A name has at most 100 characters');
export const texts = z
  .union([textName, z.array(textName).min(1, 'Name at least one text').max(most.texts)])
  .transform((list) => (typeof list === 'string' ? [list] : list))
  .describe('Name of a text in prompts/<language>.yaml, or a list that is spoken one after another.');

export const seconds = (least: number, longest: number) =>
  z.number().min(least, `At least ${least} seconds`).max(longest, `At most ${longest} seconds`);

/** CEL; a plain number or truth value stands for itself. */
export const expression = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .describe('CEL; a literal text is quoted: \'"general"\'.');
export const expressions = z
  .record(valueName, expression)
  .refine((map) => Object.keys(map).length <= most.names, `At most ${most.names} names`)
  .describe('Values by name, each written in CEL.');
const when = z.union([z.string(), z.boolean()]).transform(String).describe('CEL that is true or false.');

export const oneKey = z.string().regex(/^[0-9*#A-D]$/, 'A key is one of 0 to 9, "*", "#"');
/** Where a key is a value and not a name: 1 means "1". */
export const answerKey = z.union([oneKey, z.int().min(0).max(9).transform(String)]);
const tries = z.int().min(1, 'At least one try').max(10, 'At most 10 tries');

/** What happens when a caller keeps silent, or enters what does not fit. */
export const retry = z
  .strictObject({
    tries: tries.optional().describe('How often, before the caller goes on at `go`; default 3.'),
    say: z
      .union([
        textName,
        z
          .array(z.union([textName, z.array(textName).min(1)]))
          .min(1, 'Name at least one text')
          .max(10),
      ])
      .transform((list) =>
        typeof list === 'string' ? [[list]] : list.map((item) => (typeof item === 'string' ? [item] : item)),
      )
      .optional()
      .describe("Spoken instead of the step's own prompt; a list: by try, the last for all further ones."),
    'repeat-prompt': z.boolean().optional().describe("Whether the step's own prompt follows; default false."),
    go: go.optional().describe('Where the caller goes after the last try.'),
  })
  .describe('How often the caller is asked, what is spoken in between, and where the caller goes then.');

const inputTimes = {
  'first-key': seconds(1, 60)
    .optional()
    .describe("Seconds from the prompt's end to the first key; default 10."),
  'between-keys': seconds(0.5, 30).optional().describe('Seconds between keys; default 3.'),
};

const inputCommon = {
  say: texts,
  interruptible: z.boolean().default(true).describe('Whether a key silences the prompt.'),
  clear: z.boolean().default(false).describe('Whether keys pressed before this step are dropped.'),
  ...inputTimes,
  'no-input': retry.optional(),
  'no-match': retry.optional(),
};

const choice = z
  .union([
    wayOnKey,
    z.strictObject({
      go: wayOnKey,
      language: z.string().optional().describe('The caller chooses this language.'),
      set: expressions.optional(),
    }),
  ])
  .transform(
    (way): { go: string; language?: string | undefined; set?: Record<string, string> | undefined } =>
      typeof way === 'string' ? { go: way } : way,
  );

const menu = z.strictObject({
  ...inputCommon,
  keys: z
    .record(z.string().regex(/^[0-9*#A-D]{1,4}$/, 'A choice is one to four keys of 0 to 9, "*", "#"'), choice)
    .refine((keys) => Object.keys(keys).length > 0, 'A menu needs at least one key')
    .describe('Choices by their keys: where each leads.'),
});

const confirm = z
  .strictObject({
    say: texts,
    yes: answerKey.default('1').describe('The key that says: yes, this is right; default 1.'),
    no: answerKey.default('2').describe('The key that says: no, ask me again; default 2.'),
    interruptible: z.boolean().default(true).describe('Whether a key silences the prompt.'),
    ...inputTimes,
    'no-input': retry.optional(),
    'no-match': retry.optional(),
  })
  .refine(({ yes, no }) => yes !== no, 'yes and no are the same key')
  .describe('The caller hears what was entered and says whether it is right.');

const check = z
  .union([
    z.enum(['luhn', 'mod97']),
    z
      .strictObject({
        digits: z.enum(['luhn', 'mod97']).optional().describe('Check digits that the entry ends with.'),
        length: z
          .union([z.int().min(1).max(40), z.array(z.int().min(1).max(40)).min(1).max(20)])
          .transform((one) => (typeof one === 'number' ? [one] : one))
          .optional()
          .describe('Numbers of digits that the entry may have.'),
        when: when.optional(),
        say: texts.optional().describe('Spoken instead of the words of no-match when the check fails.'),
        'repeat-prompt': z.boolean().default(false).describe("Whether the step's own prompt follows."),
      })
      .refine(
        (one) => one.digits !== undefined || one.length !== undefined || one.when !== undefined,
        'Name what is checked: digits, length or when',
      ),
  ])
  .transform((one) => (typeof one === 'string' ? { digits: one, 'repeat-prompt': false } : one))
  .describe('What a right entry fulfils; a wrong one counts as no-match.');

const collect = z.strictObject({
  ...inputCommon,
  into: valueName,
  secret: z
    .boolean()
    .default(false)
    .describe('A PIN: never stored, and good for nothing but the `with:` of a lookup.'),
  check: check.optional(),
  confirm: confirm.optional(),
  digits: z
    .strictObject({
      min: z.int().min(0).max(40).describe('Fewest digits.'),
      max: z.int().min(1).max(40).describe('Most digits.'),
      end: z
        .union([z.literal('none'), z.string().regex(/^[*#]$/, 'The end key is "#", "*" or none')])
        .default('#')
        .describe('Key that ends the entry: "#", "*" or none.'),
    })
    .refine(({ min, max }) => min <= max, 'min is greater than max')
    .describe('How many digits, and the key that ends the entry.'),
});

const lookup = z.strictObject({
  source: z.string().min(1).describe('Name of a lookup in onedoor.yaml.'),
  with: expressions.default({}),
  into: valueName.optional().describe('Gets the row that was found.'),
  timeout: seconds(0.1, 30).default(2).describe('Seconds, all in all.'),
  filler: texts.optional().describe('Spoken while the caller waits.'),
  'filler-after': seconds(0.1, 10).default(1).describe('Seconds until the filler is spoken; default 1.'),
  account: expression.optional().describe('Whose PIN it is: wrong ones are counted for it.'),
  attempts: z
    .strictObject({
      tries: z
        .int()
        .min(1, 'At least one try')
        .max(20, 'At most 20 tries')
        .default(3)
        .describe('Wrong PINs until it is locked; default 3.'),
      lock: seconds(1, 86_400)
        .default(900)
        .describe('Seconds of the first lock, each further one twice as long; default 900.'),
    })
    .optional()
    .describe('How many wrong PINs a call, a number and an account have.'),
  locked: go.optional().describe('There were too many wrong PINs.'),
  found: go.optional(),
  'not-found': go.optional(),
  failed: go.optional(),
});

const review = z
  .strictObject({
    say: texts,
    replay: answerKey.default('1').describe('The key to hear the recording; default 1.'),
    again: answerKey.default('2').describe('The key to record again; default 2.'),
    accept: answerKey.default('3').describe('The key that accepts it; default 3.'),
    interruptible: z.boolean().default(true).describe('Whether a key silences the prompt.'),
    ...inputTimes,
    'no-input': retry.optional(),
    'no-match': retry.optional(),
  })
  .refine(({ replay, again, accept }) => new Set([replay, again, accept]).size === 3, 'Two keys are the same')
  .describe('After recording, the caller can hear it, record again or accept it.');

const record = z.strictObject({
  name: stepName.describe('Name under which the recording is kept with the contact.'),
  say: texts.optional(),
  interruptible: z.boolean().default(true).describe('Whether a key silences the prompt.'),
  max: seconds(1, most.seconds).default(120).describe('Longest recording, in seconds; default 120.'),
  min: seconds(0, 60).default(1).describe('What is shorter is thrown away and asked for again.'),
  silence: seconds(0, 60).default(5).describe('Silence that ends the recording; 0: none does.'),
  beep: z.boolean().default(true).describe('Whether a beep says that it begins; default true.'),
  end: z
    .union([z.literal('any'), z.literal('none'), oneKey])
    .default('any')
    .describe('Key that ends the recording: any, none, or one key.'),
  review: review.optional(),
  'too-short': retry.optional(),
  failed: go.optional().describe('Nothing could be recorded; default: as too-short.'),
});

const decide = z
  .array(z.union([z.strictObject({ when, go }), z.strictObject({ else: go })]))
  .min(1, 'A decision needs at least one case')
  .max(100, 'A decision has at most 100 cases');

const dial = z.strictObject({
  phone: z.string().min(1).describe('Name of a phone in onedoor.yaml.'),
  ring: seconds(1, 600).default(30).describe('Seconds that it rings; default 30.'),
  answered: go.optional().describe('Where the caller goes when both have talked and the phone hung up.'),
  busy: go.optional(),
  'no-answer': go.optional(),
  rejected: go.optional(),
  unreachable: go.optional(),
  failed: go.optional().describe('For every result that has no exit of its own.'),
});

const openCase = z.strictObject({
  kind: z.enum(caseKinds).describe('What the caller wants.'),
  subject: expression,
  details: expressions.default({}),
  into: valueName.optional().describe('Gets the reference that is told to the caller.'),
});

const hours = z.strictObject({
  calendar: z.string().min(1).describe('Name of a calendar in onedoor.yaml.'),
  into: valueName
    .optional()
    .describe('Gets what the calendar says: state, name, opens, closes, date, time...'),
  open: go.optional().describe('Somebody is there.'),
  closed: go.optional().describe('Nobody is there now.'),
  holiday: go.optional().describe('A special day that is closed all day; default: as closed.'),
  emergency: go.optional().describe('The calendar was closed at once; default: as closed.'),
});

const call = z.strictObject({
  flow: stepName.describe('Name of the flow.'),
  with: expressions.default({}).describe("The sub-flow's parameters."),
  into: valueName.optional().describe("Gets the sub-flow's results, by name."),
});

const outcome = stepName.optional().describe('What was reached with the caller, e.g. answered.');

/** One schema for each kind of step; the kind is the key that names it. */
export const stepSchemas = {
  menu: z.strictObject({ menu, outcome }),
  collect: z.strictObject({ collect, go: go.optional(), outcome }),
  say: z.strictObject({
    say: texts,
    interruptible: z.boolean().default(true).describe('Whether a key ends it.'),
    go: go.optional(),
    outcome,
  }),
  lookup: z.strictObject({ lookup, outcome }),
  record: z.strictObject({ record, go: go.optional(), outcome }),
  decide: z.strictObject({ decide, outcome }),
  set: z.strictObject({ set: expressions, go: go.optional(), outcome }),
  dial: z.strictObject({ dial, outcome }),
  case: z.strictObject({ case: openCase, go: go.optional(), outcome }),
  hours: z.strictObject({ hours, outcome }),
  call: z.strictObject({ call, go: go.optional(), outcome }),
  return: z.strictObject({ return: expressions.nullable().transform((map) => map ?? {}), outcome }),
  'hang-up': z.strictObject({ 'hang-up': z.strictObject({}).nullable(), outcome }),
} as const;

export const flowSchema = z.strictObject({
  onedoor: z.literal(1, 'This engine reads flows of format 1').describe('Version of the language: 1.'),
  flow: stepName.describe("The flow's name."),
  numbers: z
    .array(z.string().regex(/^\+?[0-9]{2,20}$/, 'A number is written in quotes, digits only'))
    .max(100)
    .default([])
    .describe('Numbers that this flow answers; none for a sub-flow.'),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'A language is written like ar, en or ms'))
    .min(1, 'A flow speaks at least one language')
    .max(20)
    .describe('The first one is spoken until the caller chooses.'),
  parameters: z.array(valueName).max(most.names).default([]).describe('Values that a calling flow gives.'),
  start: stepName.describe('Name of the first step.'),
  outcomes: z
    .record(stepName, z.boolean())
    .refine((map) => Object.keys(map).length <= most.names, `At most ${most.names} names`)
    .optional()
    .describe('All outcomes that the steps name, and whether the caller was served without a person.'),
  'at-end': stepName
    .optional()
    .describe('Step that begins what is still done when the caller hangs up midway.'),
  'keys-anywhere': z
    .record(oneKey, wayOnKey)
    .default({})
    .describe('Keys that mean the same everywhere: a step, repeat, back or hang-up.'),
  defaults: z
    .strictObject({ ...inputTimes, 'no-input': retry.optional(), 'no-match': retry.optional() })
    .default({})
    .describe('What menus and entries do that do not say it themselves.'),
  steps: z
    .record(stepName, z.unknown())
    .refine((steps) => Object.keys(steps).length > 0, 'A flow needs at least one step')
    .refine((steps) => Object.keys(steps).length <= most.steps, `A flow has at most ${most.steps} steps`),
});

export type Retry = z.output<typeof retry>;
