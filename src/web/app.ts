/** The HTTP API: `buildWeb` builds it, `listenWeb` has it listen. */
import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { createLog, type Log, OnedoorError } from '../base/index.js';
import { addAgentRoutes } from './agents.js';
import { addCalendarRoutes } from './calendars.js';
import { carriesToken, createRateLimit, hostsOf, isLoopback, type WebAddress } from './guard.js';
import type { AgentDesk, CalendarDesk, EngineFacade, Erasing, MeasureDesk, QueueDesk } from './port.js';
import { addErasureRoute } from './erasure.js';
import { addDescriptionRoute, describeApi } from './openapi.js';
import { addQueueRoutes } from './queues.js';
import { addPublishingRoutes } from './publishing.js';
import { addRecordRoutes, type RecordShelf } from './records.js';
import { refuse, refuseError } from './refusals.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

export interface WebParts {
  readonly engine: EngineFacade;
  readonly records: RecordShelf;
  readonly calendars: CalendarDesk;
  readonly erasing: Erasing;
  readonly agents: AgentDesk;
  readonly queues: QueueDesk;
  readonly measures: MeasureDesk;
  /** The one token; everything but `/health` needs it. */
  readonly token: string;
  /** Where it will listen: the `Host` headers that are answered follow from it. */
  readonly address: WebAddress;
  readonly log: Log;
  /** Requests of all clients together. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
}

/** A request body may have so many bytes; the API takes small commands only. */
const bodyLimit = 16_384;
const usualRate = { perSecond: 50, burst: 200 };

export function buildWeb(parts: WebParts): WebApp {
  const {
    engine,
    records,
    calendars,
    erasing,
    agents,
    queues,
    measures,
    token,
    address,
    log,
    rate = usualRate,
  } = parts;
  const app = fastify({
    bodyLimit,
    // Addresses hold what was asked for; a log of requests would hold personal data.
    logger: false,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 120 },
    frameworkErrors: (error, request, reply) => {
      void refuseError(log)(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(refuseError(log));
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'ONEDOOR_WEB_NO_ROUTE'));

  const limit = createRateLimit(rate, () => performance.now());
  let hosts = hostsOf(address);
  app.addHook('onListen', async () => {
    // With port 0 the real one is known only now.
    hosts = new Set([...hosts, ...hostsOf({ ...address, port: portOf(app) ?? address.port })]);
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (!hosts.has((request.headers.host ?? '').toLowerCase())) return refuse(reply, 'ONEDOOR_WEB_HOST');
    const seconds = limit.take();
    if (seconds > 0) return refuse(reply.header('retry-after', seconds), 'ONEDOOR_WEB_TOO_MANY', { seconds });
    if (request.routeOptions.url === '/health' || carriesToken(request.headers.authorization, token)) return;
    return refuse(reply.header('www-authenticate', 'Bearer realm="onedoor"'), 'ONEDOOR_WEB_UNAUTHORISED');
  });

  describeApi(app);
  // Once that is there, which sees routes that come after it.
  app.after(() => {
    addEngineRoutes(app, engine);
    addPublishingRoutes(app, engine.publishing);
    addRecordRoutes(app, records, log);
    addErasureRoute(app, erasing, log);
    addCalendarRoutes(app, calendars, log);
    addAgentRoutes(app, agents, log);
    addQueueRoutes(app, queues, measures, log);
    addDescriptionRoute(app);
  });
  return app;
}

/** The API's description, without an engine behind it. */
export async function describedApi(): Promise<object> {
  const nobody = new Proxy({}, { get: () => () => Promise.reject(new Error('Nobody is there to answer.')) });
  const app = buildWeb({
    engine: nobody as EngineFacade,
    records: nobody as RecordShelf,
    calendars: nobody as CalendarDesk,
    erasing: nobody as Erasing,
    agents: nobody as AgentDesk,
    queues: nobody as QueueDesk,
    measures: nobody as MeasureDesk,
    token: '',
    address: { host: '127.0.0.1', port: 0 },
    log: createLog('silent'),
  });
  await app.ready();
  return app.swagger();
}

function addEngineRoutes(app: WebApp, engine: EngineFacade): void {
  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether it runs; for monitors',
        tags: ['engine'],
        security: [],
        response: { 200: schema.health },
      },
    },
    async () => ({ status: engine.status().phase }),
  );
  app.get(
    '/status',
    {
      schema: {
        summary: 'Calls, journal, exchanges, lookups and site version, as they are now',
        tags: ['engine'],
        response: { 200: schema.statusAnswer, 401: schema.errorAnswer },
      },
    },
    async () => {
      const { exchanges, lookups, site, ...status } = engine.status();
      return {
        ...status,
        exchanges: exchanges.map((one) => ({ ...one })),
        lookups: lookups.map((one) => ({ ...one })),
        site: { ...site, numbers: [...site.numbers] },
      };
    },
  );
  app.post(
    '/stop',
    {
      schema: {
        summary: 'Admit nobody new, let calls end, then end the engine',
        tags: ['engine'],
        body: schema.stopBody,
        response: { 202: schema.stopAnswer, 400: schema.errorAnswer, 401: schema.errorAnswer },
      },
    },
    async ({ body }, reply) => {
      const { calls } = engine.status();
      engine.stop({ drainMs: body.drainSeconds * 1000, exchange: body.exchange });
      return reply.code(202).send({ stopping: true, calls });
    },
  );
}

/**
 * Listens.
 *
 * @returns where, with the port that was given.
 * @throws ONEDOOR_WEB_OFF_LOOPBACK, ONEDOOR_WEB_ADDRESS
 */
export async function listenWeb(app: WebApp, { host, port }: WebAddress): Promise<WebAddress> {
  // While one token is all that protects it, nobody but this machine may knock.
  if (!isLoopback(host)) throw new OnedoorError('ONEDOOR_WEB_OFF_LOOPBACK', { host });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why =
      code === 'EADDRINUSE'
        ? 'another program listens there'
        : cause instanceof Error
          ? cause.message
          : String(cause);
    throw new OnedoorError('ONEDOOR_WEB_ADDRESS', { address: `${host}:${port}`, why }, cause);
  }
  return { host, port: portOf(app) ?? port };
}

function portOf(app: WebApp): number | undefined {
  const address = app.server.address();
  return address === null || typeof address === 'string' ? undefined : address.port;
}
