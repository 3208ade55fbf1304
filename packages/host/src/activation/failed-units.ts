/** What a failed unit means: `fail` takes the machine back, `warn` goes on and tells of it, `ignore` goes on. */
export type FailedUnitPolicy = "fail" | "warn" | "ignore";

/**
 * One policy for all units, or one per unit name or pattern (`*`, `?`, `[…]`). Of several patterns that match a unit
 * the most specific one decides; a unit that none matches fails the activation.
 */
export type FailedUnitsPolicy = FailedUnitPolicy | Readonly<Record<string, FailedUnitPolicy>>;

const POLICIES: readonly string[] = ["fail", "warn", "ignore"] satisfies FailedUnitPolicy[];

/** Says what is wrong with a policy, for a message; undefined when nothing is. */
export function faultOfPolicy(policy: unknown): string | undefined {
  if (typeof policy === "string")
    return POLICIES.includes(policy)
      ? undefined
      : `${JSON.stringify(policy)} is none of ${POLICIES.join(", ")}`;
  if (typeof policy !== "object" || policy === null || Array.isArray(policy))
    return `it is neither one of ${POLICIES.join(", ")} nor an object of them by unit`;
  for (const [pattern, each] of Object.entries(policy)) {
    if (!/^[A-Za-z0-9:_.\\@*?[\]!^-]+$/.test(pattern))
      return `${JSON.stringify(pattern)} is no unit name or pattern`;
    if (typeof each !== "string" || !POLICIES.includes(each))
      return `${JSON.stringify(pattern)} is ${JSON.stringify(each)}, which is none of ${POLICIES.join(", ")}`;
  }
  return undefined;
}

/** The policy as the machine's half reads it: lines `POLICY PATTERN`, of which the first that matches counts. */
export function policyLines(policy: FailedUnitsPolicy = "fail"): string {
  const patterns = typeof policy === "string" ? { "*": policy } : { "*": "fail", ...policy };
  return Object.entries(patterns)
    .sort(([a], [b]) => specificity(b) - specificity(a) || (a < b ? -1 : 1))
    .map(([pattern, each]) => `${each} ${pattern}`)
    .join("\n");
}

/** A name without wildcards goes before all patterns, then whoever says more letters. */
function specificity(pattern: string): number {
  const letters = pattern.replace(/\[[^\]]*\]|[*?]/g, "");
  return letters.length + (letters === pattern ? 1000 : 0);
}
