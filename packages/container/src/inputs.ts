import type { Settings } from "./settings.js";

/** What the Pulumi resource of a container is given. */
export interface ContainerInputs extends Settings {
  readonly project: string;
  readonly stack: string;
  readonly network: string;
  /** The machine's name and host name. */
  readonly name: string;
  /** Directory of a root file system; the default image without it. */
  readonly image?: string;
  /** Set where it boots from the closure of its own system, and has no image. */
  readonly from?: "closure";
  /** Name of its private network. */
  readonly privateNetwork?: string;
  readonly sharesStore?: boolean;
  readonly hostPublicKey: string;
  /** OpenSSH text; a secret, and left out of the outputs. */
  readonly hostPrivateKey: string;
  readonly deployPublicKey: string;
}

/** What the resource puts out. */
export interface ContainerOutputs extends Omit<ContainerInputs, "hostPrivateKey"> {
  /** IPv4 address, the same for as long as the container exists. */
  readonly address: string;
  /** False after a power-off or after this computer was restarted; the next `up` then starts the machine. */
  readonly running: boolean;
}
