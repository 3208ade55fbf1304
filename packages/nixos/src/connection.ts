import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "./machine.js";
import type { JumpHostInputs, SystemInputs } from "./system.js";
import type { Host, HostSsh, JumpHostArgs } from "./target.js";

/** What is kept of the way to a machine. */
export type ConnectionInputs = Pick<
  SystemInputs,
  | "address"
  | "port"
  | "user"
  | "hostKey"
  | "hostPrivateKey"
  | "temporaryHostKey"
  | "identity"
  | "certificate"
  | "privilege"
  | "privilegePassword"
  | "via"
  | "viaIdentities"
>;

/** What a System is told about the way to its machine; what is not given is left out, secrets are marked. */
export function connectionInputs(
  host: Pick<Host, "address">,
  ssh: HostSsh,
): { [K in keyof ConnectionInputs]: pulumi.Input<ConnectionInputs[K]> } {
  const hops = jumpHosts(ssh.via);
  const { password } = ssh.privilege ?? {};
  return {
    address: host.address,
    hostKey: ssh.hostKey,
    ...given("port", ssh.port),
    ...given("user", ssh.user),
    ...given("hostPrivateKey", ssh.hostPrivateKey && pulumi.secret(ssh.hostPrivateKey)),
    ...given("temporaryHostKey", ssh.temporaryHostKey),
    ...given("identity", ssh.identity && pulumi.secret(ssh.identity)),
    ...given("certificate", ssh.certificate),
    ...given("privilege", ssh.privilege?.method),
    ...given("privilegePassword", password && pulumi.secret(password)),
    ...(hops.length === 0
      ? {}
      : {
          via: hops.map(jumpHostInputs) as pulumi.Input<JumpHostInputs[]>,
          viaIdentities: pulumi.all(hops.map((hop) => pulumi.secret(hop.identity ?? ""))),
        }),
  };
}

/** A machine as the jump host of another one. */
export function jumpHost(via: Machine | JumpHostArgs): JumpHostArgs {
  if (!pulumi.Resource.isInstance(via)) return via;
  const { user, port, hostKey, identity, certificate, via: before } = via.ssh;
  return {
    name: via.machineName,
    address: via.address,
    hostKey,
    ...given("user", user),
    ...given("port", port),
    ...given("identity", identity),
    ...given("certificate", certificate),
    ...given("via", before),
  };
}

/** A jump host, the jump host before it, and so on. */
export function jumpHosts(via: JumpHostArgs | undefined): JumpHostArgs[] {
  return via === undefined ? [] : [via, ...jumpHosts(via.via)];
}

function jumpHostInputs(hop: JumpHostArgs): { [K in keyof JumpHostInputs]: pulumi.Input<JumpHostInputs[K]> } {
  return {
    address: hop.address,
    hostKey: hop.hostKey,
    ...given("name", hop.name),
    ...given("port", hop.port),
    ...given("user", hop.user),
    ...given("certificate", hop.certificate),
  };
}

function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
