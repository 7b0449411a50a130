/** What can be wrong with a scenario. */
import type { FindingTable } from '../flows/index.js';

export const scenarioFindings = {
  'scenario/half-hour-form': {
    severity: 'error',
    what: '"{text}" is no beginning of a half hour.',
    why: 'Calls and staffing are counted by half hours.',
    mend: 'Write a time from 00:00 to 23:30, on the hour or on the half hour.',
  },
  'scenario/half-hour-twice': {
    severity: 'error',
    what: '{text} stands here a second time.',
    why: 'One of them would not count.',
    mend: 'Write each half hour once.',
  },
  'scenario/whole-half-hours': {
    severity: 'error',
    what: '{hours} hours are no whole half hours.',
    why: 'Figures are by half hours.',
    mend: 'Write a multiple of 0.5.',
  },
  'scenario/no-calls': {
    severity: 'error',
    what: 'Nobody calls.',
    why: 'There would be nothing to simulate.',
    mend: 'Give at least one half hour calls, and `callers` a queue.',
  },
  'scenario/unknown-queue': {
    severity: 'error',
    what: 'There is no queue "{queue}".',
    why: 'Nobody ever waits there.',
    mend: 'Name one of: {known}.',
  },
  'scenario/nobody-can': {
    severity: 'error',
    what: 'No agent of the scenario can ever answer the callers of "{queue}"{language}.',
    why: 'They would all be refused, and the figures would say nothing.',
    mend: 'Give agents the queue and the skills that it needs, or let it need less.',
  },
  'scenario/too-many-staff': {
    severity: 'error',
    what: '{staff} agents are to be signed in, and there are {agents}.',
    why: 'The simulation would have fewer than it says.',
    mend: 'Lower the number, or raise a `count` of `agents`.',
  },
  'scenario/too-many-agents': {
    severity: 'error',
    what: 'There are {agents} agents.',
    why: 'More than 5,000 are not simulated.',
    mend: 'Lower a `count`.',
  },
  'scenario/nothing-asked': {
    severity: 'error',
    what: 'The scenario has neither `staff` nor `target`.',
    why: 'With no staffing given one is to be found, and nothing says what is good enough.',
    mend: 'Add `staff: 25`, or a target such as `target: { service-level: 80, within: 20 }`.',
  },
  'scenario/slow-pick-up': {
    severity: 'error',
    what: 'Agents take {seconds} s to answer, and queue "{queue}" rings them for {ring} s.',
    why: 'Most offers would be missed.',
    mend: "Make `pick-up` shorter than the queue's `ring`.",
  },
  'scenario/too-much': {
    severity: 'error',
    what: 'All replications together have {calls} calls.',
    why: 'More than 20,000,000 would take the better part of an hour.',
    mend: 'Lower `replications`, or the time that is simulated.',
  },
  'scenario/broken-site': {
    severity: 'error',
    what: 'The scenario takes its queues from onedoor.yaml, which has findings.',
    why: 'Its queues are not known.',
    mend: 'Run `onedoor flow check`, or give the scenario `queues` of its own.',
  },
} as const satisfies FindingTable;
