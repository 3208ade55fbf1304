import type { HostSsh, MachineSpec } from "../target.js";

/**
 * root's account at port 22, opened by the stack's deployment key, on a host that has the machine's host key. One that has
 * another key at first, which its user data carried, says so beside: `temporaryHostKey`.
 */
export function rootSsh(machine: MachineSpec): HostSsh {
  const { publicKey, privateKey } = machine.hostKey();
  return {
    user: "root",
    port: 22,
    hostKey: publicKey,
    hostPrivateKey: privateKey,
    identity: machine.deployKey().privateKey,
  };
}
