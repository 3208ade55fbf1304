/** What may change about a machine while it exists. */
export interface Settings {
  /** In MiB. */
  readonly memory?: number;
  readonly cpus?: number;
  /** In GiB. */
  readonly disk?: number;
  /** TCP ports of the machine by port of this computer, `8080` or `0.0.0.0:8080`. */
  readonly ports?: Readonly<Record<string, number>>;
  /** By absolute path in the machine. */
  readonly mounts?: Readonly<Record<string, { readonly source: string; readonly readOnly?: boolean }>>;
  /** Further arguments of QEMU. */
  readonly arguments?: readonly string[];
}

/** What the Pulumi resource of a virtual machine is given. */
export interface QemuInputs extends Settings {
  readonly project: string;
  readonly stack: string;
  readonly network: string;
  /** The machine's name and host name. */
  readonly name: string;
  readonly image: string;
  /** Name of its private network; without one it has none. */
  readonly privateNetwork?: string;
  readonly hostPublicKey: string;
  /** OpenSSH text; a secret, and left out of the outputs. */
  readonly hostPrivateKey: string;
  readonly deployPublicKey: string;
}

/** What the resource puts out. */
export interface QemuOutputs extends Omit<QemuInputs, "hostPrivateKey"> {
  /** Port of this computer that leads to the machine's ssh server. */
  readonly sshPort: number;
  /** Its address in the private network; its only one where there is none. */
  readonly privateAddress: string;
  /** False after a power-off or after this computer was restarted; the next `up` then starts the machine. */
  readonly running: boolean;
}
