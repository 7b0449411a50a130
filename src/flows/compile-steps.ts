/** The steps that wait for no entry, as states. Keys pressed meanwhile are kept for the next one that does. */
import { extended } from '../base/index.js';
import type {
  CallStep,
  CaseStep,
  DecideStep,
  DialStep,
  HangUpStep,
  LookupStep,
  ReturnStep,
  SayStep,
  SetStep,
} from './ast.js';
import { compileAwaited } from './compile-awaited.js';
import type { DialResult } from './flow.js';
import {
  type Args,
  type Guard,
  effect,
  effects,
  hush,
  ignoreLateEnd,
  keepKey,
  keyOf,
  leaving,
  type Move,
  update,
} from './machine.js';
import { branchId } from './way.js';
import { askForMissing, provingOf, secretsOfLookup } from './secrets.js';
import { entering, setting, speaking, targetOf, values, ways, type Workshop } from './workshop.js';

export function compileSay(workshop: Workshop, step: SayStep): void {
  const { flow, states } = workshop;
  const state = `${step.name}/speaking`;
  const next = targetOf(flow, step.go);
  const speak = speaking(workshop, step.say);
  // Digits may be the beginning of an entry to come; "*" and "#" cannot.
  const atOnce = Object.entries(flow['keys-anywhere']).filter(([key]) => !/[0-9]/.test(key));
  const onKey: Move[] = [
    ignoreLateEnd,
    ...atOnce.flatMap(([key, go]) =>
      leaving(
        `key ${key}`,
        ways(
          workshop,
          go,
          step,
          ({ context, event }) => context.keys === '' && keyOf(event) === key,
          [hush],
          { actions: [speak] },
        ),
      ),
    ),
    { target: next, actions: [keepKey, hush] },
  ];
  states.set(state, {
    entry: [entering(step), speak],
    on: { spoken: [{ target: next }], ...(step.interruptible ? { key: onKey } : {}) },
  });
}

export function compileLookup(workshop: Workshop, step: LookupStep): void {
  const { source, with: named, into, timeout, filler } = step.lookup;
  const proving = provingOf(workshop, step);
  const hidden = new Set(secretsOfLookup(workshop.flow, step).keys());
  const given = values(
    workshop,
    Object.fromEntries(Object.entries(named).filter(([name]) => !hidden.has(name))),
  );
  const keepRow = update(({ context, event }) =>
    into !== undefined && event.type === 'looked-up' && event.result === 'found'
      ? { vars: extended(context.vars, { [into]: event.row }) }
      : {},
  );
  compileAwaited(workshop, step, {
    word: 'looking-up',
    ask: effects((args) => {
      const asked = { type: 'look-up', source, timeoutMs: Math.round(timeout * 1000) } as const;
      if (proving === null) return [extended(asked, { with: given(args) })];
      if (!proving.complete(args)) return [];
      const both = extended(given(args), proving.secrets(args));
      return [extended(asked, { with: both, proof: proving.proof(args) })];
    }),
    answer: 'looked-up',
    results: ['found', 'not-found', 'failed', ...(proving === null ? [] : (['locked'] as const))],
    resultOf: (event) => (event.type === 'looked-up' ? event.result : null),
    keep: [...(into === undefined ? [] : [keepRow]), ...(proving === null ? [] : [proving.forget])],
    exit: (result) => targetOf(workshop.flow, step.lookup[result]),
    filler,
    fillerAfter: step.lookup['filler-after'],
  });
  if (proving !== null) askForMissing(workshop, step);
}

export function compileDecide(workshop: Workshop, step: DecideStep): void {
  workshop.states.set(`${step.name}/deciding`, {
    entry: [entering(step)],
    always: step.decide.flatMap((branch, index) => {
      if ('else' in branch) return leaving('else', [{ target: targetOf(workshop.flow, branch.else) }]);
      const evaluate = workshop.expressions.compile(branch.when);
      const holds = ({ context }: Args): boolean => {
        const value = evaluate(context);
        if (typeof value === 'boolean') return value;
        throw new TypeError(`"${branch.when}" is neither true nor false`);
      };
      return leaving(branchId(index), [{ guard: holds, target: targetOf(workshop.flow, branch.go) }]);
    }),
  });
}

