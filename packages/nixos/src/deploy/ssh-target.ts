import type { SshTarget } from "@firn/host";
import type { SystemInputs } from "../system.js";

/** How the deployer reaches the machine of a System. */
export function sshTarget(inputs: SystemInputs): SshTarget {
  return {
    name: inputs.machine,
    address: inputs.address,
    port: inputs.port,
    user: inputs.user,
    hostKey: inputs.hostKey,
    ...(inputs.identity === undefined ? {} : { identity: inputs.identity }),
  };
}
