import type { MachineSpec } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
import { sdk } from "./sdk.js";
import { asking } from "./shared.js";

/** The AWS account of the NixOS project (nixos.org/download, "Amazon EC2"; nixos.github.io/amis). */
const OWNER = "427812963091";

/**
 * The newest image of the NixOS project: of the machine's own release, so that its first deployment changes no more
 * than it must, or of any where there is none, as of a release that is not out yet. Images are named
 * `nixos/26.05.1234.0123abcd-x86_64-linux`, and deleted some months after a newer one came.
 *
 * @returns its id
 * @throws (as the output's error) where the region has none
 */
export function imageOf(
  machine: MachineSpec,
  region: string | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const newest = (names: pulumi.Input<string>) =>
    sdk().ec2.getAmiIdsOutput(
      {
        owners: [OWNER],
        filters: [
          { name: "name", values: [names] },
          { name: "architecture", values: [architectureOf(machine.system)] },
        ],
        ...(region === undefined ? {} : { region }),
      },
      asking(opts),
    ).ids;
  const release = machine.option<string>("system.nixos.release");
  return newest(pulumi.interpolate`nixos/${release}*`).apply((own) =>
    own[0] === undefined
      ? newest("nixos/*").apply((any) => any[0] ?? fail(machine, region))
      : pulumi.output(own[0]),
  );
}

/** AWS' word for what Nix calls `x86_64-linux` or `aarch64-linux`. */
export function architectureOf(system: string): string {
  return system.startsWith("aarch64") ? "arm64" : "x86_64";
}

function fail(machine: MachineSpec, region: string | undefined): never {
  throw new pulumi.RunError(
    `Machine "${machine.name}": account ${OWNER} has no NixOS image for ${machine.system} in ${region ?? "the provider's region"}. ` +
      'Give ec2() the id of an image of yours: ami: "ami-…".',
  );
}
