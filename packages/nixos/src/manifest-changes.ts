import type { Manifest } from "./system.js";

/**
 * What differs between two manifests, in a line per kind:
 * `units: ~ nginx.service, + backup.timer`, `packages: ~ vim 9.1 → 9.2`.
 */
export function manifestChanges(old: Manifest, next: Manifest): string[] {
  const lines = [
    section("NixOS", scalar(old.nixos, next.nixos)),
    section("kernel", scalar(old.kernel, next.kernel)),
    section("units", entries(old.units, next.units)),
    section("files in /etc", entries(old.etc, next.etc)),
    section("packages", entries(old.packages, next.packages, true)),
  ];
  return lines.filter((line) => line !== undefined);
}

function section(name: string, changes: readonly string[]): string | undefined {
  return changes.length === 0 ? undefined : `${name}: ${changes.join(", ")}`;
}

function scalar(old: string, next: string): string[] {
  return old === next ? [] : [`${old || "none"} → ${next || "none"}`];
}

type Entries = Readonly<Record<string, string>>;

/** @param versions whether the values are versions, which people read, or hashes, which they don't */
function entries(old: Entries = {}, next: Entries = {}, versions = false): string[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
  return names.flatMap((name) => {
    const before = old[name];
    const after = next[name];
    if (before === after) return [];
    const what = versions ? ` ${[before, after].filter((version) => version !== undefined).join(" → ")}` : "";
    return [`${before === undefined ? "+" : after === undefined ? "-" : "~"} ${name}${what}`];
  });
}
