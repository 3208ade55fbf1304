import type { StopPolicy } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { MountArgs } from "./guest/module.js";

/** What a virtual machine of plain QEMU is like. */
export interface QemuArgs {
  /** In MiB; default 1024. A change switches the machine off and on. */
  readonly memory?: pulumi.Input<number>;
  /** How many virtual processors; default 1. A change switches the machine off and on. */
  readonly cpus?: pulumi.Input<number>;
  /** Size of its disk in GiB; default 10. It can grow, and the file system follows at the machine's next boot. */
  readonly disk?: pulumi.Input<number>;
  /**
   * What its disk starts as: the absolute path or the URL of a qcow2 image with cloud-init, GRUB and the partitions of
   * Debian's cloud images (`genericcloud`). A URL is downloaded once and compared with the sums beside it. Another one
   * replaces the machine.
   */
  readonly image: pulumi.Input<string>;
  /** Ports of this computer that lead to TCP ports of the machine: `{ 8080: 80 }`, `{ "0.0.0.0:8080": 80 }`. */
  readonly ports?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /**
   * Name of its private network, which machines of one user on this computer share; default: one for each Firn network
   * and stack. `false`: none. Another one replaces the machine.
   */
  readonly network?: string | false;
  /** Directories of this computer that the machine sees, by absolute path there; for reading only unless `readOnly: false`. */
  readonly mounts?: Readonly<Record<string, MountArgs>>;
  /** Whether a change may switch the machine off; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /**
   * How many snapshots of its disk are kept, one taken before each activation; default: none is taken. To go back, switch
   * the machine off and run `qemu-img snapshot -a NAME disk.qcow2` in its directory.
   */
  readonly snapshots?: number;
  /** Further arguments of QEMU, for what is not here. A change switches the machine off and on. */
  readonly arguments?: pulumi.Input<pulumi.Input<string>[]>;
}
