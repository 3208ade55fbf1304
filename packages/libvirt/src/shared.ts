import { basename, extname } from "node:path";
import type { MachineSpec } from "@firn/nixos";
import { resourceName } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import { networkDefinition } from "./network/definition.js";
import { digest, type Owner } from "./owner.js";
import { hostOf } from "./place.js";
import { LibvirtNetwork, LibvirtVolume } from "./resources.js";

/** Whose the things are that a network's machines share. */
export function ownerOf(machine: MachineSpec): pulumi.Output<Owner> {
  return machine.deployKey().publicKey.apply((deployPublicKey) => ({
    project: pulumi.getProject(),
    stack: machine.stack,
    network: machine.network,
    deployPublicKey,
  }));
}

/** The network that Firn makes, with its name in libvirt: one per Firn network, host of libvirt's and kind. */
export function networkOf(
  machine: MachineSpec,
  uri: string,
  args: LibvirtArgs,
): { readonly resource: LibvirtNetwork; readonly name: string } {
  const { mode = "nat", subnet } = typeof args.network === "object" ? args.network : {};
  const parts = [...hostOf(uri), ...(mode === "nat" ? [] : [mode])];
  return machine.shared(["libvirt/network", ...parts, subnet ?? ""].join("/"), (opts) => {
    const name = resourceName([machine.network, machine.stack, ...parts]);
    const title = `${machine.network} of the stack ${machine.stack} (Firn)`;
    const definition = networkDefinition(name, title, mode);
    args.transform?.network?.(definition);
    const inputs = {
      uri,
      name,
      owner: ownerOf(machine),
      definition,
      ...(subnet === undefined ? {} : { subnet }),
    };
    return { name, resource: new LibvirtNetwork([machine.network, ...parts].join("-"), inputs, opts) };
  });
}

/** The image in a pool, from which disks are copied: one per Firn network, host and pool. */
export function imageOf(machine: MachineSpec, uri: string, pool: string, image: string): LibvirtVolume {
  return machine.shared(["libvirt/image", ...hostOf(uri), pool, image].join("/"), (opts) => {
    const file = `${basename(image, extname(image))}-${digest(pool, image).slice(0, 6)}`;
    const inputs = {
      uri,
      pool,
      name: resourceName([machine.network, machine.stack, file]),
      owner: ownerOf(machine),
      content: { kind: "image", file: image },
    };
    return new LibvirtVolume([machine.network, ...hostOf(uri), file].join("-"), inputs, opts);
  });
}
