/** Pure. All texts that a flow speaks. */
import type { YamlPath } from '../base/index.js';
import type { Flow, Step } from './ast.js';

/** A text and where the flow names it. */
export interface SpokenAt {
  readonly text: string;
  readonly path: YamlPath;
}

export function spokenTexts(flow: Flow): SpokenAt[] {
  return [
    ...retryTexts(flow.defaults['no-input'], ['defaults', 'no-input']),
    ...retryTexts(flow.defaults['no-match'], ['defaults', 'no-match']),
    ...[...flow.steps.values()].flatMap(spokenBy),
  ];
}

/** The texts that stand at the step itself. */
export function spokenBy(step: Step): SpokenAt[] {
  const at = (...path: readonly PropertyKey[]): YamlPath => ['steps', step.name, ...path];
  switch (step.kind) {
    case 'say':
      return list(step.say, at('say'));
    case 'menu':
    case 'collect': {
      const input = step.kind === 'menu' ? step.menu : step.collect;
      return [
        ...asked(input, at(step.kind)),
        ...(step.kind === 'collect' ? asked(step.collect.confirm, at('collect', 'confirm')) : []),
        ...(step.kind === 'collect'
          ? list(step.collect.check?.say ?? [], at('collect', 'check', 'say'))
          : []),
      ];
    }
    case 'lookup':
      return list(step.lookup.filler ?? [], at('lookup', 'filler'));
    case 'record':
      return [
        ...list(step.record.say ?? [], at('record', 'say')),
        ...asked(step.record.review, at('record', 'review')),
        ...retryTexts(step.record['too-short'], at('record', 'too-short')),
      ];
    case 'queue':
      return [
        ...list(step.queue.say ?? [], at('queue', 'say')),
        ...list(step.queue.again?.say ?? [], at('queue', 'again', 'say')),
      ];
    case 'callback':
      return [
        ...list(step.callback.say, at('callback', 'say')),
        ...list(step.callback.enter ?? [], at('callback', 'enter')),
        ...retryTexts(step.callback['no-input'], at('callback', 'no-input')),
        ...retryTexts(step.callback['no-match'], at('callback', 'no-match')),
      ];
    case 'message':
      return [
        ...list(step.message.text, at('message', 'text')),
        ...list(step.message.filler ?? [], at('message', 'filler')),
      ];
    case 'survey':
      return [
        ...step.survey.questions.flatMap(({ say }, index) =>
          list(say, at('survey', 'questions', index, 'say')),
        ),
        ...retryTexts(step.survey['no-input'], at('survey', 'no-input')),
        ...retryTexts(step.survey['no-match'], at('survey', 'no-match')),
      ];
    default:
      return [];
  }
}

/** What a question says: its prompt, and what follows silence and mistakes. */
function asked(
  question:
    | { readonly say: readonly string[]; readonly 'no-input'?: Spoken; readonly 'no-match'?: Spoken }
    | undefined,
  path: YamlPath,
): SpokenAt[] {
  if (question === undefined) return [];
  return [
    ...list(question.say, [...path, 'say']),
    ...retryTexts(question['no-input'], [...path, 'no-input']),
    ...retryTexts(question['no-match'], [...path, 'no-match']),
  ];
}

type Spoken = { readonly say?: readonly (readonly string[])[] | undefined } | undefined;

function retryTexts(retry: Spoken, path: YamlPath): SpokenAt[] {
  return (retry?.say ?? []).flatMap((texts, index) => list(texts, [...path, 'say', index]));
}

/** A single text stands where its list would: the place of an item that is not there is that of the text. */
function list(texts: readonly string[], path: YamlPath): SpokenAt[] {
  return texts.map((text, index) => ({ text, path: [...path, index] }));
}
