/** JSON Schema of the files that people write, made from the schemas that read them: for completion in editors. */
import { z } from 'zod';
import type { JsonObject } from '../base/index.js';
import { flowFileSchema } from '../flows/index.js';
import { scriptSchema } from '../rehearsal/index.js';
import { scenarioSchema, siteSchema } from '../site/index.js';
import { textsSchema } from '../speech/index.js';

const kinds = {
  flow: { title: 'Onedoor call flow', schema: flowFileSchema },
  site: { title: 'Onedoor site (onedoor.yaml)', schema: siteSchema },
  prompts: { title: 'Onedoor texts', schema: textsSchema },
  test: { title: 'Onedoor scripted callers', schema: scriptSchema },
  scenario: { title: 'Onedoor scenario', schema: scenarioSchema },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly schema: z.ZodType }>>;

export type EditorSchemaKind = keyof typeof kinds;
export const editorSchemaKinds = Object.keys(kinds) as readonly EditorSchemaKind[];

/** The schema of one kind of file, in the draft that editors know best (draft 7). */
export function editorSchema(kind: EditorSchemaKind): JsonObject {
  const { title, schema } = kinds[kind];
  const made = z.toJSONSchema(schema, {
    target: 'draft-7',
    // What is written, before defaults are filled in.
    io: 'input',
    unrepresentable: 'any',
    // In JSON every key is a text, so nothing is lost; in YAML `1:` is a number, and editors would refuse it.
    override: ({ jsonSchema }) => {
      if (typeof jsonSchema.propertyNames === 'object') delete jsonSchema.propertyNames.type;
    },
  });
  return { title, ...(made as unknown as JsonObject) };
}
