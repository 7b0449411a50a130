/** The API's own description, OpenAPI 3.1: made of the schemas by which requests are checked, never written by hand. */
import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** Of the API, not of the engine: the first number grows when something goes that readers may use. */
const apiVersion = '1.0';

/** Must stand before the routes that it describes. */
export function describeApi(app: WebApp): void {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Onedoor',
        version: apiVersion,
        description:
          'A hotline: its state, what callers left, its calendars and site versions. Readers ignore fields that they do not know. Times are UTC milliseconds since 1970.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: [
        { name: 'engine', description: 'what runs' },
        { name: 'records', description: 'contacts, and the cases that they are about' },
        { name: 'site', description: 'versions of flows, prompts and settings' },
        { name: 'agents', description: 'who answers, what they do now, and changing it' },
        { name: 'queues', description: 'who waits and why, and what queues have done' },
        { name: 'calendars', description: 'opening hours, closed and opened at once' },
      ],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'the token in secrets/http-token of the state folder',
          },
        },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

/** `GET /openapi.json`. */
export function addDescriptionRoute(app: WebApp): void {
  app.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This description',
        tags: ['engine'],
        response: { 200: schema.description, 401: schema.errorAnswer },
      },
    },
    // The serialiser checks that it is one.
    async () => app.swagger() as z.output<typeof schema.description>,
  );
}
