import { hostname, userInfo } from "node:os";
import { activate, connect, type Host } from "@firn/host";
import { Gate, LIMITS } from "../limits.js";
import type { Deployment } from "./deployment.js";
import { sshTarget } from "./ssh-target.js";

const activations = new Gate(LIMITS.activations);

/** Activates the system that was copied, and confirms it over a fresh connection. */
export async function activateSystem({ inputs, status }: Deployment, host: Host): Promise<void> {
  const result = await activations.run(() =>
    activate(host, {
      toplevel: inputs.toplevel,
      goal: "switch",
      owner: `${userInfo().username}@${hostname()}`,
      reconnect: () => connect(sshTarget(inputs)),
      onProgress: (message) => status.show(message),
    }),
  );
  status.show(result.status === "unchanged" ? "runs this system already" : "activated");
}
