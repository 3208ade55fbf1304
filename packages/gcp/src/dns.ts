import type { MachineSpec } from "@firn/nixos";
import { transformed } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { GcpArgs } from "./args.js";
import { dnsSdk } from "./sdk.js";
import { projectOf } from "./shared.js";

/** Leads a name in a zone of Cloud DNS to a machine. */
export function recordsOf(
  machine: MachineSpec,
  args: GcpArgs,
  addresses: { readonly A: pulumi.Output<string>; readonly AAAA: pulumi.Output<string> | undefined },
  opts: pulumi.CustomResourceOptions,
): void {
  if (args.dns === undefined) return;
  const { managedZone, name, ttl = 300 } = args.dns;
  const absolute = pulumi.output(name).apply((text) => (text.endsWith(".") ? text : `${text}.`));
  for (const [type, address] of Object.entries(addresses)) {
    if (address === undefined) continue;
    const record = { ...projectOf(args), managedZone, name: absolute, type, ttl, rrdatas: [address] };
    const resource = `${machine.network}-${machine.name}-${type.toLowerCase()}`;
    new (dnsSdk().RecordSet)(...transformed(args.transform?.recordSet, resource, record, opts));
  }
}
