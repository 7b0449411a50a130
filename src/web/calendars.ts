import type { z } from 'zod';
import type { Log } from '../base/index.js';
import type { CalendarDesk, CalendarStatus } from './port.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `GET /calendars`, and closing and opening one at once. */
export function addCalendarRoutes(app: WebApp, calendars: CalendarDesk, log: Log): void {
  const refusals = { 400: schema.errorAnswer, 401: schema.errorAnswer, 404: schema.errorAnswer };

  app.get(
    '/calendars',
    {
      schema: {
        summary: 'Calendars as they are now',
        tags: ['calendars'],
        response: { 200: schema.calendarList, 401: schema.errorAnswer },
      },
    },
    async () => ({ calendars: calendars.list().map(shown) }),
  );
  app.post(
    '/calendars/:name/close',
    {
      schema: {
        summary: 'Close a calendar at once',
        tags: ['calendars'],
        params: schema.calendarParams,
        body: schema.closeBody,
        response: { 200: schema.calendarStatus, ...refusals },
      },
    },
    async ({ params: { name }, body: { until, say } }) => {
      const status = await calendars.close(name, until, say ?? null);
      log.warn({ audit: 'calendar-closed', calendar: name, until: status.closing?.until }, 'calendar closed');
      return shown(status);
    },
  );
  app.post(
    '/calendars/:name/open',
    {
      schema: {
        summary: 'End such a closing',
        tags: ['calendars'],
        params: schema.calendarParams,
        response: { 200: schema.calendarStatus, ...refusals },
      },
    },
    async ({ params: { name } }) => {
      const status = await calendars.open(name);
      log.warn({ audit: 'calendar-opened', calendar: name }, 'calendar opened');
      return shown(status);
    },
  );
}

/** As the serialiser takes it: it writes to nothing, but its types say that it could. */
function shown(status: CalendarStatus): z.output<typeof schema.calendarStatus> {
  return { ...status, closing: status.closing === null ? null : { ...status.closing } };
}
