/**
 * Whether a version is at least another one, compared by numbers from the left.
 *
 * @param {string} version such as "v3.250.0" or "2.8"; what follows the numbers is ignored
 * @param {string} minimum
 */
export function atLeast(version, minimum) {
  const [have, want] = [numbers(version), numbers(minimum)];
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0;
    if (had !== wanted) return had > wanted;
  }
  return true;
}

/** @param {string} version */
function numbers(version) {
  const [match = ""] = version.match(/\d+(\.\d+)*/) ?? [];
  return match.split(".").map(Number);
}
