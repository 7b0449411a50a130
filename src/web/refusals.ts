/** Every refusal in one shape: `{code, message, details}` from the table of errors. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ErrorCode, type ErrorFields, type JsonObject, type Log, OnedoorError } from '../base/index.js';

/** Answers with an error of the table. */
export function refuse(
  reply: FastifyReply,
  code: ErrorCode,
  fields: ErrorFields = {},
  details: JsonObject = fields,
): FastifyReply {
  const error = new OnedoorError(code, fields);
  return reply.code(error.row.status).send({ code, message: error.message, details });
}

/** Turns what was thrown into a refusal; only what is no one's mistake but ours is logged. */
export function refuseError(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const problems = error.validation.map((issue) => ({
        in: error.validationContext ?? '',
        at: issue.instancePath.replace(/^\//, ''),
        message: issue.message ?? '',
      }));
      return refuse(reply, 'ONEDOOR_WEB_INVALID', {}, { problems });
    }
    if (error instanceof OnedoorError) {
      if (error.row.status >= 500) log.error({ err: error }, 'a request could not be answered');
      return refuse(reply, error.code, error.fields);
    }
    if (error.statusCode === 413) return refuse(reply, 'ONEDOOR_WEB_TOO_LARGE');
    if (error.statusCode === 415) return refuse(reply, 'ONEDOOR_WEB_MEDIA_TYPE');
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
      return refuse(
        reply,
        'ONEDOOR_WEB_INVALID',
        {},
        { problems: [{ in: 'request', at: '', message: error.message }] },
      );
    }
    log.error(
      { err: error, method: request.method, route: request.routeOptions.url ?? '' },
      'a bug in the HTTP API',
    );
    return refuse(
      reply,
      'ONEDOOR_BASE_BUG',
      { what: 'this request could not be answered; the log says more' },
      {},
    );
  };
}
