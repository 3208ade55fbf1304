/**
 * JSON in which Nix can tell every number apart: integers as such, all other numbers with an exponent, so that Nix reads
 * them as floats; -0 keeps its sign.
 */
export function exactJson(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    if (Object.is(value, -0)) return "-0.0";
    return Number.isSafeInteger(value) ? String(value) : value.toExponential();
  }
  if (Array.isArray(value)) return `[${value.map(exactJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([name, child]) => `${JSON.stringify(name)}:${exactJson(child)}`,
    );
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value);
}
