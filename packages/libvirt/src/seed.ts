import type { MachineSpec } from "@firn/nixos";
import type { Seed } from "@firn/qemu/guest";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import { isStatic } from "./domain/place.js";

/**
 * What cloud-init of the image finds at the machine's first boot. It carries the temporary host key, because whoever
 * reads the pool reads it, for as long as the machine exists.
 */
export function seedOf(machine: MachineSpec, mac: string, args: LibvirtArgs): pulumi.Output<Seed> {
  const { publicKey, privateKey } = machine.temporaryHostKey();
  const networkConfig = networkConfigOf(mac, args);
  return pulumi.secret(
    pulumi.all([publicKey, privateKey, machine.deployKey().publicKey]).apply(
      ([hostPublicKey, hostPrivateKey, deployPublicKey]): Seed => ({
        id: [machine.network, machine.stack, machine.name].join("-"),
        hostname: machine.name,
        hostPublicKey,
        hostPrivateKey,
        deployPublicKey,
        ...(networkConfig === undefined ? {} : { networkConfig }),
      }),
    ),
  );
}

/** An address that the machine gives itself (docs.cloud-init.io, "Networking config Version 2"). */
function networkConfigOf(
  mac: string,
  { address, gateway, nameservers = [] }: LibvirtArgs,
): object | undefined {
  if (!isStatic(address)) return undefined;
  const primary = {
    match: { macaddress: mac },
    addresses: [address],
    ...(gateway === undefined ? {} : { routes: [{ to: "0.0.0.0/0", via: gateway }] }),
    ...(nameservers.length === 0 ? {} : { nameservers: { addresses: nameservers } }),
  };
  return { version: 2, ethernets: { primary } };
}
