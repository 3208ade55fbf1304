import type { Host } from "../host.js";
import { readScript, readValues } from "../scripts.js";

export interface RebootNeed {
  /** What of a system takes effect with a boot only: `kernel (linux-6.6.1 → linux-6.12.8)`; empty when all is as booted. */
  readonly reasons: readonly string[];
  /** The system that the machine booted; undefined when that was no NixOS. */
  readonly bootedSystem?: string;
  /** The boot that the machine is in. */
  readonly bootId: string;
}

/**
 * Compares a system that is on the machine with what the machine booted (kernel, initrd and kernel modules, as
 * `system.autoUpgrade` of NixOS does) and with what it runs (switch inhibitors, as `switch-to-configuration` does).
 *
 * @throws {@link UnreachableError}
 */
export async function rebootNeed(host: Host, toplevel: string): Promise<RebootNeed> {
  const { stdout } = await host.run(["sh", "-c", readScript("boot-parts.sh"), "sh", toplevel], {
    title: "asking what needs a reboot",
  });
  return compareBootParts(readValues(stdout));
}

/** @param values what `scripts/boot-parts.sh` printed */
export function compareBootParts(values: ReadonlyMap<string, string>): RebootNeed {
  const bootedSystem = values.get("bootedSystem");
  const reasons: string[] = [];
  for (const part of ["kernel", "initrd", "kernel-modules"]) {
    const booted = values.get(`booted.${part}`);
    const wanted = values.get(`wanted.${part}`);
    // A container has its host's kernel, and a foreign system was booted by no NixOS.
    if (bootedSystem === undefined || wanted === undefined || booted === wanted) continue;
    reasons.push(`${part}${change(booted, wanted)}`);
  }
  const running = inhibitors(values.get("runningInhibitors"));
  for (const [name, value] of inhibitors(values.get("wantedInhibitors"))) {
    const before = running.get(name);
    if (before !== undefined && before !== value)
      reasons.push(`switch inhibitor ${name} (${shorten(before)} → ${shorten(value)})`);
  }
  return { reasons, bootedSystem, bootId: values.get("bootId") ?? "" };
}

function change(booted: string | undefined, wanted: string): string {
  const [before, after] = [booted ?? "none", wanted].map(packageName);
  return before === after ? "" : ` (${before} → ${after})`;
}

/** `linux-6.12.8` of `/nix/store/…-linux-6.12.8/bzImage`. */
function packageName(path: string): string {
  return /^\/nix\/store\/[a-z0-9]{32}-([^/]+)/.exec(path)?.[1] ?? path;
}

function inhibitors(json: string | undefined): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(json ?? "{}")).map(([name, value]) => [name, String(value)]));
  } catch {
    // nixpkgs' own check takes what it cannot read for nothing, too.
    return new Map();
  }
}

function shorten(value: string): string {
  const name = packageName(value);
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
