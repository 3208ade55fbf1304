import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "./errors.js";
import type { Host, MachineSpec, Target } from "./target.js";

declare const require: (id: "@firn/nixos/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").existingHost.create(inputs),
  diff: (id, olds, news) => require("@firn/nixos/provider").existingHost.diff(id, olds, news),
};

/** A host that Firn did not make and will not remove. */
export interface ExistingHostArgs {
  /** IP address or DNS name where the deployer reaches it. */
  readonly address: pulumi.Input<string>;
  /** The only host key that is accepted: `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it. */
  readonly hostKey: pulumi.Input<string>;
  /** Account to log in to; default `root`. */
  readonly user?: pulumi.Input<string>;
  /** Default 22. */
  readonly port?: pulumi.Input<number>;
  /** IP address where the other machines of the network reach it; default `address`. */
  readonly privateAddress?: pulumi.Input<string>;
  /** OpenSSH private key to log in with (a secret); without it your ssh agent and configuration are used. */
  readonly identity?: pulumi.Input<string>;
  /** Hardware half of its NixOS configuration, for example its `hardware-configuration.nix`. */
  readonly modules?: readonly string[];
}

/**
 * A target of hosts that exist already, by machine name.
 *
 * @example existing({ web: { address: "web.example.org", hostKey: "ssh-ed25519 AAAA…", user: "admin" } })
 */
export function existing(hosts: Readonly<Record<string, ExistingHostArgs>>): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const args = Object.hasOwn(hosts, machine.name) ? hosts[machine.name] : undefined;
      if (!args)
        throw new FirnError(
          `existing() has no host for the machine "${machine.name}"; it knows ${Object.keys(hosts).join(", ") || "none"}.`,
        );
      const host = new ExistingHost(`${machine.network}-${machine.name}`, args, opts);
      return {
        id: host.id,
        address: host.address,
        privateAddress: host.privateAddress,
        ssh: {
          user: host.user,
          port: host.port,
          hostKey: host.hostKey,
          ...(args.identity === undefined ? {} : { identity: pulumi.secret(args.identity) }),
        },
        module: {},
        modules: args.modules ?? [],
      };
    },
  };
}

/** Stands for the host in the stack, so that what uses its address is ordered after what is deployed to it. */
class ExistingHost extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  declare readonly privateAddress: pulumi.Output<string>;
  declare readonly user: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;
  declare readonly hostKey: pulumi.Output<string>;

  constructor(name: string, args: ExistingHostArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      {
        address: args.address,
        privateAddress: args.privateAddress ?? args.address,
        user: args.user ?? "root",
        port: args.port ?? 22,
        hostKey: args.hostKey,
      },
      opts,
      "firn",
      "ExistingHost",
    );
  }
}
