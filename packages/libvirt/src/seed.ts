import type { MachineSpec } from "@firn/nixos";
import { cloudConfig } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import { isStatic } from "./domain/place.js";

/**
 * What cloud-init of the image finds at the machine's first boot (docs.cloud-init.io, "NoCloud"). It carries the
 * temporary host key, because whoever reads the pool reads it, for as long as the machine exists.
 */
export function seedFiles(
  machine: MachineSpec,
  mac: string,
  args: LibvirtArgs,
): pulumi.Output<Record<string, string>> {
  const userData = cloudConfig(machine.temporaryHostKey(), machine.deployKey().publicKey);
  return pulumi.secret(
    userData.apply(
      (text): Record<string, string> => ({
        "meta-data": json({
          "instance-id": [machine.network, machine.stack, machine.name].join("-"),
          "local-hostname": machine.name,
        }),
        "user-data": text,
        "network-config": json({ version: 2, ethernets: { primary: interfaceOf(mac, args) } }),
      }),
    ),
  );
}

function interfaceOf(mac: string, { address, gateway, nameservers = [] }: LibvirtArgs): object {
  const match = { macaddress: mac };
  if (!isStatic(address)) return { match, dhcp4: true };
  return {
    match,
    addresses: [address],
    ...(gateway === undefined ? {} : { routes: [{ to: "0.0.0.0/0", via: gateway }] }),
    ...(nameservers.length === 0 ? {} : { nameservers: { addresses: nameservers } }),
  };
}

/** JSON is YAML. */
function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
