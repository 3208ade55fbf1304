import type { JumpHost, SshTarget } from "@firn/host";
import type { ConnectionInputs } from "../connection.js";

/** How the deployer reaches a machine. */
export function sshTarget(inputs: ConnectionInputs & { readonly machine: string }): SshTarget {
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

function jumpHost(
  { via = [], viaIdentities = [] }: Pick<ConnectionInputs, "via" | "viaIdentities">,
  index: number,
): JumpHost | undefined {
  const hop = via[index];
  if (!hop) return undefined;
  return {
    ...hop,
    ...given("identity", viaIdentities[index] || undefined),
    ...given("via", jumpHost({ via, viaIdentities }, index + 1)),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
