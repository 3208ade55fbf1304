import { hostname, userInfo } from "node:os";
import {
  type ActivationResult,
  activate,
  connect,
  DamagedSystemError,
  type Host,
  repairClosure,
  runHealthChecks,
} from "@firn/host";
import { Gate, LIMITS } from "../limits.js";
import type { Status } from "../status.js";
import type { Reached } from "../system-outputs.js";
import type { Deployment } from "./deployment.js";
import { placeMachineKeys } from "./keys.js";
import { sshTarget } from "./ssh-target.js";

const activations = new Gate(LIMITS.activations);

/**
 * Activates the system that was copied, and confirms it over a fresh connection once its health checks hold. Where its
 * files are not on the machine as they were sent, they are put back first.
 */
export async function activateSystem(
  deployment: Deployment,
  host: Host,
): Promise<Reached & { readonly connected: boolean }> {
  try {
    return await activateOnce(deployment, host);
  } catch (error) {
    if (!(error instanceof DamagedSystemError)) throw error;
    await putBack(deployment, host, error);
    return activateOnce(deployment, host);
  }
}

async function putBack(
  { inputs, status }: Deployment,
  host: Host,
  damage: DamagedSystemError,
): Promise<void> {
  status.show("verifying its store");
  const { repaired } = await repairClosure(host, [inputs.toplevel]).catch((error: Error) => {
    throw new Error(`${damage.message}\n  It could not be put back: ${error.message}`, { cause: damage });
  });
  if (repaired.length === 0) throw damage;
  status.warn(
    `files of ${repaired.length} store paths were damaged there, as by a power cut or a failing disk, and were put back: ${repaired.join(", ")}`,
  );
}

async function activateOnce(
  { inputs, status, keys }: Deployment,
  host: Host,
): Promise<Reached & { readonly connected: boolean }> {
  const { goal, healthChecks = [], timeouts = {} } = inputs;
  const onProgress = (message: string) => status.show(message);
  const result = await activations.run(() =>
    activate(host, {
      toplevel: inputs.toplevel,
      goal,
      owner: `${userInfo().username}@${hostname()}`,
      reconnect: () => connect(sshTarget(inputs)),
      // A boot clears the keys that lie in memory, and units wait for them.
      afterBoot: async (fresh) => void (keys && (await placeMachineKeys({ status }, fresh, keys))),
      beforeConfirm: (fresh) => runHealthChecks(fresh, healthChecks, onProgress),
      confirmTimeoutS: timeouts.confirmation,
      activationTimeoutS: timeouts.activation,
      rebootTimeoutS: timeouts.reboot,
      failedUnits: inputs.failedUnits,
      reboot: inputs.reboot,
      keepGenerations: inputs.keepGenerations,
      onProgress,
      onNote: (message) => status.note(message),
    }),
  );
  tell(result, status);
  const { running, bootDefault, rebootPending, connected } = result;
  if (result.status === "shown") return { goal, connected };
  return { goal, activated: { running, bootDefault, rebootPending }, connected };
}

function tell(
  { status: reached, failedUnits, output, rebootPending }: ActivationResult,
  status: Status,
): void {
  if (reached === "shown") for (const line of output) status.note(line);
  if (failedUnits.length > 0) status.warn(`failed units: ${failedUnits.join(", ")}${told(output)}`);
  if (rebootPending.length > 0) status.warn(rebootIsPending(rebootPending));
  status.show(
    { unchanged: "runs this system already", activated: "activated", shown: "shown", skipped: "" }[reached],
  );
}

/** What a user is told for as long as a system waits for a boot. */
export function rebootIsPending(reasons: readonly string[]): string {
  return `a reboot is pending: ${reasons.join(", ")}. The new system starts with the next boot; reboot: "when-needed" lets \`pulumi up\` do that.`;
}

/** The last lines of failed units, which the machine's half writes under their names. */
function told(output: readonly string[]): string {
  const start = output.findIndex((line) => line.startsWith("the last lines of "));
  if (start < 0) return "";
  const end = output.findIndex((line, index) => index > start && !/^( {4}|the last lines of )/.test(line));
  return `\n${output.slice(start, end < 0 ? undefined : end).join("\n")}`;
}
