import { execFileSync } from "node:child_process";
import type { LabContainer } from "./lab.js";

/** A network of IP version 6 between this computer and machines on it, beside the one that they have. */
export interface Lan {
  /** The bridge's name on this computer, which link-local addresses are for. */
  readonly bridge: string;
  /** Begins every address of it: `fdf1:112:134:156`. */
  readonly prefix: string;
  /** Gives a machine a global address, and `fe80::number`; returns the global one. */
  add(machine: LabContainer, number: number): Promise<string>;
  /** Takes this computer out of it. */
  remove(): void;
}

/** Makes this computer `::1` of a network on a machine's bridge. */
export async function lanOf(machine: LabContainer): Promise<Lan> {
  const route = execFileSync("ip", ["-json", "route", "get", machine.address], { encoding: "utf8" });
  const bridge = JSON.parse(route)[0].dev as string;
  // A unique local prefix that holds the bridge's own tag.
  // Its groups begin with no zero, which nobody would write.
  const prefix = `fdf1:1${bridge.slice(-6, -4)}:1${bridge.slice(-4, -2)}:1${bridge.slice(-2)}`;
  const own = [`${prefix}::1/64`, "fe80::1/64"];
  const ip = (verb: "replace" | "delete", address: string, ...more: string[]) =>
    execFileSync("ip", ["-6", "address", verb, address, "dev", bridge, ...more]);
  for (const address of own) ip("replace", address, "nodad");
  return {
    bridge,
    prefix,
    async add(to, number) {
      const address = `${prefix}::${number}`;
      for (const each of [address, `fe80::${number}`])
        await to.exec(["ip", "-6", "address", "add", `${each}/64`, "dev", "eth0", "nodad"]);
      return address;
    },
    remove: () => {
      for (const address of own) ip("delete", address);
    },
  };
}
