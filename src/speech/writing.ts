/** A text to be read instead of heard: its own punctuation, and figures for spoken values. Pure. */
import type { Json } from '../base/index.js';
import { forTheEye } from './caption.js';
import type { ChoicePart, Message, MessageCase } from './message.js';

/**
 * @param value of a slot; undefined where it is not known.
 * @param pick chooses one case of a choice.
 */
export function writeMessage(
  message: Message,
  value: (slot: string) => Json | undefined,
  pick: (choice: ChoicePart) => MessageCase,
): string {
  const parts = message.map((part): string => {
    switch (part.type) {
      case 'words':
        return part.text;
      case 'choice':
        return writeMessage(pick(part).parts, value, pick);
      case 'value': {
        const known = value(part.slot);
        return typeof known === 'string' || typeof known === 'number' ? String(known).trim() : '';
      }
      default:
        return part satisfies never;
    }
  });
  return forTheEye(parts.join('')).replace(/\s+/gu, ' ').trim();
}
