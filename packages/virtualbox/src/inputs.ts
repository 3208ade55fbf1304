/** A folder of this computer that a machine sees. */
export interface FolderInputs {
  readonly hostPath: string;
  readonly readOnly: boolean;
}

/** A volume at a port of the machine's SATA controller. */
export interface AttachedInputs {
  readonly port: number;
  readonly path: string;
}

/** What the Pulumi resource of a machine is given. */
export interface MachineInputs {
  /** Whose it is, `project/stack/network/machine`: only what has this note is Firn's. */
  readonly owner: string;
  /** Name in VirtualBox. */
  readonly name: string;
  readonly hostname: string;
  /** Path of the image that it starts from. */
  readonly image: string;
  /** What VirtualBox calls the operating system: `Debian_64`. */
  readonly osType: string;
  /** In MiB. */
  readonly memory: number;
  readonly cpus: number;
  /** In GB. */
  readonly disk: number;
  readonly headless: boolean;
  /** Name of the host-only network that it is in; or `bridged`. */
  readonly hostOnly?: string;
  /** Interface of this computer whose network it is in. */
  readonly bridged?: string;
  /** An address that was chosen for it, in the host-only network. */
  readonly fixedAddress?: string;
  /** `127.0.0.1:8080` to a TCP port of the machine. */
  readonly ports: Readonly<Record<string, number>>;
  readonly sharedFolders: Readonly<Record<string, FolderInputs>>;
  readonly volumes: readonly AttachedInputs[];
  /** Further arguments of `VBoxManage modifyvm`. */
  readonly flags: readonly string[];
  /** Tells this machine from one that had its name before; the public half of its first host key. */
  readonly mark: string;
  /** A secret, and left out of the outputs: it counts for the first boot only. */
  readonly userData: string;
}

/** What the resource puts out. */
export interface MachineOutputs extends Omit<MachineInputs, "userData"> {
  /** Where this computer and its peers reach it. */
  readonly address: string;
  /** Of the network that the address is in; 0 where somebody else's DHCP gave it. */
  readonly prefixLength: number;
  /** False after it was switched off; the next `up` starts it. */
  readonly running: boolean;
}
