/** Words that all of onedoor.yaml uses. */
import { z } from 'zod';

/** Names that go into SIP addresses and configuration files: nothing in them needs quoting anywhere. */
export const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'A name has small letters, digits and -, begins with a letter, and has at most 32 of them.',
  );

/** Printable, on one line: labels go into caller displays and configuration files. */
export const label = z
  .string()
  .min(1, 'A label cannot be empty.')
  .max(64, 'A label has at most 64 characters.')
  .regex(
    /^[^\p{Cc}"\\;]*$/u,
    'A label has no quotation marks, semicolons, backslashes or control characters.',
  );
