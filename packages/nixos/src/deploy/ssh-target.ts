import type { JumpHost, SshTarget } from "@firn/host";
import type { SystemInputs } from "../system.js";

/** How the deployer reaches the machine of a System. */
export function sshTarget(inputs: SystemInputs): SshTarget {
  const { privilege, privilegePassword } = inputs;
  return {
    name: inputs.machine,
    address: inputs.address,
    hostKey: inputs.hostKey,
    ...given("port", inputs.port),
    ...given("user", inputs.user),
    ...given("identity", inputs.identity),
    ...given("certificate", inputs.certificate),
    ...given("privilege", privilege && { method: privilege, ...given("password", privilegePassword) }),
    ...given("via", jumpHost(inputs, 0)),
  };
}

function jumpHost({ via = [], viaIdentities = [] }: SystemInputs, index: number): JumpHost | undefined {
  const hop = via[index];
  if (!hop) return undefined;
  return {
    ...hop,
    ...given("identity", viaIdentities[index] || undefined),
    ...given("via", jumpHost({ via, viaIdentities } as SystemInputs, index + 1)),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
