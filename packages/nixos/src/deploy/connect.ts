import { connect, connectKeepingHostKey, type Host } from "@firn/host";
import type { Deployment } from "./deployment.js";
import { sshTarget } from "./ssh-target.js";

/** Connects to a machine, which afterwards has its lasting host key where Firn keeps that. */
export async function connectToDeploy(deployment: Deployment): Promise<Host> {
  const { inputs, status, waitMs, formerHostKey } = deployment;
  const { hostPrivateKey } = inputs;
  status.show("connecting");
  if (hostPrivateKey === undefined || formerHostKey === undefined || formerHostKey === inputs.hostKey)
    return connect(sshTarget(inputs), { waitMs });
  return connectKeepingHostKey(sshTarget(inputs), {
    waitMs,
    privateKey: hostPrivateKey,
    former: formerHostKey,
    onReplace: () => status.show("replacing its host key"),
  });
}
