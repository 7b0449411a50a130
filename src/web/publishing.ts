import { OnedoorError } from '../base/index.js';
import type { PublishAnswer, Publishing } from '../switchboard/index.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `GET /site/versions`, one of them, `POST /site/publish` and `POST /site/rollback`. */
export function addPublishingRoutes(app: WebApp, publishing: Publishing): void {
  const refusals = { 400: schema.errorAnswer, 401: schema.errorAnswer };

  app.post(
    '/site/publish',
    {
      schema: {
        summary: 'Check and test the folder of the site, and put it in force',
        tags: ['site'],
        body: schema.publishBody,
        response: { 200: schema.publishAnswer, 409: schema.errorAnswer, ...refusals },
      },
    },
    async ({ body }) => answerOf(await publishing.publish(body)),
  );
  app.post(
    '/site/rollback',
    {
      schema: {
        summary: 'Put an earlier version in force',
        tags: ['site'],
        body: schema.rollbackBody,
        response: {
          200: schema.publishAnswer,
          404: schema.errorAnswer,
          409: schema.errorAnswer,
          ...refusals,
        },
      },
    },
    async ({ body }) => answerOf(await publishing.rollback(body)),
  );
  app.get(
    '/site/versions',
    {
      schema: {
        summary: 'What was put in force, newest first',
        tags: ['site'],
        querystring: schema.versionsQuery,
        response: { 200: schema.versionsAnswer, ...refusals },
      },
    },
    async ({ query }) => ({ publications: [...(await publishing.history(query.limit))] }),
  );
  app.get(
    '/site/versions/:version',
    {
      schema: {
        summary: 'The files of a version',
        tags: ['site'],
        params: schema.versionParams,
        response: { 200: schema.versionAnswer, 404: schema.errorAnswer, ...refusals },
      },
    },
    async ({ params }) => {
      const stored = await publishing.files(params.version);
      if (stored === null) throw new OnedoorError('ONEDOOR_SITE_NO_VERSION');
      return { ...stored, files: { ...stored.files } };
    },
  );
}

type Told = Extract<PublishAnswer, { result: 'published' | 'unchanged' | 'broken' | 'untested' }>;

/** Findings and callers who did not get through are an answer; that nothing can be done is an error. */
function answerOf(answer: PublishAnswer) {
  switch (answer.result) {
    case 'busy':
      throw new OnedoorError('ONEDOOR_SITE_BUSY');
    case 'no-version':
      throw new OnedoorError('ONEDOOR_SITE_NO_VERSION');
    case 'ambiguous':
      throw new OnedoorError('ONEDOOR_SITE_AMBIGUOUS', { hashes: answer.hashes.join(', ') });
    default:
      return mutable(answer);
  }
}

/** What the schema's types ask for: lists that nobody else holds. */
function mutable(answer: Told) {
  switch (answer.result) {
    case 'published':
      return {
        ...answer,
        publication: { ...answer.publication },
        warnings: answer.warnings.map((finding) => ({ ...finding })),
        notes: [...answer.notes],
      };
    case 'broken':
      return { ...answer, findings: answer.findings.map((finding) => ({ ...finding })) };
    case 'untested':
      return { ...answer, failed: answer.failed.map((one) => ({ ...one, failures: [...one.failures] })) };
    default:
      return answer;
  }
}
