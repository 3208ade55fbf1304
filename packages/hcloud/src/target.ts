import type { Host, MachineSpec, Target } from "@firn/nixos";
import {
  cloudConfig,
  resourceName,
  rootSsh,
  takeOverModule,
  told,
  transformed,
  withoutStop,
} from "@firn/nixos/cloud";
import type { Server } from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { HcloudArgs } from "./args.js";
import { firewallOf } from "./firewall.js";
import { labelsOf } from "./labels.js";
import { hcloudModule } from "./module.js";
import { sdk } from "./sdk.js";
import { networkOf, PRIVATE_MTU, sshKeyOf, zoneOf } from "./shared.js";
import { volumesOf } from "./volumes.js";

/**
 * A target of servers on Hetzner Cloud. The token is Pulumi's: `pulumi config set --secret hcloud:token`.
 *
 * @example hcloud({ serverType: "cx23", location: "fsn1" })
 */
export function hcloud(args: HcloudArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const { server, privateNetwork } = serverOf(machine, args, opts);
      const serverId = told(server.id).apply(Number);
      const { transform = {}, floatingIp, rdns } = args;
      const name = `${machine.network}-${machine.name}`;
      const volumes = volumesOf(machine, args, serverId, opts);
      if (args.firewall === undefined) firewallOf(machine, serverId, transform, opts);
      if (floatingIp) {
        const assignment = { floatingIpId: told(floatingIp.id).apply(Number), serverId };
        new (sdk().FloatingIpAssignment)(
          ...transformed(transform.floatingIpAssignment, name, assignment, {
            ...opts,
            deleteBeforeReplace: true,
          }),
        );
      }
      if (rdns !== undefined) {
        const entry = { serverId, ipAddress: told(server.ipv4Address), dnsPtr: rdns };
        new (sdk().Rdns)(...transformed(transform.rdns, name, entry, opts));
      }

      const deployKey = machine.deployKey();
      const address = pulumi.all([server.ipv4Address, server.ipv6Address]).apply(([v4, v6]) => v4 || v6);
      return {
        id: server.id,
        address,
        privateAddress: pulumi
          .all([server.networks, address])
          .apply(([networks, own]) => networks?.[0]?.ip ?? own),
        privateNetwork,
        ...(args.network === false ? {} : { mtu: PRIVATE_MTU }),
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        install: "in-place",
        module: {
          imports: [
            takeOverModule(),
            hcloudModule({
              system: machine.system,
              deployPublicKey: deployKey.publicKey,
              ipv6Address: hasIpv6(args) ? server.ipv6Address : undefined,
              floatingIp: floatingIp?.ipAddress,
            }),
            ...volumes,
          ],
        },
      };
    },
  };
}

/** Makes the server itself, with what it needs to exist. */
function serverOf(
  machine: MachineSpec,
  args: HcloudArgs,
  opts: pulumi.CustomResourceOptions,
): { server: Server; privateNetwork: pulumi.Input<string> } {
  const { network, firewall, volumes, floatingIp, rdns, stop, transform = {}, ...raw } = args;
  const zone = zoneOf(args.location);
  const own = network === undefined && raw.networks === undefined;
  const made = own ? networkOf(machine, zone, transform) : undefined;
  const networkId = made ? made.network.id.apply(Number) : network || undefined;
  const given = <T>(
    input: pulumi.Input<pulumi.Input<T>[] | undefined> | undefined,
    first: readonly pulumi.Input<T>[],
  ) =>
    pulumi.output(input).apply((list) => [...first, ...((list ?? []) as pulumi.Input<T>[])]) as pulumi.Output<
      T[]
    >;

  const serverArgs = {
    image: "debian-13",
    // Hetzner takes both or neither.
    ...(raw.deleteProtection === undefined ? {} : { rebuildProtection: raw.deleteProtection }),
    // Without alias IPs given, each update would take the server out of its network and put it back
    // (terraform-provider-hcloud#650).
    ...(networkId === undefined ? {} : { networks: [{ networkId, aliasIps: [] }] }),
    ...raw,
    name: resourceName([machine.network, machine.stack, machine.name]),
    labels: pulumi.output(raw.labels).apply((labels) => ({ ...labelsOf(machine, "machine"), ...labels })),
    sshKeys: given(raw.sshKeys, [sshKeyOf(machine, transform).id]),
    ...(firewall ? { firewallIds: given(raw.firewallIds, [firewall]) } : {}),
    userData: cloudConfig(machine.temporaryHostKey()),
  };
  // They count for the first boot only: another version of Firn or another key must not replace a server.
  const ignoreChanges = ["sshKeys", "userData", ...(args.image === undefined ? ["image"] : [])];
  const dependsOn = made ? [made.subnet] : [];
  const server = new (sdk().Server)(
    ...transformed(transform.server, `${machine.network}-${machine.name}`, serverArgs, {
      ...opts,
      ...withoutStop(machine, ["serverType"], stop),
      ignoreChanges,
      dependsOn,
    }),
  );
  return {
    server,
    privateNetwork: made
      ? `hcloud/${machine.network}/${zone}`
      : pulumi.interpolate`hcloud/${networkId ?? server.id}`,
  };
}

/** Servers have IPv6 unless they are made without. */
function hasIpv6({ publicNets }: HcloudArgs): boolean {
  if (!Array.isArray(publicNets)) return true;
  return (publicNets as { ipv6Enabled?: unknown }[]).some(({ ipv6Enabled }) => ipv6Enabled !== false);
}
