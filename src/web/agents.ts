import type { z } from 'zod';
import type { Log } from '../base/index.js';
import type { AgentDesk, AgentStatus } from './port.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `GET /agents`, and what is asked of one. */
export function addAgentRoutes(app: WebApp, agents: AgentDesk, log: Log): void {
  app.get(
    '/agents',
    {
      schema: {
        summary: 'Every agent: state, since when, phone and its registration, the contact',
        tags: ['agents'],
        response: { 200: schema.agentList, 401: schema.errorAnswer },
      },
    },
    async () => ({ agents: agents.list().map(shown) }),
  );
  app.post(
    '/agents/:name',
    {
      schema: {
        summary: 'Change what an agent does; 409 where it is not possible now',
        tags: ['agents'],
        params: schema.agentParams,
        body: schema.agentAction,
        response: {
          200: schema.agentStatus,
          400: schema.errorAnswer,
          401: schema.errorAnswer,
          404: schema.errorAnswer,
          409: schema.errorAnswer,
        },
      },
    },
    async ({ params: { name }, body }) => {
      const status = await agents.act(name, body);
      log.info({ audit: 'agent-changed', agent: name, asked: body.do, state: status.state }, 'agent changed');
      return shown(status);
    },
  );
}

/** As the serialiser takes it: it writes to nothing, but its types say that it could. */
function shown(status: AgentStatus): z.output<typeof schema.agentStatus> {
  return { ...status, queues: [...status.queues], skills: { ...status.skills } };
}
