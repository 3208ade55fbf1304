import type { NixModule } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { takeOverModule } from "./cloud/take-over.js";
import { jumpHost } from "./connection.js";
import type { DiskLayout } from "./disks/layout.js";
import { onDisks } from "./disks/target.js";
import { FirnError } from "./errors.js";
import { detectedHardware } from "./hardware/detect.js";
import type { Machine } from "./machine.js";
import { servicesModule } from "./services-module.js";
import type { Host, HostSsh, JumpHostArgs, KeyPair, MachineSpec, Target } from "./target.js";

declare const require: (id: "@firn/nixos/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").existingHost.create(inputs),
  diff: (id, olds, news) => require("@firn/nixos/provider").existingHost.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/nixos/provider").existingHost.update(id, olds, news),
};

/** A host that Firn did not make and will not remove. */
export interface ExistingHostArgs
  extends Omit<HostSsh, "hostPrivateKey" | "temporaryHostKey" | "via">,
    Pick<Host, "privateNetwork" | "behindNat" | "mtu"> {
  /**
   * IP address or DNS name where the deployer reaches it; without an `identity`, also a host of your ssh configuration.
   * It may change between runs: the host is who it is by its key.
   */
  readonly address: pulumi.Input<string>;
  /** IP address where the other machines of the network reach it; default `address`. */
  readonly privateAddress?: pulumi.Input<string>;
  /** The host through which it is reached: a machine, which is then deployed first, or an address. */
  readonly via?: Machine | JumpHostArgs;
  /** Hardware half of its NixOS configuration, for example its `hardware-configuration.nix`. */
  readonly modules?: readonly string[];
  /**
   * `detect` asks the host, once, and generates that half as nixos-generate-config would: file systems, boot loader,
   * kernel modules, addresses. Default: `modules` and the machine's own configuration say it.
   */
  readonly hardware?: "detect";
  /**
   * `services` leaves the host what it is, Debian for example: of its configuration only what it adds to a bare NixOS is
   * deployed, which are systemd units, files in `/etc` and packages, with the same confirmation and way back as a system.
   * No file of the distribution's is replaced. It needs Nix there. Default: the host runs the whole system.
   */
  readonly manage?: "services";
  /**
   * `in-place` turns a host that runs another distribution into NixOS, over ssh: Nix and the system are sent, the boot
   * loader is installed, and at its next boot that distribution moves to `/old-root`, where all of its files stay. The
   * disk's layout stays as it is. A host that runs NixOS is taken over as it is.
   */
  readonly install?: "in-place" | "disk";
  /**
   * For `install: "disk"`, which is for a host that runs a rescue system (of a hosting company, or a live system without
   * Nix): what its disks shall be, in the shape of `disko.devices`. They are partitioned and formatted, and NixOS is
   * installed there. The stack's configuration has to confirm it (`firn:eraseDisks`), with the serial number of each disk
   * that carries data. A host that runs from these disks is deployed to as ever, whatever the layout says by then.
   */
  readonly disks?: DiskLayout;
}

/**
 * A target of hosts that exist already, by machine name. `ssh-keyscan -t ed25519 HOST` prints a host's key; compare it
 * with the one on the host's console.
 *
 * @example existing({ web: { address: "web.example.org", hostKey: "ssh-ed25519 AAAA…", user: "admin" } })
 * @example existing({ db: { address: "10.0.0.7", hostKey: "ssh-ed25519 AAAA…", via: bastion } })
 */
export function existing(hosts: Readonly<Record<string, ExistingHostArgs>>): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const args = Object.hasOwn(hosts, machine.name) ? hosts[machine.name] : undefined;
      if (!args)
        throw new FirnError(
          `existing() has no host for the machine "${machine.name}"; it knows ${Object.keys(hosts).join(", ") || "none"}.`,
        );
      const {
        address: _,
        privateAddress: __,
        modules = [],
        disks,
        hardware,
        install,
        manage,
        via,
        ...others
      } = args;
      const { privateNetwork, behindNat, mtu, ...ssh } = others;
      if ((install === "disk") !== (disks !== undefined))
        throw new FirnError(
          `existing(): ${machine.name} has ${disks ? 'disks, and not install: "disk"' : 'install: "disk", and no disks'}: one goes with the other.`,
        );
      const onIts = disks === undefined ? undefined : onDisks(machine, disks);
      const host = new ExistingHost(`${machine.network}-${machine.name}`, args, opts);
      const way: HostSsh = {
        ...ssh,
        ...(machine.hostKeyRotation === 0 ? { hostKey: host.hostKey } : ownKey(machine.hostKey(), host)),
        ...(via === undefined ? {} : { via: jumpHost(via) }),
      };
      return {
        id: host.id,
        address: host.address,
        privateAddress: host.privateAddress,
        ...place({ privateNetwork, behindNat, mtu }),
        ssh: way,
        existing: manage ?? "system",
        ...(install === undefined ? {} : { install }),
        ...(onIts === undefined ? {} : { disks: onIts.disks }),
        module: importing([
          ...(manage === undefined ? [] : [servicesModule()]),
          ...(install === "in-place" ? [takeOverModule() as NixModule] : []),
          ...(onIts === undefined ? [] : [onIts.module]),
          ...(hardware === undefined
            ? []
            : [detectedHardware(machine, { address: host.address, ssh: way }, onIts === undefined)]),
        ]),
        modules,
      };
    },
  };
}

function importing(modules: readonly pulumi.Input<NixModule>[]): Host["module"] {
  return modules.length === 0 ? {} : ({ imports: modules } as Host["module"]);
}

type Place = Pick<Host, "privateNetwork" | "behindNat" | "mtu">;

/** Without what was not said. */
function place(args: { [K in keyof Place]: Place[K] | undefined }): Place {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** A key of the stack's, which takes the place of the one that the host had. */
function ownKey(
  { publicKey, privateKey }: KeyPair,
  host: ExistingHost,
): Pick<HostSsh, "hostKey" | "hostPrivateKey" | "temporaryHostKey"> {
  return { hostKey: publicKey, hostPrivateKey: privateKey, temporaryHostKey: host.hostKey };
}

/** Stands for the host in the stack, so that what uses its address is ordered after what is deployed to it. */
class ExistingHost extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  declare readonly privateAddress: pulumi.Output<string>;
  declare readonly hostKey: pulumi.Output<string>;

  constructor(name: string, args: ExistingHostArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      {
        address: args.address,
        privateAddress: args.privateAddress ?? args.address,
        hostKey: args.hostKey,
        ...(args.user === undefined ? {} : { user: args.user }),
        ...(args.port === undefined ? {} : { port: args.port }),
      },
      opts,
      "firn",
      "ExistingHost",
    );
  }
}
