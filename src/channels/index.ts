export { openLogChannel } from './log.js';
