/** What is at a port of a controller. */
export interface Attachment {
  readonly type: "hdd" | "dvddrive";
  /** Path of the medium. */
  medium: string;
  readonly mode: string;
  readonly hotpluggable: boolean;
}

export interface Controller {
  readonly bus: string;
  readonly type: string;
  readonly ports: number;
  readonly attached: Map<number, Attachment>;
}

export interface Snapshot {
  readonly name: string;
  readonly uuid: string;
  readonly description: string;
  /** The hard disks that the machine had, also those that were written through. */
  readonly disks: readonly string[];
}

export interface Vm {
  readonly uuid: string;
  readonly name: string;
  readonly folder: string;
  readonly osType: string;
  /** Everything that modifyvm was told, by option without its dashes. */
  readonly settings: Map<string, string>;
  readonly macs: readonly [string, string];
  readonly controllers: Map<string, Controller>;
  readonly forwarding: Map<string, string>;
  readonly folders: Map<string, { path: string; readOnly: boolean }>;
  readonly notes: Map<string, string>;
  readonly snapshots: Snapshot[];
  /** The local machine that it is, from its first start on. */
  machine?: string;
  /** What its disk was copied from. */
  image?: string;
  isOn: boolean;
  frontend?: string;
  /** A session ends a moment after its machine does. */
  lockedUntil: number;
}

export interface Medium {
  readonly uuid: string;
  readonly path: string;
  megabytes: number;
  type: string;
  /** What it was copied from. */
  readonly image?: string;
  /** Differencing images of snapshots have one. */
  readonly parent?: string;
}

export interface HostOnly {
  readonly kind: "hostonlyif" | "hostonlynet";
  readonly name: string;
  ip: string;
  netmask: string;
}

/** What goes wrong, as a test tells it to. */
export interface Faults {
  /** What a machine that starts says instead. */
  readonly refuseStart?: string;
  /** Memory of the computer, in MByte. Default 16000. */
  readonly memory?: number;
  /** Whether the processor has virtualisation. Default true. */
  readonly virtualisation?: boolean;
  /** How long a machine boots for the first time. */
  readonly bootSeconds?: number;
  /** Machines do not hear the power button. */
  readonly deaf?: boolean;
}

/** What the commands work on. */
export interface State {
  version: string;
  readonly directory: string;
  readonly machines: Map<string, Vm>;
  readonly media: Map<string, Medium>;
  readonly hostOnly: HostOnly[];
  readonly notes: Map<string, string>;
  faults: Faults;
  /** Prefixes that `/etc/vbox/networks.conf` allows; VirtualBox' own default. */
  allowed: readonly { readonly base: string; readonly prefixLength: number }[];
}