export function compileSet(workshop: Workshop, step: SetStep): void {
  workshop.states.set(`${step.name}/setting`, {
    entry: [entering(step)],
    always: [{ target: targetOf(workshop.flow, step.go), actions: [setting(workshop, step.set)] }],
  });
}

/** While a phone rings or two people talk, keys are theirs. */
const deafToKeys: readonly Move[] = [{ actions: [] }];

export function compileDial(workshop: Workshop, step: DialStep): void {
  const { flow, states } = workshop;
  const { phone, ring, answered, failed, ...exits } = step.dial;
  const results: readonly Exclude<DialResult, 'talked'>[] = [
    'busy',
    'no-answer',
    'rejected',
    'unreachable',
    'failed',
  ];
  const ended =
    (result: DialResult): Guard =>
    ({ event }) =>
      event.type === 'dial-ended' && event.result === result;

  states.set(`${step.name}/ringing`, {
    entry: [entering(step), effect({ type: 'dial', phone, ringMs: Math.round(ring * 1000) })],
    on: {
      key: deafToKeys,
      'dial-answered': [{ target: `${step.name}/talking` }],
      'dial-ended': [
        ...leaving('answered', [{ guard: ended('talked'), target: targetOf(flow, answered) }]),
        ...results.flatMap((result) => {
          const own = result === 'failed' ? undefined : exits[result];
          return leaving(own === undefined ? 'failed' : result, [
            { guard: ended(result), target: targetOf(flow, own ?? failed) },
          ]);
        }),
      ],
    },
  });
  states.set(`${step.name}/talking`, {
    on: {
      key: deafToKeys,
      'dial-ended': leaving('answered', [{ target: targetOf(flow, answered) }]),
    },
  });
}

export function compileCase(workshop: Workshop, step: CaseStep): void {
  const { kind, subject, details, into } = step.case;
  const subjectOf = workshop.expressions.compile(subject);
  const detailsOf = values(workshop, details);
  workshop.states.set(`${step.name}/opening`, {
    entry: [
      entering(step),
      effects((args) => {
        const told = subjectOf(args.context);
        return [
          {
            type: 'case',
            kind,
            subject: typeof told === 'string' ? told : JSON.stringify(told),
            details: detailsOf(args),
          },
        ];
      }),
    ],
    on: {
      'case-opened': [
        {
          target: targetOf(workshop.flow, step.go),
          actions: [
            update(({ context, event }) =>
              into === undefined || event.type !== 'case-opened'
                ? {}
                : { vars: extended(context.vars, { [into]: event.reference }) },
            ),
          ],
        },
      ],
    },
  });
}

export function compileCall(workshop: Workshop, step: CallStep): void {
  const { flow, with: named, into } = step.call;
  const given = values(workshop, named);
  workshop.states.set(`${step.name}/calling`, {
    entry: [entering(step), effects((args) => [{ type: 'push', flow, with: given(args) }])],
    on: {
      returned: [
        {
          target: targetOf(workshop.flow, step.go),
          actions: [
            update(({ context, event }) =>
              event.type === 'returned'
                ? {
                    keys: event.keys,
                    caller: event.caller,
                    ...(into === undefined
                      ? {}
                      : { vars: extended(context.vars, { [into]: event.results }) }),
                  }
                : {},
            ),
          ],
        },
      ],
    },
  });
}

export function compileReturn(workshop: Workshop, step: ReturnStep): void {
  const results = values(workshop, step.return);
  workshop.states.set(`${step.name}/returned`, {
    type: 'final',
    entry: [entering(step), effects((args) => [{ type: 'return', results: results(args) }])],
  });
}

export function compileHangUp(workshop: Workshop, step: HangUpStep): void {
  workshop.states.set(`${step.name}/ended`, {
    type: 'final',
    entry: [entering(step), effect({ type: 'hang-up' })],
  });
}
