import {
  faultOfCheck,
  faultOfPolicy,
  GOALS,
  type Goal,
  type HealthCheck,
  isGoal,
  type RebootPolicy,
} from "@firn/host";
import * as pulumi from "@pulumi/pulumi";
import type { BuildOn, DeploymentArgs } from "./deployment-args.js";
import { FirnError } from "./errors.js";
import type { SystemInputs } from "./system.js";

type DeploymentInputs = Pick<
  SystemInputs,
  "goal" | "buildOn" | "healthChecks" | "failedUnits" | "reboot" | "keepGenerations" | "timeouts"
>;

type InputsOf<T> = { [K in keyof T]: pulumi.Input<T[K]> };

/** What a deployment with a goal other than `switch` leaves, for people. */
const LEAVES: Record<Exclude<Goal, "switch">, string> = {
  build: "systems are built; nothing else is done",
  copy: "systems are copied to the machine, and not activated",
  "dry-activate": "systems are copied to the machine, which shows what activating them would do",
  test: "systems are activated, and a reboot starts the boot default of before",
  boot: "systems become the boot default, and start with the next boot",
};

const BUILD_ON: readonly BuildOn[] = ["local", "target"];
const REBOOT: readonly RebootPolicy[] = ["never", "when-needed", "always"];

/**
 * How one machine is deployed: what it says itself, then its network; `firn:goal` wins over both.
 *
 * @param where names the machine and its line of the program, for messages
 * @throws a `RunError` for what is no goal, check, policy or limit
 */
export function deploymentInputs(
  machine: DeploymentArgs,
  network: DeploymentArgs,
  where: string,
): InputsOf<DeploymentInputs> & { readonly goal: Goal } {
  const args: DeploymentArgs = { ...given(network), ...given(machine) };
  const { buildOn, failedUnits, healthChecks, keepGenerations, reboot, timeouts } = args;
  const fail = (what: string, why: string): never => {
    throw new FirnError(`${where}: ${what}: ${why}.`);
  };
  if (buildOn !== undefined && !BUILD_ON.includes(buildOn))
    fail("buildOn", `${JSON.stringify(buildOn)} is none of ${BUILD_ON.join(", ")}`);
  const fault = failedUnits === undefined ? undefined : faultOfPolicy(failedUnits);
  if (fault) fail("failedUnits", fault);
  if (reboot !== undefined && !REBOOT.includes(reboot))
    fail("reboot", `${JSON.stringify(reboot)} is none of ${REBOOT.join(", ")}`);
  if (keepGenerations !== undefined && !(Number.isInteger(keepGenerations) && keepGenerations >= 1))
    fail("keepGenerations", `${keepGenerations} is no whole number of at least 1`);
  for (const [name, seconds] of Object.entries(timeouts ?? {}))
    if (!(Number.isInteger(seconds) && seconds >= 1))
      fail(`timeouts.${name}`, `${seconds} is no whole number of seconds`);
  return {
    goal: goalOf(args.goal, where),
    ...given({
      buildOn,
      healthChecks: healthChecks && checkedWhenKnown(healthChecks, where),
      failedUnits: failedUnits as pulumi.Input<DeploymentInputs["failedUnits"]>,
      reboot,
      keepGenerations,
      timeouts,
    }),
  };
}

/** Says how far deployments of a machine or of a network go, in previews too. */
export function announceGoal(goal: Goal, resource: pulumi.Resource): void {
  if (goal !== "switch") void pulumi.log.info(`goal ${goal}: ${LEAVES[goal]}`, resource);
}

/** The machine's and the network's goal; the stack's configuration wins. */
export function goalOf(declared: Goal | undefined, where: string): Goal {
  const configured = new pulumi.Config("firn").get("goal");
  if (configured !== undefined && !isGoal(configured))
    throw new FirnError(
      `The stack's configuration firn:goal is ${JSON.stringify(configured)}, which is none of ${GOALS.join(", ")}.`,
    );
  const goal = configured ?? declared ?? "switch";
  if (!isGoal(goal))
    throw new FirnError(`${where}: goal: ${JSON.stringify(goal)} is none of ${GOALS.join(", ")}.`);
  return goal;
}

/** Checks are told wrong as soon as their outputs are known: mostly at once, in the preview. */
function checkedWhenKnown(
  checks: NonNullable<DeploymentArgs["healthChecks"]>,
  where: string,
): pulumi.Output<HealthCheck[]> {
  const known = pulumi.output(checks) as unknown as pulumi.Output<HealthCheck[]>;
  return known.apply((all) => {
    for (const [index, check] of all.entries()) {
      const fault = faultOfCheck(check);
      if (fault) throw new FirnError(`${where}: healthChecks[${index}]: ${fault}.`);
    }
    return all;
  });
}

function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
