import type { z } from 'zod';
import type { Log } from '../base/index.js';
import type { FigureSpan, MeasureDesk, QueueDesk, WaitStatus } from './port.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `GET /queues`, and why a contact waited, or waits. */
export function addQueueRoutes(app: WebApp, queues: QueueDesk, measures: MeasureDesk, log: Log): void {
  app.get(
    '/figures',
    {
      schema: {
        summary:
          'Figures of a queue and of a flow, or of all, over a stretch of time and by half hour, each with its formula',
        tags: ['queues'],
        querystring: schema.figuresQuery,
        response: { 200: schema.figureSpan, 400: schema.errorAnswer, 401: schema.errorAnswer },
      },
    },
    async ({ query: { queue = null, flow = null, from, to, within } }) =>
      spanShown(
        await measures.figures({
          queue,
          flow,
          withinMs: Math.round(within * 10) * 100,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        }),
      ),
  );
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Live figures in the text format that Prometheus reads',
        tags: ['queues'],
        response: { 200: schema.metricsText, 401: schema.errorAnswer },
      },
    },
    async (_request, reply) => {
      const { type, text } = await measures.metrics();
      return reply.type(type).send(text);
    },
  );

  app.get(
    '/queues',
    {
      schema: {
        summary: 'Every queue: who waits, the longest, the skills that are needed, the agents by state',
        tags: ['queues'],
        response: { 200: schema.queueList, 401: schema.errorAnswer },
      },
    },
    async () => ({
      queues: queues
        .list()
        .map((one) => ({ ...one, bySkill: { ...one.bySkill }, agents: { ...one.agents } })),
    }),
  );
  app.get(
    '/talks',
    {
      schema: {
        summary: 'Who talks with which contact since when, and how a transfer stands, the longest talk first',
        tags: ['queues'],
        response: { 200: schema.talkList, 401: schema.errorAnswer },
      },
    },
    async () => ({ talks: queues.talks().map((talk) => ({ ...talk, talkers: [...talk.talkers] })) }),
  );
  app.get(
    '/callbacks',
    {
      schema: {
        summary: 'Callers who hung up and keep their place in a queue, the oldest first',
        tags: ['queues'],
        response: { 200: schema.callbackList, 401: schema.errorAnswer },
      },
    },
    async () => ({ callbacks: [...queues.callbacks()] }),
  );
  app.post(
    '/callbacks/:id',
    {
      schema: {
        summary: 'Give up calling the caller of a contact back',
        tags: ['queues'],
        params: schema.recordParams,
        body: schema.callbackAction,
        response: {
          200: schema.callbackList,
          400: schema.errorAnswer,
          401: schema.errorAnswer,
          404: schema.errorAnswer,
        },
      },
    },
    async ({ params: { id } }) => {
      await queues.cancelCallback(id);
      log.info({ audit: 'callback-cancelled', contact: id }, 'callback cancelled');
      return { callbacks: [...queues.callbacks()] };
    },
  );
  app.get(
    '/contacts/:id/wait',
    {
      schema: {
        summary: 'Why a contact has, or had, its agent, or waits',
        tags: ['queues'],
        params: schema.recordParams,
        response: {
          200: schema.waitStatus,
          400: schema.errorAnswer,
          401: schema.errorAnswer,
          404: schema.errorAnswer,
        },
      },
    },
    async ({ params: { id } }) => shown(await queues.why(id)),
  );
}

const spanShown = (span: FigureSpan) => span as unknown as z.output<typeof schema.figureSpan>;
/** As the serialiser takes it: it writes to nothing, but its types say that it could. */
const shown = (status: WaitStatus) => status as z.output<typeof schema.waitStatus>;
