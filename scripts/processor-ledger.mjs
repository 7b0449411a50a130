/** What processes have used of the processor, by whom they work for. Pure but for its memory. */

/** USER_HZ: the kernel tells times to programs in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;

/**
 * The fields of /proc/PID/stat that are asked for. Pure.
 * @param {string} text
 */
export function readStat(text) {
  // The program's name, in brackets, can hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (/** @type {number} */ nth) => Number(fields[nth - 3]);
  return {
    parent: field(4),
    began: field(22),
    /** Its own and that of the children it has waited for. */
    usedMs: (field(14) + field(15) + field(16) + field(17)) * TICK_MS,
  };
}

/** @typedef {{ parent: number, began: number, usedMs: number }} Process */

/**
 * Adds up, look by look, what processes have used, by whom they work for. Pure but for its memory.
 * @param {(owner: string, usedMs: number) => void} add
 */
export function processorLedger(add) {
  /** @type {Map<number, Process & { owner: string }>} */
  const seen = new Map();
  let isFirst = true;
  return {
    /**
     * @param {ReadonlyMap<number, Process>} now every process, by its id
     * @param {ReadonlyMap<number, string>} owners of some; their descendants have the same
     */
    look(now, owners) {
      /** What a parent tells as its own from now on, and a child has told before. @type {Map<number, number>} */
      const told = new Map();
      for (const [pid, { parent, began, usedMs }] of seen) {
        if (now.get(pid)?.began === began) continue;
        seen.delete(pid);
        told.set(parent, (told.get(parent) ?? 0) + usedMs);
      }
      const ownerOf = (/** @type {number} */ pid) => {
        for (let at = pid; at > 1; at = now.get(at)?.parent ?? 0) {
          const owner = owners.get(at) ?? seen.get(at)?.owner;
          if (owner !== undefined) return owner;
        }
        return undefined;
      };
      for (const [pid, process] of now) {
        const owner = ownerOf(pid);
        if (owner === undefined) continue;
        // What was used before anybody looked is nobody's.
        const was = seen.get(pid);
        const known = was === undefined ? 0 : was.usedMs + (told.get(pid) ?? 0);
        if (!isFirst) add(owner, process.usedMs - known);
        seen.set(pid, { ...process, owner });
      }
      isFirst = false;
    },
  };
}
