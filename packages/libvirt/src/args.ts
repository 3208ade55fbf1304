import type { StopPolicy, VolumeArgs } from "@firn/nixos/cloud";
import type { Acceleration } from "./domain/inputs.js";
import type { NetworkMode } from "./network/definition.js";
import type { XmlElement } from "./xml/element.js";

/** What a machine of libvirt's is like. */
export interface LibvirtArgs {
  /**
   * Where libvirt is: `qemu:///system` for this computer's, `qemu+ssh://root@host/system` for another one's. Default:
   * `LIBVIRT_DEFAULT_URI`, otherwise `qemu:///system`. It may be written in another way later; machines do not move.
   */
  readonly uri?: string;
  /**
   * What the machine starts from, and what becomes NixOS in place: the file of a cloud image of Debian's, qcow2 or raw,
   * relative to the project, or its URL, which is downloaded once and compared with the sums beside it. Another one is
   * another machine, so name a newer image's file differently.
   */
  readonly image: string;
  /** In MiB; default 1024. Another size switches the machine off for a moment. */
  readonly memory?: number;
  /** Default 2. Another number switches the machine off for a moment. */
  readonly cpus?: number;
  /** Size of its disk in GiB; default 10. A larger number grows disk and file system while it runs; it cannot shrink. */
  readonly disk?: number;
  /** Storage pool of its disks, of files; default `default`. Another one is another machine. */
  readonly pool?: string;
  /**
   * Name of a network of libvirt's that is there, or what the one is like that Firn makes, and that all machines of the
   * Firn network with the same host share. Default: one with a way out through the host.
   */
  readonly network?: string | LibvirtNetworkArgs;
  /**
   * `10.83.12.5`: the address that the network's DHCP gives the machine. `192.168.1.10/24`: the one that it gives itself,
   * in networks without DHCP of libvirt's. Default: one that is free, the same for as long as the machine exists.
   */
  readonly address?: string;
  /** The router of an address that the machine gives itself. */
  readonly gateway?: string;
  /** Name servers of an address that the machine gives itself. */
  readonly nameservers?: readonly string[];
  /** Disks that stay when the machine is replaced, by name; sizes in GiB. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** Directories of libvirt's host that the machine sees, by absolute path there (9p, as NixOS' own test machines). */
  readonly mounts?: Readonly<Record<string, MountArgs>>;
  /**
   * Takes a snapshot of disks and memory before each activation, and keeps so many; `virsh snapshot-revert` goes back to
   * one. Not with `mounts` or `firmware: "uefi"`, which QEMU cannot take along. Default: none.
   */
  readonly snapshots?: number;
  /** `uefi` needs the firmware on the host (Debian: ovmf). Default: `bios`, and `uefi` where there is no other. */
  readonly firmware?: "bios" | "uefi";
  /**
   * `kvm` refuses hosts without KVM, `emulation` does without. Default: KVM where it is there, otherwise emulation with a
   * warning.
   */
  readonly acceleration?: Acceleration;
  /** Whether a change of `memory` or `cpus` may switch the machine off; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** How long a boot may take until ssh answers, in seconds; default 300. */
  readonly bootTimeout?: number;
  /** Changes to what libvirt is given. */
  readonly transform?: LibvirtTransforms;
}

/** What the network is like that Firn makes. */
export interface LibvirtNetworkArgs {
  /** `nat`: machines reach the outside through the host. `isolated`: each other and the host alone. Default `nat`. */
  readonly mode?: NetworkMode;
  /** `10.83.12.0/24`; default: one that is free on the host. Another one is another network. */
  readonly subnet?: string;
}

/** A directory of the host. */
export interface MountArgs {
  /** Absolute path on the host. */
  readonly source: string;
  /** Default true. */
  readonly readOnly?: boolean;
}

/**
 * Functions that edit in place what libvirt is given; see libvirt.org/format.html. `element()` and `readXml()` make
 * elements.
 *
 * @example transform: { domain: (xml) => void find(xml, "devices")?.children.push(readXml("<watchdog model='i6300esb'/>")) }
 */
export interface LibvirtTransforms {
  readonly domain?: (xml: XmlElement) => void;
  /** Counts for the machine that is declared first. */
  readonly network?: (xml: XmlElement) => void;
}
