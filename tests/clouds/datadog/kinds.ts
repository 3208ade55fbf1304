import type { Kind } from "../plugin/kind.js";
import type { Properties, Refusal } from "../plugin/schema.js";

/** What Datadog refuses of a monitor (docs.datadoghq.com/api/latest/monitors, "Validate a monitor"). */
function monitorRefusals(inputs: Properties): Refusal[] {
  if (inputs.type !== "service check" || typeof inputs.query !== "string") return [];
  const query =
    /^"[\w.]+"\.over\("[\w.-]+:[^"]+"(,"[\w.-]+:[^"]+")*\)\.by\("\w+"\)\.last\((\d+)\)\.count_by_status\(\)$/.exec(
      inputs.query,
    );
  if (!query) return [{ property: "query", reason: "The value provided for parameter 'query' is invalid" }];
  const thresholds = Object.values((inputs.monitorThresholds ?? {}) as Record<string, string>).map(Number);
  return Number(query[2]) > Math.max(...thresholds)
    ? []
    : [{ property: "query", reason: "last() must be greater than the largest threshold" }];
}

const KINDS: Readonly<Record<string, Kind>> = {
  "datadog:index/monitor:Monitor": {
    check: monitorRefusals,
    create: () => ({ outputs: { evaluationDelay: 0, restrictedRoles: [] } }),
  },
};

/** Pulumi's types that the stand-in has. */
export const TOKENS = Object.keys(KINDS);

/** Every kind that a test can make; others are refused by name. */
export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(KINDS).map(([token, kind]) => [token.slice(token.lastIndexOf(":") + 1), kind]),
);
