export { type CallEnd, dial, type DialOptions, type OutsideCall } from './caller.js';
export type { OutsidePhone } from './configuration.js';
export { type Driver, openDriver } from './driver.js';
export { type OutsideExchange, type OutsideOptions, startOutside } from './exchange.js';
export { type Dictionary, type Heard, makeDictionary, recognise, type Sample } from './hearing.js';
export { openSoundLine, type SoundLine } from './sound-line.js';
