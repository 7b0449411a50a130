/** Pure. Steps that reach people outside the call: does the site have the queues, the skills and the permission? */
import type { CallbackStep, Flow, QueueStep, SurveyStep } from './ast.js';
import type { FindingTable, Telling } from './finding.js';
import { meant } from './nearest.js';
import type { SiteFacts } from './site-facts.js';

export const reachFindings = {
  'flow/unknown-queue': {
    severity: 'error',
    what: 'There is no queue "{name}".',
    why: 'The caller would wait for nobody.',
    mend: '{meant}Declare it under `queues:` in onedoor.yaml, or correct the name.',
  },
  'flow/unknown-skill': {
    severity: 'error',
    what: 'There is no skill "{name}".',
    why: 'No agent can have it, and the caller would never be answered.',
    mend: '{meant}Declare it under `skills:` in onedoor.yaml, or correct the name.',
  },
  'flow/need-level': {
    severity: 'error',
    what: '"{level}" is no level of the skill "{name}".',
    why: 'The call would fail: levels are whole numbers from 1 to 5.',
    mend: 'Write a number from 1 to 5.',
  },
  'flow/unserved-need': {
    severity: 'warning',
    what: 'No agent of queue "{queue}" has the skill "{name}" at level {level}.',
    why: 'Callers who need it are never answered there.',
    mend: 'Give it to an agent of the queue in onedoor.yaml, or need less.',
  },
  'flow/unknown-agent': {
    severity: 'error',
    what: 'There is no agent "{name}".',
    why: 'The caller would wait for nobody in particular.',
    mend: '{meant}Name one of `agents:` in onedoor.yaml, or write `prefer: last-agent` for who talked with the caller last.',
  },
  'flow/notice-missing': {
    severity: 'error',
    what: 'Callers of the queue "{queue}" are told by the text "{text}" that they are recorded, which is missing in {languages}.',
    why: 'They could not be told, and so they would not be recorded.',
    mend: 'Add it to the prompts of that language.',
  },
  'flow/no-callbacks': {
    severity: 'error',
    what: 'The site does not say which numbers it calls back.',
    why: 'Every number would be refused.',
    mend: 'Add `callbacks: { countries: [...] }` to onedoor.yaml.',
  },
  'flow/country-not-called': {
    severity: 'error',
    what: 'Numbers of {country} are none that the site calls.',
    why: 'Every number of that country would be refused.',
    mend: 'Add {country} to `countries` under `callbacks:` in onedoor.yaml, or name one of them.',
  },
  'flow/no-callback-trunk': {
    severity: 'error',
    what: 'The site does not say by which trunk it calls people back.',
    why: 'Nobody would be called: a place is promised that nobody keeps.',
    mend: 'Add `trunk:` under `callbacks:` in onedoor.yaml, or take `keep-place:` out.',
  },
  'flow/kept-unkept': {
    severity: 'error',
    what: 'The step has an exit `kept`, but nothing says who is called back how.',
    why: 'Nobody takes this way.',
    mend: 'Add `keep-place: { flow: ... }`, or delete `kept:`.',
  },
  'flow/called-back-nowhere': {
    severity: 'error',
    what: 'Flow "{name}" leads to no queue.',
    why: 'Whoever is called back would never talk to the agent who was kept for them.',
    mend: 'Lead it to the queue in which the place is kept, by a step `queue`.',
  },
  'flow/key-twice': {
    severity: 'error',
    what: 'The key {key} stands under `keys` and under `keep-place`.',
    why: 'A key leads to one step.',
    mend: 'Take it out of one of them.',
  },
  'flow/place-unkept': {
    severity: 'warning',
    what: 'No callback of the site keeps a place.',
    why: 'Whoever takes this way loses it.',
    mend: 'Add `keep-place: { flow: ... }` to the callback that this way leads to.',
  },
  'flow/no-messages': {
    severity: 'error',
    what: 'The site does not say to which numbers it writes.',
    why: 'No message would ever be sent.',
    mend: 'Add `messages: { countries: [...] }` to onedoor.yaml.',
  },
  'flow/number-unspoken': {
    severity: 'warning',
    what: 'No text of the callback speaks {{number}}.',
    why: 'The caller would confirm a number without hearing it.',
    mend: 'Speak {{number}, digits} in one of the texts of `say:`.',
  },
  'flow/duplicate-question': {
    severity: 'error',
    what: 'The question "{question}" stands here a second time.',
    why: 'Nobody could tell the answers apart.',
    mend: 'Give it a name of its own.',
  },
  'flow/asks-too-many': {
    severity: 'error',
    what: 'The survey asks {ask} questions, but has {count}.',
    why: 'No question is asked twice.',
    mend: 'Lower `ask:`, or leave it out to ask all.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof reachFindings>;

export function checkReach(flow: Flow, facts: SiteFacts, tell: Tell): void {
  for (const step of flow.steps.values()) {
    const path = ['steps', step.name, step.kind];
    switch (step.kind) {
      case 'queue':
        checkQueue(flow, step, facts, tell);
        break;
      case 'callback': {
        if (!facts.callbacks) tell.key(path, 'flow/no-callbacks', {});
        checkKept(flow, step, facts, tell);
        const { say, number, countries = [] } = step.callback;
        for (const [index, country] of countries.entries())
          if (facts.callbackCountries?.has(country) === false)
            tell.at([...path, 'countries', index], 'flow/country-not-called', { country });
        const speaks = (language: string): boolean =>
          say.some((text) => facts.texts.slots(language, text).includes(number));
        if (flow.languages.every((language) => say.every((text) => facts.texts.has(language, text)))) {
          if (!flow.languages.every(speaks)) tell.at([...path, 'say'], 'flow/number-unspoken', { number });
        }
        break;
      }
      case 'message':
        if (!facts.messages) tell.key(path, 'flow/no-messages', {});
        break;
      case 'survey':
        checkSurvey(step, tell);
        break;
      default:
    }
  }
}

function checkKept(flow: Flow, step: CallbackStep, facts: SiteFacts, tell: Tell): void {
  const path = ['steps', step.name, 'callback'];
  const { kept, 'keep-place': keep } = step.callback;
  if (keep === undefined) {
    if (kept !== undefined) tell.key([...path, 'kept'], 'flow/kept-unkept', {});
    return;
  }
  if (facts.callbacks && !facts.callbackTrunk)
    tell.key([...path, 'keep-place'], 'flow/no-callback-trunk', {});
  const called = keep.flow === flow.flow ? flow : facts.flows.get(keep.flow);
  if (called !== undefined && !hasQueue(called, facts.flows, new Set()))
    tell.at([...path, 'keep-place', 'flow'], 'flow/called-back-nowhere', { name: keep.flow });
}

/** Whether the flow, or one that it calls, waits for an agent. */
function hasQueue(flow: Flow, flows: SiteFacts['flows'], seen: Set<string>): boolean {
  if (seen.has(flow.flow)) return false;
  seen.add(flow.flow);
  for (const step of flow.steps.values()) {
    if (step.kind === 'queue') return true;
    const called = step.kind === 'call' ? flows.get(step.call.flow) : undefined;
    if (called !== undefined && hasQueue(called, flows, seen)) return true;
  }
  return false;
}

function keepsPlaces(flow: Flow): boolean {
  return [...flow.steps.values()].some(
    (step) => step.kind === 'callback' && step.callback['keep-place'] !== undefined,
  );
}

function checkQueue(flow: Flow, step: QueueStep, facts: SiteFacts, tell: Tell): void {
  const path = ['steps', step.name, 'queue'];
  const { queues, skills, agents } = facts;
  const { name: queue, need, prefer, keys, 'keep-place': keep } = step.queue;
  const isKept = [flow, ...facts.flows.values()].some(keepsPlaces);
  if (keep !== undefined && Object.hasOwn(keys, keep.key))
    tell.at([...path, 'keep-place', 'key'], 'flow/key-twice', { key: keep.key });
  if (keep !== undefined && !isKept) tell.key([...path, 'keep-place'], 'flow/place-unkept', {});
  if (step.queue['no-answer-after']?.['keep-place'] === true && !isKept)
    tell.key([...path, 'no-answer-after', 'keep-place'], 'flow/place-unkept', {});
  const notice = facts.notices?.get(queue);
  const lacking = flow.languages.filter((one) => notice !== undefined && !facts.texts.has(one, notice));
  if (lacking.length > 0)
    tell.at([...path, 'name'], 'flow/notice-missing', {
      queue,
      text: notice ?? '',
      languages: lacking.join(' and '),
    });
  const preferred = literalIn(prefer?.agent ?? '');
  if (preferred !== null && agents !== undefined && !agents.has(preferred)) {
    const place = prefer?.short ? [...path, 'prefer'] : [...path, 'prefer', 'agent'];
    tell.at(place, 'flow/unknown-agent', { name: preferred, meant: meant(preferred, agents) });
  }
  const levels = queues.get(queue);
  if (levels === undefined) {
    tell.at([...path, 'name'], 'flow/unknown-queue', { name: queue, meant: meant(queue, queues.keys()) });
  }
  for (const [key, text] of Object.entries(need)) {
    const place = [...path, 'need', key];
    if (/^-?[0-9.]+$/.test(text) && !/^[1-5]$/.test(text)) {
      tell.at(place, 'flow/need-level', { name: key, level: text });
      continue;
    }
    for (const [name, level] of neededBy(flow, key, text)) {
      if (!skills.has(name)) {
        // A number stands for the skill that the key names.
        tell[name === key ? 'key' : 'at'](place, 'flow/unknown-skill', { name, meant: meant(name, skills) });
      } else if (levels !== undefined && (levels.get(name) ?? 0) < level) {
        tell.at(place, 'flow/unserved-need', { queue, name, level });
        // One language that nobody speaks is enough to know.
        break;
      }
    }
  }
}

/** The skills that an expression is known to need before it runs. */
function neededBy(flow: Flow, key: string, text: string): readonly (readonly [string, number])[] {
  if (/^[1-5]$/.test(text)) return [[key, Number(text)]];
  if (text === 'true') return [[key, 1]];
  if (text === 'caller.language') return flow.languages.map((language) => [language, 1] as const);
  const literal = literalIn(text);
  return literal === null ? [] : [[literal, 1]];
}

/** The text that an expression always is; null: none, or nobody knows before it runs. */
function literalIn(expression: string): string | null {
  return /^(["'])([^"'\\]+)\1$/.exec(expression)?.[2] ?? null;
}

function checkSurvey(step: SurveyStep, tell: Tell): void {
  const path = ['steps', step.name, 'survey'];
  const { ask, questions } = step.survey;
  questions.forEach(({ question }, index) => {
    if (questions.findIndex((other) => other.question === question) === index) return;
    tell.at([...path, 'questions', index, 'question'], 'flow/duplicate-question', { question });
  });
  if (ask !== undefined && ask > questions.length) {
    tell.at([...path, 'ask'], 'flow/asks-too-many', { ask, count: questions.length });
  }
}
