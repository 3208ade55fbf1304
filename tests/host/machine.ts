import { execFileSync } from "node:child_process";
import type { SshTarget } from "@firn/host";
import { type LabContainer, startContainer } from "../lab/lab.js";

/** A machine with its way in over ssh, and a way in beside it. */
export interface TestMachine extends LabContainer {
  readonly target: SshTarget;
  /** Runs a shell script inside, past its network. */
  inside(script: string): Promise<string>;
}

/** Starts a machine; the caller removes it. */
export async function machine(name: string): Promise<TestMachine> {
  const started = await startContainer(name);
  const { address, hostKey, identity } = started;
  return {
    ...started,
    target: { name, address, hostKey, identity, user: "root" },
    inside: (script) => started.exec(["sh", "-c", script]),
  };
}

/** The address of this computer in a machine's network. */
export function gatewayOf(box: TestMachine): string {
  const route = execFileSync("ip", ["-json", "route", "get", box.address], { encoding: "utf8" });
  return JSON.parse(route)[0].prefsrc as string;
}
