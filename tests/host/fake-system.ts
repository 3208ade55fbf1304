import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a fake NixOS system does, as shell text, when it is asked to `test` or to `boot`. */
export interface Behaviour {
  readonly test?: string;
  readonly boot?: string;
}

/**
 * Puts a store path into this computer's store that looks like a NixOS system to an activation, and misbehaves as told.
 * It writes every call to /var/log/activations.
 */
export function fakeSystem(name: string, behaviour: Behaviour = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "firn-fake-"));
  try {
    const system = join(directory, `nixos-system-${name}`);
    mkdirSync(join(system, "bin"), { recursive: true });
    const script = join(system, "bin", "switch-to-configuration");
    writeFileSync(
      script,
      `#!/bin/sh
top=$(dirname "$(dirname "$(readlink -f "$0")")")
echo "$1 ${name}" >>/var/log/activations
echo "$1 of ${name}"
case $1 in
test) ln -sfn "$top" /run/current-system
${behaviour.test ?? ":"} ;;
boot) echo "$top" >/boot/default
${behaviour.boot ?? ":"} ;;
esac
`,
    );
    chmodSync(script, 0o755);
    return execFileSync("nix-store", ["--add", system], { encoding: "utf8" }).trim();
  } finally {
    rmSync(directory, { recursive: true });
  }
}
