import { connect, type Host, HostKeyMismatchError } from "@firn/host";
import type { ConnectionInputs } from "../connection.js";
import { sshTarget } from "../deploy/ssh-target.js";

/** Connects to a host that is only looked at: it may still have the host key from before its first deployment. */
export async function connectToLook(inputs: ConnectionInputs & { readonly machine: string }): Promise<Host> {
  const target = sshTarget(inputs);
  const { temporaryHostKey } = inputs;
  try {
    return await connect(target);
  } catch (error) {
    if (temporaryHostKey === undefined || !(error instanceof HostKeyMismatchError)) throw error;
    return connect({ ...target, hostKey: temporaryHostKey });
  }
}
