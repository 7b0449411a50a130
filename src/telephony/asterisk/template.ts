import { OnedoorError } from '../../base/index.js';

/** Lines that this room wrote or rendered, inserted as they are. Never holds what others supplied unchecked. */
export interface Lines {
  readonly lines: string;
}

/** A secret: any printable ASCII. */
export interface Secret {
  readonly secret: string;
}

export type SlotValue = string | number | Lines | Secret;
export type Slots = Readonly<Record<string, SlotValue>>;

/**
 * What an ordinary value may hold. Neither a line break, a comment (`;`), a section (`[`), an expression (`$`) nor an
 * argument's end (`,` `(` `)` `&` `|`) can be written with it, so no value breaks out of its line.
 */
const ORDINARY = /^[A-Za-z0-9_.:/@+~ -]*$/;
const SECRET = /^[\x21-\x7e]+$/;

/**
 * Fills the `{{slots}}` of a template. Pure.
 *
 * @param name of the template, for errors.
 * @throws ONEDOOR_TELEPHONY_TEMPLATE for a slot without a value, ONEDOOR_TELEPHONY_SETTING for a value with characters
 * that could break its line.
 */
export function fillTemplate(name: string, template: string, slots: Slots): string {
  return template.replace(/\{\{(.*?)\}\}/g, (_, slot: string) => {
    const value = Object.hasOwn(slots, slot) ? slots[slot] : undefined;
    if (value === undefined) throw new OnedoorError('ONEDOOR_TELEPHONY_TEMPLATE', { template: name, slot });
    return slotText(slot, value);
  });
}

function slotText(slot: string, value: SlotValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return ordinary(slot, value);
  if ('lines' in value) return value.lines;
  if (!SECRET.test(value.secret)) throw unfit(slot, 'the secret given', 'printable ASCII without spaces');
  // A semicolon begins a comment unless it is escaped.
  return value.secret.replaceAll(';', '\\;');
}

/**
 * The text itself, when it can stand in a line of a configuration.
 *
 * @throws ONEDOOR_TELEPHONY_SETTING
 */
export function ordinary(setting: string, text: string): string {
  if (!ORDINARY.test(text))
    throw unfit(setting, JSON.stringify(text), 'letters, digits, spaces and _ . : / @ + ~ -');
  return text;
}

function unfit(setting: string, value: string, allowed: string): OnedoorError {
  return new OnedoorError('ONEDOOR_TELEPHONY_SETTING', { setting, value, allowed });
}
