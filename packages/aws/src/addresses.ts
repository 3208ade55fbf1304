import type { MachineSpec } from "@firn/nixos";
import { told, transformed } from "@firn/nixos/cloud";
import type { Instance } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ec2Args } from "./args.js";
import { sdk } from "./sdk.js";
import { regionOf } from "./shared.js";

/** Where an instance is reached from outside of its VPC; empty where it is not. */
interface Addresses {
  readonly ipv4: pulumi.Output<string>;
  readonly ipv6: pulumi.Output<string>;
}

/** Whether the instance is asked to have an IPv6 address. */
export function wantsIpv6({ ipv6, subnet }: Ec2Args): boolean {
  return ipv6 ?? subnet === undefined;
}

/** Whether the instance is asked to have a public IPv4 address, or its subnet decides. */
export function wantsIpv4({ associatePublicIpAddress, elasticIp }: Ec2Args): boolean {
  return elasticIp !== undefined || associatePublicIpAddress !== false;
}

/** Leads the Elastic IP address and the names to an instance. */
export function addressesOf(
  machine: MachineSpec,
  args: Ec2Args,
  instance: Instance,
  opts: pulumi.CustomResourceOptions,
): Addresses {
  const { ec2, route53 } = sdk();
  const { transform = {}, elasticIp, rdns, dns } = args;
  const name = `${machine.network}-${machine.name}`;
  let ipv4 = instance.publicIp;
  const ipv6 = instance.ipv6Addresses.apply((all) => all?.[0] ?? "");
  if (elasticIp) {
    const association = { allocationId: elasticIp.id, instanceId: told(instance.id), ...regionOf(args) };
    const made = new ec2.EipAssociation(...transformed(transform.eipAssociation, name, association, opts));
    ipv4 = made.publicIp;
  }
  const records = [
    ...(dns && wantsIpv4(args) ? [{ type: "A", suffix: "", address: ipv4 }] : []),
    ...(dns && wantsIpv6(args) ? [{ type: "AAAA", suffix: "-ipv6", address: ipv6 }] : []),
  ].map(({ type, suffix, address }) => {
    const { zoneId, name: domain, ttl = 300 } = dns as NonNullable<typeof dns>;
    const record = { zoneId, name: domain, type, ttl, records: [told(address)] };
    return new route53.Record(...transformed(transform.record, `${name}${suffix}`, record, opts));
  });
  if (rdns !== undefined) {
    if (!elasticIp)
      throw new pulumi.RunError(
        `Machine "${machine.name}": only an Elastic IP address leads back to a name (rdns). Give the machine one (elasticIp).`,
      );
    const domain = { allocationId: elasticIp.id, domainName: rdns, ...regionOf(args) };
    new ec2.EipDomainName(
      ...transformed(transform.eipDomainName, name, domain, { ...opts, dependsOn: records }),
    );
  }
  return { ipv4, ipv6 };
}
