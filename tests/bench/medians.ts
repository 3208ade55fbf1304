/** The median of every figure, also of figures in objects. */
export function medians<T extends object>(runs: readonly T[]): T {
  const first = runs[0] as T;
  const entries = Object.keys(first).map((key) => {
    const values = runs.map((run) => (run as Record<string, unknown>)[key]);
    const median =
      typeof values[0] === "number"
        ? (values as number[]).toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
        : medians(values as object[]);
    return [key, median];
  });
  return Object.fromEntries(entries);
}
