import { createHash } from "node:crypto";
import { Lines } from "./facts/lines.js";
import type { Host } from "./host.js";
import { readScript } from "./scripts.js";

/** The parts of a NixOS system that runs, in the terms of a manifest: hashes are the first 12 digits of a sha256. */
export interface RunningSystem {
  /** Store path. */
  readonly toplevel: string;
  readonly nixos: string;
  /** Kernel version; empty in a container, which has its host's. */
  readonly kernel: string;
  /** Hash of the text of every unit that its configuration makes, by unit name. */
  readonly units: Readonly<Record<string, string>>;
  /** Hash of the source of every file, by path below `/etc`. */
  readonly etc: Readonly<Record<string, string>>;
  /** Version of every package in `/run/current-system/sw`, by name; as their store paths tell. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Asks a machine which NixOS system it runs, whoever has built it, in one round trip.
 *
 * @returns undefined when it runs none
 * @throws {@link UnreachableError}
 */
export async function runningSystem(host: Host): Promise<RunningSystem | undefined> {
  const { stdout } = await host.run(["sh", "-c", readScript("running.sh")], {
    title: "asking what the machine runs",
  });
  return parseRunningSystem(stdout);
}

/** @param text what `scripts/running.sh` printed */
export function parseRunningSystem(text: string): RunningSystem | undefined {
  const lines = new Lines(text);
  const toplevel = lines.first("toplevel");
  if (toplevel === undefined) return undefined;
  return {
    toplevel,
    nixos: lines.first("nixos") ?? "",
    kernel: versionOf(storeName(lines.first("kernel") ?? "")).version,
    units: unitsOf(lines, text),
    etc: Object.fromEntries(
      lines
        .rows("etc")
        .filter(([path]) => path !== "systemd/system" && path !== "systemd/user")
        .map(([path = "", source = ""]) => [path, shortHash(source)]),
    ),
    packages: Object.fromEntries(
      lines.all("package").map((path) => {
        const { name, version } = versionOf(storeName(path).replace(OUTPUTS, ""));
        return [name, version];
      }),
    ),
  };
}

/** Names that outputs of a package add to its store path's, but `out`. */
const OUTPUTS = /-(bin|dev|doc|info|lib|man|terminfo|xz|zstd|mount|login|swap)$/;

/** Units of packages, such as systemd's own, lie beside those of the configuration, whose links tell. */
function unitsOf(lines: Lines, text: string): Record<string, string> {
  const hashes = new Map(
    [...text.matchAll(/^\\?([0-9a-f]{64}) [ *]\.\/(.+)$/gm)].map(([, hash = "", path = ""]) => [
      path.replaceAll("\\\\", "\\"),
      hash.slice(0, 12),
    ]),
  );
  const units: Record<string, string> = {};
  for (const [path = "", target = ""] of lines.rows("unit")) {
    const hash = hashes.get(path);
    if (hash === undefined || !/^\/nix\/store\/[a-z0-9]{32}-unit-/.test(target)) continue;
    units[path.replace(/\.d\/overrides\.conf$/, "")] = hash;
  }
  return units;
}

/** `linux-6.12.8` of `/nix/store/…-linux-6.12.8/bzImage`. */
function storeName(path: string): string {
  return /^\/nix\/store\/[a-z0-9]{32}-([^/]+)/.exec(path)?.[1] ?? "";
}

/** As `builtins.parseDrvName`: the version begins after the first dash that no letter follows. */
function versionOf(name: string): { name: string; version: string } {
  const match = /^(.*?)-(?![A-Za-z])(.*)$/.exec(name);
  return { name: match?.[1] ?? name, version: match?.[2] ?? "" };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
