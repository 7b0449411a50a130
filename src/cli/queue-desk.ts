/** Queues of a running engine: who waits, and why somebody waited. */
import { estimate, explain, overview } from '../acd/index.js';
import { OnedoorError, type UtcMs } from '../base/index.js';
import type { Contact } from '../cases/index.js';
import type { Records } from '../records/index.js';
import type { Site } from '../site/index.js';
import type { Switchboard } from '../switchboard/index.js';
import { talksNow } from './talk-desk.js';
import type { CallbackStatus, QueueDesk, QueueStatus, WaitStatus } from '../web/index.js';

type Waited = WaitStatus['tickets'][number];

/**
 * @param current the site version in force
 * @param now UTC milliseconds, as the engine's calls have it
 */
export function queueDesk(
  current: () => Pick<Site, 'queues'>,
  switchboard: Pick<Switchboard, 'router' | 'contact' | 'callbacks' | 'cancelCallback' | 'talks'>,
  records: Pick<Records, 'one'>,
  now: () => UtcMs,
): QueueDesk {
  function waited(contact: Contact): readonly Waited[] {
    const router = switchboard.router();
    return contact.tickets.map(({ ticket, queue, assigned, missed, result }) => {
      const waiting =
        router.tickets.get(ticket)?.state === 'connected' ? null : explain(router, ticket, now());
      const place = waiting === null ? null : estimate(router, ticket, now());
      const [position, estimateMs] = [place?.position ?? null, place?.waitMs ?? null];
      return { ticket, queue, assigned, missed, result, waiting, position, estimateMs };
    });
  }

  function kept() {
    const { tickets } = switchboard.router();
    return [...switchboard.callbacks().values()].flatMap(({ place }) => {
      const ticket = tickets.get(place.ticket);
      return ticket?.kind === 'callback' ? [{ place, ticket }] : [];
    });
  }

  return {
    list() {
      const router = switchboard.router();
      const { queues } = current();
      return overview(router, now()).queues.map(({ queue, ...counts }): QueueStatus => {
        const declared = queues.get(queue);
        const agents: Record<string, number> = {};
        for (const { name } of declared?.agents ?? []) {
          const state = router.agents.get(name)?.state ?? 'offline';
          agents[state] = (agents[state] ?? 0) + 1;
        }
        return { name: queue, label: declared?.label ?? queue, ...counts, agents };
      });
    },
    async why(id) {
      const live = switchboard.contact(id);
      const contact = live ?? ((await records.one('contact', id)) as Contact | null);
      if (contact === null) throw new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind: 'contact' });
      return { contact: id, tickets: waited(contact) };
    },
    talks: () => talksNow(switchboard),
    callbacks: () =>
      kept()
        .map(({ place, ticket: { queue, joined, state, tries, notBefore } }): CallbackStatus => {
          const { contact } = place;
          const now = state === 'offered' ? 'dialled' : 'waiting';
          return { contact, queue, since: joined, state: now, tries, notBefore };
        })
        .sort((a, b) => a.since - b.since || (a.contact < b.contact ? -1 : 1)),
    async cancelCallback(id) {
      const found = kept().find(({ place, ticket }) => place.contact === id || ticket.contact === id);
      if (found === undefined || !(await switchboard.cancelCallback(found.ticket.id)))
        throw new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind: 'callback' });
    },
  };
}
