/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} skipped
 * @property {readonly string[]} failures what failed, a text each: its name, and lines that say why
 */

/**
 * The sum of several parts' counts.
 *
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  return {
    passed: parts.reduce((total, part) => total + part.passed, 0),
    skipped: parts.reduce((total, part) => total + part.skipped, 0),
    failures: parts.flatMap((part) => part.failures),
  };
}

/**
 * Ends a test run: what failed once more, because it scrolled away, and the closing line.
 *
 * @param {Counts} counts
 */
export function closing({ passed, failures, skipped }) {
  const again = failures.length === 0 ? "" : `\nFailed:\n  ${failures.join("\n  ")}\n\n`;
  const more = skipped > 0 ? `, ${skipped} skipped` : "";
  return `${again}${passed} passed, ${failures.length} failed${more}\n`;
}
