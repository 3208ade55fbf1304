import type { Manifest } from "./system.js";

/**
 * What differs between two manifests, in a line per kind:
 * `units: ~ nginx.service, + backup.timer`, `packages: ~ vim 9.1 → 9.2`.
 */
export function manifestChanges(old: Omit<Manifest, "stateVersion">, next: Manifest): string[] {
  const lines = [
    section("NixOS", scalar(old.nixos, next.nixos)),
    section("kernel", scalar(old.kernel, next.kernel)),
    section("units", entries(old.units, next.units)),
    section("files in /etc", entries(old.etc, next.etc)),
    section("packages", entries(old.packages, next.packages, true)),
  ];
  return lines.filter((line) => line !== undefined);
}

/**
 * What to tell somebody who changes `system.stateVersion`, which says by which release a machine's data was made;
 * undefined where it stays.
 */
export function stateVersionWarning(old: Manifest, next: Manifest): string | undefined {
  const [before, after] = [old.stateVersion, next.stateVersion];
  if (before === undefined || after === undefined || before === after) return undefined;
  return `stateVersion changes from ${before} to ${after}. It does not choose the release that a machine runs, but tells services how to find data that an older one has left: unless you have moved that data yourself, give this machine \`stateVersion: "${before}"\`.`;
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
