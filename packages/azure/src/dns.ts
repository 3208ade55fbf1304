import type { MachineSpec } from "@firn/nixos";
import { transformed } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { sdk } from "./sdk.js";

/** Leads a name in a zone of Azure DNS to a machine. */
export function recordsOf(
  machine: MachineSpec,
  args: AzureArgs,
  addresses: { readonly A: pulumi.Output<string>; readonly AAAA: pulumi.Output<string> | undefined },
  opts: pulumi.CustomResourceOptions,
): void {
  if (args.dns === undefined) return;
  const { zoneName, resourceGroupName, name, ttl = 300 } = args.dns;
  const relativeRecordSetName = pulumi.all([name, zoneName]).apply(([full, zone]) => relative(full, zone));
  const common = { resourceGroupName, zoneName, relativeRecordSetName, ttl };
  const RecordSet = sdk("RecordSet");
  const resource = `${machine.network}-${machine.name}`;
  const { recordSet } = args.transform ?? {};
  const v4 = { ...common, recordType: "A", aRecords: [{ ipv4Address: addresses.A }] };
  new RecordSet(...transformed(recordSet, `${resource}-a`, v4, opts));
  if (addresses.AAAA === undefined) return;
  const v6 = { ...common, recordType: "AAAA", aaaaRecords: [{ ipv6Address: addresses.AAAA }] };
  new RecordSet(...transformed(recordSet, `${resource}-aaaa`, v6, opts));
}

/** `web` of `web.example.org` in `example.org`; the zone's own name is `@`. */
export function relative(name: string, zone: string): string {
  const [own, outer] = [name, zone].map((each) => each.replace(/\.$/, "")) as [string, string];
  if (own === outer) return "@";
  return own.endsWith(`.${outer}`) ? own.slice(0, -outer.length - 1) : own;
}
