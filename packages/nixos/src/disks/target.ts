import type { DiskPlan } from "@firn/host";
import type { NixModule } from "@firn/nix";
import type { Host, MachineSpec } from "../target.js";
import type { DiskLayout } from "./layout.js";
import { disksModule } from "./module.js";
import { planDisks } from "./plan.js";

/** What a target returns of disks that Firn partitions: two parts of its {@link Host}, and one for its module. */
export interface OnDisks extends Required<Pick<Host, "install" | "disks">> {
  /** File systems, swap and boot loader. */
  readonly module: NixModule;
}

/**
 * Plans the disks of a machine. All that is made there has identifiers that follow from the machine's names and the
 * layout: disks that an earlier run has formatted are recognised, and not formatted again.
 *
 * @param reinstall another number is another identity, and so formats anew
 * @throws FirnError that names the place in the layout
 */
export function onDisks(machine: MachineSpec, layout: DiskLayout, reinstall = 0): OnDisks {
  const identity = [
    machine.stack,
    machine.network,
    machine.name,
    ...(reinstall === 0 ? [] : [reinstall]),
  ].join("/");
  const planned = planDisks(layout, identity);
  return { install: "disk", disks: planned.plan, module: disksModule(planned) };
}

/** The disks of a plan, as the layout names them. */
export function devicesOf(plan: DiskPlan): string[] {
  return plan.flatMap((step) =>
    step.kind === "table" && !step.device.startsWith("/dev/md/") ? [step.device] : [],
  );
}
