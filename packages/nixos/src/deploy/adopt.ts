import { type Host, type HostFacts, hostFacts, runningSystem, UnreachableError } from "@firn/host";
import { devicesOf } from "../disks/target.js";
import { connectToLook } from "../hardware/connect-to-look.js";
import { refusals } from "../hardware/refusals.js";
import { manifestChanges } from "../manifest-changes.js";
import type { Status } from "../status.js";
import type { SystemInputs } from "../system.js";
import { disksInTheWay } from "./install-disk.js";

/** How Pulumi writes what it does not know yet, in what it gives to providers. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Looks at a host that Firn is about to take over, in a preview and without touching it: tells what would change against
 * what it runs now.
 *
 * @returns why it cannot be taken over; empty when nothing is in the way, and when nobody can tell yet
 */
export async function previewAdoption(inputs: SystemInputs, status: Status): Promise<string[]> {
  if (inputs.existing === undefined || isWayUnknown(inputs)) return [];
  let host: Host;
  try {
    host = await connectToLook(inputs);
  } catch (error) {
    // Whoever is off today may be on at the time of the deployment; another host key never gets right by itself.
    if (!(error instanceof UnreachableError)) return [(error as Error).message];
    status.warn(`what it runs now could not be asked: ${error.message}`);
    return [];
  }
  try {
    const facts = await hostFacts(host);
    const reasons = refusals(facts, wantedOf(inputs)).map((reason) => `${inputs.machine}: ${reason}.`);
    if (reasons.length === 0 && inputs.disks)
      reasons.push(...(await disksInTheWay(host, inputs.disks, inputs)));
    if (reasons.length === 0) await announce(host, facts, inputs, status);
    return reasons;
  } finally {
    await host.close();
  }
}

/**
 * The same question at the time of the first deployment.
 *
 * @throws an error that says what is in the way
 */
export async function checkAdoption(host: Host, inputs: SystemInputs): Promise<void> {
  if (inputs.existing === undefined) return;
  const reasons = refusals(await hostFacts(host), wantedOf(inputs));
  if (reasons.length > 0) throw new Error(reasons.map((reason) => `${host.name}: ${reason}.`).join("\n"));
}

async function announce(host: Host, facts: HostFacts, inputs: SystemInputs, status: Status): Promise<void> {
  if (inputs.existing?.manage === "services") {
    status.note(`it stays ${facts.os.name}, and gets services beside its own`);
    if (typeof inputs.manifest === "object")
      for (const line of manifestChanges(NOTHING, inputs.manifest)) status.note(line);
    return;
  }
  const running = await runningSystem(host);
  if (running === undefined) {
    const how = {
      "in-place": ", moved to /old-root, after a reboot",
      disk: `, on ${devicesOf(inputs.disks ?? []).join(" and ")}, which ${inputs.disks?.length === 1 ? "is" : "are"} partitioned and formatted, after a reboot`,
      none: "",
    }[inputs.install ?? "none"];
    status.warn(`it runs ${facts.os.name}, which is not NixOS: this system will run in place of it${how}`);
    return;
  }
  status.note(`it runs NixOS ${running.nixos} now, which Firn takes over as it is`);
  if (typeof inputs.manifest !== "object") return;
  if (running.toplevel === inputs.toplevel) {
    status.note("nothing changes: it runs this very system");
    return;
  }
  for (const line of manifestChanges(running, inputs.manifest)) status.note(line);
}

const NOTHING = { nixos: "", kernel: "", units: {}, etc: {}, packages: {} };

function wantedOf({ existing, install, privilege, privilegePassword }: SystemInputs) {
  return {
    system: existing?.system ?? "",
    privilege,
    hasPassword: privilegePassword !== undefined,
    installs: install !== undefined,
    services: existing?.manage === "services",
  };
}

function isWayUnknown({ address, port, user, hostKey, identity, via, viaIdentities }: SystemInputs): boolean {
  return JSON.stringify([address, port, user, hostKey, identity, via, viaIdentities]).includes(UNKNOWN);
}
