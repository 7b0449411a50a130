export { type CallEnd, dial, type DialOptions, type OutsideCall } from './caller.js';
export { compareHeard, type Difference, type ExpectedText } from './comparison.js';
export type { OutsidePhone } from './configuration.js';
export {
  type CallerStep,
  type ConversationOptions,
  type ConversationTurn,
  converse,
  readCallerSteps,
} from './conversation.js';
export {
  differsFrom,
  openPromptBook,
  type PromptBook,
  type PromptBookOptions,
  remakePromptBook,
} from './prompt-book.js';
export { type Driver, openDriver } from './driver.js';
export { type OutsideExchange, type OutsideOptions, startOutside } from './exchange.js';
export { type Heard, recognise } from './hearing.js';
export { openSoundLine, type SoundLine } from './sound-line.js';
export { type Dictionary, makeDictionary, type Sample } from './template.js';
