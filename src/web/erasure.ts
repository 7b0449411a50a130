import { type Log, OnedoorError } from '../base/index.js';
import type { Erasing } from './port.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `DELETE /contacts/<id>/personal`. */
export function addErasureRoute(app: WebApp, erasing: Erasing, log: Log): void {
  app.delete(
    '/contacts/:id/personal',
    {
      schema: {
        summary: 'Delete the personal data of a contact, and the sound of its recordings',
        tags: ['records'],
        params: schema.recordParams,
        body: schema.erasureBody,
        response: {
          200: schema.erasureAnswer,
          400: schema.errorAnswer,
          401: schema.errorAnswer,
          404: schema.errorAnswer,
        },
      },
    },
    async ({ params: { id: contact }, body: { who, why } }) => {
      const erased = await erasing.erase({ contact, who, why });
      if (erased === null) throw new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind: 'contact' });
      log.warn({ audit: 'personal-data-erased', contact, ...erased }, 'personal data was erased');
      return { contact, ...erased };
    },
  );
}
