import { Virsh } from "../virsh/virsh.js";
import { lastLinesOf } from "./console.js";
import type { DomainInputs } from "./inputs.js";

/** What the System of a machine asks where the machine does not answer. */
export interface ConsoleArgs extends Pick<DomainInputs, "name" | "owner" | "pool" | "uri"> {}

/** The last lines of a machine's serial console, oldest first. */
export async function lastOfConsole({ uri, ...machine }: ConsoleArgs): Promise<string[]> {
  return lastLinesOf(new Virsh(uri), machine);
}
