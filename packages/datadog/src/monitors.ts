import type { Machine } from "@firn/nixos";
import { type Transform, transformed } from "@firn/nixos/cloud";
import type { Monitor, MonitorArgs } from "@pulumi/datadog/monitor.js";
import type * as pulumi from "@pulumi/pulumi";
import { hostName } from "./host-name.js";
import { sdk } from "./sdk.js";

/** Monitors of machines. */
export interface DatadogMonitorsArgs {
  /** What a notification says, with who gets it: `@pagerduty-shop`. */
  readonly message: pulumi.Input<string>;
  /** systemd units that must run, with their endings; those that `datadogAgent({ units })` reports. */
  readonly units?: readonly string[];
  /** Minutes without a word from a machine until that is a notification too; default 10. */
  readonly silenceMinutes?: number;
  /** Changes each monitor before it is made. */
  readonly transform?: Transform<MonitorArgs>;
}

/**
 * Monitors by `@pulumi/datadog`: for each machine, whether its agent reports, and for each of its units, whether that runs.
 * Whatever else Datadog has, dashboards for example, is made with that SDK beside them.
 *
 * @returns them, in the order of the machines: the agent's, then those of the units
 * @example datadogMonitors(shop.members("public"), { message: "@pagerduty-shop", units: ["nginx.service"] })
 */
export function datadogMonitors(
  machines: readonly Machine[],
  args: DatadogMonitorsArgs,
  opts: pulumi.CustomResourceOptions = {},
): Monitor[] {
  const { silenceMinutes = 10, units = [] } = args;
  return machines.flatMap((machine) => {
    const host = hostName(machine.machineName);
    const monitor = (suffix: string, name: string, check: string, scope: readonly string[]) => {
      const own: MonitorArgs = {
        name,
        message: args.message,
        // docs.datadoghq.com/monitors/types/service_check: one more than the largest threshold is looked at.
        type: "service check",
        query: `"${check}".over(${scope.map((tag) => `"${tag}"`).join(",")}).by("host").last(2).count_by_status()`,
        monitorThresholds: { ok: "1", critical: "1" },
        notifyNoData: true,
        noDataTimeframe: silenceMinutes,
        tags: scope as string[],
      };
      return new (sdk().Monitor)(
        ...transformed(args.transform, `${machine.resourceName}-${suffix}`, own, opts),
      );
    };
    return [
      monitor("agent", `${host}: the agent reports`, "datadog.agent.up", [`host:${host}`]),
      ...units.map((unit) =>
        monitor(unit, `${host}: ${unit} runs`, "systemd.unit.state", [`host:${host}`, `unit:${unit}`]),
      ),
    ];
  });
}
