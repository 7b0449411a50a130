/** Callbacks and surveys as states: what stands between the questions that are their parts. */
import { extended } from '../base/index.js';
import type { CallbackStep, SurveyStep } from './ast.js';
import { effects, leaving, type Move, update } from './machine.js';
import { answerValue, leaveParts, partName } from './parts.js';
import { entering, targetOf, values, type Workshop } from './workshop.js';

/**
 * Beginning: the number that calls is looked at. Checking: one that was keyed. Every end is a state, in which `back`
 * forgets the questions.
 */
export function compileCallback(workshop: Workshop, step: CallbackStep): void {
  const { flow, states } = workshop;
  const { number, enter, countries = null } = step.callback;
  const state = (word: string): string => `${step.name}/${word}`;
  const confirm = targetOf(flow, partName(step, 'confirm'));
  const other = enter === undefined ? null : targetOf(flow, partName(step, 'enter'));
  const checked = (refused: string): Move[] => [
    {
      guard: ({ event }) => event.type === 'number-checked' && event.result === 'allowed',
      target: confirm,
      actions: [
        update(({ context, event }) =>
          event.type === 'number-checked' && event.result === 'allowed'
            ? { vars: extended(context.vars, { [number]: event.number }) }
            : {},
        ),
      ],
    },
    { target: refused },
  ];

  states.set(state('beginning'), {
    entry: [
      entering(step),
      effects(({ context: { caller } }) =>
        caller.number === null ? [] : [{ type: 'check-number', number: caller.number, countries }],
      ),
    ],
    always: [{ guard: ({ context }) => context.caller.number === null, target: other ?? state('withheld') }],
    on: { 'number-checked': checked(other ?? state('refused')) },
  });
  if (other !== null) {
    states.set(state('checking'), {
      entry: [
        effects(({ context: { vars } }) => {
          const keyed = vars[number];
          return [{ type: 'check-number', number: typeof keyed === 'string' ? keyed : '', countries }];
        }),
      ],
      on: { 'number-checked': checked(state('refused')) },
    });
  }
  const keep = step.callback['keep-place'];
  if (keep !== undefined) {
    const given = values(workshop, keep.with);
    states.set(state('keeping'), {
      entry: [
        effects((args) => {
          const left = args.context.vars[number];
          return [
            {
              type: 'keep-place',
              number: typeof left === 'string' ? left : '',
              flow: keep.flow,
              with: given(args),
            },
          ];
        }),
      ],
      on: {
        'place-kept': [
          { guard: ({ event }) => event.type === 'place-kept' && event.kept, target: state('kept') },
          { target: state('accepted') },
        ],
      },
    });
  }
  const exits =
    keep === undefined
      ? (['accepted', 'refused', 'withheld'] as const)
      : (['kept', 'accepted', 'refused', 'withheld'] as const);
  for (const exit of exits) {
    states.set(state(exit), {
      entry: [leaveParts(step)],
      always: leaving(exit, [{ target: targetOf(flow, step.callback[exit]) }]),
    });
  }
}

/** Choosing: which questions. Turn: the next of them. Keeping: an answer counts at once. After: that one is done. */
export function compileSurvey(workshop: Workshop, step: SurveyStep): void {
  const { flow, states } = workshop;
  const { name, questions, scale, ask = questions.length } = step.survey;
  const state = (word: string): string => `${step.name}/${word}`;
  const names = questions.map(({ question }) => question);

  states.set(state('choosing'), {
    entry: [
      entering(step),
      effects(() => [{ type: 'choose-questions', survey: name, questions: names, ask, scale }]),
    ],
    on: {
      'questions-chosen': [
        {
          target: state('turn'),
          actions: [
            update(({ event }) => (event.type === 'questions-chosen' ? { asked: event.chosen } : {})),
          ],
        },
      ],
    },
  });
  states.set(state('turn'), {
    always: [
      ...names.map(
        (question, place): Move => ({
          guard: ({ context }) => context.asked?.[0] === place,
          target: targetOf(flow, partName(step, question)),
        }),
      ),
      ...leaving('go', [{ target: targetOf(flow, step.go), actions: [leaveParts(step)] }]),
    ],
  });
  states.set(state('keeping'), {
    entry: [
      effects(({ context: { asked = [], vars } }) => {
        const asking = questions[asked[0] ?? -1];
        const answer = vars[answerValue];
        if (asking === undefined || typeof answer !== 'number') return [];
        const { question, section } = asking;
        return [{ type: 'keep-answer', survey: name, question, section, answer }];
      }),
    ],
    always: [{ target: state('after') }],
  });
  states.set(state('after'), {
    entry: [
      update(({ context: { asked = [], vars } }) => {
        const { [answerValue]: _kept, ...others } = vars;
        return { asked: asked.slice(1), vars: others };
      }),
    ],
    always: [{ target: state('turn') }],
  });
}
