import { readFileSync } from "node:fs";

/** Parts of the activation protocol's half on the machine, in the order in which they become one script. */
const ACTIVATION = [
  "common",
  "deployer",
  "fit",
  "units",
  "switch",
  "generations",
  "boot-loader",
  "reboot",
  "main",
] as const;

/** Text of a shell script of this package; scripts take their arguments by position and are never put together. */
export function readScript(
  name:
    | "boot-parts.sh"
    | "caches.sh"
    | "disks.sh"
    | "doas.sh"
    | "facts.sh"
    | "gc-root.sh"
    | "host-key.sh"
    | "install-nix.sh"
    | "install-on-disk.sh"
    | "keys.sh"
    | "receive.sh"
    | "relay.sh"
    | "repair.sh"
    | "root.sh"
    | "running.sh"
    | "share.sh"
    | "state.sh"
    | "take-over.sh"
    | "verify.sh",
): string {
  return readText(name);
}

/** The machine's half of the activation protocol. */
export function activationScript(): string {
  return ACTIVATION.map((part) => readText(`activation/${part}.sh`)).join("");
}

function readText(path: string): string {
  return readFileSync(new URL(`../scripts/${path}`, import.meta.url), "utf8");
}

/** The values of lines `firn:key=value` in a script's output; other lines do not count. */
export function readValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^firn:([A-Za-z.-]+)=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], match[2] ?? "");
  }
  return values;
}
