/** Pure. Which questions a survey asks. */

/**
 * Which questions of a survey a caller is asked, by their place: as many as wanted, spread over the whole list, and
 * begun at a place that the contact's id decides, so that in the long run each is asked equally often. In the order
 * of the survey.
 */
export function chooseQuestions(contact: string, count: number, ask: number): readonly number[] {
  const wanted = Math.min(ask, count);
  const begin = hashOf(contact) % Math.max(count, 1);
  return Array.from({ length: wanted }, (_, n) => (begin + Math.floor((n * count) / wanted)) % count).sort(
    (a, b) => a - b,
  );
}

/** FNV-1a, 32 bits, with the finish of MurmurHash3: ids that differ in one digit lead anywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
