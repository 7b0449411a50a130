/**
 * Counts the tests of a TAP 14 stream: the sentences that test files begin with `t.test(...)`, one level below the
 * files. A file that fails without a failed sentence (it crashed, or holds no test) counts as one failure.
 */
export function tapCounter() {
  let passed = 0;
  let failed = 0;
  let failedInFile = 0;
  /** Indentation of the YAML block that we are in: its text can look like anything. */
  let yaml = -1;
  /** A file with a buffered block, `not ok 1 - file {`, is judged where its block ends. */
  let openFile = '';

  const endFile = (/** @type {string} */ verdict) => {
    if (verdict === 'not ok' && failedInFile === 0) failed += 1;
    failedInFile = 0;
  };

  return {
    /** @param {string} line */
    line(line) {
      const indent = line.length - line.trimStart().length;
      if (yaml >= 0) {
        if (indent === yaml && line.trim() === '...') yaml = -1;
        return;
      }
      if (line.trim() === '---') {
        yaml = indent;
        return;
      }
      if (/^Bail out!/.test(line.trim())) failed += 1;
      if (line === '}' && openFile !== '') {
        endFile(openFile);
        openFile = '';
      }
      const point = /^( {4})?(ok|not ok) \d+(.*)$/.exec(line);
      if (!point) return;
      const [, inFile, verdict = '', rest = ''] = point;
      if (inFile === undefined) {
        if (/\{$/.test(rest)) openFile = verdict;
        else endFile(verdict);
      } else if (/ # (SKIP|TODO)\b/i.test(rest)) return;
      else if (verdict === 'ok') passed += 1;
      else {
        failed += 1;
        failedInFile += 1;
      }
    },
    counts: () => ({ passed, failed }),
  };
}

/**
 * Picks what a person wants to see of a TAP stream: each file's verdict, and of every failure the sentence with its
 * diagnosis.
 * @returns {(line: string) => boolean} whether to show a line
 */
export function tapFilter() {
  let yaml = -1;
  let wanted = false;
  return (line) => {
    const indent = line.length - line.trimStart().length;
    if (yaml >= 0) {
      if (indent === yaml && line.trim() === '...') yaml = -1;
      return wanted;
    }
    if (line.trim() === '---') {
      yaml = indent;
      return wanted;
    }
    wanted = /^\s*not ok /.test(line);
    return wanted || /^ok /.test(line) || !/^\s*(ok |\d+\.\.\d+|#|TAP version|\}?$)/.test(line);
  };
}
